# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The collections that a playbook needs beside this one. Without a check Ansible ends with its own error for the first module of one."""

from __future__ import annotations

from importlib.util import find_spec

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument

_NEEDED = {"awx": "awx.awx", "awx_credentials": "awx.awx"}
# Those that the tests use.
_TESTED = {"awx.awx": "24.6.1"}


def check_collection(playbook: str) -> None:
    """Raises L(InvalidArgument) where Ansible does not find the collection that a playbook needs."""
    name = _NEEDED.get(playbook)
    if name and not is_installed(name):
        raise InvalidArgument(
            f"The playbook {playbook} needs the collection {name}, which is not installed. Nothing was changed. Install the version "
            f"that is tested, and run again: ansible-galaxy collection install {name}:{_TESTED[name]}"
        )


def is_installed(name: str) -> bool:
    """Whether Ansible finds a collection."""
    try:
        return find_spec(f"ansible_collections.{name}") is not None
    except ImportError:
        return False
