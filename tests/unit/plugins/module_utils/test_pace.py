# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests leave within the platform's limit, whatever the number of threads. The clock is the test's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._api import session as _session


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was waited for; the clock does not move by itself."""
    asked: list[float] = []
    monkeypatch.setattr(_session, "SHORTEST_INTERVAL", 1 / 40)
    monkeypatch.setattr(_session.time, "monotonic", lambda: 1000.0)
    monkeypatch.setattr(_session.time, "sleep", asked.append)
    return asked


def test_requests_of_all_threads_are_paced_together(waits: list[float]) -> None:
    pace = _session._Pace()
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(pace.wait) for _number in range(8)]:
            done.result()
    assert sorted(waits) == pytest.approx([number / 40 for number in range(8)])


def test_the_first_request_after_a_pause_does_not_wait(waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    pace = _session._Pace()
    pace.wait()
    monkeypatch.setattr(_session.time, "monotonic", lambda: 1000.5)
    pace.wait()
    assert waits == [0.0, 0.0]
