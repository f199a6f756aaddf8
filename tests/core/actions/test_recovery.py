# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What breaks after credentials were stored, from the finding to the run that changes nothing again, under every two answers to the
open questions that the case depends on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible import constants as C

from tests._declared import ESG, FILING
from tests._organization import Organization
from tests._pairwise import choose_rows
from tests.core._actions import Actions
from tests.core.actions._filing import Pair, Project
from workiva_simulator import rules
from workiva_simulator.switches import SWITCHES

pytestmark = pytest.mark.once

REFUSALS = ("token_error", "token_cause")


def pairwise(*names: str, ways: Iterable[str] = ()) -> pytest.MarkDecorator:
    """The answers to these questions, and the ways in which a case goes, each two of them together."""
    factors: dict[str, Sequence[str]] = {"way": tuple(ways)} if ways else {}
    rows = choose_rows({**factors, **{name: SWITCHES[name].answers for name in names}})
    ids = [" ".join(row) for row in rows]
    if not ways:
        return pytest.mark.parametrize("answers", rows, ids=ids)
    chosen = [(next(one[4:] for one in row if one.startswith("way=")), row) for row in rows]
    return pytest.mark.parametrize(("way", "answers"), chosen, ids=ids)


@pytest.fixture
def project(tmp_path: Path, organization: Organization, actions: Actions, answers: tuple[str, ...]) -> Project:
    """A project without credentials, under answers to open questions."""
    for name, answer in (one.split("=") for one in answers):
        if name != "way":
            organization.switch(name, answer)
    organization.clock("2026-11-24")
    (tmp_path / "project").mkdir()
    return Project(tmp_path / "project", organization, actions)


def regenerate(project: Project, pair: Pair) -> Pair:
    """The custodian generates a new secret, as the entry of a handover."""
    state = project.organization.state
    with state.transaction():
        (grant,) = state.all("grant", client_id=pair["client_id"])
        secret = rules.regenerate(state, grant)
    project.organization.secrets.append(secret)
    return {**pair, "client_secret": secret}


def look(project: Project, **more: Any) -> tuple[list[str], list[str], bool]:
    """A run without a handover: the findings of the grant, the kinds of its open work orders, and whether anything changed."""
    outcome = project.run(handover="defer", **more)
    (grant,) = outcome["grants"]
    assert not outcome.get("failed"), outcome
    found = [one["finding"] for one in grant["findings"]]
    return found, [order["kind"] for order in outcome["orders"]], outcome["changed"]


def assert_recovered(project: Project, **more: Any) -> None:
    """A run closes what is done; the next one finds nothing and changes no byte."""
    assert look(project, **more)[:2] == (["ok"], [])
    before = project.files()
    assert look(project, **more) == (["ok"], [], False)
    assert project.files() == before


@pairwise("regenerate", *REFUSALS, "token_form", ways=("restored", "regenerated"))
def test_old_copy_of_the_credentials_file_is_reported_and_never_recorded(project: Project, way: str) -> None:
    pair = project.made()
    project.run(handed_over=[pair])
    old = project.credentials.read_bytes()
    pair = regenerate(project, pair)
    project.run(handed_over=[pair])
    newest = project.files()
    project.credentials.write_bytes(old)
    accepted = project.organization.state.switch("regenerate") == "keeps_old"
    findings = ["outdated", *([] if accepted else ["rejected"])]
    assert look(project) == (findings, ["regenerate"], True)
    assert look(project) == (findings, ["regenerate"], False)
    assert project.credentials.read_bytes() == old
    assert project.events()[-1] == "ordered"
    assert look(project, grants=[{**FILING, "owner": "other@example.com"}]) == (findings, ["regenerate"], True)
    if way == "restored":
        project.credentials.write_bytes(newest["credentials.yml"])
    else:
        project.run(handed_over=[regenerate(project, pair)])
        assert project.secret(name="number") == "3"
    assert_recovered(project)


def of_user(**fields: Any) -> list[dict[str, Any]]:
    """The result of the task integration_users for the grant's user."""
    return [{"integration": "payroll-sync", "username": FILING["username"], "state": "present", "plan": [], **fields}]


ADDED = [{"kind": "add_membership", "text": "add to the workspace 'SEC Filing'", "workspace": "SEC Filing"}]
USERS = {
    "suspended": (
        of_user(status="suspended"),
        "Its user anna.k@example.com is suspended, which may be the only reason.",
        "Activate the user anna.k@example.com in Workiva. Then run again.",
    ),
    "outside": (
        of_user(status="suspended", plan=ADDED),
        "Its user anna.k@example.com is not a member of SEC Filing, which may be the only reason.",
        "Let onboard, or the work order for the user, add anna.k@example.com to SEC Filing. Then run again.",
    ),
}


@pairwise("suspended_user", *REFUSALS, ways=USERS)
def test_user_that_explains_a_rejection_asks_for_no_new_secret(project: Project, way: str) -> None:
    pair = project.made()
    project.run(handed_over=[pair])
    state = project.organization.state
    (user,) = state.all("user", username=FILING["username"])
    (membership,) = state.all("membership", user=user["id"])
    with state.transaction():
        if way == "outside":
            rules.delete_membership(state, membership)
        else:
            state.put("user", {**user, "status": "suspended"})
    users, detail, following = USERS[way]
    if state.switch("suspended_user") == "accepted":
        assert look(project, users=users) == (["ok"], [], False)
        return
    # People add the user to its workspaces; where the run does, it has done so before it looks at grants.
    assert look(project, users=users, administration="reader") == (["rejected"], [], False)
    (grant,) = project.run(handover="none", users=users)["grants"]
    assert grant["findings"][0]["detail"].endswith(detail)
    assert grant["next"].startswith(following)
    with state.transaction():
        if way == "outside":
            rules.create_membership(state, membership["workspace"], user["id"])
        else:
            state.put("user", {**user, "status": "active"})
    assert_recovered(project, users=of_user(status="active"))


@pairwise("regenerate", *REFUSALS, ways=("added again", "regenerated"))
def test_deleted_grant_is_replaced_by_the_order_to_regenerate_its_secret(project: Project, way: str) -> None:
    """A rejection does not show whether the grant is there: the page has both ways."""
    pair = project.made()
    project.run(handed_over=[pair])
    if way == "added again":
        project.delete(pair)
    else:
        project.organization.change_grant(pair["client_id"], secrets=[])
    assert look(project) == (["rejected"], ["regenerate"], True)
    assert look(project) == (["rejected"], ["regenerate"], False)
    page = (project.folder / "work-orders/payroll-sync.filing.2.md").read_text("utf-8")
    assert "If this grant is not in the list, it was deleted." in page
    project.run(handed_over=[project.made() if way == "added again" else regenerate(project, pair)])
    assert_recovered(project)


@pairwise("token_form", *REFUSALS)
def test_grant_of_another_workspace_is_never_stored_and_a_stored_one_is_replaced(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    state = project.organization.state
    spaces = [{"name": item["name"], "id": item["id"]} for item in state.all("workspace")]
    readable = state.switch("token_form") == "jwt"
    wrong = {**project.made(ESG), "grant": "filing"}
    outcome = project.run(handed_over=[wrong], workspaces=spaces)
    (grant,) = outcome["grants"]
    if readable:
        assert (
            "they belong to a grant of another workspace than SEC Filing. Nothing was stored." in grant["error"]["msg"]
        )
        # A handover does not know the ids of the workspaces.
        (grant,) = project.run(handed_over=[wrong])["grants"]
    assert grant["stage"] == "stored"
    found = look(project, workspaces=spaces)
    if not readable:  # nothing shows it; files that cannot be read do
        assert found == (["ok"], [], False)
        return
    assert found == (["drifted"], [], False)
    absent, named = {**FILING, "state": "absent"}, {**FILING, "grant": "filing-2"}
    outcome = project.run(handover="defer", grants=[absent, named], workspaces=spaces)
    assert [order["kind"] for order in outcome["orders"]] == ["delete", "create"]
    project.delete(wrong)
    project.run(handed_over=[project.made(named)], grants=[absent, named], workspaces=spaces)
    for number in range(3):
        monkeypatch.setattr(C, "DEFAULT_LOCAL_TMP", str(tmp_path / f"run {number}"))
        outcome = project.run(handover="defer", grants=[absent, named], workspaces=spaces)
    assert [(grant["stage"], grant["health"]) for grant in outcome["grants"]] == [("retired", "ok"), ("stored", "ok")]
    assert (outcome["orders"], outcome["changed"]) == ([], False)


@pairwise("issued_tokens", *REFUSALS, ways=("declared", "unknown"))
def test_allowlist_that_blocks_this_machine_is_changed(project: Project, way: str) -> None:
    grant = {**FILING, "ip_allowlist": ["127.0.0.1"] if way == "declared" else []}
    pair = project.made(grant)
    project.run(handed_over=[pair], grants=[grant])
    project.change(pair, ip_allowlist=["203.0.113.9"])
    if way == "declared":
        assert look(project, grants=[grant]) == (["blocked_here"], [], False)
        (found,) = project.run(handover="none", grants=[grant])["grants"]
        assert found["next"] == "Name in verify_from a machine that the IP allowlist lets in, or correct the allowlist."
    else:
        # Nobody said that it has an allowlist: it is rejected, for one of the reasons that the message lists.
        assert look(project, grants=[grant]) == (["rejected"], ["regenerate"], True)
    project.change(pair, ip_allowlist=grant["ip_allowlist"])
    assert_recovered(project, grants=[grant])


@pytest.mark.parametrize("answers", [()])
@pytest.mark.parametrize(
    ("scopes", "detail"),
    [
        (["file:read"], "The grant does not have file:write."),
        (["file:read", "file:write", "graph:read"], "The grant has graph:read, which is not declared."),
        (["file:read", "graph:read"], "The grant does not have file:write and has graph:read, which is not declared."),
    ],
)
def test_other_scopes_are_corrected_by_an_administrator_or_in_the_declaration(
    project: Project, scopes: list[str], detail: str
) -> None:
    pair = project.made()
    project.run(handed_over=[pair])
    project.change(pair, scopes=scopes)
    assert look(project) == (["drifted"], ["edit"], True)
    assert look(project) == (["drifted"], ["edit"], False)
    (grant,) = project.run(handover="none")["grants"]
    assert grant["findings"][0]["detail"] == detail
    assert look(project, grants=[{**FILING, "scopes": scopes}])[:2] == (["ok"], [])
    assert look(project) == (["drifted"], ["edit"], True)
    project.change(pair, scopes=FILING["scopes"])
    assert_recovered(project)


@pairwise("renamed_user", *REFUSALS)
def test_renamed_user_gets_a_new_secret_only_where_the_old_one_is_rejected(project: Project) -> None:
    pair = project.made()
    project.run(handed_over=[pair])
    state = project.organization.state
    (user,) = state.all("user", username=FILING["username"])
    with state.transaction():
        rules.change_user(state, user, {"username": "payroll@example.com"})
    renamed = {**FILING, "username": "payroll@example.com", "previous_username": FILING["username"]}
    if state.switch("renamed_user") == "keeps_secrets":
        assert look(project, grants=[renamed])[:2] == (["ok"], [])
    else:
        assert look(project, grants=[renamed]) == (["rejected", "drifted"], ["regenerate"], True)
        assert look(project, grants=[renamed]) == (["rejected", "drifted"], ["regenerate"], False)
        project.run(handed_over=[regenerate(project, pair)], grants=[renamed])
    assert_recovered(project, grants=[renamed])


@pytest.mark.parametrize("answers", [()])
def test_lost_password_of_one_vault_id_asks_for_its_credentials_only(project: Project, actions: Actions) -> None:
    filing, esg = project.made(), project.made(ESG)
    actions.vault_passwords = {"prod": "the password of prod", "dev": "the password of dev"}
    project.run(handed_over=[filing], vault_id="prod", grants=[FILING, ESG])
    project.run(handed_over=[esg], vault_id="dev", grants=[FILING, ESG])
    # As docs/recovery.md says: without the entry of the vault id, and without its check value.
    text = project.credentials.read_text("utf-8")
    text = re.sub(r"\n    filing:\n(?:      .*\n)+?(?=    \S)", "\n", text)
    text = re.sub(r"\n  prod: !vault \|\n(?:    .*(?:\n|$))+", "\n", text)
    assert "AES256;prod" not in text
    project.credentials.write_text(text)
    actions.vault_passwords["prod"] = "the new password of prod"
    found = project.run(handover="defer", vault_id="prod", grants=[FILING, ESG])
    assert [grant["health"] for grant in found["grants"]] == ["outdated", "ok"]
    assert [order["kind"] for order in found["orders"]] == ["regenerate"]
    project.run(handed_over=[regenerate(project, filing)], vault_id="prod", grants=[FILING, ESG])
    found = project.run(handover="defer", vault_id="prod", grants=[FILING, ESG])
    assert [grant["health"] for grant in found["grants"]] == ["ok", "ok"]
    assert (found["orders"], found["changed"]) == ([], False)
