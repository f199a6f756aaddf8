# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client of the server of a test, and what the server answers one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client, Connection

from ..conftest import Answer, Request, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

UNAUTHORIZED = {"code": "401Unauthorized", "message": "No valid API token provided"}
MISSING = {"code": "404NotFound", "message": "The requested resource could not be found"}


def client(server: Server, **more: Any) -> Client:
    cache = more.pop("token_cache", None)
    return Client(Connection.from_arguments(server.arguments(**more), token_cache=cache))


def sequence(*answers: Answer) -> Callable[[Request], Answer]:
    left: Iterator[Answer] = iter(answers)
    return lambda request: next(left)
