# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Actions in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests._organization import Organization
from tests.core._actions import Actions, connected


@pytest.fixture
def actions(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Actions]:
    """Runs actions; see C(Actions). Where the test has the organization too, none of its secrets may be in a result."""
    wanted = "organization" in request.fixturenames
    organization: Organization | None = request.getfixturevalue("organization") if wanted else None
    found = Actions(tmp_path, organization)
    cache = tmp_path / "tokens"
    cache.mkdir(exist_ok=True)
    connected(monkeypatch, found, cache)
    yield found
    found.assert_no_secret()
    assert not found.warnings, found.warnings
