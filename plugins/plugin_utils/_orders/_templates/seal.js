
// Seals the client ID and the secret to the key of the order, as a compact JWE: ECDH-ES on P-256, A256GCM. Nothing is sent.
(function () {
  "use strict";
  var part = document.getElementById("seal");
  var problem = document.getElementById("seal-problem");
  var said = document.getElementById("said");
  var fields = {
    client_id: document.getElementById("seal-id"),
    client_secret: document.getElementById("seal-secret"),
    expires: document.getElementById("seal-expires")
  };
  var utf8 = new TextEncoder();

  function encode(bytes) {
    var text = "";
    new Uint8Array(bytes).forEach(function (byte) { text += String.fromCharCode(byte); });
    return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function join(parts) {
    var length = parts.reduce(function (sum, bytes) { return sum + bytes.length; }, 0);
    var all = new Uint8Array(length);
    var place = 0;
    parts.forEach(function (bytes) { all.set(bytes, place); place += bytes.length; });
    return all;
  }

  function number(value) {
    return new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);
  }

  async function seal(text) {
    var subtle = window.crypto.subtle;
    var curve = { name: "ECDH", namedCurve: "P-256" };
    var data = part.dataset;
    var theirs = await subtle.importKey("jwk", { kty: "EC", crv: "P-256", x: data.x, y: data.y }, curve, false, []);
    var ours = await subtle.generateKey(curve, true, ["deriveBits"]);
    var shared = await subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
    var name = utf8.encode("A256GCM");
    var info = join([number(1), new Uint8Array(shared), number(name.length), name, number(0), number(0), number(256)]);
    var key = await subtle.importKey("raw", await subtle.digest("SHA-256", info), "AES-GCM", false, ["encrypt"]);
    var sender = await subtle.exportKey("jwk", ours.publicKey);
    var header = encode(utf8.encode(JSON.stringify({
      alg: "ECDH-ES", enc: "A256GCM", kid: data.kid, order: data.order, fingerprint: data.fingerprint,
      epk: { kty: "EC", crv: "P-256", x: sender.x, y: sender.y }
    })));
    var nonce = window.crypto.getRandomValues(new Uint8Array(12));
    var settings = { name: "AES-GCM", iv: nonce, additionalData: utf8.encode(header), tagLength: 128 };
    var sealed = new Uint8Array(await subtle.encrypt(settings, key, utf8.encode(text)));
    var end = sealed.length - 16;
    return [header, "", encode(nonce), encode(sealed.subarray(0, end)), encode(sealed.subarray(end))].join(".");
  }

  function wrong(values) {
    if (!document.getElementById("seal-compared").checked) { return "Compare the key's fingerprint first, and tick that it is the same."; }
    if (!values.client_id) { return "Enter the Client ID."; }
    if (!values.client_secret) { return "Enter the Client Secret."; }
    if (/^wk_secret:/i.test(values.client_id)) { return "A secret is in the field for the Client ID."; }
    if (values.client_id === values.client_secret) { return "The Client ID and the Client Secret are the same."; }
    if (/\s/.test(values.client_id + values.client_secret)) { return "A blank is inside the Client ID or the Client Secret. Copy it again."; }
    if (values.expires && !/^\d{4}-\d{2}-\d{2}$/.test(values.expires)) { return "Write the date as YYYY-MM-DD, or leave it empty."; }
    return "";
  }

  document.getElementById("seal-button").addEventListener("click", async function () {
    var values = {};
    Object.keys(fields).forEach(function (name) {
      var text = fields[name].value.trim();
      if (text) { values[name] = text; }
    });
    problem.textContent = wrong(values);
    if (problem.textContent) { return; }
    if (!window.crypto || !window.crypto.subtle) {
      problem.textContent = "This browser cannot encrypt on this page. Use a current Chrome, Edge, Firefox or Safari, or hand over another way.";
      return;
    }
    try {
      var text = document.getElementById("seal-text");
      text.value = "workiva_sealed: " + await seal(JSON.stringify(values));
      Object.keys(fields).forEach(function (name) { fields[name].value = ""; });
      document.getElementById("seal-result").hidden = false;
      said.textContent = "Sealed. The sealed text is below the button.";
      text.focus();
      text.select();
    } catch (error) {
      problem.textContent = "Sealing failed, and nothing was sent. Hand over another way.";
    }
  });

  document.getElementById("seal-copy").addEventListener("click", function () {
    var text = document.getElementById("seal-text");
    function byHand() {
      text.focus();
      text.select();
      document.execCommand("copy");
    }
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text.value).then(function () { said.textContent = "Sealed text copied"; }, byHand);
    } else {
      byHand();
    }
  });
})();
