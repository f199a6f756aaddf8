# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The token requests of a task: all client credentials are checked once, here or on the host that the task is delegated to."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible import constants as C
from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Connection, open_session
from ansible_collections.integrations.workiva.plugins.module_utils._api.limiter import AT_ONCE
from ansible_collections.integrations.workiva.plugins.module_utils._api.session import Session
from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure, InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._files.access_check import FileCheck
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck, check
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import Credentials
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.records import Records
from ansible_collections.integrations.workiva.plugins.plugin_utils._in_process import (
    execute_pipelined,
    is_on_controller,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._output import Progress
from ansible_collections.integrations.workiva.plugins.plugin_utils._place import find_target
from ansible_collections.integrations.workiva.plugins.plugin_utils._read_value import read_value

_MOST_CONTROLS = 5
# Seconds between the checks of a grant that was just added, and how often a task waits so long: a minute.
_PAUSE, _PAUSES = 5, 12

GrantCredentials = tuple[Declared, Credentials]


class Checks:
    """Checks credentials from where the task of C(action) runs. C(connection): the connection options, without credentials.

    Where the first token request gets no answer, that is the answer for all: the cause is not waited for again.
    """

    def __init__(self, action: ControllerAction, records: Records, connection: Mapping[str, Any]) -> None:
        self._action = action
        self._records = records
        self._connection = connection
        self._target = find_target(action, action.variables)
        self.here = is_on_controller(action, action.variables)
        """Whether the requests are made in this process."""
        # By client ID and secret: a date that a person said beside them makes no other credentials of them.
        self._checked: dict[tuple[str, str], TokenCheck] = {}
        self._cause: tuple[str, TokenCheck] | None = None
        self._pauses_left = _PAUSES
        self._control: dict[tuple[str, str], bool] = {}

    def check_all(self, grants: Iterable[GrantCredentials]) -> None:
        """Checks many side by side, over the same connections; one of them first. On another host they are checked one by one,
        later. C(grants) may decrypt each secret when it is taken: that then happens while requests are on their way."""
        once = _each_once(grants if self.here else ())
        first = next(once, None)
        if first is None:
            return
        progress = Progress()
        session = open_session(Connection.from_arguments(self._connection))

        def request(grant: Declared, credentials: Credentials) -> None:
            # What is malformed is reported where the grant's turn comes.
            with contextlib.suppress(InvalidArgument):
                self._checked[credentials.key] = self._request_here(grant, credentials, session)

        try:
            request(*first)
            self._remember(first[0], self._checked.get(first[1].key))
            if self._cause:
                return
            with ThreadPoolExecutor(AT_ONCE) as pool:
                outcomes = [pool.submit(request, grant, credentials) for grant, credentials in once]
                for done, outcome in enumerate(outcomes, start=2):
                    outcome.result()
                    progress("credentials checked", done, len(outcomes) + 1)
        finally:
            session.close()

    def check(self, grant: Declared, credentials: Credentials, *, is_fresh: bool = False) -> TokenCheck:
        """What a token request with the credentials shows. Raises L(InvalidArgument) for malformed ones.

        C(is_fresh): they are of a grant that was just added, which may be refused at first. It is asked about again for up to
        a minute, which all such grants of a task share.
        """
        found = self._check_once(grant, credentials)
        while is_fresh and found.finding == "rejected" and self._pauses_left:
            self._pauses_left -= 1
            time.sleep(_PAUSE)
            found = self._checked[credentials.key] = self._request(grant, credentials)
        return found

    def _check_once(self, grant: Declared, credentials: Credentials) -> TokenCheck:
        key = credentials.key
        if key not in self._checked and self._cause:
            name, cause = self._cause
            detail = f"The reason why {name} could not be checked applies to this grant too."
            self._checked[key] = TokenCheck("unreachable", detail, error=cause.error)
        if key not in self._checked:
            self._checked[key] = self._request(grant, credentials)
            if not self.here:
                self._remember(grant, self._checked[key])
        return self._checked[key]

    def is_controlled(self, grant: Declared) -> bool:
        """Whether other credentials are accepted in this run, from the same place: then a refusal is about the grant and not
        about the way there. Makes at most L(_MOST_CONTROLS) requests, and only for a refused grant that should be gone."""
        own = self._records.held(grant).client_id
        if any(found.accepted and client_id != own for (client_id, _secret), found in self._checked.items()):
            return True
        # What this run has checked already was not accepted, and is not asked about again.
        others = (one for one in self._records.others(grant) if one[1].key not in self._checked)
        for other, credentials in itertools.islice(others, _MOST_CONTROLS):
            key = credentials.key
            if key not in self._control:
                try:
                    self._control[key] = self._request(other, credentials).accepted
                except InvalidArgument:
                    continue
            if self._control[key]:
                return True
        return False

    def _remember(self, grant: Declared, found: TokenCheck | None) -> None:
        if found is not None and found.finding == "unreachable":
            self._cause = grant.name, found

    def _request(self, grant: Declared, credentials: Credentials) -> TokenCheck:
        return self._request_here(grant, credentials) if self.here else self._request_there(grant, credentials)

    def _request_here(self, grant: Declared, credentials: Credentials, session: Session | None = None) -> TokenCheck:
        options = {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
        # The token of the administrator's check is the one that the run then uses.
        connection = Connection.from_arguments({**self._connection, **options}, token_cache=C.DEFAULT_LOCAL_TMP)
        return check(connection, list(grant.scopes), files=grant.files, session=session)

    def _request_there(self, grant: Declared, credentials: Credentials) -> TokenCheck:
        """Runs the module on the task's host, which is where an IP allowlist lets the grant in."""
        arguments = {name: value for name, value in self._connection.items() if value is not None}
        arguments.update(
            client_id=credentials.client_id, client_secret=credentials.client_secret, scopes=list(grant.scopes)
        )
        if grant.files:
            arguments["files"] = list(grant.files)
        try:
            result = execute_pipelined(
                self._action, "integrations.workiva.oauth2_check", arguments, self._action.variables
            )
        except AnsibleActionFail as error:
            raise InvalidArgument(safe_text(error, limit=600)) from None
        except AnsibleConnectionFailure:
            return TokenCheck("unreachable", f"{self._target} cannot be reached, so nothing was checked from there.")
        if result.get("failed") or "finding" not in result:
            raise InvalidArgument(
                f"The credentials could not be checked from {self._target}: {safe_text(result.get('msg'), limit=1000)}"
            )
        lists = {name: tuple(result[name]) for name in ("scopes", "missing_scopes", "excess_scopes")}
        rest = ("finding", "detail", "accepted", "workspace_id", "expires_in")
        files = tuple(FileCheck(**{**seen, "permissions": _listed(seen["permissions"])}) for seen in result["files"])
        failure = read_value(Failure, result["error"], "error") if result["error"] else None
        return TokenCheck(**{**{name: result[name] for name in rest}, **lists, "files": files, "error": failure})


def _each_once(grants: Iterable[GrantCredentials]) -> Iterator[GrantCredentials]:
    """Those with different credentials, each when it is asked for."""
    seen = set()
    for grant, credentials in grants:
        if credentials.key not in seen:
            seen.add(credentials.key)
            yield grant, credentials


def _listed(permissions: list[dict[str, str]] | None) -> tuple[dict[str, str], ...] | None:
    return None if permissions is None else tuple(permissions)
