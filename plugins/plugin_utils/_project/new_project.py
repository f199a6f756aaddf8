# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What a new project folder holds: the files in C(_new_project), a playbook file for each playbook, and the schemas."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.json_schema import schema_files

_TEMPLATES = os.path.join(os.path.dirname(__file__), "_new_project")

# A file of the project, and the one that it is made from. A name with a dot in front would hide in a package.
_FILES = {
    "README.md": "README.md",
    "ansible.cfg": "ansible.cfg",
    ".gitignore": "gitignore",
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    "hosts.yml": "hosts.yml",
    "workiva.yml": "workiva.yml",
    "integrations.d/example.yml.sample": "integrations.d/example.yml.sample",
    "journal/.gitkeep": "keep",
    "work-orders/.gitkeep": "keep",
}
# Nobody starts a project in a project; rehearse and awx stand around one. AWX can run a file of the project only.
_PLAYBOOKS = (
    *("check", "onboard", "handover", "deliver", "verify", "rotate", "offboard"),
    *("discover", "save", "awx_credentials"),
)
_PLAYBOOK = """\
---
- name: {title}
  ansible.builtin.import_playbook: integrations.workiva.{name}
"""


@dataclass(frozen=True)
class NewFile:
    """One file of a new project, by its path in the folder."""

    path: str
    content: bytes
    # Whether it is the user's once it is there; the others are the installed release's, and follow it.
    users: bool = True


def list_new_files() -> list[NewFile]:
    """All files of a new project, in the order of their paths."""
    made = [NewFile(path, _read(_TEMPLATES, source)) for path, source in _FILES.items()]
    made += [
        NewFile(f"{name}.yml", _PLAYBOOK.format(title=name.capitalize().replace("_", " "), name=name).encode())
        for name in _PLAYBOOKS
    ]
    made += [NewFile(f".schema/{name}", text.encode(), users=False) for name, text in schema_files().items()]
    return sorted(made, key=lambda file: file.path)


def _read(folder: str, name: str) -> bytes:
    with open(os.path.join(folder, name), "rb") as stream:
        return stream.read()
