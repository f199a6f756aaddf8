# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks grants, keeps their work orders and accepts their credentials; see the documentation of the module of this name."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from ansible import constants as C
from ansible.utils.display import Display

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Connection
from ansible_collections.integrations.workiva.plugins.module_utils._arguments import CONNECTION
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    MissingLibrary,
    WorkivaError,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared
from ansible_collections.integrations.workiva.plugins.module_utils._grants.rotation import RotationRequest
from ansible_collections.integrations.workiva.plugins.module_utils._organization.information import SPECIFICATION, look
from ansible_collections.integrations.workiva.plugins.module_utils._spans import read_days
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    ControllerAction,
    validate_options,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._delivery.assessment import deliveries_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.checks import Checks, GrantCredentials
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handed_over import list_entries
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import (
    Credentials,
    Deferred,
    FromVariables,
    Handover,
    Interrupted,
    Prompt,
    Request,
    ask_at_terminal,
    chosen,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.records import Records
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.settlement import Settlement, UserResults
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.storage_check import (
    CannotStore,
    StorageCheck,
    assert_not_missing,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.transactions import Transactions
from ansible_collections.integrations.workiva.plugins.plugin_utils._journals import Journals
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.keeper import Keeper, more_results
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.open_orders import choose_orders
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.surroundings import surroundings_of
from ansible_collections.integrations.workiva.plugins.plugin_utils._place import find_target, is_run_here_instead
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.connection import make_connection
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import (
    KINDS_OF_GRANTS,
    LoadedProject,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._sealed.blocks import (
    Opened,
    Source,
    finished_files,
    open_all,
    sources_of,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._sealed.keys import SealingKeys
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import VaultEntryError, VaultFile
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.secrets import VaultKey

_CONNECTION = ("region", "api_url", "token_endpoint", "ca_path", "proxy", "timeout", "retries", "connect_to")

_SPECIFICATION: dict[str, Any] = {
    "project": {"type": "raw", "required": True},
    "which": {"type": "str", "choices": list(KINDS_OF_GRANTS), "default": "integrations"},
    "users": {"type": "list", "elements": "dict", "default": []},
    "workspaces": {"type": "list", "elements": "dict", "default": []},
    "orders": {"type": "str", "choices": ["all", "open", "none"], "default": "all"},
    "handover": {"type": "str", "choices": ["prompt", "vars", "defer", "none"], "default": "prompt"},
    "ask_for": {"type": "list", "elements": "str"},
    "warn_before": {"type": "str", "default": "30d"},
    "ephemeral_project_ok": {"type": "bool", "default": False},
    "rotate": {"type": "list", "elements": "str", "default": []},
    "leaked": {"type": "bool", "default": False},
    "give_up": {"type": "bool", "default": False},
}


class ActionModule(ControllerAction):
    """The vault, the journals and the prompts are the controller's; credentials may be checked from another host."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {"argument_spec": _SPECIFICATION}
    UNVALIDATED = ("handed_over", "sealed", "done")

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Checks what is stored, opens work orders, accepts credentials, and closes the work orders that are done."""
        project = LoadedProject.of(arguments["project"])
        home = str(self.variables.get("inventory_hostname") or "")
        target = find_target(self, self.variables)
        grants = [grant for grant in project.grants_of(arguments["which"]) if (grant.verify_from or home) == target]
        if not grants:
            return {"grants": [], "orders": [], "opened": [], "closed": [], "withdrawn": []}
        specification = {"argument_spec": {name: CONNECTION[name] for name in _CONNECTION}}
        settings = make_connection(self, project)
        connection = validate_options(specification, {name: settings[name] for name in _CONNECTION if name in settings})
        Connection.from_arguments(connection)  # fails for a wrong one before anything else
        today = project.run.day()
        warn_before = read_days(arguments["warn_before"], "warn_before")
        reads = arguments["handover"] in ("prompt", "vars")
        sources = sources_of(arguments["sealed"], project.work_orders) if reads else []
        sealed, notes = self._open_sealed(project, grants, sources)
        given = [one.as_entry() for one in sealed]
        handover = chosen(
            "vars" if sealed else arguments["handover"],
            [*list_entries(arguments["handed_over"] or []), *given] if sealed else arguments["handed_over"],
            arguments["done"] or [],
            check_mode=self.check_mode,
            orders=arguments["ask_for"],
        )
        storage = StorageCheck(
            self._loader,
            project.credentials,
            project.journal,
            vault_id=project.run.vault_id,
            ask=(lambda question: ask_at_terminal(question, True))
            if isinstance(handover, Prompt) or project.sealed_handover
            else None,
            outlives_job=arguments["ephemeral_project_ok"],
            check_mode=self.check_mode,
        )
        journals = Journals(project.journal, read_only=self.check_mode)
        self._records = Records(_vault_file(project, storage, handover), journals)
        checks = Checks(self, self._records, connection)
        if not checks.here or any(grant.verify_from for grant in grants):
            self._assert_connection(target)
        writes = arguments["handover"] != "none"
        removes = writes and project.administration == "writer"
        changed = removes and not self.check_mode
        users = UserResults.of(arguments["users"], removes=removes, absent=project.absent, changed=changed)
        shared = Settlement(
            records=self._records,
            handover=handover,
            checks=checks,
            storage=storage,
            today=today,
            warn_before=warn_before,
            workspace_ids={item["name"]: item["id"] for item in arguments["workspaces"]},
            without_access=users.without_access,
            users_failed=users.failed,
            users_suspended=users.suspended,
            users_outside=users.outside,
            first_orders=arguments["orders"] == "all",
            writes=writes,
            together=isinstance(handover, FromVariables),
            rotate=_requests(arguments),
            deliveries=lambda grant, state: deliveries_of(project.targets_of(grant.integration), grant.grant, state),
            preflight=self._preflight(settings) if arguments["which"] == "administrator" else _need_nothing,
            run=_this_run(),
        )
        handed_over = self._handed_over(grants, handover) if writes else []
        if handed_over:
            storage.check()
        checks.check_all(itertools.chain(self._stored(grants), handed_over))
        keys = SealingKeys(
            storage.file,
            storage.check,
            project.credentials,
            creates=project.sealed_handover,
            check_mode=self.check_mode,
        )
        keeper = Keeper(journals, project.work_orders, surroundings_of(project, self._loader), today, keys)
        keeps = writes and arguments["orders"] != "none"
        # What the vault holds and the journal does not know is completed before work orders are planned: an order whose
        # credentials are stored is closed, and its Client Name is kept.
        transactions = Transactions(shared, grants, (CannotStore, Interrupted, MissingLibrary))
        transactions.look()
        needed, considered = transactions.needed()
        if isinstance(handover, Prompt) and any(handover.asks_about(one.integration, one.grant) for one in needed):
            storage.check()
        kept = [keeper.keep(needed, considered)] if keeps else []
        known = len(journals.appended)
        shared.new_orders = frozenset(number for one in kept for number in one.numbers("ordered"))
        if isinstance(handover, Prompt) and arguments["ask_for"] is None and kept:
            handover.limit_to(choose_orders(ask_at_terminal, Display().display, keeper.statuses(kept[0])))
        transactions.accept()
        statuses = transactions.statuses()
        if keeps and len(journals.appended) > known:
            kept.append(keeper.keep(*transactions.needed()))
        removed = self._remove_finished(project, grants, sources, sealed)
        outcome: dict[str, Any] = {
            "changed": any(status.changed for status in statuses)
            or any(one.changed for one in kept)
            or bool(keys.diffs or removed),
            "grants": [status.as_result() for status in statuses],
            "orders": [status.as_result() for status in keeper.statuses(kept[-1])] if kept else [],
            **more_results(kept, journals),
        }
        outcome["diff"] = [*self._records.diffs, *keys.diffs, *outcome["diff"]]
        notes += self._records.notes
        if notes:
            outcome["warnings"] = [*notes, *outcome.get("warnings", ())]
        return outcome

    def _open_sealed(
        self, project: LoadedProject, grants: Sequence[Declared], sources: Sequence[Source]
    ) -> tuple[list[Opened], list[str]]:
        """What was sealed for these grants, and notes on what is not needed any more."""
        if not sources:
            return [], []
        vault = VaultFile(project.credentials, VaultKey.to_decrypt(self._loader)).read()
        subjects = [(grant.integration, grant.grant) for grant in grants]
        return open_all(sources, project.journal, subjects, vault)

    def _remove_finished(
        self, project: LoadedProject, grants: Sequence[Declared], sources: Sequence[Source], sealed: Sequence[Opened]
    ) -> list[str]:
        """Removes the files with sealed texts whose credentials are all in the vault file; the others stay."""
        by_name = {(grant.integration, grant.grant): grant for grant in grants}
        kept = [one.number for one in sealed if self._is_kept(by_name[(one.integration, one.grant)], one.key)]
        found = finished_files(sources, project.journal, kept)
        for path in found if not self.check_mode else ():
            os.unlink(path)
        return found

    def _is_kept(self, grant: Declared, key: tuple[str, str]) -> bool:
        if self.check_mode:
            held = self._records.held(grant)
            return key[0] in (held.client_id, held.received)
        return any(held and held.key == key for held in (self._records.stored(grant), self._records.received(grant)))

    def _preflight(self, settings: Mapping[str, Any]) -> Callable[[Credentials], str | None]:
        """Whether a run could read the organization with new credentials of an administrator grant."""

        def find_problem(credentials: Credentials) -> str | None:
            given = {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
            try:
                look(Connection.from_arguments(validate_options(SPECIFICATION, {**settings, **given})))
            except WorkivaError as error:
                return str(error)
            return None

        return find_problem

    def _stored(self, grants: Sequence[Declared]) -> Iterator[GrantCredentials]:
        """What the vault holds, as far as it can be opened; each is decrypted when it is taken."""
        for grant in grants:
            for read in (self._records.stored, self._records.received, self._records.previous):
                # Access to files is shown by the present credentials.
                asked = replace(grant, files=()) if read == self._records.previous else grant
                credentials = None
                with contextlib.suppress(VaultEntryError):
                    credentials = read(grant)
                if credentials:
                    yield asked, credentials

    def _handed_over(self, grants: Sequence[Declared], handover: Handover) -> list[GrantCredentials]:
        """What came in with a variable and is not stored yet; what is malformed is reported where the grant's turn comes."""
        found: list[GrantCredentials] = []
        for grant in grants if isinstance(handover, FromVariables) else ():
            request = Request(grant.integration, grant.grant)
            if not grant.present or not handover.has_credentials(request, True):
                continue
            with contextlib.suppress(InvalidArgument, VaultEntryError):
                credentials = handover.read_credentials(request)
                known = (self._records.stored(grant), self._records.received(grant))
                if credentials and not any(held and held.is_same(credentials) for held in known):
                    found.append((grant, credentials))
        return found

    def _assert_connection(self, target: str) -> None:
        if is_run_here_instead(self, self.variables):
            raise CannotStore(
                f"The task runs on the controller instead of {target}, whose connection is not local: remove "
                "connection: local from the play, so that the grant is checked from the host that verify_from names."
            )


def _requests(arguments: Mapping[str, Any]) -> dict[tuple[str, str], RotationRequest]:
    """What a person asked for about the rotation of grants, by integration and grant."""
    leaked, give_up = arguments["leaked"], arguments["give_up"]
    if leaked and give_up:
        raise InvalidArgument("leaked and give_up: use one of them. A secret that leaked must not be used again.")
    request = RotationRequest(now=not (leaked or give_up), leaked=leaked, give_up=give_up)
    return {(name.partition(".")[0], name.partition(".")[2]): request for name in arguments["rotate"]}


def _need_nothing(_credentials: Credentials) -> None:
    return None


def _vault_file(project: LoadedProject, storage: StorageCheck, handover: Handover) -> VaultFile | None:
    """The vault file; None where there is none and none will be: then a run needs no vault password."""
    assert_not_missing(project.credentials, project.journal)
    if isinstance(handover, Deferred) and not os.path.lexists(project.credentials):
        given = handover.names if isinstance(handover, FromVariables) else []
        if not given:
            return None
    return storage.file()


def _this_run() -> str:
    """What distinguishes this run of ansible-core from every other one: the name of its temporary folder, which is random."""
    return hashlib.sha256(str(C.DEFAULT_LOCAL_TMP).encode()).hexdigest()[:16]
