# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds for every test of the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._api import session as _session

if TYPE_CHECKING:
    pass


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_session, "_backoff", lambda attempt: 0.01)
    monkeypatch.setattr(_session, "LONGEST_TOTAL_WAIT", 0.5)
