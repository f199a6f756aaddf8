# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client that tries what an answer to an open question changes."""

from __future__ import annotations

from typing import Any

import httpx

from tests.simulator.api._running import Simulator


class Try:
    """What one answer to an open question changes, as a client sees it."""

    def __init__(self, simulator: Simulator, *row: str) -> None:
        self.simulator = simulator
        self.state = simulator.state
        simulator.renew(*row)
        self.token = simulator.token().json()["access_token"]
        self.users = f"{simulator.base}/users"
        self.where = f"{simulator.base}/workspaces/{simulator.workspace['id']}"

    def call(self, method: str, path: str, **request: Any) -> httpx.Response:
        return self.simulator.call(method, path, self.token, **request)

    def user(self, **more: str) -> dict[str, Any]:
        fields = {"username": "new@example.com", "email": "n@example.com", "givenName": "N", "familyName": "E"}
        answer = self.call("POST", self.users, json={**fields, **more})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def member(self, user: dict[str, Any]) -> dict[str, Any]:
        answer = self.call("POST", f"{self.where}/memberships/membershipCreation", json={"user": user["id"]})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())
