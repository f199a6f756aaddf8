# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What several files of these tests start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration._job import Job, started


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    """The demo's project, and a simulator for it."""
    with started(tmp_path) as made:
        yield made
