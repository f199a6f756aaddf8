# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The core of C(file_permissions): many files in, one atomic request for each that differs, and what was done out."""

from __future__ import annotations

import functools
from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Client, Connection
from ansible_collections.integrations.workiva.plugins.module_utils._api.create_once import make_once
from ansible_collections.integrations.workiva.plugins.module_utils._api.fields import find_text, read_text
from ansible_collections.integrations.workiva.plugins.module_utils._api.side_by_side import (
    Work,
    read_ahead,
    side_by_side,
)
from ansible_collections.integrations.workiva.plugins.module_utils._arguments import (
    CONNECTION,
    PROJECT,
    Core,
    Run,
    ShowProgress,
)
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    Failure,
    InvalidArgument,
    Unreachable,
    WorkivaError,
)
from ansible_collections.integrations.workiva.plugins.module_utils._files.declared import (
    FILE_OPTIONS,
    DeclaredFile,
    DeclaredPermission,
    DeclaredPrincipal,
    check_files,
    principal_of,
)
from ansible_collections.integrations.workiva.plugins.module_utils._files.file_status import FileStatus
from ansible_collections.integrations.workiva.plugins.module_utils._files.plan import (
    NEW,
    Change,
    Held,
    Principal,
    WantedFile,
    WantedPermission,
    apply_plan,
    make_request_body,
    plan,
    show_file,
    show_permissions,
)
from ansible_collections.integrations.workiva.plugins.module_utils._names import (
    Named,
    find,
    fold_name,
    ids_of,
    is_same,
    unknown,
    unknown_name,
)
from ansible_collections.integrations.workiva.plugins.module_utils._organization.organization import Organization
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_wrong, safe_text
from ansible_collections.integrations.workiva.plugins.module_utils._words import format_count

SPECIFICATION: dict[str, Any] = {
    "argument_spec": {
        **CONNECTION,
        **PROJECT,
        "use": {"type": "str", "choices": ["read", "write", "none"]},
        "files": {"type": "list", "elements": "dict", "options": FILE_OPTIONS},
        "users": {"type": "dict"},
        "groups": {"type": "dict"},
        "on_item_error": {"type": "str", "choices": ["fail", "report"], "default": "fail"},
    },
    "required_together": [["client_id", "client_secret"]],
    "required_one_of": [["files", "project"]],
    "supports_check_mode": True,
}


def run(arguments: dict[str, Any], how: Run) -> dict[str, Any]:
    """Brings the permissions of the files to what is declared, each file for itself."""
    files = [DeclaredFile.of(item) for item in arguments["files"]]
    check_files(files)
    with Client(Connection.from_arguments(arguments, how.token_cache)) as client:
        names = _Names(client, arguments["users"], arguments["groups"])
        task = _Task(client, names, how.check_mode, files)
        task.read_ahead()
        results = task.apply_all(how.progress)
        requests_sent = client.requests_sent
    answer: dict[str, Any] = {
        "changed": any(result.changed for result in results),
        "files": [result.as_result() for result in results],
        "requests_sent": requests_sent,
        "diff": {
            "before": {name: before for name, (before, _after) in sorted(task.pictures.items())},
            "after": {name: after for name, (_before, after) in sorted(task.pictures.items())},
        },
    }
    return {**answer, **(failure(answer["files"]) if arguments["on_item_error"] == "fail" else {})}


def failure(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the result of a task is extended with where a file failed; empty where none did."""
    failed = [result for result in results if result["error"]]
    if not failed:
        return {}
    sentences = "; ".join(f"{result['file']}: {result['error']['msg']}" for result in failed)
    text = f"{len(failed)} of {len(results)} files could not be updated: {sentences}"
    return {"failed": True, "msg": text}


class _Names:
    """Users and groups by name. What was given is all that there is; without it the organization is asked."""

    def __init__(
        self,
        client: Client,
        users: Mapping[str, Any] | None,
        groups: Mapping[str, Mapping[str, Any]] | None,
    ) -> None:
        self._client = client
        self._read: Organization | None = None
        self._users = users
        self._groups = groups
        # The names of all principals that were given or read, by id.
        self.known: dict[str, str] = {}
        for given in [users or {}, *(groups or {}).values()]:
            self.known.update({str(one): str(name) for name, ids in given.items() if name for one in ids_of(ids)})
        # The users that were given, by folded name: there may be ten thousand of them.
        self._spellings: dict[str, dict[str, Any]] = {}
        for name, ids in (users or {}).items():
            self._spellings.setdefault(fold_name(str(name)), {})[str(name)] = ids

    def _organization(self) -> Organization:
        """Asked only where a name was not given, since it needs organization:read."""
        self._read = self._read or Organization(self._client)
        return self._read

    def principal(self, item: DeclaredPermission | DeclaredPrincipal, workspace: str, *, may_come: bool) -> Principal:
        """The principal that is meant. C(may_come): one that is not there yet is no error. Raises L(InvalidArgument)."""
        kind, name = principal_of(item)
        if kind == "group":
            return Principal(kind, name, self._group(name, workspace, may_come) or f"{NEW}{kind}:{name}")
        previous, known_id = (
            (item.previous_user, item.user_id) if isinstance(item, DeclaredPermission) else (None, None)
        )
        found = self._account(name, previous, known_id)
        if not found and not may_come:
            raise self._unknown_user(name)
        return Principal(kind, name, found or f"{NEW}{kind}:{name}")

    def _unknown_user(self, name: str) -> InvalidArgument:
        """The error of a username that nobody has, which is quoted as other names are; a list of all users would help nobody."""
        users = self._users
        if users is None:
            users = {user.username: user.id for user in self._with_users.users().values()}
        quoted = quote_wrong(name, map(str, users))
        shown = f"'{safe_text(quoted)}'" if quoted else "of this name"
        return unknown(f"There is no user {shown} in the organization.", name, quoted)

    def _account(self, name: str, previous: str | None, known_id: str | None) -> str | None:
        """The id of a user: the one that is known, or that of its name, or else of its former name.

        Raises L(InvalidArgument) where these are different users: a permission would go to somebody else.
        """
        found = self._user(name)
        before = self._user(previous) if previous else None
        if known_id:
            is_there = known_id in self._user_ids
            if found not in (None, known_id):
                raise InvalidArgument(
                    f"The user '{safe_text(name)}' is another account (id {safe_text(found)}) than the one in the journal of "
                    f"this integration (id {safe_text(known_id)}), which "
                    + ("was renamed in Workiva. " if is_there else "does not exist any more. ")
                    + "Nothing was changed for this file. "
                    + (
                        "Declare the present username of the integration's own account."
                        if is_there
                        else "If the other account is the right one, set adopt: true for the user in the integration's file."
                    ),
                    code="other_account",
                    target=name,
                )
            return known_id if is_there else None
        if found and before and found != before:
            raise InvalidArgument(
                f"There is a user '{safe_text(name)}' and another one '{safe_text(previous)}', which is declared as its former "
                "name. So it is unclear which one is declared. Nothing was changed for this file. Remove previous_username if the user was "
                "renamed already.",
                code="ambiguous_name",
                target=name,
            )
        return found or before

    @functools.cached_property
    def _with_users(self) -> Organization:
        """The organization, of which the users were read. Their names are known then."""
        organization = self._organization()
        self.known.update({user.id: user.username for user in organization.users().values() if user.username})
        return organization

    @functools.cached_property
    def _user_ids(self) -> set[str]:
        """The ids of all users that were read or given."""
        if self._users is None:
            return set(self._with_users.users())
        return {str(identifier) for given in self._users.values() for identifier in ids_of(given)}

    def _user(self, name: str) -> str | None:
        if self._users is None:
            found = self._with_users.user(name)
            return found.id if found else None
        identifier = _by_name(self._spellings.get(fold_name(name), {}), name, "user")
        nameless = ids_of(self._users.get(""))
        if not identifier and nameless:
            raise Unreachable(
                f"The list of users has {format_count(len(nameless), 'user')} without a username (id {safe_text(nameless[0])}): whether the user "
                f"'{safe_text(name)}' exists is not known. Nothing was changed for this file. Run again later."
            )
        return identifier

    def _group(self, name: str, workspace: str, may_come: bool) -> str | None:
        if not workspace:
            raise InvalidArgument(
                f"The group '{safe_text(name)}' needs its workspace. Set workspace for the file.",
                code="missing_workspace",
            )
        if self._groups is None:
            place = find(workspace, self._organization().workspaces(), "workspace")
            known = [group.named for group in self._organization().groups(place)]
            self.known.update({group.id: group.name for group in known})
            return find(name, known, f"group in the workspace '{place.name}'").id
        here = next((groups for known, groups in self._groups.items() if is_same(str(known), workspace)), {})
        identifier = _by_name(here, name, f"group in the workspace '{safe_text(workspace)}'")
        if identifier or may_come:
            return identifier
        raise unknown_name(name, map(str, here), f"group in {_where(workspace, self._groups)}")


def _where(workspace: str, known: Iterable[str]) -> str:
    """A workspace in a message, by its name where that is a known one or a slip of one."""
    quoted = quote_wrong(workspace, map(str, known))
    return f"the workspace '{safe_text(quoted)}'" if quoted else "a workspace"


def _by_name(names: Mapping[str, Any], wanted: str, what: str) -> str | None:
    """The id of a name. Raises L(InvalidArgument) where it is the name of several."""
    matches = {str(name): ids_of(given) for name, given in names.items() if is_same(str(name), wanted)}
    exact = matches.get(wanted)
    found = {str(identifier) for given in ([exact] if exact else matches.values()) for identifier in given}
    if len(found) > 1:
        raise InvalidArgument(
            f"{len(found)} objects have the name '{safe_text(wanted)}' ({what}), so it is unclear which one is declared. "
            "Rename one of them in Workiva.",
            code="ambiguous_name",
            target=wanted,
        )
    return next(iter(found), None)


class _Task:
    """One run over all files: what they share, and what is collected of each."""

    def __init__(self, client: Client, names: _Names, check_mode: bool, files: Sequence[DeclaredFile]) -> None:
        self._client = client
        self._names = names
        self._check_mode = check_mode
        self._files = files
        self._permissions: tuple[Named, ...] | None = None
        self._held: dict[str, tuple[Held, ...]] = {}
        self.pictures: dict[str, tuple[dict[str, str], dict[str, str]]] = {}

    def permissions(self) -> tuple[Named, ...]:
        """The permissions that there are, by the names that they have at run time."""
        if self._permissions is None:
            answer = "GET /permissions"
            self._permissions = tuple(
                Named(read_text(item, "id", answer=answer), read_text(item, "name", answer=answer))
                for item in self._client.pages("/permissions")
            )
        return self._permissions

    def held(self, path: str) -> tuple[Held, ...]:
        """Who holds what on a file, as it was read, and then as it was changed."""
        if path not in self._held:
            answer = f"GET {path}/permissions"
            self._held[path] = tuple(
                Held(
                    read_text(item, "permission", answer=answer),
                    read_text(item, "principal", answer=answer),
                    find_text(item, "principalType", answer=answer) or "user",
                )
                for item in self._client.pages(f"{path}/permissions")
            )
        return self._held[path]

    def read_ahead(self) -> None:
        """Reads side by side what each file is compared with; what cannot be read is read again where its turn comes."""
        paths = dict.fromkeys(file.path for file in self._files)
        read_ahead(functools.partial(self.held, path) for path in paths)

    def apply_all(self, progress: ShowProgress) -> list[FileStatus]:
        """All files, side by side, but those with the same path: one after the other."""
        of_path: dict[str, list[int]] = {}
        for number, file in enumerate(self._files):
            of_path.setdefault(file.path, []).append(number)
        found: dict[int, FileStatus] = {}

        def work(numbers: list[int]) -> Work[None]:
            for number in numbers:
                found[number] = yield from self.apply(self._files[number])

        what = "files compared" if self._check_mode else "files applied"
        side_by_side(
            [work(numbers) for numbers in of_path.values()],
            lambda _done: progress(what, len(found), len(self._files)),
        )
        return [found[number] for number in range(len(self._files))]

    def apply(self, file: DeclaredFile) -> Work[FileStatus]:
        """One file: look, plan, one request. Whatever goes wrong is this file's and stops no other."""
        status = FileStatus(file)
        try:
            wanted = self._wanted(file)
            held, permissions = self.held(file.path), self.permissions()
            names = ChainMap({item.principal.id: item.principal.name for item in wanted.permissions}, self._names.known)
            changes = plan(wanted, held, permissions, names)
            if changes and not self._check_mode:
                yield from self._change(file.path, wanted, changes)
            after = self._held[file.path] = apply_plan(held, changes)
            declared = {item.principal.id for item in wanted.permissions} | wanted.kept
            undeclared = [one for one in after if one.principal not in declared]
            status = FileStatus(
                file,
                changed=bool(changes),
                steps=tuple(change.text for change in changes),
                permissions=tuple(show_permissions(after, permissions, names)),
                excess_access=tuple(show_permissions(undeclared, permissions, names)),
            )
            if changes:
                before_and_after = tuple(show_file(some, changes, permissions) for some in (held, after))
                self.pictures[file.path] = (before_and_after[0], before_and_after[1])
        except WorkivaError as error:
            status = replace(status, error=Failure.of(error))
        return status

    def _wanted(self, file: DeclaredFile) -> WantedFile:
        permissions = tuple(
            WantedPermission(
                self._names.principal(item, file.workspace, may_come=self._check_mode or item.state == "absent"),
                item.permission if item.state == "present" else None,
            )
            for item in file.permissions
        )
        kept: set[str] = set()
        if file.exclusive:
            # What another item declares of the same file is declared too.
            others = [other for other in self._files if other is not file and other.path == file.path]
            items: list[DeclaredPermission | DeclaredPrincipal] = [
                *file.keep,
                *(item for other in others for item in other.permissions),
            ]
            kept = {self._names.principal(item, file.workspace, may_come=True).id for item in items}
        return WantedFile(permissions, file.exclusive, frozenset(kept))

    def _change(self, path: str, wanted: WantedFile, changes: Sequence[Change]) -> Work[None]:
        """The one request. Where its answer is lost, the file shows whether it was carried out."""

        def create() -> bool:
            self._client.modify(f"{path}/permissions/modification", make_request_body(changes), repeatable=False)
            return True

        def look() -> bool | None:
            self._held.pop(path, None)
            return None if plan(wanted, self.held(path), self.permissions(), {}) else True

        yield from make_once(create, look, f"the change of the permissions of {path}")


CORE = Core(SPECIFICATION, run)
