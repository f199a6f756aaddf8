# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must hold after every run, whatever happened in it: each function returns what is wrong, in words."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.faults._run import Run
from tests.faults._stage import Stage, events_of

PYTHON = re.compile(
    r"Traceback|\b(?:Key|Attribute|Type|Value|Index|Name|Recursion|Assertion|Unicode\w+|JSONDecode|OS|IO|Runtime)Error\b"
    r"|NoneType|object has no attribute|not subscriptable|not iterable|unexpected keyword|positional argument|<class '|0x[0-9a-f]{8}"
)
# The signature of a token that the simulator issues; no part of a message or a file may hold one.
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}\.[0-9a-f]{32}|Bearer [A-Za-z0-9_-]{8}")
# How a message names what was tried.
STEP = re.compile(
    r"\b(?:GET|POST|PATCH|DELETE|PUT) (?:/|https://)|token request|/operations/|create the user|set the roles|add to the"
    r"|removal|[Tt]he report|remove from|take|rename|change"
)


@dataclass(frozen=True)
class Report:
    """Something that a run reports: the user, grant, file or certificate that it is about, empty where it is about the whole task, which
    Ansible names; and the words."""

    item: str
    text: str


def reports_of(run: Run) -> list[Report]:
    """What a run reports as failed or not known. Credentials of an integration that is marked absent are refused as they should be."""
    found = [Report("", run.failure)] if run.failure else []
    users = [user for call in run.calls for user in call.result.get("users") or ()]
    absent = {user.get("integration") for user in users if user.get("state") == "absent"}
    for call in run.calls:
        result = call.result
        for user in result.get("users") or ():
            if user.get("error"):
                found.append(Report(user["username"], str(user["error"].get("msg"))))
        for grant in result.get("grants") or ():
            name = f"{grant['integration']}.{grant['grant']}"
            if grant.get("error"):
                found.append(Report(name, _message(grant["error"])))
            is_ended = grant["health"] == "rejected" and grant["integration"] in absent
            found += [
                Report(name, str(one.get("detail") or ""))
                for one in grant["findings"]
                if one["finding"] != "ok" and not is_ended
            ]
        for file in result.get("files") or ():
            label = str(file.get("about") or file.get("name") or file["file"])
            if file.get("error"):
                found.append(Report(label, _message(file["error"])))
            if file.get("finding") not in (None, "ok"):
                found.append(Report(label, str(file.get("detail") or "")))
        if call.action == "server_certificate" and result.get("error"):
            found.append(Report(str(result["name"]), str(result.get("msg"))))
        if call.action == "preflight" and result.get("reason"):
            found.append(Report("", str(result["reason"])))
        for user in result.get("users") or ():
            found += [Report(user["username"], note) for note in user.get("notes") or ()]
            if user.get("excess_access_unknown"):
                found.append(Report(user["username"], str(user["excess_access_unknown"])))
    return list(dict.fromkeys(found))


def _message(error: Any) -> str:
    return str(error.get("msg") or "") if isinstance(error, Mapping) else str(error)


def texts_of(run: Run) -> list[str]:
    """All that a run showed or returned."""
    return [*run.shown, *(json.dumps(call.result) for call in run.calls)]


def wrong_texts(run: Run, stage: Stage) -> list[str]:
    """Secrets and Python's own words in what a run showed or returned, and a report without its item or step."""
    wrong = []
    secrets = [*stage.organization.secrets, *stage.actions.secrets]
    for text in texts_of(run):
        if any(secret in text for secret in secrets) or TOKEN.search(text):
            wrong.append("a secret in the output")
        if found := PYTHON.search(text):
            wrong.append(f"Python's own words ({found[0]}): {text[max(0, found.start() - 150) : found.end() + 150]}")
    if run.actions.warnings:
        wrong.append(f"a warning: {run.actions.warnings[0]}")
    return list(dict.fromkeys(wrong))


def wrong_reports(run: Run, usual: Iterable[Report]) -> list[str]:
    """New reports that nobody could act on: not shown, without the item that they are about, or without a step."""
    shown = " ".join("\n".join(run.shown).split())
    new = [report for report in reports_of(run) if report not in set(usual)]
    seen = {report.item for report in new if _is_shown(report, new, shown)}
    wrong = [f"not shown: {report}" for report in new if report.item not in seen]
    # A cause that several items share is shown once, without them.
    common = {text for text, count in Counter(report.text for report in new).items() if count > 1}
    wrong += [
        f"the item is not named: {report}"
        for report in new
        if report.text not in common and not _is_named(report, shown)
    ]
    if new and not any(STEP.search(report.text) for report in new):
        wrong.append(f"no step is named: {[report.text for report in new]}")
    return wrong


def _is_shown(report: Report, new: Iterable[Report], shown: str) -> bool:
    """Whether a person sees it. What is wrong with the administrator grant is shown with the grant, and not repeated without it."""
    repeated = (other.text for other in new if other.item and other.text in report.text)
    return any(" ".join(text.split()) in shown for text in (report.text, *repeated))


def _is_named(report: Report, shown: str) -> bool:
    """Whether the item is shown: a grant below its integration, that of the administrator also by this word alone, and a user by its
    username."""
    integration, _dot, grant = report.item.partition(".")
    parts = (
        [report.item]
        if "@" in report.item
        else [integration]
        if integration == "administrator"
        else [integration, grant]
    )
    return all(part in shown for part in parts)


def plaintext_in_files(stage: Stage) -> list[str]:
    """Files of the project, and beside it, that hold a secret in clear."""
    secrets = [secret.encode() for secret in (*stage.organization.secrets, *stage.actions.secrets)]
    folders = (stage.project, stage.root / "loader", stage.root / "runs")
    return [
        f"a secret is in clear in {path.relative_to(stage.root)}"
        for folder in folders
        for path in (sorted(folder.rglob("*")) if folder.exists() else ())
        if path.is_file() and any(secret in path.read_bytes() for secret in secrets)
    ]


def organization_of(stage: Stage) -> dict[str, Any]:
    """Users, their access and the mails that they got, without ids."""
    state = stage.organization.state
    users = {user["id"]: user for user in state.all("user")}
    names = {key: user["username"] for key, user in users.items()}
    workspaces = {item["id"]: item["name"] for item in state.all("workspace")}
    fields = ("givenName", "familyName", "displayName", "email", "status", "roles")
    return {
        "users": {user["username"]: [user[field] for field in fields] for user in users.values()},
        "memberships": sorted(
            [names.get(item["user"], "?"), workspaces[item["workspace"]], sorted(item["roles"])]
            for item in state.all("membership")
        ),
        "groups": sorted(
            [workspaces[item["workspace"]], item["name"], sorted(names.get(user, "?") for user in item["members"])]
            for item in state.all("group")
        ),
        "files": [
            sorted([names.get(one["principal"], one["principal"]), one["permission"]] for one in item["permissions"])
            for item in state.all("file")
        ],
        "mails": sorted(Counter(names.get(mail["to"], "?") for mail in state.all("mail")).items()),
    }


def project_of(stage: Stage) -> dict[str, Any]:
    """Stored credentials, work orders and what the journals say of each grant and account, without dates."""
    project = stage.project
    credentials = project / "credentials.yml"
    journal: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for event in events_of(project):
        if event["event"] == "ordered":
            kinds[event["order"]] = event["kind"]
        if event["event"] in ("refused", "accepted", "ordered", "withdrawn", "closed"):
            continue  # of refusals there is one for each run that sees them; the open orders are files
        key = f"{event['journal']}.{event.get('grant')}"
        # A run that was killed after it created an account finds it, by what it wrote before, as one that exists.
        name = "created" if event["event"] == "adopted" else str(event["event"])
        journal.setdefault(key, []).append(name)
    return {
        "credentials": _stored(stage.actions.decrypted(credentials)) if credentials.exists() else {},
        "orders": sorted(_order_page(path.name, kinds) for path in (project / "work-orders").glob("*")),
        # An account that was not created yet is announced again by the next run.
        "journal": {key: sorted(set(events)) for key, events in sorted(journal.items())},
        "copy": stage.copy.exists(),
        "others": sorted(path.name for path in project.rglob("*") if path.name.endswith((".tmp", "~", ".lock"))),
    }


def _order_page(name: str, kinds: Mapping[str, str]) -> str:
    """A page of a work order by the order's kind: the number differs where a fault led to another order, which the next run withdrew."""
    number, _dot, form = name.rpartition(".")
    return f"{number.rpartition('.')[0]} {kinds[number]}.{form}" if number in kinds else name


def _stored(content: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored of each grant. A message of a test must not show a secret, and the time of storing differs."""
    grants = content.get("workiva_credentials") or {}
    return {
        f"{integration}.{grant}": {
            name: hashlib.sha256(value.encode()).hexdigest()[:8] if "secret" in name else value
            for name, value in entry.items()
            if not name.endswith("stored_at")
        }
        for integration, entries in grants.items()
        for grant, entry in entries.items()
    }


def doubled(stage: Stage) -> list[str]:
    """Users, memberships, members, orders and events that are there twice."""
    state = stage.organization.state
    wrong = []
    names = Counter(user["username"].casefold() for user in state.all("user"))
    wrong += [f"the user {name} is there {count} times" for name, count in names.items() if count > 1]
    memberships = Counter((item["user"], item["workspace"]) for item in state.all("membership"))
    wrong += [f"a membership is there {count} times" for count in memberships.values() if count > 1]
    wrong += [
        "a group has a member twice" for item in state.all("group") if len(set(item["members"])) != len(item["members"])
    ]
    mails = Counter((mail["to"], mail["kind"]) for mail in state.all("mail"))
    wrong += [
        f"a user got {count} mails of one kind" for (_to, kind), count in mails.items() if count > 1 and kind == "new"
    ]
    events = Counter(
        (
            event["journal"],
            event.get("grant"),
            event["event"],
            event.get("order") or event.get("client_id") or event.get("id"),
        )
        for event in events_of(stage.project)
        if event["event"] in ("ordered", "closed", "created", "received", "stored", "delivered")
    )
    return wrong + [f"the event {key} is there {count} times" for key, count in events.items() if count > 1]


def differences(found: Any, wanted: Any, place: str = "") -> list[str]:
    """Where two fingerprints differ."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        names = sorted({*found, *wanted})
        return [text for name in names for text in differences(found.get(name), wanted.get(name), f"{place}/{name}")]
    return [] if found == wanted else [f"{place}: {found!r} in place of {wanted!r}"]
