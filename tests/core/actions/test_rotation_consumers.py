# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two grants are rotated, each run is killed at each of its writes, and the systems that use the grants work all the time."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests._declared import ESG
from tests._organization import Organization
from tests.core._actions import Actions
from tests.core.actions._filing import arguments_of
from tests.core.actions._killed import Killed, die_at
from tests.core.actions._rotation import ROTATED, Project

pytestmark = pytest.mark.once

GRANTS = ("filing", "esg")
TARGETS = [
    {"integration": "payroll-sync", "grant": name, "name": f"system of {name}", "role": "acme.app", "settle_days": days}
    for name, days in (("filing", 1), ("esg", 9))
]


class Site:
    """A project, and the systems that its grants are delivered to. C(held): the credentials that each of them uses."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.held: dict[str, tuple[str, str]] = {}

    def copied(self, name: str) -> Site:
        site = Site(self.project.copied(name))
        site.held = dict(self.held)
        return site

    def run(self, *handed_over: Any, **more: Any) -> dict[str, Any]:
        return self.project.run(*handed_over, targets=TARGETS, **more)

    def deliver(self) -> None:
        """As onboard does it: what is due is written into the systems, and recorded one by one."""
        project, run = self.project, {"today": self.project.today}
        declared = arguments_of(project.organization, project.folder, grants=project.grants, targets=TARGETS, **run)
        planned = project.actions("delivery", {"project": declared["project"]})
        for due in planned["due"]:
            entry = project.entry(due["grant"])
            self.held[due["grant"]] = entry["client_id"], entry["client_secret"]
            recorded = {"state": "recorded", "target": due, "deliveries": planned["deliveries"]}
            found = project.actions("delivery", {"project": declared["project"], **recorded})
            assert found["changed"], found

    def assert_works(self) -> None:
        """Each system gets a token with what it has, and so does one that reads the credentials file."""
        for name in GRANTS:
            assert self.project.organization.accepts(*self.held[name]), name
            assert self.project.works(name), name

    def count(self, *names: str) -> dict[str, int]:
        return {name: sum(event["event"] == name for event in self.project.events()) for name in names}


@pytest.fixture
def site(organization: Organization, actions: Actions, tmp_path: Path) -> Site:
    """Both grants are stored and delivered. The first one expires soon. The second one expires later, and no rotation of it is declared."""
    project = Project(organization, actions, tmp_path / "project")
    project.grants = [ROTATED, {**ESG, "expires": None, "lifetime_days": 365}]
    site = Site(project)
    site.run(project.add("2027-06-30"), project.add("2027-12-31", grant=ESG))
    site.deliver()
    return site


class Course:
    """Carries out one step after the other."""

    def __init__(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site = site
        self._monkeypatch = monkeypatch
        self.kills = 0

    def step(self, name: str, act: Callable[[Site], object]) -> None:
        """In a copy of the project for each write of the step, the run is killed there and started again. The copy in which it was not
        killed is the project of the next step."""
        completed: list[Site] = []
        for number in itertools.count(1):
            site = self.site.copied(f"{name} {number}")
            with self._monkeypatch.context() as patch:
                was_killed = die_at(number, patch)
                try:
                    act(site)
                except Killed:
                    self.kills += 1
            site.assert_works()
            if not was_killed():
                break
            act(site)
            site.assert_works()
            completed.append(site)
        self.site = site
        # Nothing is asked for or stored twice.
        for other in completed:
            assert other.count("ordered", "stored") == site.count("ordered", "stored")

    def on(self, day: str) -> None:
        self.site.project.on(day)


def test_consumers_work_while_two_grants_are_rotated_and_each_run_is_killed_at_each_write(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, project = Course(site, monkeypatch), site.project
    former = {name: site.held[name][0] for name in GRANTS}
    course.on("2027-06-12")
    course.step("start", lambda site: site.run(rotate=["payroll-sync.esg"]))
    assert [order["kind"] for order in course.site.run()["orders"]] == ["replace", "replace"]
    # The person is away for a week, and hands over one after the other.
    course.on("2027-06-19")
    first, second = project.add("2028-05-31"), project.add("2028-05-31", grant=ESG)
    course.step("first handover", lambda site: site.run(first))
    course.step("second handover", lambda site: site.run(second))
    assert {name: course.site.held[name][0] for name in GRANTS} == former
    course.step("delivery", Site.deliver)
    new = {name: course.site.held[name][0] for name in GRANTS}
    assert not set(new.values()) & set(former.values())
    # The date of the second one is far, and is brought forward to the day on which its system has settled.
    course.step("retirement", Site.run)
    (order,) = course.site.run()["orders"]
    assert (order["kind"], order["fields"]["changes"]["expires"]["to"]) == ("retire", "2027-06-28")
    project.organization.change_grant(former["esg"], expires="2027-06-28")
    course.step("confirmation", lambda site: site.run(done=[order["number"]]))
    for day in ("2027-06-28", "2027-06-29", "2027-06-30", "2027-07-01", "2027-07-02"):
        course.on(day)
        course.step(day, Site.run)
    for name in GRANTS:
        entry = course.site.project.entry(name)
        assert (entry["client_id"], "previous_client_id" in entry) == (new[name], False)
    assert course.site.count("ordered", "stored", "retired") == {"ordered": 5, "stored": 4, "retired": 2}
    assert not course.site.run()["changed"]
    assert course.kills > 30
