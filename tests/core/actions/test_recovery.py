# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What breaks after credentials were stored, from the finding to the run that changes nothing again, under every two answers to the
open questions that the case depends on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests._declared import FILING
from tests._organization import Organization
from tests._pairwise import choose_rows
from tests.core._actions import Actions
from tests.core.actions._filing import Pair, Project
from workiva_simulator import rules
from workiva_simulator.switches import SWITCHES

REFUSALS = ("token_error", "token_cause")


def pairwise(*names: str) -> pytest.MarkDecorator:
    """The answers to these questions, each two of them together."""
    rows = choose_rows({name: SWITCHES[name].answers for name in names})
    return pytest.mark.parametrize("answers", rows, ids=[" ".join(row) for row in rows])


@pytest.fixture
def project(tmp_path: Path, organization: Organization, actions: Actions, answers: tuple[str, ...]) -> Project:
    """A project without credentials, under answers to open questions."""
    for name, answer in (one.split("=") for one in answers):
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


@pairwise("regenerate", *REFUSALS, "token_form")
@pytest.mark.parametrize("way", ["restored", "regenerated"])
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
