# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A running simulator, and the folder of the work orders that its people carry out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator._people import Simulator, running


@pytest.fixture(scope="module")
def _simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running(tmp_path_factory.mktemp("people")) as simulator:
        yield simulator


@pytest.fixture
def simulator(_simulator: Simulator) -> Iterator[Simulator]:
    yield _simulator
    _simulator.forget()


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    folder = tmp_path / "work-orders"
    folder.mkdir()
    return folder
