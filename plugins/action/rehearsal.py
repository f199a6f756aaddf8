# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a rehearsal; see the documentation of the module of this name."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from typing import Any, ClassVar

import yaml
from ansible import constants as C

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._bounds import BoundedLoader
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.integrations.workiva.plugins.plugin_utils._output import print_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._paths import check_own_path
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._rehearsal.course import (
    FULFIL,
    REFUSE,
    WRONG_SCOPE,
    Report,
    choose_ways,
    describe,
    find_cause,
    find_changes,
    find_unfinished,
    find_unnoticed,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._rehearsal.plan import ADMINISTRATOR, Rehearsal, plan
from ansible_collections.integrations.workiva.plugins.plugin_utils._rehearsal.stage import Run, Stage, read_inventories
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.summary import titled

# An allowlist names the addresses of the project's real machines, in whatever form Workiva takes them.
_SWITCHES = {"allowlist_cidr": "accepted"}


class RehearsalFailed(WorkivaError):
    """The project did not go through the rehearsal."""


class ActionModule(ControllerAction):
    """See the documentation of the module of this name."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "state": {
                "type": "str",
                "required": True,
                "choices": ["planned", "prepared", "asked", "carried_out", "finished", "failed"],
            },
            "path": {"type": "str", "required": True},
            "project": {"type": "raw", "required": True},
            "today": {"type": "str"},
            "switches": {"type": "dict", "default": {}},
            "simulator": {"type": "dict", "default": {}},
            "mistakes": {"type": "list", "elements": "str", "choices": [REFUSE, WRONG_SCOPE], "default": []},
            "way": {"type": "str", "choices": [FULFIL, REFUSE, WRONG_SCOPE]},
            "reports": {"type": "list", "elements": "dict", "default": []},
            "failure": {"type": "raw"},
        }
    }
    _supports_check_mode = False

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Does one step."""
        self._project = LoadedProject.of(arguments["project"])
        self._stage = Stage(check_own_path("path", arguments["path"]))
        step = getattr(self, f"_{arguments['state']}")
        result: dict[str, Any] = step(arguments)
        return result

    def _planned(self, arguments: dict[str, Any]) -> dict[str, Any]:
        planned = self._plan(arguments)
        return {
            "seed": planned.seed,
            "today": arguments["today"] or planned.today,
            "region": self._project.connection.region or "us",
            "switches": {**_SWITCHES, **arguments["switches"]},
            "administrator": ADMINISTRATOR,
        }

    def _prepared(self, arguments: dict[str, Any]) -> dict[str, Any]:
        planned = self._plan(arguments)
        self._stage.prepare(self._project.folder, planned.settings, arguments["today"] or planned.today)
        return {"changed": True}

    def _asked(self, arguments: dict[str, Any]) -> dict[str, Any]:
        # Ansible includes every round before the first one starts.
        if self._stage.is_settled():
            return {"orders": [], "ways": []}
        self._succeed("onboard")
        orders = self._stage.orders()
        if not orders:
            self._stage.settle()
        return {"orders": orders, "ways": choose_ways(orders, arguments["mistakes"])}

    def _carried_out(self, arguments: dict[str, Any]) -> dict[str, Any]:
        way, reports = arguments["way"], _reports(arguments)
        self._stage.remember(reports)
        try:
            if os.path.exists(self._stage.handed_over):
                given = ("-e", f"@{self._stage.handed_over}")
                if way == FULFIL:
                    self._succeed("handover", *given)
                else:
                    # What is wrong may end the run.
                    self._play("onboard", *given)
        finally:
            # It holds client credentials in clear.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._stage.handed_over)
        _fail(find_unnoticed(way, reports, self._stage.orders()))
        return {"changed": True}

    def _finished(self, arguments: dict[str, Any]) -> dict[str, Any]:
        rounds = self._stage.rounds()
        _fail(find_unfinished(self._stage.orders(), rounds[-1] if rounds else []))
        before = self._stage.count_writes()
        run = self._succeed("onboard")
        _fail(find_changes(run.output, self._stage.count_writes() - before))
        self._succeed("verify")
        planned = self._plan(arguments)
        played = [report for reports in rounds for report in reports]
        today = arguments["today"] or planned.today
        lines = titled(
            f"Rehearsed: {self._project.folder}",
            describe(self._project, today, arguments["mistakes"], played, planned.notes),
        )
        print_text("\n".join(lines))
        return {"lines": lines}

    def _failed(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Fails once more, after the clean-up, with the reason for which a task failed before it."""
        failure = arguments["failure"]
        msg = str(failure.get("msg") or "") if isinstance(failure, Mapping) else ""
        reason = safe_text((msg.splitlines() or ["A task failed; its output is above."])[0], limit=1000)
        raise RehearsalFailed(f"The project {self._project.folder} was not rehearsed to its end. {reason}")

    def _plan(self, arguments: Mapping[str, Any]) -> Rehearsal:
        folder = self._project.folder
        names = os.path.join(folder, "organization.yml")
        try:
            with open(os.path.join(folder, "workiva.yml"), encoding="utf-8") as stream:
                settings = stream.read()
            organization = None
            if os.path.exists(names):
                with open(names, encoding="utf-8") as stream:
                    organization = yaml.load(stream, Loader=BoundedLoader)  # noqa: S506 - a SafeLoader
            return plan(self._project, settings, organization, arguments["simulator"])
        except (ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
            # A parser quotes what it read.
            why = safe_text(error) if isinstance(error, ValueError) else type(error).__name__
            raise InvalidArgument(f"The project cannot be rehearsed: {why}") from None

    def _play(self, playbook: str, *options: str) -> Run:
        inventories = read_inventories(self.variables)
        return self._stage.run(playbook, self._project.folder, inventories, C.COLLECTIONS_PATHS, *options)

    def _succeed(self, playbook: str, *options: str) -> Run:
        run = self._play(playbook, *options)
        if not run.succeeded:
            lines = [line.rstrip() for line in run.output.splitlines() if line.strip()]
            print_text("\n".join(titled(f"The run of {playbook} in the rehearsal", lines)))
            cause = find_cause(run.output)
            why = f": {cause}" if cause else "."
            raise RehearsalFailed(f"The playbook {playbook} failed in the rehearsal{why} Its output is above.")
        return run


def _reports(arguments: Mapping[str, Any]) -> list[Report]:
    return [Report.of(arguments["way"] or FULFIL, entry) for entry in arguments["reports"]]


def _fail(problem: str | None) -> None:
    if problem:
        first, *more = problem.splitlines()
        raise RehearsalFailed(first, lines=more)
