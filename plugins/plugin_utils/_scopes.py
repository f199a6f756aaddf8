# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Scopes as people write them: the vendor's own string, or the label of the administration page where it is known."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Mapping

import yaml

# What the vendor's strings look like that are known: file:read, data_tables|w.
SHAPE = re.compile(r"[a-z][a-z_]{0,30}(?::[a-z][a-z_]{0,20}|\|[rw])")


@functools.cache
def known() -> Mapping[str, str | None]:
    """The publicly known scopes, each with its label or None, from the file _scopes.yml beside this one."""
    with open(os.path.join(os.path.dirname(__file__), "_scopes.yml"), encoding="utf-8") as stream:
        listed = yaml.safe_load(stream)
    return {scope: facts.get("label") for scope, facts in listed.items()}


def labels(own: Mapping[str, str]) -> dict[str, str]:
    """The label of each scope that has one; those of a project come last and win."""
    return {**{scope: label for scope, label in known().items() if label}, **own}
