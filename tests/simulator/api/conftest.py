# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A running simulator for each test, with the organization of the start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests._contract import judge
from tests.simulator.api._running import Simulator


@pytest.fixture(scope="module")
def _simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    running = Simulator(tmp_path_factory.mktemp("simulator"))
    yield running
    running.stop()


@pytest.fixture
def simulator(_simulator: Simulator) -> Iterator[Simulator]:
    """The same server for all tests, without what the test before did; every exchange is judged by the contract."""
    _simulator.renew()
    _simulator.record.write_text("")
    yield _simulator
    judge(_simulator.record)
