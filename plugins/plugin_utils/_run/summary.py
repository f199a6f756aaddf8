# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What a person reads at the end of a run: where each integration stands, who is waited for, what is next."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._grants.advice import NOTHING_LEFT

Result = Mapping[str, Any]


def summary(
    title: str,
    users: Sequence[Result] | None = None,
    grants: Sequence[Result] | None = None,
    orders: Sequence[Result] | None = None,
    notes: Sequence[str] = (),
    files: Sequence[Result] | None = None,
    privileges: Sequence[Result] = (),
    certificates: Sequence[Result] = (),
    reloads: Sequence[Result] = (),
    notice: Result | None = None,
    relative_to: str | None = None,
) -> list[str]:
    """Renders as lines of text the results of the tasks C(integration_users), C(oauth2_grants), C(work_orders) and
    C(certificate_notice) and C(file_access), of the role C(server_certificates), and excess permissions (C(privileges)).
    What is None was not looked at: nothing is said of it, not even that there is none.
    Pages of work orders are named as seen from the folder C(relative_to), where it is given."""
    lines = ["", title, "=" * len(title)]
    waits = {(order["integration"], order["grant"]): _waits(order, relative_to) for order in orders or ()}
    limits = _shared_limits(users or ())
    for name in _names(users or (), grants or (), files or ()):
        lines += ["", name]
        for user in (user for user in users or () if _owner(user) == name):
            lines += _user(user, waits.get((name, "user")), limits)
        for grant in (grant for grant in grants or () if grant["integration"] == name):
            lines += _grant(grant, waits.get((name, grant["grant"])))
        for file in (file for file in files or () if file["integration"] == name):
            lines += _file(file, waits.get((name, "file_access")))
        for advice in (advice for advice in privileges if advice["integration"] == name):
            lines += _privilege(advice)
    if certificates or notice:
        lines += ["", "Certificates"]
        for certificate in certificates:
            lines += _certificate(certificate)
        for reload in reloads:
            lines += _reload(reload)
        lines += _notice(notice) if notice else []
    if notes or limits:
        lines += ["", *notes, *(f"Undeclared access of several users is not known for sure: {text}" for text in limits)]
    totals = [*_totals(users, grants, orders, files)]
    totals += [_copies(certificates)] if certificates else []
    return [*lines, "", *totals] if totals else lines


def _names(users: Sequence[Result], grants: Sequence[Result], files: Sequence[Result]) -> list[str]:
    """Integrations in the order in which they were declared."""
    named = [item["integration"] for item in (*grants, *files)]
    return list(dict.fromkeys([*named, *(_owner(user) for user in users)]))


def _owner(user: Result) -> str:
    return str(user.get("integration") or user["username"])


def _waits(order: Result, folder: str | None) -> str:
    page = os.path.relpath(order["page"], folder) if folder else order["page"]
    return f"         waits for {order['waits_for']}: work order {order['number']} ({page})"


def _user(user: Result, waits: str | None, shared: Sequence[str]) -> Iterable[str]:
    absent = ", declared absent" if user.get("state") == "absent" else ""
    known = ((user.get("fields") or {}).get("username") or {}).get("known")
    status = user.get("status") or (f"status unknown, {known}" if known else "status unknown")
    yield f"  user   {user['username']}: {status}{absent}"
    for step in user.get("steps") or ():
        yield f"         changed: {step}"
    for step in user.get("asked") or ():
        yield f"         for people to do: {step}"
    for excess in user.get("excess_access") or ():
        yield f"         excess access: {excess}"
    if user.get("excess_access_unknown") and user["excess_access_unknown"] not in shared:
        yield f"         excess access unknown: {user['excess_access_unknown']}"
    for note in user.get("notes") or ():
        yield f"         note: {note}"
    if user.get("error"):
        yield f"         FAILED: {_message(user['error'])}"
    if waits:
        yield waits


def _shared_limits(users: Sequence[Result]) -> list[str]:
    """Why undeclared access is not known, where it is the same for several users: it is printed once."""
    found = Counter(user["excess_access_unknown"] for user in users if user.get("excess_access_unknown"))
    return [text for text, count in found.items() if count > 1]


def _grant(grant: Result, waits: str | None) -> Iterable[str]:
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
    if waits:
        yield waits
    elif grant.get("waits_for"):
        yield f"         waits for {grant['waits_for']}"
    if grant.get("next") not in (None, "", NOTHING_LEFT):
        yield f"         next: {grant['next']}"


def _certificate(copy: Result) -> Iterable[str]:
    shown = copy.get("certificate")
    until = f", valid until {shown['not_after'][:10]} (in {shown['days_left']} days)" if shown else ""
    server = f", {copy['server']}" if copy.get("server") else ""
    yield f"  copy   {copy['name']} on {copy['host']}: {copy['health']}{server}{until}"
    yield f"         {copy['file']}{' (absent)' if copy.get('state') == 'absent' else ''}"
    for difference in copy.get("differences") or ():
        yield f"         changed: {difference}"
    for finding in copy.get("findings") or ():
        word = "FAILED" if copy.get("error") else finding["finding"]
        yield f"         {word}: {finding['detail']}"
    if copy.get("announcement") == "waiting":
        yield "         the announced certificate is kept beside it until the server shows it"
    if copy.get("announcement") == "shown":
        yield "         the announced certificate is the present one: take upcoming out of the declaration"


def _reload(reload: Result) -> Iterable[str]:
    outcome = f"FAILED: {reload['msg']} Reload it by hand." if reload.get("failed") else "reloaded"
    yield f"  reload {reload['service']} on {reload['host']}: {outcome}"


def _notice(notice: Result) -> Iterable[str]:
    addresses = ", ".join(notice.get("addresses") or ())
    if notice.get("error"):
        yield f"  notice FAILED: {notice['msg']}"
    elif notice.get("changed"):
        yield f"  notice changed: {notice['to']} is asked to tell {addresses}"
    else:
        yield f"  notice asked of {notice['to']} on {str(notice.get('accepted_at'))[:10]}, for {addresses}"


def _copies(copies: Sequence[Result]) -> str:
    healthy = sum(copy["health"] in ("ok", "expiring") for copy in copies)
    failed = sum(bool(copy.get("error")) for copy in copies)
    return f"{_counted(len(copies), 'certificate copy', 'certificate copies')} ({healthy} ok){_failed(failed)}"


_ACCESS = {True: "its token reads it", False: "its token does not read it", None: "not checked"}


def _file(file: Result, waits: str | None) -> Iterable[str]:
    yield f"  file   {file['about'] or file.get('name') or file['file']} in {file['workspace']}: {_ACCESS[file['access']]}"
    for item in file["permissions"]:
        who = f"the group {item['group']}" if item.get("group") else item["user"]
        yield f"         declared: {item['permission'] if item['state'] == 'present' else 'nothing'} for {who}"
    for step in file.get("steps") or ():
        yield f"         changed: {step}"
    if file["finding"] != "ok":
        yield f"         {file['finding']}: {file['detail']}"
    for excess in file.get("excess_access") or ():
        who = excess["name"] or excess["id"]
        yield f"         excess access: {excess['permission']} of the {excess['kind']} {who}, which is not declared"
    if file.get("error"):
        yield f"         FAILED: {_message(file['error'])}"
    if waits and not file["grant"] and not file["given"]:
        yield waits
    elif file.get("next"):
        yield f"         next: {file['next']}"


def _privilege(advice: Result) -> Iterable[str]:
    yield f"  more than needed ({advice['certainty']}): {advice['what']}: {advice['because']}"
    yield f"         next: {advice['do']}"


def _message(error: Any) -> str:
    return str(error.get("msg") or error) if isinstance(error, Mapping) else str(error)


def _totals(
    users: Sequence[Result] | None,
    grants: Sequence[Result] | None,
    orders: Sequence[Result] | None,
    files: Sequence[Result] | None,
) -> Iterable[str]:
    """One line of numbers, then who has to act, and with which command."""
    parts = [_counted(len(users), "user")] if users else []
    if grants:
        healthy = sum(grant["health"] == "ok" for grant in grants)
        parts.append(f"{_counted(len(grants), 'grant')} ({healthy} ok)")
    if files:
        read = sum(file["access"] is True for file in files)
        parts.append(f"{_counted(len(files), 'file')} ({read} readable)")
    if orders is not None and (orders or parts):
        parts.append(_counted(len(orders), "open work order") if orders else "no open work orders")
    failed = sum(bool(item.get("error")) for item in (*(users or ()), *(grants or ()), *(files or ())))
    if parts:
        yield ", ".join(parts) + _failed(failed)
    for person in dict.fromkeys(str(order["waits_for"]) for order in orders or ()):
        numbers = [str(order["number"]) for order in orders or () if str(order["waits_for"]) == person]
        yield f"waiting for {person}: {', '.join(numbers)}"
    for command in dict.fromkeys(order["handover"] for order in orders or () if order.get("handover")):
        yield f"When an order is done, run in the project folder: {command}"


def _counted(number: int, one: str, several: str | None = None) -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"


def _failed(number: int) -> str:
    return f", {number} FAILED" if number else ""
