# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What a project needs to be rehearsed: its settings for a Workiva on this machine, the organization there, and the date."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import yaml

from ansible_collections.integrations.workiva.plugins.module_utils._dates import parse_date
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared as DeclaredGrant
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.plugin_utils._bounds import BoundedLoader
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import DeclaredUser
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject

ADMINISTRATOR = "administrator@rehearsal.invalid"
AUTOMATION = "automation@rehearsal.invalid"
# Where no grant declares its end, any date does; it is fixed, so that no day of the calendar changes what comes out.
DATE = datetime.date(2026, 1, 15)
# So long before the first declared end that no grant is about to run out.
BEFORE = datetime.timedelta(days=90)
# What describes the real machine that keeps a copy, or of the real certificate.
_OF_THE_MACHINE = ("hosts", "owner", "group", "reload")
_OF_THE_CERTIFICATE = ("trusted_fingerprints", "trusted_public_key_fingerprints", "upcoming", "ca_path")
# A scope of the administrator, by the mode in which users are looked after.
_SCOPES = ["organization:read", "organization:write"]


# What a file holds: the settings, what discover wrote, and the seed of the simulator.
Content = dict[str, Any]


@dataclass
class Rehearsal:
    """What is written before the first run, and what a person must know of it."""

    settings: str
    seed: Content
    today: str
    notes: list[str] = field(default_factory=list)


def plan(
    project: LoadedProject,
    settings: str,
    organization: Content | None,
    simulator: Content,
) -> Rehearsal:
    """From a loaded project, the text of its workiva.yml and what discover wrote. Raises ValueError."""
    if organization is not None and not isinstance(organization.get("workspaces"), dict):
        raise ValueError("organization.yml must hold workspaces, as the playbook discover writes them")
    notes: list[str] = []
    if organization is None:
        notes.append(
            "There is no organization.yml. The organization gets the declared names, so a wrong name is not noticed. "
            "The playbook discover writes it with -e workiva_write=true."
        )
    made_up = project.administration == "writer" and not project.administrator_grants
    seed = _Seed(project, organization, made_up).whole()
    written = _settings(settings, simulator, seed, made_up, notes)
    return Rehearsal(written, seed, _today(project).isoformat(), notes)


def _grants(project: LoadedProject) -> list[DeclaredGrant]:
    return [*project.administrator_grants, *project.file_administrator_grants, *project.grants]


def _today(project: LoadedProject) -> datetime.date:
    ends = [day for day in (parse_date(grant.expires) for grant in _grants(project)) if day]
    return min(ends) - BEFORE if ends else DATE


# The settings.


def _settings(text: str, simulator: Content, seed: Content, made_up: bool, notes: list[str]) -> str:
    content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader that knows one tag more
    workiva = dict(content["workiva"])
    served = {entry.split(":")[0] for entry in simulator.get("connect_to") or []}
    address = workiva.get("api_url")
    if address and urlsplit(str(address)).hostname not in served:
        del workiva["api_url"]
        workiva["region"] = "us"
        notes.append("api_url was replaced by the region us.")
    endpoint = workiva.get("token_endpoint")
    if endpoint and urlsplit(str(endpoint)).hostname not in served:
        del workiva["token_endpoint"]
        notes.append("token_endpoint was omitted.")
    workiva.pop("proxy", None)
    workiva.update({"connect_to": simulator.get("connect_to") or [], "ca_path": simulator.get("ca_path") or ""})
    if workiva.pop("certificate_notice", None):
        notes.append("certificate_notice was omitted. No mail is sent.")
    if "certificates" in workiva:
        workiva["certificates"] = dict(_certificates(workiva["certificates"], served, notes))
    if made_up:
        workiva["administrator"] = {
            "owner": AUTOMATION,
            "username": AUTOMATION,
            "workspace": seed["workspaces"][0]["name"],
            "scopes": _SCOPES,
        }
        notes.append("workiva.yml declares no administrator. The rehearsal uses a generated one.")
    return "---\n" + yaml.dump({**content, "workiva": workiva}, Dumper=_Dumper, sort_keys=False, allow_unicode=True)


def _certificates(declared: Any, served: set[str], notes: list[str]) -> Iterator[tuple[str, Content]]:
    """Each copy is kept here, in the folder of the rehearsal, and none of a server that is not played."""
    if not isinstance(declared, dict):
        notes.append("certificates were omitted, because a template declares them.")
        return
    for name, values in declared.items():
        server, port = values.get("server"), values.get("port", 443)
        if (server and server not in served) or str(port) != "443":
            notes.append(
                f"The certificate {name} was omitted, because the simulator does not play {server or 'the API'}:{port}."
            )
            continue
        kept = {key: value for key, value in values.items() if key not in (*_OF_THE_MACHINE, *_OF_THE_CERTIFICATE)}
        yield name, {**kept, "path": f"certificates/{name}.pem"}


class _Unsafe(str):
    """A value that was marked !unsafe, and is to be marked so again."""


class _Loader(BoundedLoader):
    pass


class _Dumper(yaml.SafeDumper):
    pass


_Loader.add_constructor("!unsafe", lambda _loader, node: _Unsafe(node.value))
_Dumper.add_representer(_Unsafe, lambda dumper, value: dumper.represent_scalar("!unsafe", str(value)))


# The organization.


class _Seed:
    """The organization as the simulator plants it: what discover wrote, and the people that the project names."""

    def __init__(self, project: LoadedProject, organization: Content | None, made_up: bool) -> None:
        self._project = project
        self._organization = organization
        self._made_up = made_up
        self._workspaces = self._known_workspaces()
        self._users: dict[str, Content] = {}

    def whole(self) -> Content:
        if not self._workspaces:
            raise ValueError("no workspace is declared, so there is nothing to rehearse")
        everywhere = list(self._workspaces.values())
        self._person(
            ADMINISTRATOR,
            (workspace["name"] for workspace in everywhere),
            ["Org Security Admin", "Org User Admin", "Org Workspace Admin"],
        )
        looks_after = ["Org User Admin", "Org Workspace Admin"]
        for grant in self._project.administrator_grants:
            self._person(grant.username, [grant.workspace], looks_after)
        if self._made_up:
            self._person(AUTOMATION, [everywhere[0]["name"]], looks_after)
        for grant in self._project.file_administrator_grants:
            self._person(grant.username, [grant.workspace])
        files = list(self._files())
        for user in self._project.users:
            if user.id:
                # Of another organization, until onboard takes it in.
                self._users[fold_name(user.username)] = {
                    **_named(user.username, user),
                    "id": user.id,
                    "elsewhere": True,
                }
        roles = (self._organization or {}).get("organization_roles") or []
        if self._organization is None:
            roles = [role for user in self._project.users for role in user.organization_roles or ()]
        return {
            "organization": {"name": "Rehearsal", "id": self._project.connection.organization_id},
            "organization_roles": list(dict.fromkeys(roles)),
            "workspaces": everywhere,
            "users": list(self._users.values()),
            "files": files,
            # What the vendor has beyond the published scopes is taken as it is declared.
            "scopes": list(dict.fromkeys(scope for grant in _grants(self._project) for scope in grant.scopes)),
        }

    def _known_workspaces(self) -> dict[str, Content]:
        """By name, whatever its case: those of the organization, or those that are declared."""
        if self._organization is not None:
            return {
                fold_name(name): {
                    "name": name,
                    "usual_roles": False,
                    "roles": list((known or {}).get("roles") or []),
                    "groups": list((known or {}).get("groups") or []),
                }
                for name, known in self._organization["workspaces"].items()
            }
        found: dict[str, Content] = {}

        def declared(name: str, roles: Iterable[str] = (), groups: Iterable[str] = ()) -> None:
            if name:
                one = found.setdefault(fold_name(name), {"name": name, "roles": [], "groups": []})
                one["roles"] = list(dict.fromkeys([*one["roles"], *roles]))
                one["groups"] = list(dict.fromkeys([*one["groups"], *groups]))

        for user in self._project.users:
            for access in user.workspaces:
                declared(access.name, access.roles or (), access.groups or ())
        for grant in _grants(self._project):
            declared(grant.workspace)
        for file in self._project.files:
            declared(file.workspace, (), (item.group for item in file.permissions if item.group))
        return found

    def _person(self, username: str, workspaces: Iterable[str], organization_roles: Iterable[str] = ()) -> None:
        """Somebody who is there already: not the users that onboard makes. A workspace that is unknown is left to it."""
        if not username or fold_name(username) in {fold_name(user.username) for user in self._project.users}:
            return
        person = self._users.setdefault(fold_name(username), _named(username))
        person["organization_roles"] = list(dict.fromkeys([*person["organization_roles"], *organization_roles]))
        for name in workspaces:
            known = self._workspaces.get(fold_name(name))
            if known:
                person["workspaces"].setdefault(known["name"], {})

    def _files(self) -> Iterator[Content]:
        """Each file, with those who may share it as its owners."""
        administrators = {
            fold_name(grant.workspace): grant.username for grant in self._project.file_administrator_grants
        }
        owners: dict[tuple[str, str], list[str]] = {}
        for file in self._project.files:
            place = fold_name(file.workspace)
            named = [file.file_owner, *(item.user for item in file.permissions if item.user)]
            for username in named:
                self._person(username, [file.workspace])
            found = owners.setdefault((place, file.file), [])
            found += [name for name in (file.file_owner, administrators.get(place)) if name and name not in found]
        for (place, identifier), names in owners.items():
            if place in self._workspaces:
                there = [name for name in names if fold_name(name) in self._users] or [ADMINISTRATOR]
                yield {
                    "id": identifier,
                    "name": identifier,
                    "workspace": self._workspaces[place]["name"],
                    "permissions": {"users": dict.fromkeys(there, "Owner")},
                }


def _named(username: str, user: DeclaredUser | None = None) -> Content:
    names = {name: getattr(user, name, None) for name in ("email", "given_name", "family_name")}
    given = {name: value for name, value in names.items() if value}
    return {"username": username, **given, "organization_roles": [], "workspaces": {}}
