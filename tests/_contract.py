# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vendor's contract as the judge of every exchange that a simulator recorded, where the contract is at hand."""

from __future__ import annotations

import functools
import json
import os
import re
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import yaml
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

HERE = Path(__file__).resolve().parents[2] / "shared/workiva/openapi-2026-01-01.yaml"
CONTRACT = Path(os.environ.get("WORKIVA_CONTRACT") or HERE)


@functools.cache
def _document() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(CONTRACT.read_text(), Loader=yaml.CSafeLoader)
    # Role ids are UUIDs in the contract's schemas and small numbers in all of its examples: both are let pass.
    for name, schema in found["components"]["schemas"].items():
        if "Role" in name:
            for part in (schema.get("properties", {}).get("id", {}), schema.get("items", {})):
                part.pop("format", None)
    return found


@functools.cache
def _contract() -> OpenAPI:
    # The contract itself is the vendor's: to judge it again takes two seconds.
    return OpenAPI.from_dict(_document(), config=Config(spec_validator_cls=None))


def paths() -> dict[str, Any]:
    """The contract's paths."""
    found: dict[str, Any] = _document()["paths"]
    return found


def schemas() -> dict[str, Any]:
    """The contract's schemas, by name."""
    found: dict[str, Any] = _document()["components"]["schemas"]
    return found


@functools.cache
def _patterns() -> list[tuple[re.Pattern[str], frozenset[str]]]:
    """The form of each path, and its methods."""
    return [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)), frozenset(methods)) for path, methods in paths().items()]


def known(method: str, path: str) -> bool:
    """Whether the contract has the operation."""
    return any(method in methods and pattern.fullmatch(path) for pattern, methods in _patterns())


def judge(record: Path) -> int:
    """Every answer, and every request that was answered well, must be one that the contract knows; says how many were."""
    lines = [json.loads(line) for line in record.read_text().splitlines()] if record.exists() else []
    if not CONTRACT.exists():
        return 0
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Unsupported scheme type")
        return sum(_judged(line) for line in lines if line["status"] is not None)  # None: the connection was cut


def _judged(line: dict[str, Any]) -> bool:
    path = line["path"].removeprefix("/iam/v1") if line["path"].endswith("/token") else line["path"]
    if not known(line["method"].lower(), path):
        assert line["status"] == 404, line
        return False
    kind = (line["content_type"] or "application/json").split(";")[0]
    body = urlencode(line["body"]) if kind.endswith("urlencoded") else json.dumps(line["body"])
    request = MockRequest(
        "https://api.app.wdesk.com",
        line["method"].lower(),
        path,
        args=dict(parse_qsl(line["query"])),
        headers={"Authorization": "Bearer x"},
        data=body.encode() if line["body"] is not None else None,
        content_type=kind,
    )
    content = b"" if line["answer"] is None else json.dumps(line["answer"]).encode()
    # Of the token endpoint the contract knows 200, 400 and 401. All else is a guess or a fault of a test.
    if path != "/oauth2/token" or line["status"] in (200, 400, 401):
        answer = MockResponse(content, line["status"], line["headers"], "application/json")
        _contract().validate_response(request, answer)
    # The token endpoint takes JSON too (the vendor's guide on authentication), which the contract does not say.
    if line["status"] < 400 and not (kind == "application/json" and path == "/oauth2/token"):
        _contract().validate_request(request)
    return True
