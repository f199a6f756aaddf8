
// Adds a copy button beside each value, and remembers the ticks. Without scripts the page is complete: a click selects a whole value.
(function () {
  "use strict";
  var said = document.getElementById("said");

  function select(code) {
    var range = document.createRange();
    range.selectNodeContents(code);
    var selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  function copy(code, done) {
    function byHand() {
      select(code);
      var copied = false;
      try { copied = document.execCommand("copy"); } catch (error) { copied = false; }
      done(copied);
    }
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(code.textContent).then(function () { done(true); }, byHand);
    } else {
      byHand();
    }
  }

  document.querySelectorAll(".copyable > code").forEach(function (code) {
    if (!code.textContent || (code.hasAttribute("data-unchanged") && !/^client_(name|id)$/.test(code.dataset.field))) { return; }
    var row = code.closest(".row");
    var label = row ? row.querySelector("dt").firstChild.textContent.trim() : (code.dataset.copy || "value");
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy " + label + ": " + code.textContent);
    button.addEventListener("click", function () {
      copy(code, function (copied) {
        button.textContent = copied ? "Copied" : "Selected";
        button.classList.toggle("done", copied);
        said.textContent = copied ? label + " copied" : label + " selected: copy it with the keyboard";
        window.setTimeout(function () {
          button.textContent = "Copy";
          button.classList.remove("done");
        }, 2000);
      });
    });
    code.parentNode.appendChild(button);
  });

  // Ticks belong to one version of one order: its number and its fingerprint are part of their names. Where a browser
  // keeps nothing for pages like this one, they last as long as the page is open.
  var main = document.querySelector("main");
  var storage = null;
  try { storage = window.localStorage; } catch (error) { storage = null; }
  document.querySelectorAll("input[type=checkbox]:not([data-forget])").forEach(function (box, place) {
    var text = box.closest("label").textContent.trim();
    var name = "work order " + (box.dataset.tick || main.dataset.ticks + " " + place + " " + text);
    try { box.checked = Boolean(storage && storage.getItem(name)); } catch (error) { storage = null; }
    box.addEventListener("change", function () {
      try {
        if (storage && box.checked) { storage.setItem(name, "ticked"); } else if (storage) { storage.removeItem(name); }
      } catch (error) { storage = null; }
    });
  });
})();
