# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What roles, permissions and scopes let a user do, as far as it is known: the file access.yml beside this one."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any

import yaml

from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name


@functools.cache
def _facts() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    with open(os.path.join(os.path.dirname(__file__), "access.yml"), encoding="utf-8") as stream:
        found: Mapping[str, Mapping[str, Mapping[str, Any]]] = yaml.safe_load(stream)
    return found


def _of(kind: str, name: str) -> Mapping[str, Any] | None:
    return next((fact for known, fact in _facts()[kind].items() if fold_name(known) == fold_name(name)), None)


def permission_may(name: str) -> frozenset[str] | None:
    """What a permission lets its holder do (C(read), C(write), C(share)); None for one that is not known."""
    fact = _of("permissions", name)
    return None if fact is None else frozenset(fact["may"])


def scope_may(name: str) -> frozenset[str]:
    """What a scope lets a grant do with files; nothing for one that is not about files."""
    fact = _of("scopes", name)
    return frozenset(fact["may"] if fact else ())


def role(name: str) -> Mapping[str, Any] | None:
    """What is known of a workspace role: C(stands_for), C(may), C(confidence), C(licence), C(source)."""
    return _of("roles", name)


def roles() -> Mapping[str, Mapping[str, Any]]:
    """Today's workspace roles and what they stand for in the setup guide's words."""
    return _facts()["roles"]
