# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Sphinx builds the site: the guides as they lie in the repository, and the reference that antsibull-docs writes."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes

project = "integrations.workiva"
author = "the integrations.workiva authors"
project_copyright = f"2026, {author}"
html_title = "integrations.workiva"

extensions = ["myst_parser", "sphinx_antsibull_ext"]
source_suffix = {".rst": "restructuredtext", ".md": "markdown"}
include_patterns = [
    "index.md",
    "README.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    "CODE_OF_CONDUCT.md",
    "docs/*.md",
    "roles/*/README.md",
    "reference/*.rst",
    "reference/docsite/*.rst",
]
myst_heading_anchors = 4
pygments_style = "ansible"
highlight_language = "text"
html_theme = "sphinx_ansible_theme"
html_theme_options = {
    "documentation_home_url": "https://github.com/integrations-workiva/integrations.workiva/tree/main/docs"
}
html_copy_source = False
html_show_sphinx = False
html_use_index = False

# What the reference points to in Ansible's own documentation, without fetching its inventory at each build.
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest"
PAGES = {
    "common_return_values": "reference_appendices/common_return_values.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "action_plugins": "plugins/action.html",
}
# The label of a module or of another plugin, of a collection of Ansible's own.
PLUGIN = re.compile(r"ansible_collections\.ansible\.(builtin|posix)\.(\w+_(?:module|callback|filter|lookup|test))")


def in_ansible(_app: Any, _environment: Any, node: Any, shown: nodes.Node) -> nodes.Node | None:
    """A link to Ansible's documentation, or None: then Sphinx warns of a label that nobody has."""
    label = str(node.get("reftarget", ""))
    page = PAGES.get(label)
    plugin = PLUGIN.fullmatch(label)
    if plugin:
        page = f"collections/ansible/{plugin[1]}/{plugin[2]}.html"
    return nodes.reference("", "", shown, refuri=f"{ANSIBLE}/{page}", internal=False) if page else None


def setup(app: Any) -> None:
    app.connect("missing-reference", in_ansible)
