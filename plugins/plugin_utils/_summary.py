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
) -> list[str]:
    """Renders the results of the tasks C(integration_users), C(oauth2_grants) and C(work_orders) as lines of text."""
    lines = ["", title, "=" * len(title)]
    pages = {(order["integration"], order["grant"]): order for order in orders}
    for name in _names(users, grants):
        lines += ["", name]
        for user in (user for user in users if _owner(user) == name):
            lines += _user(user, pages.get((name, "user")))
        for grant in (grant for grant in grants if grant["integration"] == name):
            lines += _grant(grant, pages.get((name, grant["grant"])))
    if notes:
        lines += ["", *notes]
    return [*lines, "", *_totals(users, grants, orders)] if users or grants else lines


def _names(users: Sequence[Result], grants: Sequence[Result]) -> list[str]:
    """Integrations in the order in which they were declared."""
    return list(dict.fromkeys([*(grant["integration"] for grant in grants), *(_owner(user) for user in users)]))


def _owner(user: Result) -> str:
    return str(user.get("integration") or user["username"])


def _user(user: Result, order: Result | None) -> Iterable[str]:
    absent = ", declared absent" if user.get("state") == "absent" else ""
    known = ((user.get("fields") or {}).get("username") or {}).get("known")
    status = user.get("status") or (f"status unknown, {known}" if known else "status unknown")
    yield f"  user   {user['username']}: {status}{absent}"
    for step in user.get("steps") or ():
        yield f"         changed: {step}"
    for step in user.get("asked") or ():
        yield f"         for people to do: {step}"
    for surplus in user.get("surplus") or ():
        yield f"         surplus: {surplus}"
    if user.get("surplus_unknown"):
        yield f"         surplus unknown: {user['surplus_unknown']}"
    for note in user.get("notes") or ():
        yield f"         note: {note}"
    if user.get("error"):
        yield f"         FAILED: {_message(user['error'])}"
    if order:
        yield f"         waits for {order['waits_for']}: work order {order['number']} ({order['page']})"


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


def _message(error: Any) -> str:
    return str(error.get("msg") or error) if isinstance(error, Mapping) else str(error)


def _totals(users: Sequence[Result], grants: Sequence[Result], orders: Sequence[Result]) -> Iterable[str]:
    healthy = sum(grant["health"] == "ok" for grant in grants)
    failed = sum(bool(item.get("error")) for item in (*users, *grants))
    yield (
        f"{len(users)} users, {len(grants)} grants of which {healthy} are ok, "
        f"{len(orders)} work orders out" + (f", {failed} FAILED" if failed else "")
    )
    for person in dict.fromkeys(str(order["waits_for"]) for order in orders):
        numbers = [str(order["number"]) for order in orders if str(order["waits_for"]) == person]
        yield f"waiting for {person}: {', '.join(numbers)}"
