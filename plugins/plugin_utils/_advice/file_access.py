# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Where the declared files stand: a pure function from what was declared, done and seen to entries and work orders.

A file whose workspace has a file administrator grant is looked after by it. Of any other the owner is asked by a work
order, and the integration's own token tells whether that was done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import Order
from ansible_collections.integrations.workiva.plugins.module_utils._names import fold_name
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import FILE_ACCESS

GRANT = FILE_ACCESS  # in place of a grant's name: it has an underscore, which no grant's can have
NOT_TRIED = {
    "access": None,
    "finding": "unchecked",
    "detail": "The integration has no grant in the workspace.",
}
# The first of these that one of an integration's grants shows of a file is its access.
BEST = (True, False, None)

Entry = dict[str, Any]
Item = Mapping[str, Any]


@dataclass(frozen=True)
class FileAccess:
    """C(files) are the entries for the summary. C(considered) are the integrations whose orders were looked at, and C(done)
    those of which nothing is left to ask for."""

    files: tuple[Entry, ...]
    orders: tuple[Order, ...]
    considered: tuple[str, ...]
    done: tuple[str, ...]


def file_access(
    workiva: Item, results: Sequence[Item], grants: Sequence[Item], names: Item, granting: Sequence[Item]
) -> FileAccess:
    """The access to the declared files, and the work orders that are needed.

    C(workiva) is what the task C(integrations) returned, C(results) the C(files) of C(file_permissions), C(grants) those of
    C(oauth2_grants) for the integrations, C(granting) for the file administrators, and C(names) the ids of users and groups.
    """
    by_file = {(item["integration"], item["workspace"], item["file"]): item for item in results}
    administrators = {fold_name(item["workspace"]): item["grant"] for item in workiva["file_administrator_grants"]}
    if workiva["administration"] == "none":
        # Nothing tells the ids of users and groups there, so that no grant can give them permissions.
        administrators = {}
    stages = {item["grant"]: item["stage"] for item in granting}
    people = {user["integration"]: user for user in workiva["users"]}
    entries = []
    for file in workiva["files"]:
        result = by_file.get((file["integration"], file["workspace"], file["file"]), {})
        entry = {
            **{name: file[name] for name in ("integration", "workspace", "file", "about", "file_owner", "permissions")},
            "grant": administrators.get(fold_name(file["workspace"])),
            **_seen(file, grants),
            "changed": bool(result.get("changed")),
            "steps": list(result.get("steps") or ()),
            "excess_access": list(result.get("excess_access") or ()),
            "error": result.get("error"),
        }
        entry["given"] = _given(file, entry, result, names)
        entry["next"] = _next(file, entry, stages)
        entries.append(entry)
    orders, done = [], []
    for integration in dict.fromkeys(entry["integration"] for entry in entries):
        mine = [entry for entry in entries if entry["integration"] == integration]
        order = _order(
            mine, [file for file in workiva["files"] if file["integration"] == integration], people[integration]
        )
        if order:
            orders.append(order)
        else:
            done.append(integration)
    return FileAccess(tuple(entries), tuple(orders), tuple(workiva["integrations"]), tuple(done))


def _seen(file: Item, grants: Iterable[Item]) -> Entry:
    """What the integration's own grants see of a file; where it has two in the workspace, they have one user."""
    sights = [
        sight
        for grant in grants
        if grant["integration"] == file["integration"]
        for sight in grant.get("files") or ()
        if sight["file"] == file["file"]
    ]
    best = min(sights, key=lambda sight: BEST.index(sight["access"]), default=None)
    if best is None:
        return {**NOT_TRIED, "name": None, "listed": None}
    told = {name: best[name] for name in ("access", "finding", "detail", "name")}
    return {**told, "listed": best.get("permissions")}


def _is_unwanted(file: Item) -> bool:
    """Whether only things that shall not be there are declared: the integration is absent."""
    return all(item["state"] == "absent" for item in file["permissions"])


def _given(file: Item, entry: Item, result: Item, names: Item) -> bool | None:
    """Whether what is declared is there; None if that is unknown."""
    if result and not result.get("error"):
        return True
    if entry["listed"] is not None:
        held = {(item["principal"], fold_name(item["permission"])) for item in entry["listed"]}
        wanted = [(_id(item, file, names), fold_name(item["permission"])) for item in _wanted(file)]
        if all(identifier for identifier, _permission in wanted):
            return held.issuperset(wanted)
    # What can be read is there; which permission that is by, and those of others, the token may not list.
    access: bool | None = entry["access"]
    return access


def _wanted(file: Item) -> list[Item]:
    return [item for item in file["permissions"] if item["state"] == "present"]


def _id(item: Item, file: Item, names: Item) -> Any:
    if item.get("group"):
        groups = _named(names.get("groups") or {}, file["workspace"]) or {}
        return _named(groups, item["group"])
    return _named(names.get("users") or {}, item["user"])


def _named(known: Item, name: str) -> Any:
    """The value of a name; None where it is the name of several, or of nothing."""
    matches = {str(other): value for other, value in known.items() if fold_name(str(other)) == fold_name(name)}
    found = [matches[name]] if name in matches else list(matches.values())
    return found[0] if len(found) == 1 and not isinstance(found[0], (list, tuple)) else None


def _order(entries: Sequence[Item], files: Sequence[Item], person: Item) -> Order | None:
    """One order for all files of an integration that no grant looks after, while something of it is missing."""
    asked = [
        (entry, file)
        for entry, file in zip(entries, files)
        if entry["grant"] is None and not _is_unwanted(file) and _wanted(file)
    ]
    missing = [entry for entry, _file in asked if not entry["given"]]
    if not missing:
        return None
    first = asked[0][1]
    return Order(
        integration=first["integration"],
        grant=GRANT,
        kind=GRANT,
        owner=first["asked_by"] or person["custodian"] or first["integration"],
        username=person["username"],
        custodian=person["custodian"] or first["asked_by"] or first["integration"],
        purpose=first["purpose"],
        sign_in=person["sign_in"],
        workspace=", ".join(dict.fromkeys(file["workspace"] for _entry, file in asked)),
        reason="No file administrator grant is declared for the workspace.",
        certain=any(entry["given"] is False for entry in missing),
        files=tuple(
            {
                **{name: file[name] or "" for name in ("file", "workspace", "about")},
                # The key in the journals of open work orders.
                "owner": file["file_owner"] or "",
                "permissions": [
                    {key: item[key] for key in ("user", "group", "permission") if item.get(key)}
                    for item in _wanted(file)
                ],
            }
            for _entry, file in asked
        ),
    )


def _next(file: Item, entry: Item, stages: Item) -> str | None:
    """What is to be done by whom, or None."""
    if entry["error"]:
        return "Correct what the error says and run again."
    stage = stages.get(entry["grant"], "declared")
    if entry["grant"] and stage != "stored":
        return f"Waiting for the grant {entry['grant']} of file-administrator, which is {stage}."
    if _is_unwanted(file) or entry["finding"] == "ok":
        return None
    if entry["finding"] == "drifted":
        return "Ask the file's owner to restore it from the trash, or remove it from the declaration."
    if entry["finding"] == "no_access" and entry["grant"] and not entry["steps"]:
        return (
            "The permission exists, but the grant cannot read the file. Check the user's membership, and the "
            "workspace of its grant."
        )
    if entry["finding"] == "no_access" and not entry["grant"]:
        return "The work order asks the file's owner to share it."
    if entry["finding"] == "unreachable":
        return "The state of the file is unknown. Check the network, then run again."
    return None
