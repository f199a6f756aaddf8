# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One simulator and one set of bases for all tests of a process, and a clock on which no wait takes time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core._actions import connected
from tests.core.conftest import environment
from tests.faults._campaign import Campaign
from tests.faults._counts import Counts, is_whole
from tests.faults._stage import Stage, opened

__all__ = ["environment"]
# By name only: each of its runs starts Ansible.
collect_ignore = [] if is_whole() else ["test_playbook_kills.py"]


@pytest.fixture(scope="session")
def opened_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with opened(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.fixture(scope="session")
def one_campaign(opened_stage: Stage) -> Campaign:
    return Campaign(opened_stage)


@pytest.fixture
def fast_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait moves the clock and takes no time."""
    monotonic, passed = time.monotonic, [0.0]

    def wait(seconds: float) -> None:
        passed[0] += seconds

    monkeypatch.setattr(time, "sleep", wait)
    monkeypatch.setattr(time, "monotonic", lambda: monotonic() + passed[0])


@pytest.fixture
def stage(
    opened_stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> Stage:
    """A stage whose prompts and texts are those of its actions. The sample of faults goes over HTTPS, all else over a wire."""
    connected(monkeypatch, opened_stage.actions, tmp_path)
    opened_stage.wire.install(monkeypatch) if is_whole() or "test_answers" not in str(request.path) else None
    return opened_stage


@pytest.fixture
def campaign(one_campaign: Campaign, stage: Stage, fast_clock: None) -> Campaign:
    """The cells, on the stage."""
    return one_campaign


@pytest.fixture
def counts() -> Counts:
    """Where the outcomes are counted, if C(make faults) asked for it."""
    return Counts.of_environment()
