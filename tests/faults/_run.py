# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of the playbooks in this process: the actions in the order, and with the options, in which the playbooks call them.

A run costs a tenth of one of C(ansible-playbook), so that thousands are possible. C(test_flow.py) compares the calls with the
playbooks.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible import constants as C

from ansible_collections.integrations.workiva.plugins.module_utils import _secrets
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.certificates import as_result
from tests.core._actions import Actions

Result = dict[str, Any]
HOST = "localhost"
_ROLES = Path(__file__).resolve().parents[2] / "roles"
# The options that the role takes from the declaration of a copy.
_OF_COPY = frozenset(
    re.findall(
        r"^        (\w+): .*__server_certificates_one",
        (_ROLES / "server_certificates/tasks/main.yml").read_text(),
        re.MULTILINE,
    )
)
_OMITTED = (None, "", [])


@dataclass(frozen=True)
class Call:
    """A call of an action that has ended."""

    action: str
    options: frozenset[str]
    result: Result


class Stopped(Exception):
    """A task failed, or the play ended early."""


class Quiet(Actions):
    """Actions whose results and texts are judged after the run, and not at each call."""

    def assert_no_secret(self, *texts: str) -> None:
        """Leaves the judgement to L(tests.faults._judgement)."""


@dataclass
class Run:
    """One run of a playbook. C(calls) are its tasks; C(failure) is the message of the task that ended it, if one failed."""

    playbook: str
    actions: Quiet
    variables: Mapping[str, Any]
    calls: list[Call] = field(default_factory=list)
    failure: str = ""
    failed_action: str = ""

    @property
    def changed(self) -> bool:
        """Whether a task reported a change."""
        return any(call.result.get("changed") for call in self.calls)

    @property
    def shown(self) -> list[str]:
        """Everything that a person sees of the run."""
        return [*self.actions.displayed, *self.actions.questions, *self.actions.warnings, self.failure]

    def results(self, action: str) -> list[Result]:
        """The results of an action's tasks, in order."""
        return [call.result for call in self.calls if call.action == action]

    def call(
        self, action: str, options: Mapping[str, Any], *, check_mode: bool = False, may_fail: bool = False
    ) -> Result:
        """Runs a task. Raises L(Stopped) where it fails and C(may_fail) is false."""
        given = {name: value for name, value in options.items() if value is not None}
        result = self.actions(action, given, check_mode=check_mode, variables=self.variables)
        self.calls.append(Call(action, frozenset(options), result))
        if result.get("failed") and not may_fail:
            self.failure, self.failed_action = str(result.get("msg")), action
            raise Stopped(action)
        return result

    def play(self, folder: Path) -> None:
        """Runs the playbook on the project in a folder."""
        with contextlib.suppress(Stopped):
            _Play(self, folder).run()


class _Play:
    """The tasks of the playbooks C(onboard), C(offboard), C(handover), C(rotate) and C(verify)."""

    def __init__(self, run: Run, folder: Path) -> None:
        self._run = run
        self._folder = folder
        self._results: dict[str, Result] = {}
        self._grants: dict[str, Result] = {}
        self._preflight: Result = {}

    def run(self) -> None:
        self._open()
        self._run.call(
            "vault_secrets",
            {"path": self._loaded["credentials"], "vault_id": self._loaded["run"].get("vault_id") or None},
        )
        {"handover": self._handover, "rotate": self._rotate, "verify": self._verify}.get(
            self._run.playbook, self._apply
        )()
        self._report()

    # playbooks/tasks/open.yml

    def _open(self) -> None:
        playbook = {"playbook": self._run.playbook}
        settings = self._run.call("run_variables", playbook)["settings"]
        names = ("only", "today", "vault_id")
        options = {name: None if settings.get(name) in _OMITTED else settings[name] for name in names}
        delete = None if settings.get("delete_user") in _OMITTED else settings["delete_user"]
        self._project = self._run.call(
            "integrations",
            {
                "project": str(self._folder),
                "integrations": self._run.variables.get("workiva_integrations"),
                "templates": settings.get("templates"),
                "delete": delete,
                **options,
            },
        )
        self._loaded = self._project["workiva"]
        self._facts = self._run.call("run_variables", {**playbook, "project": self._loaded})
        self._settings = self._facts["settings"]

    # The playbooks.

    def _apply(self) -> None:
        self._certificates(check_mode=False)
        self._administrator()
        self._steps(check_mode=False)
        self._deliver()

    def _verify(self) -> None:
        self._certificates(check_mode=True)
        self._administrator()
        self._steps(check_mode=True)
        if self._facts["targets"]:
            self._results["deliveries"] = self._run.call("delivery", {"project": self._loaded}, check_mode=True)
        self._open_orders()

    def _handover(self) -> None:
        self._open_orders()
        self._check_grants("administrator")
        if self._facts["file_administrators"]:
            self._check_grants("file_administrator")
        self._check_grants("integrations")
        if self._facts["by_people"]:
            self._user_access()
        self._deliver()

    def _rotate(self) -> None:
        self._check_grants("administrator")
        if self._facts["file_administrators"]:
            self._check_grants("file_administrator")
        self._check_grants("integrations")

    # playbooks/tasks/*.yml

    def _certificates(self, *, check_mode: bool) -> None:
        if not self._facts["certificates"]:
            return
        listed = self._loaded["certificates"]
        copies = as_result(listed, HOST)["copies"]
        copied = []
        for copy in copies:
            one = listed[copy["certificate"]]
            options = {name: one.get(name) for name in _OF_COPY}
            options.update(ephemeral_target_ok=self._settings["ephemeral_target_ok"], project=self._loaded)
            result = self._run.call("server_certificate", options, check_mode=check_mode, may_fail=True)
            copied.append({**result, "__server_certificates_copy": copy})
        self._results["certificates"] = as_result(listed, HOST, copied, [])["result"]

    def _check_grants(self, which: str, *, check_mode: bool = False, **more: str) -> None:
        self._grants[which] = self._run.call(
            "oauth2_grants",
            {
                "project": self._loaded,
                "which": which,
                "users": self._results.get("users", {}).get("users", []),
                "workspaces": self._preflight.get("workspaces", []),
                "orders": self._facts["orders"][which],
                "handover": self._facts["handover"],
                "handed_over": self._run.variables.get("workiva_handed_over"),
                "ask_for": self._results.get("open_orders", {}).get("chosen"),
                "done": self._settings["done"],
                "rotate": self._facts["rotate"],
                "leaked": self._settings["leaked"],
                "give_up": self._settings["give_up"],
                "ephemeral_project_ok": self._facts["saves"],
                "sealed": [],
                **more,
            },
            check_mode=check_mode,
        )
        self._results["grants"] = self._grants

    def _administrator(self) -> None:
        self._check_grants("administrator")
        found = self._grants["administrator"]
        self._preflight = self._run.call(
            "preflight",
            {
                "project": self._loaded,
                "grants": found["grants"],
                "orders": found["orders"],
                "use": self._facts["use"],
                "stop": self._facts["writes"],
            },
        )
        self._results["preflight"] = self._preflight
        if self._preflight["waiting"]:
            for which in ("file_administrator", "integrations") if self._preflight["lost"] else ():
                self._check_grants(which, orders="open", handover="defer")
            self._report()
            raise Stopped("waiting")

    def _steps(self, *, check_mode: bool) -> None:
        ready = self._preflight["ready"]
        if ready:
            self._results["users"] = self._run.call(
                "integration_users",
                {
                    "project": self._loaded,
                    "use": self._facts["use"],
                    "on_item_error": "report",
                    "excess_access": self._settings["excess_access"],
                },
                check_mode=check_mode,
            )
        if self._facts["file_administrators"]:
            self._check_grants("file_administrator", check_mode=check_mode)
        files: dict[str, Any] = {}
        if self._facts["file_access"]:
            files = self._run.call(
                "file_permissions",
                {"project": self._loaded, "use": self._preflight["use"], "on_item_error": "report"},
                check_mode=check_mode,
            )
        self._check_grants("integrations", check_mode=check_mode)
        if ready:
            self._user_access(check_mode=check_mode)
        if not self._facts["file_access"]:
            return
        self._results["file_access"] = self._run.call(
            "file_access",
            {
                "project": self._loaded,
                "results": files["files"],
                "names": files["names"],
                "grants": self._grants["integrations"]["grants"],
                "granting": self._grants.get("file_administrator", {}).get("grants", []),
                "orders": self._facts["orders"]["users"],
            },
            check_mode=check_mode,
        )

    def _user_access(self, *, check_mode: bool = False) -> None:
        self._results["users"] = self._run.call(
            "user_access",
            {
                "project": self._loaded,
                "observed": self._results.get("users", {}).get("users", []),
                "grants": self._grants["integrations"]["grants"],
                "orders": self._facts["orders"]["users"],
                "handover": self._facts["handover"],
                "ask_for": self._results.get("open_orders", {}).get("chosen"),
                "done": self._settings["done"],
            },
            check_mode=check_mode,
        )

    def _deliver(self) -> None:
        """The tasks of the targets do nothing but to show the client ID."""
        if not self._facts["delivers"]:
            return
        planned = {"project": self._loaded, "again": self._facts["delivers_again"]}
        found = self._results["deliveries"] = self._run.call("delivery", planned)
        for due in found["due"]:
            recorded = {"state": "recorded", "target": due, "deliveries": self._results["deliveries"]["deliveries"]}
            shown = {"shown": "", "read_back": due["client_id"]}
            self._results["deliveries"] = self._run.call("delivery", {"project": self._loaded, **recorded, **shown})

    def _open_orders(self) -> None:
        options = {"project": self._loaded, "ask": self._facts["asks"]}
        self._results["open_orders"] = self._run.call("open_orders", options)

    def _report(self) -> None:
        names = ("certificates", "notice", "preflight", "grants", "users", "file_access", "deliveries", "open_orders")
        self._run.call(
            "summary",
            {
                "project": self._loaded,
                "run": self._facts,
                "results": {name: self._results.get(name, {}) for name in names},
                "publish": False,
            },
        )


@contextlib.contextmanager
def alone(actions: Quiet, cache: Path) -> Iterator[None]:
    """What a run of C(ansible-playbook) has for itself: a temporary folder, texts, and secrets that its processes know."""
    cache.mkdir(parents=True)
    before, known = C.DEFAULT_LOCAL_TMP, set(_secrets._KNOWN)
    C.DEFAULT_LOCAL_TMP = str(cache)
    for texts in (actions.displayed, actions.questions, actions.warnings):
        texts.clear()
    try:
        yield
    finally:
        C.DEFAULT_LOCAL_TMP = before
        _secrets._KNOWN.intersection_update(known)


def play(actions: Quiet, playbook: str, folder: Path, cache: Path, **variables: Any) -> Run:
    """Runs a playbook; C(cache) is the run's own temporary folder, which must be new."""
    run = Run(playbook, actions, {f"workiva_{name}": value for name, value in variables.items()})
    with alone(actions, cache):
        run.play(folder)
    return run
