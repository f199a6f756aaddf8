# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What an answer of the API says: its JSON object, and for a refusal who said what and what to do about it."""

from __future__ import annotations

from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    AnswerLost,
    NotFound,
    Refused,
    Unreachable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._session import retry_after

API_VERSION = "2026-01-01"
# Paths whose objects only a grant of their workspace sees, whose user has a permission on them.
FILES = ("files", "documents", "spreadsheets")
# The role that an Admin operation needs (help article Organization roles), by the path after the organization.
ROLES_NEEDED = {
    "users": "Org User Admin",
    "orgReportUsers": "an organization administrator's role",
    "roles": "Org User Admin",
    "workspaces": "Org Workspace Admin",
    "activities": "Org User Admin, Org Workspace Admin or Org Security Admin",
}


def body_of(answer: Any) -> dict[str, Any] | None:
    """The JSON object in an answer, or None where there is none."""
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def text_of(value: Any) -> str | None:
    return str(value) if value else None


def named(answer: Any) -> str:
    found = request_id_of(answer)
    return f" [request {found}]" if found else ""


def asked_wait(answer: Any) -> str:
    """What a server that limits us asks for."""
    seconds = retry_after(answer.headers.get("Retry-After"))
    return f" It asks to wait {seconds:.0f} seconds." if seconds else ""


def request_id_of(answer: Any) -> str | None:
    for name in ("X-Request-Id", "X-Amzn-RequestId", "X-Correlation-Id"):
        if answer.headers.get(name):
            return str(answer.headers[name])
    return None


def refusal(method: str, path: str, answer: Any, may_repeat: bool, given: bool) -> Exception:
    """What the API said (contract, ErrorResponse; Failure for orgReportUsers), and what to do about it."""
    body = body_of(answer) or {}
    errors = body.get("errors")
    failure = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    code = body.get("code") or failure.get("title")
    message = body.get("message") or failure.get("detail")
    details = [
        str(item.get("message") or item.get("code")) for item in body.get("details") or [] if isinstance(item, dict)
    ]
    said = ": ".join(str(part) for part in (code, message, *details) if part)
    status = answer.status_code
    version = body.get("version")
    note = (
        f" The server answered as API version {version}, not {API_VERSION}."
        if version not in (None, API_VERSION)
        else ""
    )
    text = (
        f"{method} {path} was answered with {status}{' (' + said + ')' if said else ''}{named(answer)}.{note} "
        f"{_advice(method, path, answer, given)}"
    )
    kind: type[Refused | Unreachable] = Refused
    if status == 404:
        kind = NotFound
    elif status == 429:
        kind = Unreachable
    elif status >= 500:
        kind = Unreachable if may_repeat else AnswerLost
    return kind(
        text.rstrip(),
        status=status,
        code=text_of(code),
        target=text_of(body.get("target")),
        request_id=request_id_of(answer),
    )


def _advice(method: str, path: str, answer: Any, given: bool) -> str:
    status = answer.status_code
    if status == 401:
        if given:
            return "The access_token was not taken: it has expired or is not one of this organization."
        return "The token was not taken, a new one neither: check the grant with the playbook verify."
    if status == 403:
        return _permission(method, path)
    if status == 404 and path.strip("/").split("/")[0] in FILES:
        return (
            "The file is not there, is in another workspace than the grant, or is not one that the grant's user has a "
            "permission on: the vendor does not publish which answer means what."
        )
    if status == 404:
        return "It may have been deleted meanwhile, or the organization_id is another one's."
    if status == 429:
        return f"Nothing was done.{asked_wait(answer)} Run again later."
    if status >= 500:
        return "Nothing is known of what was asked; run again later."
    return ""


def _permission(method: str, path: str) -> str:
    """What a refused call needs, and who can give it."""
    parts = path.strip("/").split("/")
    kind = "read" if method == "GET" else "write"
    if parts[0] in FILES:
        return (
            f"The grant needs the scope file:{kind} (an Org Security Admin adds scopes), and its user a permission on "
            "the file that lets it do this (whoever is Owner of the file gives it)."
        )
    if parts[0] != "organizations":
        return (
            f"The grant needs the scope file:{kind}, or what its user may do there (an Org Security Admin adds scopes)."
        )
    role = ROLES_NEEDED.get(parts[2] if len(parts) > 2 else "", "an organization administrator's role")
    scope = "activity:read" if parts[-1] == "activities" else f"organization:{kind}"
    return (
        f"The grant's user needs {role} (an Org User Admin can assign it), and the grant the scope {scope} "
        "(an Org Security Admin can add it)."
    )
