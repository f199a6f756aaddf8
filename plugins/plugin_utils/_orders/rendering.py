# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The templates of the pages, with style and script inside, and values escaped for HTML and for Markdown."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Callable
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.sentences import Sentence

TEMPLATES = os.path.join(os.path.dirname(__file__), "_templates")


def render_html(template: str, **values: object) -> bytes:
    """A page that loads nothing: its policy allows just its own style and its own script."""
    style = _text("page.css")
    script = _text("page.js") + (_text("seal.js") if values.get("sealing") else "")
    text = (
        _environment()
        .get_template(f"{template}.html.j2")
        .render(
            **values,
            style=Markup(style),  # noqa: S704 # ours, not the user's
            script=Markup(script),  # noqa: S704
            style_hash=_source_hash(style),
            script_hash=_source_hash(script),
        )
    )
    return text.encode("utf-8")


def render_markdown(template: str, **values: object) -> bytes:
    """The same words as text, for a ticket."""
    return _environment().get_template(f"{template}.md.j2").render(**values).encode("utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        # Markdown has filters of its own.
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(html=_html, md=_markdown, md_text=_markdown_text, md_code=_markdown_code)
    return environment


@lru_cache(maxsize=4)
def _text(name: str) -> str:
    with open(os.path.join(TEMPLATES, name), encoding="utf-8") as stream:
        return stream.read()


def _source_hash(text: str) -> str:
    """How a Content-Security-Policy names the one inline block that it allows."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _html(parts: Sentence) -> Markup:
    tags = {"text": "{}", "label": '<b class="ui">{}</b>', "value": '<code class="value">{}</code>'}
    return Markup("").join(Markup(tags[kind]).format(text) for kind, text in parts)  # noqa: S704


def _markdown(parts: Sentence) -> str:
    forms: dict[str, Callable[[str], str]] = {"text": str, "label": "**{}**".format, "value": _markdown_code}
    return "".join(forms[kind](text) for kind, text in parts)


def _markdown_text(text: object) -> str:
    """A value as plain words: neither Markdown nor the HTML inside Markdown gets a say."""
    line = " ".join(str(text).split())
    return str(escape(re.sub(r"([\\`*_{}\[\]()#+!|~])", r"\\\1", line))).replace("&#34;", '"').replace("&#39;", "'")


def _markdown_code(text: object) -> str:
    """A value as code, in a fence that is longer than any in it."""
    line = " ".join(str(text).split())
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    padding = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return f"{fence}{padding}{line}{padding}{fence}"
