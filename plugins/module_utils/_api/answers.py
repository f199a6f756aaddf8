# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What an answer of the API says, if it is one: its JSON object, and for a refusal who said what and what to do about it.

Only the contract's form counts: a JSON object by its Content-Type, an empty 204, an error with the API's own code.
A proxy, a firewall or a sign-in page answers with the same statuses and says nothing of Workiva.
"""

from __future__ import annotations

import html
import re
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.session import is_json, retry_after
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    AnswerLost,
    NotFound,
    Refused,
    Unreachable,
)
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text

API_VERSION = "2026-01-01"
TITLE = re.compile(r"<title[^>]*>([^<]{1,300})", re.IGNORECASE)
# A page has its title near its beginning.
TITLE_WITHIN = 20000
# An object of the API as it was parsed. _api/fields.py reads what is in it; nothing passes it on.
JsonObject = dict[str, Any]
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


def json_of(answer: Any) -> JsonObject | None:
    """The JSON object in an answer that says it is JSON, or None: a page of a proxy is no answer of the API."""
    if not is_json(answer):
        return None
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def is_empty_success(answer: Any) -> bool:
    """Whether this is the contract's answer without a body (204)."""
    return answer.status_code == 204 and not answer.content.strip()


def is_refusal(path: str, answer: Any) -> bool:
    """Whether the API itself refused: an C(ErrorResponse) with its C(code). Of orgReportUsers it is a C(Failure), a form that
    no other path of the contract has."""
    body = json_of(answer) or {}
    return answer.status_code >= 400 and (bool(_text(body.get("code"))) or bool(_failure(path, body)))


def described(answer: Any, lacks: str = "the API's own code") -> str:
    """What came in place of an answer of the API: its kind and, of a page, its title."""
    media = safe_text(str(answer.headers.get("Content-Type") or "").strip(), limit=80)
    if not answer.content.strip():
        return f"an empty body (Content-Type {media or 'not given'})"
    if json_of(answer) is not None:
        return f"JSON without {lacks}"
    title = TITLE.search(answer.content[:TITLE_WITHIN].decode("utf-8", "replace"))
    titled = f", title '{safe_text(html.unescape(title.group(1)).strip(), limit=120)}'" if title else ""
    return f"a body that is not {'valid JSON' if is_json(answer) else 'JSON'} (Content-Type {media or 'not given'}{titled})"


def foreign(method: str, path: str, answer: Any, lacks: str = "the expected fields") -> Unreachable:
    """The failure for an answer that is not in the contract's form, whatever its status."""
    kind, so = Unreachable, "The answer was not used."
    if method != "GET":
        kind, so = AnswerLost, "The change may have been carried out. Run again: the next run checks that first."
    return kind(
        f"{method} {path} was answered with {answer.status_code} and {described(answer, lacks)}{named(answer)}: this is "
        f"not Workiva's API. {so}{asked_wait(answer)} Check region or api_url, and what is between this machine and Workiva (a proxy, a "
        "firewall, a sign-in page).",
        status=answer.status_code,
        request_id=request_id_of(answer),
    )


def _failure(path: str, body: JsonObject) -> JsonObject:
    """The first error of a C(Failure), the form of orgReportUsers; nothing for any other path."""
    errors = body.get("errors") if path.rstrip("/").endswith("/orgReportUsers") else None
    return errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}


def _text(value: Any) -> str | None:
    """A server's own word, fit for a message."""
    return safe_text(value) if isinstance(value, str) and value.strip() else None


def named(answer: Any) -> str:
    found = request_id_of(answer)
    return f" [request {found}]" if found else ""


def asked_wait(answer: Any) -> str:
    """What a server that limits us asks for."""
    seconds = retry_after(answer.headers.get("Retry-After"))
    return f" It asks to wait {seconds:.0f} seconds." if seconds else ""


def request_id_of(answer: Any) -> str | None:
    """The id of the request at the server, which the vendor's support asks for."""
    for name in ("X-Request-Id", "X-Amzn-RequestId", "X-Correlation-Id"):
        if answer.headers.get(name):
            return safe_text(str(answer.headers[name]), limit=100)
    return None


def refusal(method: str, path: str, answer: Any, may_repeat: bool, given: bool) -> Exception:
    """What the API said (contract, ErrorResponse; Failure for orgReportUsers), and what to do about it.

    L(Unreachable) or L(AnswerLost) where it was not the API that spoke. C(given): the token was an argument.
    """
    status = answer.status_code
    # Whoever answers a read with 429, nothing was changed by it.
    decides = status < 500 and (status != 429 or method != "GET")
    if decides and not is_refusal(path, answer):
        return foreign(method, path, answer, "the API's own code")
    body = json_of(answer) or {}
    failure = _failure(path, body)
    code = _text(body.get("code")) or _text(failure.get("code")) or _text(failure.get("title"))
    message = _text(body.get("message")) or _text(failure.get("detail"))
    details = [
        _text(item.get("message")) or _text(item.get("code"))
        for item in (body.get("details") if isinstance(body.get("details"), list) else None) or []
        if isinstance(item, dict)
    ]
    said = ": ".join(part for part in (code, message, *details) if part) or described(answer)
    version = _text(body.get("version"))
    note = (
        f" The server answered as API version {version}, not {API_VERSION}."
        if version not in (None, API_VERSION)
        else ""
    )
    text = f"{method} {path} was answered with {status} ({said}){named(answer)}.{note} {_advice(method, path, answer, given)}"
    kind: type[Refused | Unreachable] = Refused
    if status == 404:
        kind = NotFound
    elif status == 429:
        kind = Unreachable
    elif status >= 500:
        kind = Unreachable if may_repeat else AnswerLost
    return kind(
        text.rstrip(), status=status, code=code, target=_text(body.get("target")), request_id=request_id_of(answer)
    )


def _advice(method: str, path: str, answer: Any, given: bool) -> str:
    status = answer.status_code
    if status == 401:
        if given:
            return "The access_token was rejected. It has expired, or it is not one of this organization."
        return "The token was rejected, and a new token too. Check the grant with the playbook verify."
    if status == 403:
        return _permission(method, path)
    if status == 404 and path.strip("/").split("/")[0] in FILES:
        return (
            "The file does not exist, is in another workspace than the grant, or the grant's user has no permission on it. "
            "Workiva does not publish which answer means what."
        )
    if status == 404:
        return (
            "organization_id in workiva.yml may be that of another organization: compare it with the UUID after /o/ in the address of "
            "the Organization Admin page. Or what the run asked for was deleted meanwhile."
        )
    if status == 429:
        return f"Nothing was done.{asked_wait(answer)} Run again later."
    if status >= 500:
        return "Whether the request was carried out is unknown. Run again later."
    return ""


def _permission(method: str, path: str) -> str:
    """What a refused call needs, and who can give it."""
    parts = path.strip("/").split("/")
    kind = "read" if method == "GET" else "write"
    if parts[0] in FILES:
        return (
            f"The grant needs the scope file:{kind} (an Org Security Admin can add it). Its user needs a permission on "
            "the file that allows this (an Owner of the file can give it)."
        )
    if parts[0] != "organizations":
        return f"The grant needs the scope file:{kind} (an Org Security Admin can add it), or its user may not do this."
    role = ROLES_NEEDED.get(parts[2] if len(parts) > 2 else "", "an organization administrator's role")
    scope = "activity:read" if parts[-1] == "activities" else f"organization:{kind}"
    return (
        f"The grant's user needs {role} (an Org User Admin can assign it), and the grant the scope {scope} "
        "(an Org Security Admin can add it)."
    )
