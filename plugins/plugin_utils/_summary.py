# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What a person reads at the end of a run: where each integration stands, who is waited for, what is next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Result = Mapping[str, Any]


def summary(
    title: str,
    users: Sequence[Result] = (),
    grants: Sequence[Result] = (),
    orders: Sequence[Result] = (),
    notes: Sequence[str] = (),
    files: Sequence[Result] = (),
    privileges: Sequence[Result] = (),
) -> list[str]:
    """Renders the results of the tasks C(integration_users), C(oauth2_grants) and C(work_orders) as lines of text, and those
    of the filters C(file_access) and C(least_privilege)."""
    lines = ["", title, "=" * len(title)]
    pages = {(order["integration"], order["grant"]): order for order in orders}
    for name in _names(users, grants, files):
        lines += ["", name]
        for user in (user for user in users if _owner(user) == name):
            lines += _user(user)
        for grant in (grant for grant in grants if grant["integration"] == name):
            lines += _grant(grant, pages.get((name, grant["grant"])))
        for file in (file for file in files if file["integration"] == name):
            lines += _file(file, pages.get((name, "file_access")))
        for advice in (advice for advice in privileges if advice["integration"] == name):
            lines += _privilege(advice)
    if notes:
        lines += ["", *notes]
    return [*lines, "", *_totals(users, grants, orders, files)] if users or grants or files else lines


def _names(users: Sequence[Result], grants: Sequence[Result], files: Sequence[Result]) -> list[str]:
    """Integrations in the order in which they were declared."""
    named = [item["integration"] for item in (*grants, *files)]
    return list(dict.fromkeys([*named, *(_owner(user) for user in users)]))


def _owner(user: Result) -> str:
    return str(user.get("integration") or user["username"])


def _user(user: Result) -> Iterable[str]:
    yield f"  user   {user['username']}: {user.get('status') or 'status unknown'}"
    for step in user.get("steps") or ():
        yield f"         changed: {step}"
    for surplus in user.get("surplus") or ():
        yield f"         surplus: {surplus}"
    if user.get("surplus_unknown"):
        yield f"         surplus unknown: {user['surplus_unknown']}"
    for note in user.get("notes") or ():
        yield f"         note: {note}"
    if user.get("error"):
        yield f"         FAILED: {_message(user['error'])}"


def _grant(grant: Result, order: Result | None) -> Iterable[str]:
    days = grant.get("days_left")
    left = f", expires {grant['expires']} (in {days} days)" if grant.get("expires") and days is not None else ""
    yield f"  grant  {grant['grant']}: {grant['stage']}, {grant['health']}{left}"
    for step in grant.get("steps") or ():
        yield f"         changed: {step}"
    for finding in grant.get("findings") or ():
        if finding["finding"] != "ok" and finding.get("detail"):
            yield f"         {finding['finding']}: {finding['detail']}"
    if grant.get("error"):
        yield f"         FAILED: {_message(grant['error'])}"
    if order:
        yield f"         waits for {order['waits_for']}: work order {order['number']} ({order['page']})"
    elif grant.get("waits_for"):
        yield f"         waits for {grant['waits_for']}"
    if grant.get("next"):
        yield f"         next: {grant['next']}"


_ACCESS = {"yes": "its token reads it", "no": "its token does not read it", "not_checkable": "not_checkable"}


def _file(file: Result, order: Result | None) -> Iterable[str]:
    yield f"  file   {file['about'] or file.get('name') or file['file']} in {file['workspace']}: {_ACCESS[file['access']]}"
    for item in file["permissions"]:
        who = f"the group {item['group']}" if item.get("group") else item["user"]
        yield f"         declared: {item['permission'] if item['state'] == 'present' else 'nothing'} for {who}"
    for step in file.get("steps") or ():
        yield f"         changed: {step}"
    if file["finding"] != "ok":
        yield f"         {file['finding']}: {file['detail']}"
    for surplus in file.get("surplus") or ():
        who = surplus["name"] or surplus["id"]
        yield f"         surplus: {surplus['permission']} of the {surplus['kind']} {who}, which is not declared"
    if file.get("error"):
        yield f"         FAILED: {_message(file['error'])}"
    if order and not file["grant"] and file["given"] != "yes":
        yield f"         waits for {order['waits_for']}: work order {order['number']} ({order['page']})"
    elif file.get("next"):
        yield f"         next: {file['next']}"


def _privilege(advice: Result) -> Iterable[str]:
    yield f"  more than needed ({advice['certainty']}): {advice['what']}: {advice['because']}"
    yield f"         next: {advice['do']}"


def _message(error: Any) -> str:
    return str(error.get("msg") or error) if isinstance(error, Mapping) else str(error)


def _totals(
    users: Sequence[Result], grants: Sequence[Result], orders: Sequence[Result], files: Sequence[Result]
) -> Iterable[str]:
    healthy = sum(grant["health"] == "ok" for grant in grants)
    failed = sum(bool(item.get("error")) for item in (*users, *grants, *files))
    read = sum(file["access"] == "yes" for file in files)
    shown = f"{len(files)} files of which {read} are read, " if files else ""
    yield (
        f"{len(users)} users, {len(grants)} grants of which {healthy} are ok, "
        f"{shown}{len(orders)} work orders out" + (f", {failed} FAILED" if failed else "")
    )
    for person in dict.fromkeys(str(order["waits_for"]) for order in orders):
        numbers = [str(order["number"]) for order in orders if str(order["waits_for"]) == person]
        yield f"waiting for {person}: {', '.join(numbers)}"
