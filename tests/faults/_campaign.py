# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One cell of the cross: a run with a fault, what it left, and the plain runs after it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field

import yaml

from tests.faults._counts import is_whole
from tests.faults._judgement import (
    Report,
    differences,
    doubled,
    organization_of,
    plaintext_in_files,
    project_of,
    reports_of,
    wrong_reports,
    wrong_texts,
)
from tests.faults._matrix import Fault, Target, targets_of
from tests.faults._run import Run
from tests.faults._stage import Stage, content_of

# The tests' clock makes every other wait short.
REAL_SLEEP = time.sleep
PLAYBOOKS = ("onboard", "offboard", "handover", "verify", "rotate")
# That the credentials of a user without access are refused is noted in two later runs.
RUNS = {"offboard": 3}
UNHARMED, REPORTED, FAILED, WRONG = "unharmed", "reported", "run failed", "WRONG"
Fingerprint = tuple[dict[str, object], dict[str, object]]


@dataclass(frozen=True)
class Clean:
    """A playbook without faults: its requests, what it reports, and what it leaves when nothing is left to do."""

    targets: tuple[Target, ...]
    usual: frozenset[Report]
    after_one: Fingerprint
    goal: Fingerprint


@dataclass
class Campaign:
    """The cells that were tried on one stage. C(known) has the states from which plain runs reached the goal."""

    stage: Stage
    clean: dict[str, Clean] = field(default_factory=dict)
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _bases: dict[str, Fingerprint] = field(default_factory=dict)

    def cleanly(self, playbook: str) -> Clean:
        """What a playbook does without a fault."""
        if playbook not in self.clean:
            first = self._start(playbook)
            assert not first.failure, first.failure
            requests, usual, after_one = self.stage.requests(), reports_of(first), self.fingerprint()
            runs = [first, *(self._again(playbook) for _more in range(RUNS.get(playbook, 1)))]
            assert not runs[-1].changed, runs[-1].calls
            assert not self._changes_again(playbook)
            usual += [report for run in runs for report in reports_of(run)]
            self.clean[playbook] = Clean(tuple(targets_of(requests)), frozenset(usual), after_one, self.fingerprint())
        return self.clean[playbook]

    def targets(self, playbook: str, fault: Fault) -> list[Target]:
        """The requests of a playbook that a fault can happen to. A read is one of the first playbook that makes it."""
        earlier = PLAYBOOKS[: PLAYBOOKS.index(playbook)]
        seen = {(target.method, target.path) for name in earlier for target in self.cleanly(name).targets}
        return [
            target
            for target in self.cleanly(playbook).targets
            if fault.can_happen_to(target) and (target.method != "GET" or (target.method, target.path) not in seen)
        ]

    def base_of(self, playbook: str) -> Fingerprint:
        """What is there before a playbook runs."""
        if playbook not in self._bases:
            self.stage.restore(self.stage.base(playbook))
            self._bases[playbook] = self.fingerprint()
        return self._bases[playbook]

    def cell(self, playbook: str, fault: Fault, target: Target) -> tuple[str, list[str]]:
        """Runs a playbook with a fault; returns the outcome, and what is wrong."""
        clean = self.cleanly(playbook)
        run = self._start(playbook, fault, target)
        self.stage.end_faults()
        wrong = [*wrong_texts(run, self.stage), *doubled(self.stage), *plaintext_in_files(self.stage)]
        new = [report for report in reports_of(run) if report not in clean.usual]
        wrong += wrong_reports(run, clean.usual)
        left = self.fingerprint()
        harm = [text for found, wanted in zip(left, clean.after_one) for text in differences(found, wanted)]
        if harm and not new:
            wrong.append(f"not reported: {harm}")
        wrong += self.converged(playbook, clean, left)
        if wrong:
            return WRONG, wrong
        return (FAILED if run.failure else REPORTED if new else UNHARMED), []

    def converged(self, playbook: str, clean: Clean, left: Fingerprint) -> list[str]:
        """Runs again until nothing is left to do, unless a run before left the same."""
        state = json.dumps([playbook, *left], sort_keys=True, default=str)
        if state not in self.known:
            wrong: list[str] = []
            for _run in range(RUNS.get(playbook, 1)):
                again = self._again(playbook)
                wrong += [f"the next run fails: {again.failure}"] if again.failure else []
            found = self.fingerprint()
            wrong += [
                f"after the next run, {text}" for one, goal in zip(found, clean.goal) for text in differences(one, goal)
            ]
            wrong += doubled(self.stage)
            # From the goal, a run without a fault was seen to change nothing.
            if wrong or not is_whole():
                wrong += self._changes_again(playbook)
            self.known[state] = tuple(wrong)
        return list(self.known[state])

    def _changes_again(self, playbook: str) -> list[str]:
        before, sent = content_of(self.stage.project), self._writes()
        third = self._again(playbook)
        is_same = not third.changed and self._writes() == sent and content_of(self.stage.project) == before
        return [] if is_same else ["the third run changes something"]

    def _start(self, playbook: str, fault: Fault | None = None, target: Target | None = None) -> Run:
        base = self.stage.base(playbook)
        self.stage.restore(base)
        if fault and target:
            self.stage.organization.state.put("fault", fault.at(target))
            if fault.kind == "slow":
                self._limit_wait()
        run = self.stage.play(playbook, **base.variables)
        if fault and fault.kind == "slow":
            # The server acts late, as one does that is slow.
            REAL_SLEEP(float(fault.options["seconds"]))
            self.stage.restore_settings(base)
        return run

    def _again(self, playbook: str) -> Run:
        return self.stage.play(playbook, **self.stage.base(playbook).variables)

    def _limit_wait(self) -> None:
        path = self.stage.project / "workiva.yml"
        content = yaml.safe_load(path.read_text())
        content["workiva"]["timeout"] = 1
        path.write_text(yaml.safe_dump(content, sort_keys=False))

    def fingerprint(self) -> Fingerprint:
        """What is there now."""
        return organization_of(self.stage), project_of(self.stage)

    def _writes(self) -> list[tuple[str, str]]:
        return self.stage.organization.writes()
