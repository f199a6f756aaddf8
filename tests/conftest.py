# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every test."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

# No test asserts a time: on a busy machine an example may take long.
settings.register_profile("change", deadline=None, max_examples=100)
# For make test-matrix, by --hypothesis-profile.
settings.register_profile("matrix", deadline=None, max_examples=2000)
settings.load_profile("change")

_SECRETS = "ansible_collections.integrations.workiva.plugins.module_utils._secrets"
_LIMITER = "ansible_collections.integrations.workiva.plugins.module_utils._api.limiter"


@pytest.fixture(autouse=True)
def known_secrets_are_forgotten() -> Iterator[None]:
    """A task runs in a process of its own. In the tests' one process, a word that one test gives as a secret would be hidden
    in the messages of the tests after it."""
    before = set(sys.modules[_SECRETS]._KNOWN) if _SECRETS in sys.modules else set()
    yield
    if _SECRETS in sys.modules:
        sys.modules[_SECRETS]._KNOWN.intersection_update(before)


@pytest.fixture(autouse=True)
def requests_are_not_paced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform has a limit of requests in a second, and the servers of the tests have none."""
    if _LIMITER in sys.modules:
        monkeypatch.setattr(sys.modules[_LIMITER], "SHORTEST_INTERVAL", 0.0)
