# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests at a server that keeps the platform's limit, in real time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._api import limiter
from ansible_collections.integrations.workiva.plugins.module_utils._organization.users import CORE
from tests._organization import Organization, started

# The older limits page of the platform.
VENDOR_LIMIT = 50
PACE = limiter.SHORTEST_INTERVAL


@pytest.fixture
def most() -> int:
    return VENDOR_LIMIT


@pytest.fixture
def running(tmp_path: Path, most: int) -> Iterator[Organization]:
    with started(tmp_path / "limited", "--most-in-a-second", str(most)) as organization:
        yield organization


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the fixture of all other tests, which shortens what is waited for."""
    monkeypatch.setattr(time, "sleep", lambda seconds: threading.Event().wait(seconds))


def users(count: int) -> list[dict[str, Any]]:
    access = [{"name": "SEC Filing", "roles": ["Viewer"], "groups": ["Data loaders"]}]
    names = [f"sync-{number}@example.com" for number in range(count)]
    return [
        {"username": name, "email": name, "given_name": "S", "family_name": name, "workspaces": access}
        for name in names
    ]


def refused(organization: Organization) -> int:
    return sum(line["status"] == 429 for line in organization.requests())


def test_a_run_alone_is_never_refused(
    organization: Organization, run_core: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "SHORTEST_INTERVAL", PACE)
    found = run_core(CORE, {"users": users(20)})
    assert [one["error"] for one in found["users"]] == [None] * 20
    assert len(organization.requests()) > 2 * VENDOR_LIMIT
    assert refused(organization) == 0


@pytest.mark.parametrize("most", [20])
def test_what_is_refused_because_others_use_the_limit_is_sent_again(
    organization: Organization, run_core: Callable[..., dict[str, Any]]
) -> None:
    """Without a pace of its own a run is as fast as several are together."""
    found = run_core(CORE, {"users": users(8)})
    assert [one["error"] for one in found["users"]] == [None] * 8
    assert refused(organization) > 0
    assert len({user["username"] for user in organization.state.all("user")}) == len(organization.state.all("user"))
    assert not run_core(CORE, {"users": users(8)})["changed"]
