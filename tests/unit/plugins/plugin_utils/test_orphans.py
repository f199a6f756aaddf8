# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Journals and credentials of what no file declares any more are noted, with what to do, and left as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import RunSettings
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loading import load_project
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.orphans import (
    describe_orphans,
    find_left,
    read_orphans,
)

STORED: list[dict[str, Any]] = [
    {"grant": "main", "event": "received", "credentials": 1, "client_id": "c"},
    {"grant": "main", "event": "verified", "credentials": 1, "client_id": "c", "scopes": ["file:read"]},
    {"grant": "main", "event": "stored", "credentials": 1, "client_id": "c", "username": "sync@example.com"},
]
CREATED = {"grant": "user", "event": "created", "username": "sync@example.com", "id": "u-1"}
LEFT = {"grant": "user", "event": "left"}
ORDERED = {"grant": "main", "event": "ordered", "order": "sync.main.1", "kind": "create", "fields": {}}
RETIRED = {"grant": "main", "event": "retired"}
FOLDER = {
    "workiva.yml": "workiva: {region: us, organization_id: 5ab0c0ff-0000-4000-8000-000000000000, administration: work_order}\n",
    "integrations.d/payroll.yml": """
name: payroll
owner: finance@example.com
user:
  username: payroll@example.com
  email: payroll@example.com
  given_name: Payroll
  family_name: Sync
  custodian: anna@example.com
  workspaces: {SEC: {roles: [Viewer]}}
grants:
  filing: {workspace: SEC, scopes: [file:read], lifetime: 365d}
""",
    "credentials.yml": """
workiva_credentials:
  payroll:
    filing: {client_id: a}
    esg: {client_id: b}
  administrator:
    organization: {client_id: d}
""",
}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], []),
        (STORED, ["credentials (main)", "an account in Workiva"]),
        ([CREATED], ["an account in Workiva"]),
        ([ORDERED], ["open work orders (sync.main.1)"]),
        # After offboard nothing is left of it but its history.
        ([CREATED, *STORED, RETIRED, LEFT], []),
    ],
)
def test_what_an_integration_still_has_is_found_in_its_journal(
    events: list[dict[str, Any]], expected: list[str]
) -> None:
    assert find_left(events) == expected


def test_declared_names_are_compared_as_all_names_are(tmp_path: Path) -> None:
    Journal(str(tmp_path), "caf\u00e9").append(*STORED)
    Journal(str(tmp_path), "certificate").append(*STORED)
    (tmp_path / "certificate_notice.jsonl").write_text("{}\n")
    assert list(read_orphans(str(tmp_path), ["CAFE\u0301"])) == ["certificate"]
    assert read_orphans(str(tmp_path / "nowhere"), []) == {}
    assert describe_orphans({("payroll", "filing")}, ["payroll"], [("Payroll", "Filing")], {}) == []


def test_orphans_of_a_project_are_warnings_with_what_to_do(tmp_path: Path) -> None:
    for name, text in FOLDER.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    Journal(str(tmp_path / "journal"), "payrol").append(*STORED)
    Journal(str(tmp_path / "journal"), "payroll").append(*STORED)
    Journal(str(tmp_path / "journal"), "gone").append(CREATED, *STORED, RETIRED, LEFT)
    (tmp_path / "journal/damaged.jsonl").write_text("not JSON\n")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    loaded = load_project(str(tmp_path), None, RunSettings(), render=None, inventory=None, is_named=True)
    assert [note for note in loaded.warnings if "declare" in note] == [
        "journal/damaged.jsonl: no file declares the integration damaged, which still has a journal that cannot be read. If it was "
        "renamed, declare it under its former name. If it is no longer needed, declare it with state: absent and run offboard. "
        "Nothing of it was changed.",
        "journal/payrol.jsonl: no file declares the integration payrol, which still has credentials (main); an account in Workiva. If "
        "it was renamed, declare it under its former name. If it is no longer needed, declare it with state: absent and run "
        "offboard. Nothing of it was changed.",
        "credentials.yml: payroll declares no grant esg, whose credentials are stored. If the grant was renamed, declare it under its "
        "former name. If it is no longer needed, declare it with state: absent and run onboard. Nothing of it was changed.",
        "credentials.yml: workiva.yml declares no grant organization of administrator, whose credentials are stored. If the grant was "
        "renamed, declare it under its former name. If it is no longer needed, delete it in Workiva and remove its entry. Nothing "
        "of it was changed.",
    ]
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
