# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two jobs, each with a copy of one project, store different credentials of one grant: the merged project has both."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible import constants as C

from tests._organization import Organization
from tests.core._actions import Actions
from tests.core.actions._rotation import DUE, NAME, Pair, Project

pytestmark = pytest.mark.once


@pytest.fixture
def project(organization: Organization, actions: Actions, tmp_path: Path) -> Project:
    """A project with a work order for the next grant."""
    project = Project(organization, actions, tmp_path / "project")
    (project.folder / "workiva.yml").write_text("workiva: {}\n")
    project.run(project.add())
    project.on(DUE)
    project.run()
    return project


def recorded(project: Project) -> str:
    C.DEFAULT_LOCAL_TMP = str(project.folder.parent)
    since: str = project.actions("project_changes", {"state": "recorded", "project": str(project.folder)})["since"]
    return since


def merge(project: Project, since: str, job: Project) -> None:
    changes = project.actions("project_changes", {"project": str(job.folder), "since": since})["changes"]
    applied = project.actions(
        "project_changes", {"state": "applied", "project": str(project.folder), "changes": changes}
    )
    assert applied["changed"], applied


@pytest.mark.parametrize("first", ["rotation", "new secret"])
@pytest.mark.parametrize("leaked", [False, True], ids=["no leak", "leaked"])
def test_rotation_by_one_job_and_a_new_secret_of_the_former_grant_by_another_are_both_kept(
    project: Project, first: str, leaked: bool
) -> None:
    if leaked:
        project.run(rotate=[NAME], leaked=True)
    former, since = project.entry(), recorded(project)
    jobs = {name: project.copied(name) for name in ("rotation", "new secret")}
    new = project.add("2028-05-31")
    secret = project.organization.regenerate(former["client_id"])
    regenerated: Pair = {"integration": "payroll-sync", "grant": "filing", **secret}
    assert jobs["rotation"].run(new)["grant"]["error"] is None
    assert jobs["new secret"].run(regenerated)["grant"]["error"] is None
    for name in sorted(jobs, key=lambda name: name != first):
        merge(project, since, jobs[name])
    for _run in range(2):
        found = project.run()
        entry = project.entry()
        assert (entry["client_id"], entry["client_secret"]) == (new["client_id"], new["client_secret"])
        assert (entry["previous_client_id"], entry["previous_client_secret"]) == (
            former["client_id"],
            secret["client_secret"],
        )
        assert found["grant"]["error"] is None
        # The former grant ends on its date, or at once where its secret leaked.
        assert project.kinds(found) == (["retire"] if leaked else [])
    assert not project.run()["changed"]
    if leaked:
        project.organization.delete_grant(former["client_id"])
    else:
        project.on("2027-07-01")
    project.run()
    project.run()
    assert "previous_client_id" not in project.entry()
    assert project.works()
