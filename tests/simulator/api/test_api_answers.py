# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The answers to the open questions: each one shows to a client and stays within the contract."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from tests._pairwise import choose_rows
from tests.simulator.api._attempt import Try
from tests.simulator.api._file_answers import (
    Shelf,
    _file_state,
    _invisible_file,
    _permission_repeated,
    _permission_unrevoked,
    _permissions_changed_by,
    _permissions_listed_to,
    _workspace_owner_files,
)
from tests.simulator.api._running import AUTOMATION, SCOPES, Simulator
from workiva_simulator import rules
from workiva_simulator.grant_checks import check_expires
from workiva_simulator.problems import Problem
from workiva_simulator.switches import SWITCHES


def _token_error(attempt: Try) -> str:
    answer = attempt.simulator.token(secret="wk_secret:oa2c:other")
    return f"{answer.status_code}:{answer.json()['error']}"


def _token_basic(attempt: Try) -> str:
    pair = (attempt.simulator.client_id, attempt.simulator.secret)
    answer = attempt.simulator.http.post("/oauth2/token", data={"grant_type": "client_credentials"}, auth=pair)
    return "accepted" if answer.status_code == 200 else "refused"


def _missing_version(attempt: Try) -> str:
    headers = {"Authorization": f"Bearer {attempt.token}"}
    answer = attempt.simulator.http.get(attempt.users, headers=headers)
    return "answered" if answer.status_code == 200 else str(answer.status_code)


def _default_roles(attempt: Try) -> str:
    membership = attempt.member(attempt.user())
    roles = attempt.call("GET", f"{attempt.where}/memberships/{membership['id']}/roles").json()["data"]
    return roles[0]["name"] if roles else "none"


def _user_fields(attempt: Try) -> str:
    wanted = {"username": "new@example.com"}
    if attempt.call("POST", attempt.users, json=wanted).status_code == 201:
        return "username"
    answer = attempt.call("POST", attempt.users, json={**wanted, "email": "n@example.com"})
    return {201: "username_and_email", 400: "all"}[answer.status_code]


def _token_cause(attempt: Try) -> str:
    simulator = attempt.simulator
    expired = simulator.grant(AUTOMATION, SCOPES, expires="2098-01-01")
    simulator.command("clock", "2098-06-01")
    answers = [
        simulator.token(secret="wk_secret:oa2c:other"),
        simulator.token("unknown"),
        simulator.token(*expired),
        simulator.token(*simulator.grant(AUTOMATION, SCOPES, ip_allowlist=["203.0.113.7"])),
    ]
    simulator.command("clock", "now")
    errors = {answer.json()["error"] for answer in answers}
    descriptions = {answer.json()["error_description"] for answer in answers}
    return {(1, 1): "none", (1, 4): "description", (3, 4): "error"}[(len(errors), len(descriptions))]


def _token_path(attempt: Try) -> str:
    fields = {"client_id": attempt.simulator.client_id, "client_secret": attempt.simulator.secret}
    fields["grant_type"] = "client_credentials"
    paths = ("/iam/v1/oauth2/token", "/oauth2/token")
    known = [path for path in paths if attempt.simulator.http.post(path, data=fields).status_code == 200]
    return known[0] if len(known) == 1 else "both"


def _new_user_mail(attempt: Try) -> str:
    user = attempt.user()
    return "welcome" if user["id"] in [mail["to"] for mail in attempt.state.all("mail")] else "none"


def _display_name(attempt: Try) -> str:
    shown = (attempt.user()["displayName"], attempt.user(username="b@example.com", displayName="Given")["displayName"])
    return {("", "Given"): "as_given", ("N E", "Given"): "from_names", ("N E", "N E"): "always_from_names"}[shown]


def _suspended_user(attempt: Try) -> str:
    user = rules.user_by_name(attempt.state, "anna.k@example.com")
    assert user is not None
    credentials = attempt.simulator.grant(user["username"], ["file:read"])
    (membership,) = attempt.state.all("membership", user=user["id"])
    rules.delete_membership(attempt.state, membership)
    return "accepted" if attempt.simulator.token(*credentials).status_code == 200 else "refused"


def _expires_rule(attempt: Try) -> str:
    def is_taken(expires: str) -> bool:
        try:
            attempt.simulator.grant(AUTOMATION, SCOPES, expires=expires)
        except rules.Problem:
            return False
        return True

    taken = (is_taken("2090-01-01"), is_taken(""))
    return {(True, False): "any_date", (False, False): "one_year_at_most", (True, True): "empty_is_never"}[taken]


def _report_rows(attempt: Try) -> str:
    def rows() -> list[dict[str, Any]]:
        return list(attempt.call("GET", f"{attempt.simulator.base}/orgReportUsers").json()["data"])

    planted = len(attempt.state.all("user"))
    user = attempt.user()
    found = [row["attributes"] for row in rows() if row["id"] == user["id"]]
    if not found:
        return "late" if len(rows()) == planted else "missing"
    if found[0]["userName"] is None:
        return "null"
    return "null_access" if found[0]["workspaceMemberships"] is None else "current"


def _status_on_create(attempt: Try) -> str:
    return "accepted" if attempt.user(status="active")["status"] == "active" else "ignored"


def _duplicate_user(attempt: Try) -> str:
    attempt.user()
    return str(attempt.call("POST", attempt.users, json={"username": "NEW@example.com", "email": "x"}).status_code)


def _grant(attempt: Try) -> dict[str, Any]:
    (grant,) = attempt.state.all("grant", client_id=attempt.simulator.client_id)
    return dict(grant)


def _regenerate(attempt: Try) -> str:
    rules.regenerate(attempt.state, _grant(attempt))
    return "keeps_old" if attempt.simulator.token().status_code == 200 else "ends_old"


def _fresh_grant(attempt: Try) -> str:
    fields = {
        "client_name": "new",
        "username": "workiva-automation@example.com",
        "expires": "2999-12-31",
        "scopes": ["file:read"],
    }
    grant, secret = rules.add_grant(
        attempt.state, {**fields, "workspace": _grant(attempt)["workspace"], "ip_allowlist": []}
    )
    statuses = [attempt.simulator.token(grant["client_id"], secret).status_code for _time in range(3)]
    assert statuses[2] == 200
    return "accepted" if statuses[:2] == [200, 200] else "refused_at_first"


def _past_expires(attempt: Try) -> str:
    today = attempt.state.now().date().isoformat()
    try:
        check_expires(attempt.state, today)
    except Problem:
        return "refused"
    return "accepted"


def _issued_tokens(attempt: Try) -> str:
    rules.regenerate(attempt.state, _grant(attempt))
    return "live" if attempt.call("GET", attempt.users).status_code == 200 else "die"


def _expiry_day(attempt: Try) -> str:
    today = attempt.state.now().date().isoformat()
    attempt.state.put("grant", {**_grant(attempt), "expires": today})
    return "good" if attempt.simulator.token().status_code == 200 else "ended"


def _allowlist(entry: str) -> Callable[[Try], str]:
    def see(attempt: Try) -> str:
        try:
            credentials = attempt.simulator.grant(AUTOMATION, SCOPES, ip_allowlist=[entry])
        except rules.Problem:
            return "refused"
        expected = 401 if ":" in entry else 200
        assert attempt.simulator.token(*credentials).status_code == expected
        return "accepted"

    return see


def _next_link(attempt: Try) -> str:
    link = attempt.call("GET", attempt.users, params={"$maxpagesize": 1}).json()["@nextLink"]
    return "address" if link.startswith("https://") else "path"


def _report_next_link(attempt: Try) -> str:
    report = f"{attempt.simulator.base}/orgReportUsers"
    link = attempt.call("GET", report, params={"page[size]": 1}).json()["links"]["next"]
    return "old_host" if link.startswith("https://api.wdesk.com/") else "same_host"


def _assigned(attempt: Try) -> tuple[httpx.Response, str]:
    path = f"{attempt.users}/{attempt.user()['id']}/roles"
    roles = {role["name"]: role["id"] for role in attempt.call("GET", f"{attempt.simulator.base}/roles").json()["data"]}
    return attempt.call("POST", f"{path}/assignment", json=[roles["Org User Admin"]]), path


def _accepted_body(attempt: Try) -> str:
    answer, _path = _assigned(attempt)
    return next(iter(answer.json())) if answer.content else "none"


def _accepted_pace(attempt: Try) -> str:
    answer, _path = _assigned(attempt)
    polled = attempt.call("GET", answer.headers["Location"])
    waits = (answer.headers["Retry-After"], polled.headers["Retry-After"])
    return {("0", "0"): "at_once", ("5", "1"): "as_seen"}[waits]


def _role_change(attempt: Try) -> str:
    answer, path = _assigned(attempt)
    seen = [len(attempt.call("GET", path).json()["data"])]
    for _time in range(2):
        attempt.call("GET", answer.headers["Location"])
        seen.append(len(attempt.call("GET", path).json()["data"]))
    return {(1, 1, 1): "at_once", (0, 0, 1): "when_completed"}[(seen[0], seen[1], seen[2])]


def _revocation_scope(attempt: Try) -> str:
    membership = attempt.member(attempt.user())
    reader = attempt.simulator.token(*attempt.simulator.grant(AUTOMATION, ["organization:read"])).json()["access_token"]
    path = f"{attempt.where}/memberships/{membership['id']}/roles/revocation"
    return {202: "read", 403: "write"}[attempt.simulator.call("POST", path, reader, json=[]).status_code]


def _implicit_roles(attempt: Try) -> str:
    roles = attempt.call("GET", f"{attempt.users}/{attempt.user()['id']}/roles").json()["data"]
    return "shown" if roles else "hidden"


def _report_role_names(attempt: Try) -> str:
    people = attempt.call("GET", f"{attempt.simulator.base}/orgReportUsers").json()["data"]
    names = {name for person in people for name in person["attributes"]["organizationRoles"]}
    return "long" if "Organization User Admin" in names else "short"


def _role_ids(attempt: Try) -> str:
    identifier = attempt.call("GET", f"{attempt.simulator.base}/roles").json()["data"][0]["id"]
    return "number" if identifier.isdecimal() else "uuid"


def _filters(attempt: Try) -> str:
    answer = attempt.call("GET", attempt.users, params={"$filter": "username eq anna.k@example.com"})
    if answer.status_code == 400:
        return "refused"
    return "applied" if len(answer.json()["data"]) == 1 else "ignored"


def _deleted_user(attempt: Try) -> str:
    user = attempt.user()
    attempt.member(user)
    assert attempt.call("DELETE", f"{attempt.users}/{user['id']}").status_code == 204
    members = attempt.call("GET", f"{attempt.where}/memberships").json()["data"]
    return "keeps" if user["id"] in [item["user"]["id"] for item in members] else "removes"


def _renamed_user(attempt: Try) -> str:
    user = rules.user_by_name(attempt.state, "anna.k@example.com")
    assert user is not None
    pair = attempt.simulator.grant(user["username"], ["file:read"])
    change = [{"op": "replace", "path": "/username", "value": "anna.b@example.com"}]
    assert attempt.call("PATCH", f"{attempt.users}/{user['id']}", json=change).status_code == 200
    return "keeps_secrets" if attempt.simulator.token(*pair).status_code == 200 else "ends_secrets"


# How each answer shows. Where the secret is shown, the console's tests tell.
SEEN: dict[str, Callable[[Try], str]] = {
    "token_error": _token_error,
    "token_basic": _token_basic,
    "token_form": lambda attempt: "jwt" if attempt.token.count(".") == 2 else "opaque",
    "token_cause": _token_cause,
    "token_path": _token_path,
    "missing_version": _missing_version,
    "new_user_status": lambda attempt: str(attempt.user()["status"]),
    "default_roles": _default_roles,
    "user_fields": _user_fields,
    "new_user_mail": _new_user_mail,
    "display_name": _display_name,
    "suspended_user": _suspended_user,
    "expires_rule": _expires_rule,
    "report_rows": _report_rows,
    "file_state": _file_state,
    "status_on_create": _status_on_create,
    "duplicate_user": _duplicate_user,
    "regenerate": _regenerate,
    "issued_tokens": _issued_tokens,
    "fresh_grant": _fresh_grant,
    "past_expires": _past_expires,
    "expiry_day": _expiry_day,
    "allowlist_cidr": _allowlist("127.0.0.0/8"),
    "allowlist_ranges": _allowlist("127.0.0.1 - 127.0.0.9"),
    "allowlist_ipv6": _allowlist("2001:db8::7"),
    "next_link": _next_link,
    "report_next_link": _report_next_link,
    "accepted_body": _accepted_body,
    "accepted_pace": _accepted_pace,
    "role_change": _role_change,
    "revocation_scope": _revocation_scope,
    "implicit_roles": _implicit_roles,
    "report_role_names": _report_role_names,
    "role_ids": _role_ids,
    "filters": _filters,
    "deleted_user": _deleted_user,
    "renamed_user": _renamed_user,
    "invisible_file": _invisible_file,
    "permissions_listed_to": _permissions_listed_to,
    "permissions_changed_by": _permissions_changed_by,
    "permission_repeated": _permission_repeated,
    "permission_unrevoked": _permission_unrevoked,
    "workspace_owner_files": _workspace_owner_files,
}


def test_every_answer_alone_shows_and_stays_within_the_contract(simulator: Simulator) -> None:
    assert set(SWITCHES) - set(SEEN) == {"secret_shown"}
    for name, see in SEEN.items():
        for answer in SWITCHES[name].answers:
            assert see(Try(simulator, f"{name}={answer}")) == answer, name


def test_every_two_answers_together_stay_within_the_contract(simulator: Simulator) -> None:
    for row in choose_rows({name: switch.answers for name, switch in SWITCHES.items()}):
        attempt = Try(simulator, *row)
        assert simulator.token(secret="wk_secret:oa2c:other").status_code in (400, 401, 403), row
        user = attempt.user()
        membership = attempt.member(user)
        assert attempt.call("GET", f"{attempt.users}/{user['id']}").json()["status"] == "active", row
        roles = attempt.call("GET", f"{attempt.where}/roles").json()["data"]
        path = f"{attempt.where}/memberships/{membership['id']}/roles"
        accepted = attempt.call("POST", f"{path}/assignment", json=[roles[0]["id"]])
        assert accepted.status_code == 202, row
        polled = [attempt.call("GET", accepted.headers["Location"]).json()["status"] for _time in range(2)]
        assert polled == ["started", "completed"], row
        assert roles[0]["id"] in [role["id"] for role in attempt.call("GET", path).json()["data"]], row
        assert attempt.call("DELETE", f"{attempt.users}/{user['id']}").status_code == 204, row
        shelf = Shelf(attempt)
        for name, permission in (("owner", "Owner"), ("reader", "Viewer"), ("stranger", None)):
            shelf.person(name, permission)
        assert [shelf.get(name).status_code for name in ("owner", "reader")] == [200, 200], row
        assert shelf.get("stranger").status_code in (403, 404), row
        assert shelf.modify("owner", {"stranger": "Editor"}).status_code == 204, row
        assert shelf.get("stranger").status_code == 200, row
        held = shelf.get("owner", "/permissions").json()["data"]
        assert len(held) == 3, row
    _drop_unknown_status(simulator)


def _drop_unknown_status(simulator: Simulator) -> None:
    """The contract knows no 403 of the token endpoint: that answer is a guess which it cannot judge."""
    lines = [json.loads(line) for line in simulator.record.read_text().splitlines()]
    kept = [line for line in lines if not (line["path"].endswith("/token") and line["status"] == 403)]
    simulator.record.write_text("".join(json.dumps(line) + "\n" for line in kept))
