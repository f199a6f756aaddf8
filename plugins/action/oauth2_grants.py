# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Per declared grant: the stored or the handed-over pair is tried and stored; see the documentation of the module."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, ClassVar

from ansible import constants as C
from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure
from ansible.utils.display import Display

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Connection
from ansible_collections.integrations.workiva.plugins.module_utils._arguments import CONNECTION
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    MissingLibrary,
    WorkivaError,
)
from ansible_collections.integrations.workiva.plugins.module_utils._files.access_check import FileSight
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.module_utils._grants.status import FINDINGS
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck, check
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    ControllerAction,
    day,
    own_path,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.grant_status import GrantStatus
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import (
    Deferred,
    FromVariables,
    Handover,
    Interrupted,
    Pair,
    Request,
    chosen,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.records import (
    Records,
    assert_not_missing,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.settlement import Settlement
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.transactions import settle
from ansible_collections.integrations.workiva.plugins.plugin_utils._in_process import (
    execute_pipelined,
    on_controller,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._place import (
    runs_here_instead,
    short_lived_job,
    somebody_may_answer,
    target_of,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import (
    VaultEntryError,
    VaultFile,
    VaultKey,
)

_CONNECTION = ("region", "api_url", "token_endpoint", "ca_path", "proxy", "timeout", "retries", "connect_to")
_AT_ONCE = 4
_MOST_CONTROLS = 5
_SHORTEST_INTERVAL = 1 / 40

_SPECIFICATION: dict[str, Any] = {
    **{name: CONNECTION[name] for name in _CONNECTION},
    "grants": {"type": "list", "elements": "dict", "required": True},
    "credentials": {"type": "str", "required": True},
    "journal": {"type": "str", "required": True},
    "vault_id": {"type": "str"},
    "handover": {"type": "str", "choices": ["prompt", "vars", "defer", "none"], "default": "prompt"},
    "catch_up": {"type": "bool", "default": False},
    "workspace_ids": {"type": "dict", "default": {}},
    "without_access": {"type": "list", "elements": "str", "default": []},
    "users_failed": {"type": "list", "elements": "str", "default": []},
    "first_orders": {"type": "bool", "default": True},
    "ask_for": {"type": "list", "elements": "str"},
    "new_orders": {"type": "list", "elements": "str", "default": []},
    "warn_before_days": {"type": "int", "default": 30},
    "fail_on": {"type": "list", "elements": "str", "choices": [*FINDINGS[:-1], "error"], "default": []},
    "today": {"type": "str"},
    "ephemeral_project_ok": {"type": "bool", "default": False},
}


class ActionModule(ControllerAction):
    """The vault, the journals and the prompts are the controller's; a pair may be tried on another host."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {"argument_spec": _SPECIFICATION}
    UNVALIDATED = ("handed_over", "done")

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Settles each grant in a transaction of its own."""
        self._arguments = arguments
        # Fails for a wrong connection before anything else.
        Connection.from_arguments(arguments)
        grants = [Declared.of(grant) for grant in _grants(arguments["grants"])]
        handover = chosen(
            arguments["handover"],
            arguments["handed_over"],
            arguments["done"] or [],
            check_mode=self.check_mode,
            orders=arguments["ask_for"],
        )
        journals = Journals(own_path("journal", arguments["journal"]), read_only=self.check_mode)
        self._records = Records(self._vault(arguments, handover), journals)
        self._here = on_controller(self, self.variables)
        if not self._here or any(grant.verify_from == self._target() for grant in grants):
            self._assert_connection()
        self._tried: dict[Pair, TokenCheck] = {}
        self._cause: tuple[str, TokenCheck] | None = None
        self._proven = False
        self._control: dict[str, bool] = {}
        shared = Settlement(
            records=self._records,
            handover=handover,
            try_pair=self._try_pair,
            prove=self._prove,
            doubtful=self._doubtful,
            today=day("today", arguments["today"]),
            warn_before_days=arguments["warn_before_days"],
            workspace_ids=arguments["workspace_ids"],
            without_access=frozenset(arguments["without_access"]),
            users_failed=frozenset(arguments["users_failed"]),
            new_orders=frozenset(arguments["new_orders"]),
            writes=arguments["handover"] != "none",
            catches_up=arguments["catch_up"],
            controlled=self._is_controlled,
            together=isinstance(handover, FromVariables),
            run=_this_run(),
        )
        if self._here:
            self._try_all(self._stored(grants) + self._handed_over(grants, handover, shared))
        results: list[GrantStatus] = []
        orders: list[Order] = []
        considered: list[dict[str, str]] = []
        for grant, settled in settle(shared, grants, (_Fatal, Interrupted, MissingLibrary)):
            if isinstance(settled, WorkivaError):
                results.append(GrantStatus.unknown(grant, settled))
                continue
            result, judged = settled
            is_first = judged.stage == "declared" and judged.orders and not arguments["first_orders"]
            if is_first and grant.integration not in shared.users_failed:
                next_step = "Run onboard: it makes the user and writes the work order."
                result = replace(result, waits_for=None, next=next_step)
            results.append(result)
            if grant.integration in shared.users_failed:
                continue  # its open orders stay as they are
            if is_first or shared.is_unrecorded(grant):
                continue
            orders += judged.orders
            considered.append({"integration": grant.integration, "grant": grant.grant})
        outcome: dict[str, Any] = {
            "changed": any(result.changed for result in results),
            "grants": [result.as_result() for result in results],
            "orders": [order.as_result() for order in orders],
            "considered": considered,
        }
        if self.check_mode:  # the journal does not show it to the next task
            outcome["fulfilled"] = [
                {"integration": grant.integration, "grant": grant.grant}
                for grant in grants
                if any(order.fulfilled for order in self._records.open_orders(grant))
            ]
        if self._records.diffs:
            outcome["diff"] = self._records.diffs
        if self._records.notes:
            outcome["warnings"] = self._records.notes
        return {**outcome, **_failure(results, tuple(arguments["fail_on"]))}

    # What a transaction is given.

    def _vault(self, arguments: Mapping[str, Any], handover: Handover) -> VaultFile | None:
        """The vault file; None where there is none and none will be: then a run needs no vault password."""
        path = arguments["credentials"]
        assert_not_missing(path, arguments["journal"])
        if isinstance(handover, Deferred) and not os.path.lexists(path):
            given = handover.names if isinstance(handover, FromVariables) else []
            if not given:
                return None
        return VaultFile(path, VaultKey.of_run(self._loader, arguments["vault_id"]))

    def _prove(self) -> None:
        """Before any secret is taken in: what is taken can be kept, encrypted, longer than this job."""
        if self._proven:
            return
        short_lived = short_lived_job()
        if short_lived and not self._arguments["ephemeral_project_ok"]:
            raise _Fatal(
                f"This looks like a job ({', '.join(short_lived)} is set) that works in a copy of the project, which is "
                "thrown away at its end together with every pair that it takes in. Run where the project folder stays, let the "
                "playbook keep it (workiva_repository_url or workiva_artifact), or set ephemeral_project_ok if the job does."
            )
        path = self._arguments["credentials"]
        try:
            key = VaultKey.of_run(self._loader, self._arguments["vault_id"])
            key.prove()
            file = VaultFile(path, key)
            file.prove_writable(check_mode=self.check_mode)
            if not self.check_mode and somebody_may_answer():
                file.check_password(lambda question: bytes(Display().prompt_until(question, private=True)))
            folder = self._arguments["journal"]
            parent = folder if os.path.isdir(folder) else os.path.dirname(folder)
            if not os.access(parent, os.W_OK | os.X_OK):
                raise _Fatal(f"The journal's folder {folder} cannot be written, so that no pair is taken in.")
        except WorkivaError as error:
            raise _Fatal(str(error)) from None
        self._proven = True

    def _doubtful(self, grant: Declared) -> bool:
        """Whether a refusal may be due to where the question comes from."""
        if not (grant.verify_from or grant.ip_allowlist or self._records.state(grant).ip_allowlist):
            return False
        return not grant.verify_from or grant.verify_from != self._target()

    def _target(self) -> str:
        return target_of(self, self.variables)

    # The token requests.

    def _stored(self, grants: list[Declared]) -> list[tuple[Declared, Pair]]:
        """What the vault holds, as far as it can be opened."""
        pairs: list[tuple[Declared, Pair]] = []
        for grant in grants:
            for pair in (self._records.stored, self._records.received):
                try:
                    found = pair(grant)
                except VaultEntryError:
                    continue
                if found:
                    pairs.append((grant, found))
        return pairs

    def _handed_over(
        self, grants: list[Declared], handover: Handover, shared: Settlement
    ) -> list[tuple[Declared, Pair]]:
        """What came in with a variable and is not stored yet; what is malformed is reported where the grant's turn comes."""
        pairs: list[tuple[Declared, Pair]] = []
        if not isinstance(handover, FromVariables) or not shared.writes:
            return pairs
        for grant in grants:
            request = Request(grant.integration, grant.grant)
            if not grant.present or not handover.brings(request, True):
                continue
            self._prove()
            with contextlib.suppress(InvalidArgument, VaultEntryError):
                found, stored = handover.pair(request), self._records.stored(grant)
                if found and not (stored and stored.is_same(found)):
                    pairs.append((grant, found))
        return pairs

    def _try_all(self, pairs: list[tuple[Declared, Pair]]) -> None:
        """Tries credentials: one first, since what keeps that one from being asked keeps all; then several at once
        within the rate limit."""
        turn = threading.Lock()

        def tried(grant: Declared, pair: Pair) -> None:
            with turn:
                time.sleep(_SHORTEST_INTERVAL)
            try:
                self._tried[pair] = self._checked(grant, pair)
            except InvalidArgument:
                return  # told where the grant's turn comes

        if pairs:
            first, its_pair = pairs.pop(0)
            tried(first, its_pair)
            self._remember(first, self._tried.get(its_pair))
        if self._cause:
            return
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for outcome in [pool.submit(tried, grant, pair) for grant, pair in pairs]:
                outcome.result()

    def _try_pair(self, grant: Declared, pair: Pair) -> TokenCheck:
        if pair not in self._tried and self._cause:
            name, cause = self._cause
            detail = f"Not tried: what kept {name} from being tried keeps this one too."
            self._tried[pair] = TokenCheck("unreachable", detail, error=cause.error)
        if pair not in self._tried:
            self._tried[pair] = self._checked(grant, pair) if self._here else self._checked_there(grant, pair)
            if not self._here:
                self._remember(grant, self._tried[pair])
        return self._tried[pair]

    def _remember(self, grant: Declared, found: TokenCheck | None) -> None:
        """Where the first pair could not be asked about, the cause is shared: it is told once, and not waited for again."""
        if found is not None and found.finding == "unreachable":
            self._cause = grant.name, found

    def _is_controlled(self, grant: Declared) -> bool:
        """Whether other credentials are accepted in this run, from where this task runs: then a refusal is about the grant
        and not about the way there. Asks for at most L(_MOST_CONTROLS) tokens, and only for a refused grant that should be gone.
        """
        own = self._records.held(grant).client_id
        if any(found.accepted and pair.client_id != own for pair, found in self._tried.items()):
            return True
        for other, pair in itertools.islice(self._records.others(grant), _MOST_CONTROLS):
            if pair.client_id not in self._control:
                try:
                    found = self._checked(other, pair) if self._here else self._checked_there(other, pair)
                except InvalidArgument:
                    continue
                self._control[pair.client_id] = found.accepted
            if self._control[pair.client_id]:
                return True
        return False

    def _checked(self, grant: Declared, pair: Pair) -> TokenCheck:
        credential = {"client_id": pair.client_id, "client_secret": pair.client_secret}
        # The token of the administrator's check is the one that the run then uses.
        connection = Connection.from_arguments({**self._arguments, **credential}, token_cache=C.DEFAULT_LOCAL_TMP)
        return check(connection, list(grant.scopes), files=grant.files)

    def _checked_there(self, grant: Declared, pair: Pair) -> TokenCheck:
        """Runs the module on the task's host, which is where an IP allowlist lets the grant in."""
        arguments = {name: self._arguments[name] for name in _CONNECTION if self._arguments[name] is not None}
        arguments.update(client_id=pair.client_id, client_secret=pair.client_secret, scopes=list(grant.scopes))
        if grant.files:
            arguments["files"] = list(grant.files)
        try:
            result = execute_pipelined(self, "integrations.workiva.oauth2_check", arguments, self.variables)
        except AnsibleActionFail as error:
            raise InvalidArgument(safe_text(error, limit=600)) from None
        except AnsibleConnectionFailure:
            return TokenCheck(
                "unreachable", f"{self._target()} cannot be reached, so that nothing was tried from there."
            )
        if result.get("failed") or "finding" not in result:
            raise InvalidArgument(
                f"The pair could not be tried from {self._target()}: {safe_text(result.get('msg'), limit=1000)}"
            )
        lists = {name: tuple(result[name]) for name in ("scopes", "missing_scopes", "surplus_scopes")}
        rest = ("finding", "detail", "accepted", "workspace_id", "expires_in", "error")
        seen = tuple(FileSight(**{**sight, "permissions": _listed(sight["permissions"])}) for sight in result["files"])
        return TokenCheck(**{**{name: result[name] for name in rest}, **lists, "files": seen})

    def _assert_connection(self) -> None:
        if runs_here_instead(self, self.variables):
            raise _Fatal(
                f"The task runs on the controller instead of {self._target()}, whose connection is not local: remove "
                "connection: local from the play, so that the grant is tried from the host that verify_from names."
            )


def _this_run() -> str:
    """What tells this run of ansible-core from every other one: the name of its temporary folder, which is random."""
    return hashlib.sha256(str(C.DEFAULT_LOCAL_TMP).encode()).hexdigest()[:16]


class _Fatal(WorkivaError):
    """Nothing more can be taken in by this task."""


def _grants(given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    needed = ("integration", "grant", "workspace", "username", "scopes")
    for number, grant in enumerate(given, start=1):
        missing = [name for name in needed if not grant.get(name) and grant.get("state") != "absent"]
        missing += [name for name in needed[:2] if not grant.get(name) and name not in missing]
        if missing:
            raise InvalidArgument(f"Entry {number} of grants lacks {', '.join(missing)}.")
    return [{"workspace": "", "username": "", "scopes": [], **grant} for grant in given]


def _listed(permissions: list[dict[str, str]] | None) -> tuple[dict[str, str], ...] | None:
    return None if permissions is None else tuple(permissions)


def _failure(results: list[GrantStatus], fail_on: tuple[str, ...]) -> dict[str, Any]:
    failing = [
        f"{result.integration}.{result.grant}: {'; '.join(found)}"
        for result in results
        if (found := result.failures(fail_on))
    ]
    return {"failed": True, "msg": " ".join(failing)} if failing else {}
