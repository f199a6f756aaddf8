# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes with access: credentials of something else, an administrator who may not enough, and a disk that takes nothing."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests._organization import AUTOMATION, Organization
from tests.core._actions import Actions
from tests.core.actions.test_run_mistakes import MAIN, PAYROLL, Run

pytestmark = pytest.mark.once

ORGANIZATION = "d6e178fd-4dd5-47e5-9457-68dd64b03655"
ADMINISTRATOR_SCOPES = ["organization:read", "organization:write"]
ADMINISTRATOR = "olivia.admin@example.com"
SECOND = "grants:\n  second:\n    workspace: SEC Filing\n    scopes: [file:read]\n    lifetime: 365d\n"
Patch = pytest.MonkeyPatch


@pytest.fixture
def run(actions: Actions, organization: Organization, tmp_path: Path) -> Run:
    organization.clock("2026-11-24")
    return Run(actions, organization, tmp_path)


def administer(run: Run, scopes: list[str]) -> str:
    """Hands over credentials of the administrator grant, and returns why the run cannot go on with them."""
    entry = {"integration": "administrator", "grant": "organization", **run.organization.create_grant(scopes=scopes)}
    given = {"which": "administrator", "handover": "vars", "handed_over": [entry]}
    checked = run.actions("oauth2_grants", {"project": run.load(), **given})
    held = {"grants": checked["grants"], "orders": checked["orders"]}
    return str(run.actions("preflight", {"project": run.load(), "use": "write", **held})["msg"])


def administrator_without_a_scope(run: Run, _patch: Patch) -> str:
    return administer(run, ["organization:read"])


def administrator_without_a_role(run: Run, _patch: Patch) -> str:
    (user,) = run.organization.state.all("user", username=AUTOMATION)
    run.organization.state.put("user", {**user, "roles": []})
    return administer(run, ADMINISTRATOR_SCOPES)


def another_organization(run: Run, _patch: Patch) -> str:
    run.replace("workiva.yml", ORGANIZATION, ORGANIZATION.replace("d", "1"))
    return administer(run, ADMINISTRATOR_SCOPES)


def credentials_of_another_grant(run: Run, _patch: Patch) -> str:
    created = run.create()
    assert run.hand_over(**created).startswith("payroll-sync.main ok")
    run.replace(PAYROLL, "grants:\n", SECOND)
    entry = {"integration": "payroll-sync", "grant": "second", **created}
    given = {"which": "integrations", "handover": "vars", "handed_over": [entry]}
    grants = run.actions("oauth2_grants", {"project": run.load(), **given})["grants"]
    return next(f"payroll-sync.second: {grant['error']['msg']}" for grant in grants if grant["grant"] == "second")


def credentials_of_another_workspace(run: Run, _patch: Patch) -> str:
    return run.hand_over(**run.create(workspace="ESG Reporting", username=ADMINISTRATOR), workspaces=workspaces(run))


def grant_in_another_workspace(run: Run, _patch: Patch) -> str:
    created = run.create(workspace="ESG Reporting", username=ADMINISTRATOR)
    # Without the ids of the workspaces, as in handover alone.
    assert run.hand_over(**created).startswith("payroll-sync.main ok")
    return run.check(workspaces=workspaces(run))


def workspaces(run: Run) -> list[dict[str, str]]:
    return [{"name": item["name"], "id": item["id"]} for item in run.organization.state.all("workspace")]


def mistyped_year(run: Run, _patch: Patch) -> str:
    message = run.hand_over(**run.create(), expires="2026-01-01")
    assert not run.credentials.exists()
    return message


def mistyped_year_of_stored_credentials(run: Run, _patch: Patch) -> str:
    run.store()
    stored = run.credentials.read_bytes()
    message = run.check(handover="vars", handed_over=[{**MAIN, "expires": "2026-01-01"}])
    assert run.credentials.read_bytes() == stored
    return message


def past_date(run: Run, _patch: Patch) -> str:
    run.store()
    run.replace(PAYROLL, "lifetime: 365d", "expires: 2026-06-30")
    return run.check()


def full_disk(run: Run, patch: Patch) -> str:
    created = run.create()

    def fail(*_arguments: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    patch.setattr(os, "fsync", fail)
    return run.hand_over(**created)


def read_only_folder(run: Run, patch: Patch) -> str:
    created = run.create()
    ask = os.access

    def refuse(path: Any, mode: int, **more: Any) -> bool:
        return ask(path, mode, **more) and not (mode & os.W_OK and Path(path) == run.folder)

    patch.setattr(os, "access", refuse)
    return run.hand_over(**created)


@dataclass(frozen=True)
class Mistake:
    """What somebody did, and the whole message; FOLDER is the project folder, and UUID any."""

    name: str
    make: Callable[[Run, Patch], str]
    message: str


MISTAKES = (
    Mistake(
        "administrator without a scope",
        administrator_without_a_scope,
        "Preflight: The administrator grant lacks the scope organization:write, which the declaration needs. An "
        "Org Security Admin can add it, as the work order administrator.organization.2 describes. Nothing was "
        "changed in Workiva.",
    ),
    Mistake(
        "administrator without a role",
        administrator_without_a_role,
        "Preflight: GET /organizations/UUID was answered with 403 (403Forbidden: The API token does not have "
        "permissions to perform the request). The grant's user needs an organization administrator's role (an Org"
        " User Admin can assign it), and the grant the scope organization:read (an Org Security Admin can add "
        "it). Nothing was changed in Workiva.",
    ),
    Mistake(
        "another organization",
        another_organization,
        "Preflight: GET /organizations/UUID was answered with 404 (404NotFound: The requested resource could not "
        "be found). organization_id in workiva.yml may be that of another organization: compare it with the UUID after /o/ in the "
        "address of the Organization Admin page. Or what the run asked for was deleted meanwhile. Nothing was changed in Workiva.",
    ),
    Mistake(
        "credentials of another grant",
        credentials_of_another_grant,
        "payroll-sync.second: The client ID is the one of the grant main of payroll-sync. Nothing was stored. "
        "Enter the client ID and secret of this grant.",
    ),
    Mistake(
        "credentials of another workspace",
        credentials_of_another_workspace,
        "payroll-sync.main: The credentials are accepted, but they belong to a grant of another workspace than SEC Filing. Nothing "
        "was stored. Enter the client ID and secret of this grant.",
    ),
    Mistake(
        "grant in another workspace",
        grant_in_another_workspace,
        "payroll-sync.main drifted: integrations.d/payroll-sync.yml:17: The token is for ESG Reporting, but the grant is declared "
        "for SEC Filing. The workspace of a grant cannot be changed. Mark this grant state: absent, which opens the work order to delete "
        "it, and declare a new one under another name.",
    ),
    Mistake(
        "mistyped year of new credentials",
        mistyped_year,
        "payroll-sync.main: The credentials are accepted, but the date that was handed over for Expires, 2026-01-01, has passed. "
        "Nothing was stored. Look up Expires on the screen of the grant, correct the date, and hand over again.",
    ),
    Mistake(
        "mistyped year of stored credentials",
        mistyped_year_of_stored_credentials,
        "payroll-sync.main: The credentials are accepted, but the date that was handed over for Expires, 2026-01-01, has passed. "
        "Nothing was stored. Look up Expires on the screen of the grant, correct the date, and hand over again.",
    ),
    Mistake(
        "past date of a grant that exists",
        past_date,
        "payroll-sync.main drifted: integrations.d/payroll-sync.yml:19: The grant expires on 2027-10-01, but 2026-06-30 is declared, "
        "which has passed. Set expires to a date in the future, or mark the integration state: absent if the grant is no longer "
        "needed.",
    ),
    Mistake(
        "full disk",
        full_disk,
        "FOLDER/journal/payroll-sync.jsonl cannot be written: No space left on device. The file was not changed. "
        "Free some space, then run again.",
    ),
    Mistake(
        "read-only folder",
        read_only_folder,
        "The folder FOLDER is not writable: Permission denied. Nothing was written. Let the user of this run "
        "write in it, then run again.",
    ),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name.replace(" ", "_"))
def test_mistake_with_access_is_answered_with_what_to_do(
    run: Run, monkeypatch: pytest.MonkeyPatch, mistake: Mistake
) -> None:
    assert run.shorten(mistake.make(run, monkeypatch)) == mistake.message
