# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Makes the values of a project of its files: one declaration after the other, and what only all of them together show."""

from __future__ import annotations

import datetime
import difflib
import ipaddress
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._dates import parse_date
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared as DeclaredGrant
from ansible_collections.integrations.workiva.plugins.module_utils._grants.schedule import Rotation
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_wrong
from ansible_collections.integrations.workiva.plugins.module_utils._spans import read_days
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import USER
from ansible_collections.integrations.workiva.plugins.plugin_utils._project import scopes as _scopes
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.access import FilesOf, keep_declared
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.administration import (
    Stored,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.checks import check_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.connection_checks import check_connection
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import (
    NO_OWNER,
    DeclaredAccess,
    DeclaredUser,
    Responsibility,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.examples import find_examples
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.people import People
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.places import find_places
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.project import (
    ENTRIES,
    WRITE,
    Project,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.rotation import read_rotation
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.schema import INTEGRATION, WORKIVA_FILE
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import (
    Findings,
    Path,
    Source,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.targets import Controller, TargetsOf
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import (
    ADMINISTRATOR,
    FILE_ADMINISTRATOR,
)

DEFAULT_LIFETIME = "365d"
# What the grants that give permissions on files must be able to do.
FILE_SCOPES = ("file:read", "file:write")
PURPOSES = {
    "organization": "Lets the collection manage users and access",
    "reader": "Lets the collection read users and access, and change nothing",
}


def build(
    settings: Source | None,
    sources: list[Source],
    stored: Stored,
    today: datetime.date,
    out: Findings,
    controller: Controller,
) -> Project:
    """Checks everything and reports all problems at once; with problems, the project is not to be used."""
    workiva: Mapping[str, Any] = {}
    if settings:
        workiva = check_file(settings, WORKIVA_FILE, out).get("workiva") or {}
        check_connection(settings, workiva, controller.folder, out)
    project = Project(workiva, scope_labels=_scopes.labels(workiva.get("scope_labels") or {}))
    builder = _Builder(project, stored, today, out, controller)
    for entry in ENTRIES:
        if settings and entry in workiva:
            builder.administrator(settings, entry, workiva[entry])
    if settings:
        builder.defaults(settings)
        builder.file_administrators(settings, workiva.get("file_administrator") or {})
    for source in sources:
        builder.integration(source, check_file(source, INTEGRATION, out))
    builder.people.check()
    out.warnings += builder.people.note_missing_owners()
    project.files = keep_declared(project.files)
    out.problems[:] = dict.fromkeys(out.problems)
    out.warnings[:] = dict.fromkeys(out.warnings)
    return project


class _Builder:
    """Turns one integration after the other into users and grants, and remembers what must be unique."""

    def __init__(
        self, project: Project, stored: Stored, today: datetime.date, out: Findings, controller: Controller
    ) -> None:
        self._project = project
        self._defaults: Mapping[str, Any] = project.workiva.get("defaults") or {}
        self._stored = stored
        self._today = today
        self._inventory = controller.inventory
        self._out = out
        self._names: dict[str, str] = {}
        self.people = People(self._problem)
        # Usernames of grants that look after the organization: these may be one.
        self._administrators: set[str] = set()
        self._files = FilesOf(self._problem)
        self._targets = TargetsOf(self._problem, controller)

    def _problem(self, source: Source, path: Path, text: str) -> None:
        self._out.problems.append(f"{source.at(*path)}: {text}")

    def administrator(self, settings: Source, entry: str, values: Mapping[str, Any]) -> None:
        """The administrator grant is a grant like any other, of an integration of this name; so is the one that reads."""
        path = ("workiva", entry)
        username = values.get("username") or ""
        # One user may have both grants.
        if not any(fold_name(grant.username) == fold_name(username) for grant in self._project.administrator_grants):
            self.people.add_username(settings, (*path, "username"), username)
        self._administrators.add(fold_name(username))
        self.people.add_answers(settings, path, values)
        name = ENTRIES[entry]
        item = {"purpose": PURPOSES[name], **values, "name": ADMINISTRATOR}
        grant = self._grant(settings, path, item, values, name, values)
        if not grant.workspace and not settings.has_problem(*path, "workspace"):
            self._problem(settings, path, f"workiva.{entry} needs workspace, since every grant belongs to one. Add it.")
        by_people = self._project.workiva.get("administration") == "work_order"
        if WRITE in grant.scopes and (by_people or name == "reader"):
            why = (
                "with administration: work_order the collection changes no user"
                if by_people
                else "the reader only reads"
            )
            self._problem(settings, (*path, "scopes"), f"workiva.{entry} needs no {WRITE}: {why}. Remove the scope.")
        self._project.administrator_grants.append(grant)

    def defaults(self, settings: Source) -> None:
        """The people that hold for every integration."""
        self.people.add_answers(settings, ("workiva", "defaults"), self._defaults)

    def file_administrators(self, settings: Source, grants: Mapping[str, Mapping[str, Any]]) -> None:
        """One grant a workspace, all of one integration of this name; they may share a user, also the administrator's."""
        taken: dict[str, str] = {}
        for name, values in grants.items():
            path = ("workiva", "file_administrator", name)
            username = values.get("username") or ""
            if username and fold_name(username) not in self._administrators:
                self.people.add_username(settings, (*path, "username"), username)
                self._administrators.add(fold_name(username))
            self.people.add_answers(settings, path, values)
            purpose = "Lets the collection give permissions on files"
            item = {"purpose": purpose, **values, "name": FILE_ADMINISTRATOR}
            grant = self._grant(settings, path, item, values, name, values)
            workspace = grant.workspace
            if not workspace and not settings.has_problem(*path, "workspace"):
                self._problem(settings, path, f"{name} needs workspace, since every grant belongs to one. Add it.")
            if workspace and fold_name(workspace) in taken:
                text = f"this workspace has a file administrator grant already: {taken[fold_name(workspace)]}. Remove one of the two."
                self._problem(settings, (*path, "workspace"), text)
            taken.setdefault(fold_name(workspace), name)
            missing = [scope for scope in FILE_SCOPES if scope not in grant.scopes]
            if missing and not settings.has_problem(*path, "scopes"):
                text = f"a file administrator grant needs {' and '.join(missing)} to give permissions on files. Add the scopes."
                self._problem(settings, (*path, "scopes"), text)
            self._project.file_administrator_grants.append(grant)

    def integration(self, source: Source, item: Mapping[str, Any]) -> None:
        """Reads one integration, and checks it against those before it."""
        name = item.get("name", "")
        user = item.get("user") or {}
        self._check_name(source, name)
        self._out.problems += find_examples(source, (), item)
        self.people.add_user(source, user, present=item.get("state") != "absent")
        self.people.add_answers(source, (), item)
        self.people.add_answers(source, ("user",), user)
        if item.get("delete_user") and item.get("state") != "absent":
            self._problem(
                source,
                ("delete_user",),
                "delete_user is for an integration with state: absent only. Remove it, or mark the integration state: absent.",
            )
        self._project.names.append(name)
        owner = item.get("owner") or self._defaults.get("owner") or ""
        if not owner and not source.has_problem("owner"):
            self.people.without_owner.append(name)
        self._project.about[name] = Responsibility(owner, item.get("purpose") or "")
        self._project.places[name] = find_places(source, item)
        if item.get("delete_user"):
            self._project.delete_declared.append(name)
        self._project.users.append(self._user(item, user))
        rotations: dict[str, Rotation | None] = {}
        for grant_name, values in (item.get("grants") or {}).items():
            path = ("grants", grant_name)
            if grant_name == USER:
                self._problem(
                    source,
                    path,
                    f"no grant may be called {USER}, which is the name of the work orders of the user. Rename the grant.",
                )
            grant = self._grant(source, path, item, user, grant_name, values)
            rotations[grant_name] = grant.rotation
            self._check_membership(source, path, user, grant)
            files: tuple[str, ...] = ()
            if grant.present:
                files = tuple(self._files.of_workspace(item, grant.workspace))
                self._note_needs(source, path, user, grant)
            previous = user.get("previous_username")
            self._project.grants.append(replace(grant, files=files, previous_username=previous))
        self._project.files += self._files.read(source, item, self._defaults)
        self._project.targets += self._targets.read(source, item, rotations)

    def _note_needs(self, source: Source, path: Path, user: Mapping[str, Any], grant: DeclaredGrant) -> None:
        here = fold_name(grant.workspace)
        places = [access or {} for name, access in (user.get("workspaces") or {}).items() if fold_name(name) == here]
        roles = [role for access in places for role in access.get("roles") or ()]
        for scope in grant.scopes:
            need = _scopes.unmet_need(scope, user.get("organization_roles") or (), roles)
            if need:
                self._out.warnings.append(f"{source.at(*path, 'scopes')}: {need}")

    def _check_name(self, source: Source, name: str) -> None:
        if not name:
            return
        place = source.at("name")
        if name == ADMINISTRATOR:
            self._problem(
                source,
                ("name",),
                "the name administrator is the one of the administrator grants (workiva.yml). Rename the integration.",
            )
        if name == FILE_ADMINISTRATOR:
            text = f"the name {name} is the one of the file administrator grants (workiva.yml). Rename the integration."
            self._problem(source, ("name",), text)
        taken = self._names.get(fold_name(name))  # two journals would be one file where a file system knows no case
        if taken:
            self._problem(
                source,
                ("name",),
                f"this name is used already, in {taken}. Give each integration a name of its own.",
            )
        self._names.setdefault(fold_name(name), place)
        stem, extension = os.path.splitext(os.path.basename(source.place))
        if extension == ".yml" and stem != name:
            self._problem(
                source,
                ("name",),
                f"the name must be the one of its file, {stem}. Rename the file or the integration.",
            )

    def _check_membership(self, source: Source, path: Path, user: Mapping[str, Any], grant: DeclaredGrant) -> None:
        """A grant acts as its user, who must be a member of its workspace."""
        workspace = grant.workspace
        member = fold_name(workspace) in {fold_name(name) for name in user.get("workspaces") or {}}
        doubtful = source.has_problem("user", "workspaces") or source.has_problem(*path, "workspace")
        if member or doubtful or not grant.present:
            return
        name = path[-1]
        if not workspace:
            self._problem(source, path, f"the grant {name} needs workspace, since every grant belongs to one. Add it.")
            return
        declared = {fold_name(known): known for known in user.get("workspaces") or {}}
        near = difflib.get_close_matches(fold_name(workspace), declared, n=1)
        hint = f"Did you mean {declared[near[0]]}?" if near else "Add it there, or correct the name."
        quoted = quote_wrong(workspace, declared.values()) or "a workspace"
        text = f"the grant {name} is for {quoted}, which is not among user.workspaces. {hint}"
        self._problem(source, (*path, "workspace"), text)

    def _user(self, item: Mapping[str, Any], user: Mapping[str, Any]) -> DeclaredUser:
        return DeclaredUser(
            integration=item.get("name", ""),
            username=user.get("username", ""),
            custodian=user.get("custodian") or self._defaults.get("custodian") or "",
            sign_in=user.get("sign_in") or self._defaults.get("sign_in") or "password",
            state=item.get("state") or "present",
            delete_user=bool(item.get("delete_user")),
            workspaces=tuple(
                DeclaredAccess(name, _names(access, "roles"), _names(access, "groups"), access.get("exclusive"))
                for name, access in (user.get("workspaces") or {}).items()
            ),
            previous_username=user.get("previous_username"),
            adopt=user.get("adopt"),
            id=user.get("id"),
            email=user.get("email"),
            given_name=user.get("given_name"),
            family_name=user.get("family_name"),
            display_name=user.get("display_name"),
            organization_roles=_names(user, "organization_roles"),
            welcome_email=user.get("welcome_email"),
        )

    def _grant(
        self,
        source: Source,
        path: Path,
        item: Mapping[str, Any],
        user: Mapping[str, Any],
        name: str,
        values: Mapping[str, Any],
    ) -> DeclaredGrant:
        state = "absent" if "absent" in (item.get("state"), values.get("state")) else "present"
        integration = item.get("name", "")
        place = ".".join(path)
        owner = item.get("owner") or self._defaults.get("owner") or ""
        custodian = user.get("custodian") or self._defaults.get("custodian") or owner
        if not custodian and not source.has_problem(*path, "custodian") and not source.has_problem("owner"):
            self._problem(
                source, path, f"{place} needs a custodian (or an owner), who hands the credentials over. Add one."
            )
        expires = values.get("expires")
        if expires and "lifetime" in values:
            self._problem(source, (*path, "lifetime"), f"{place} has both lifetime and expires. Keep one.")
        day = parse_date(expires)
        passed = f"{place}.expires ({expires}) is not in the future"
        if day and day <= self._today and state == "present" and not self._stored(integration, name):
            self._problem(
                source, (*path, "expires"), f"{passed}, so that the grant cannot be created. Set a later date."
            )
        elif day and day <= self._today and state == "present":
            text = f"{passed}. The credentials of the grant are stored, so that no run fails for it. Set a later date."
            self._out.warnings.append(f"{source.at(*path, 'expires')}: {text}")
        lifetime = values.get("lifetime") or self._defaults.get("lifetime") or DEFAULT_LIFETIME
        lifetime_days = None if expires else read_days(lifetime, "lifetime")
        own = "rotation" in values
        rotation, problems = read_rotation(values if own else self._defaults, lifetime_days)
        for keys, text in problems if own else ():
            self._problem(source, (*path, "rotation", *keys), f"{place}.{text}")
        for _keys, text in () if own else problems:
            self._problem(source, path, f"{place}: defaults.{text}")
        scopes = [
            self._scope(source, (*path, "scopes", str(number)), scope)
            for number, scope in enumerate(values.get("scopes") or [])
        ]
        addresses = values.get("ip_allowlist") or []
        for number, address in enumerate(addresses):
            self._check_address(source.at(*path, "ip_allowlist", str(number)), address)
        machine = values.get("verify_from")
        if machine and self._inventory and not self._inventory.has_host(machine):
            text = f"{place}.verify_from is no host of the inventory. {self._inventory.advise(machine)}"
            self._problem(source, (*path, "verify_from"), text)
        return DeclaredGrant(
            integration=integration,
            grant=name,
            workspace=values.get("workspace") or self._defaults.get("workspace") or "",
            username=user.get("username", ""),
            scopes=tuple(dict.fromkeys(scopes)),
            owner=owner or NO_OWNER,
            purpose=item.get("purpose") or "",
            custodian=custodian,
            sign_in=user.get("sign_in") or self._defaults.get("sign_in") or "password",
            expires=expires,
            lifetime_days=lifetime_days,
            # A lifetime that nobody wrote limits no grant that exists.
            lifetime_declared=not expires and bool(values.get("lifetime") or self._defaults.get("lifetime")),
            ip_allowlist=tuple(addresses),
            verify_from=machine or None,
            state=state,
            screen=values.get("screen") or self._defaults.get("screen") or "organization_admin",
            rotation=rotation,
            places={key: source.at(*path, key) for key in ("expires", "workspace") if key in values},
        )

    def _scope(self, source: Source, path: Path, written: str) -> str:
        """The vendor's own string, also for a label whose scope is known."""
        found = _scopes.read_scope(written, self._project.scope_labels)
        if found.problem:
            self._problem(source, path, found.problem)
        if found.note:
            self._out.warnings.append(f"{source.at(*path)}: {found.note}")
        return found.scope

    def _check_address(self, place: str, address: str) -> None:
        try:
            network = ipaddress.ip_network(address, strict=False)
        except ValueError:
            self._out.problems.append(
                f"{place}: {quote_wrong(address) or 'this'} is no IP address. Write one such as 203.0.113.7."
            )
            return
        if "/" in address or network.version == 6:
            self._out.warnings.append(
                f"{place}: {address}: whether the vendor's IP Allowlist takes networks or IPv6 addresses is not published."
            )


def _names(values: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    """A list of names; None where it is not given, which leaves alone what there is."""
    return tuple(values[key]) if key in values else None
