# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The console, over HTTPS as a browser sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.simulator._people import ANNA, BOT, OLIVIA, OTTO, Simulator, running
from workiva_simulator.browser import Browser, Form, NotPossible, words

SECRET = re.compile(r"wk_secret:oa2c:\w+")


@pytest.fixture(scope="module")
def _simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running(tmp_path_factory.mktemp("console")) as simulator:
        yield simulator


@pytest.fixture
def simulator(_simulator: Simulator) -> Iterator[Simulator]:
    """The same server for all tests, without the grants and the answers of the test before."""
    yield _simulator
    _simulator.forget()


def open_organization_form(browser: Browser) -> Form:
    for text in ("Organization Admin", "Security", "Provisioning", "Add Identity or API", "API Grant"):
        browser.follow(text)
    return browser.form("Add Grant")


def open_workspace_form(browser: Browser, workspace: str = "SEC Filing") -> Form:
    for text in (workspace, "Workspace Settings", "Security", "Create API Grant"):
        browser.follow(text)
    return browser.form("Add Grant")


def fill(form: Form, **others: str) -> Form:
    values = {
        "Client Name": "SEC Filing | payroll-sync | 2026-11",
        "Workiva Username": BOT,
        "Client Type": "OAuth2 Client Credentials",
        "Expires": "2999-12-31",
        "IP Allowlist": "203.0.113.7, 127.0.0.1",
    }
    if form.has("Workspace"):
        values["Workspace"] = "SEC Filing"
    for label, value in {**values, **others}.items():
        form.enter(label, value)
    form.tick("Scopes", ["file:read", "Spreadsheets (Write)"])
    return form


def add(simulator: Simulator, **others: str) -> None:
    with simulator.signed_in(OLIVIA) as browser:
        browser.press(fill(open_organization_form(browser), **others), "Add Grant")


def open_own_grants(browser: Browser) -> None:
    browser.follow("My profile")
    browser.follow("Security")


def press_regenerate(browser: Browser) -> dict[str, str]:
    open_own_grants(browser)
    browser.press(browser.form("Regenerate"), "Regenerate")
    return browser.terms()


def test_the_forms_have_the_documented_fields(simulator: Simulator) -> None:
    with simulator.signed_in(OLIVIA) as browser:
        form = open_organization_form(browser)
        labels = ["Client Name", "Workspace", "Workiva Username", "Client Type", "Expires", "IP Allowlist"]
        assert [label for label in labels if form.has(label)] == labels
        assert form.options("Client Type") == ["OAuth2 Client Credentials"]
        assert {"Spreadsheets (Read)", "Spreadsheets (Write)", "file:read"} <= set(form.choices("Scopes"))
        browser.open(simulator.url)
        form = open_workspace_form(browser)
        assert browser.heading() == "Update Grant"
        assert not form.has("Workspace")
        assert browser.page.find("label", string=re.compile("Ip Allowlist"))


def test_an_administrator_adds_a_grant_and_never_sees_a_secret(simulator: Simulator) -> None:
    with simulator.signed_in(OLIVIA) as browser:
        browser.press(fill(open_organization_form(browser)), "Add Grant")
        assert not SECRET.search(str(browser.page))
        ((cells, row),) = browser.rows()
        assert words(cells["Workspace"]) == "SEC Filing"
        assert [words(link) for link in row.select("a")] == ["Edit", "Delete"]
        browser.follow("Edit", inside=row)
        assert not SECRET.search(str(browser.page))
        assert not browser.form("Save").has("Workspace")
    grant = simulator.grant()
    assert grant["scopes"] == ["data_tables|w", "file:read"] or grant["scopes"] == ["file:read", "data_tables|w"]
    assert grant["ip_allowlist"] == ["203.0.113.7", "127.0.0.1"]
    assert "wk_secret" not in str(grant)
    assert [activity["alias"] for activity in simulator.state.all("activity")][-1] == "api_grant_create"


def test_the_secret_is_shown_once_after_add_grant_in_workspace_settings(simulator: Simulator) -> None:
    with simulator.signed_in(OTTO) as browser:
        browser.press(fill(open_workspace_form(browser)), "Add Grant")
        terms = browser.terms()
        assert simulator.token(terms["Client ID"], terms["Client Secret"]).json()["scope"] == "file:read data_tables|w"
        browser.open(browser.address)
        assert not SECRET.search(str(browser.page))


@pytest.mark.parametrize(
    ("answer", "organization", "workspace"),
    [("by_screen", False, True), ("regenerate_only", False, False), ("after_add", True, True)],
)
def test_where_the_secret_is_shown_is_a_switch(
    simulator: Simulator, answer: str, organization: bool, workspace: bool
) -> None:
    simulator.command("switch", f"secret_shown={answer}")
    with simulator.signed_in(OLIVIA) as browser:
        browser.press(fill(open_organization_form(browser)), "Add Grant")
        assert ("Client Secret" in browser.terms()) is organization
        browser.open(simulator.url)
        browser.press(fill(open_workspace_form(browser)), "Add Grant")
        assert ("Client Secret" in browser.terms()) is workspace


def test_regenerate_shows_the_secret_once_and_to_the_named_user_only(simulator: Simulator) -> None:
    add(simulator)
    with simulator.signed_in(BOT) as browser:
        first = press_regenerate(browser)
        assert first["Client ID"] == simulator.grant()["client_id"]
        assert simulator.token(first["Client ID"], first["Client Secret"]).status_code == 200
        browser.open(browser.address)
        assert not SECRET.search(str(browser.page))
        second = press_regenerate(browser)
    assert simulator.token(first["Client ID"], first["Client Secret"]).status_code == 401
    assert simulator.token(second["Client ID"], second["Client Secret"]).status_code == 200
    for other in (OLIVIA, ANNA):
        with simulator.signed_in(other) as browser:
            open_own_grants(browser)
            assert browser.rows() == []


def test_nobody_else_can_send_the_form_of_regenerate(simulator: Simulator) -> None:
    add(simulator)
    with simulator.signed_in(BOT) as browser:
        open_own_grants(browser)
        address = browser.form("Regenerate").address
    with simulator.client() as client:
        _sign_in(client, OLIVIA)
        page = client.get("/console/profile")
        answer = client.post(address, data={"csrf": _csrf(page)})
        assert answer.status_code == 403
        assert "Only the user who is named" in answer.text


def _csrf(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found
    return found.group(1)


def _sign_in(client: httpx.Client, username: str) -> None:
    page = client.get("/console/sign-in")
    answer = client.post("/console/sign-in", data={"csrf": _csrf(page), "username": username})
    assert answer.status_code == 303


def test_a_form_that_is_not_of_this_session_does_nothing(simulator: Simulator) -> None:
    with simulator.client() as client, simulator.client() as other:
        assert client.post("/console/sign-in", data={"username": OLIVIA}).status_code == 403
        foreign = _csrf(other.get("/console/sign-in"))
        assert client.post("/console/sign-in", data={"username": OLIVIA, "csrf": foreign}).status_code == 403
        _sign_in(client, OLIVIA)
        for csrf in ({}, {"csrf": ""}, {"csrf": foreign}, {"csrf": "ü"}):
            answer = client.post(
                "/console/admin/security/provisioning/add/api-grant", data={"client_name": "x", **csrf}
            )
            assert answer.status_code == 403
        assert simulator.state.all("grant") == []


def test_the_session_is_a_secure_cookie_and_a_new_one_after_signing_in(simulator: Simulator) -> None:
    with simulator.client() as client:
        page = client.get("/console/sign-in")
        planted = client.cookies["workiva_simulator"]
        answer = client.post("/console/sign-in", data={"csrf": _csrf(page), "username": OLIVIA})
        cookie = answer.headers["set-cookie"].lower()
        assert all(word in cookie for word in ("secure", "httponly", "samesite=lax"))
        assert client.cookies["workiva_simulator"] != planted
        home = client.get("/console")
        assert home.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in home.headers["content-security-policy"]
        signed_in = client.cookies["workiva_simulator"]
        client.post("/console/sign-out", data={"csrf": _csrf(home)})
        client.cookies.set("workiva_simulator", signed_in)
        assert client.get("/console").status_code == 303


@pytest.mark.parametrize(
    "path", ["", "/admin", "/admin/security/provisioning", "/profile/security", "/workspace/x/settings"]
)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(simulator: Simulator, path: str) -> None:
    with simulator.client() as client:
        answer = client.get(f"/console{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in")


@pytest.mark.parametrize("username", [ANNA, OTTO])
def test_organization_admin_is_for_an_org_security_admin(simulator: Simulator, username: str) -> None:
    with simulator.signed_in(username) as browser:
        assert not browser.has_link("Organization Admin")
        for path in ("", "/security", "/security/provisioning", "/security/provisioning/add/api-grant"):
            with pytest.raises(NotPossible, match="Org Security Admin"):
                browser.open(f"/console/admin{path}")


def test_an_org_security_admin_without_a_workspace_gets_nowhere(simulator: Simulator) -> None:
    with pytest.raises(NotPossible, match="suspended"), simulator.signed_in("lonely.admin@example.com"):
        pass
    (user,) = simulator.state.all("user", username="lonely.admin@example.com")
    simulator.state.put("user", {**user, "status": "active"})
    try:
        with simulator.signed_in("lonely.admin@example.com") as browser:
            with pytest.raises(NotPossible, match="member of a workspace"):
                browser.open("/console/admin")
    finally:
        simulator.state.put("user", user)


def test_workspace_settings_are_for_owners_and_administrators_of_a_workspace_they_are_in(simulator: Simulator) -> None:
    add(simulator)
    grant = simulator.grant()
    base = f"/console/workspace/{grant['workspace']}/settings/security"
    with simulator.signed_in(ANNA) as browser:
        browser.follow("SEC Filing")
        assert not browser.has_link("Workspace Settings")
        for address in (base, f"{base}/add", f"{base}/{grant['id']}/edit", f"{base}/{grant['id']}/delete"):
            with pytest.raises(NotPossible, match="Workspace Owner"):
                browser.open(address)
    (other,) = simulator.state.all("workspace", name="ESG Reporting")
    with simulator.signed_in(OTTO) as browser:
        assert not browser.has_link("ESG Reporting")
        with pytest.raises(NotPossible, match="not a member"):
            browser.open(f"/console/workspace/{other['id']}/settings/security")
    with simulator.signed_in(OLIVIA) as browser:
        # A grant of another workspace is not reached by a made-up address.
        with pytest.raises(NotPossible, match="no such grant"):
            browser.open(f"/console/workspace/{other['id']}/settings/security/{grant['id']}/edit")


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"Workiva Username": OTTO, "Workspace": "ESG Reporting"}, "Workiva Username must be a user of the workspace"),
        ({"Workiva Username": "nobody@example.com"}, "Workiva Username must be a user of the workspace"),
        ({"Expires": "2020-01-01"}, "Expires must be a date in the future"),
        ({"Expires": "soon"}, "Expires must be a date"),
        ({"Client Name": " "}, "Client Name must not be empty"),
        ({"IP Allowlist": "203.0.113.0/24"}, "IP Allowlist takes addresses"),
        ({"IP Allowlist": "here"}, "IP Allowlist takes addresses"),
    ],
)
def test_wrong_form_shows_the_error_and_keeps_what_was_typed(
    simulator: Simulator, others: dict[str, str], said: str
) -> None:
    with simulator.signed_in(OLIVIA) as browser:
        with pytest.raises(NotPossible, match=said):
            browser.press(fill(open_organization_form(browser), **others), "Add Grant")
        form = browser.form("Add Grant")
        kept = dict(form.values)
        assert kept["username"] == others.get("Workiva Username", BOT)
        assert browser.page.select_one("[aria-invalid=true]")
    assert simulator.state.all("grant") == []


def test_scopes_must_be_chosen_from_the_form(simulator: Simulator) -> None:
    with simulator.signed_in(OLIVIA) as browser:
        form = fill(open_organization_form(browser))
        form.tick("Scopes", [])
        with pytest.raises(NotPossible, match="Scopes must not be empty"):
            browser.press(form, "Add Grant")
        form = fill(browser.form("Add Grant"))
        form.values.append(("scopes", "everything:write"))
        with pytest.raises(NotPossible, match="Scopes has no everything:write"):
            browser.press(form, "Add Grant")


def test_the_simulators_clock_decides_what_the_future_is(simulator: Simulator) -> None:
    simulator.command("clock", "2030-06-01")
    with simulator.signed_in(OLIVIA) as browser:
        form = open_organization_form(browser)
        with pytest.raises(NotPossible, match="Expires must be a date in the future"):
            browser.press(fill(form, Expires="2030-06-01"), "Add Grant")
        browser.press(fill(browser.form("Add Grant"), Expires="2030-06-02"), "Add Grant")
    assert simulator.grant()["expires"] == "2030-06-02"


def test_networks_in_the_allowlist_are_a_switch(simulator: Simulator) -> None:
    simulator.command("switch", "allowlist_cidr=accepted")
    add(simulator, **{"IP Allowlist": "203.0.113.0/24"})
    assert simulator.grant()["ip_allowlist"] == ["203.0.113.0/24"]


def test_edit_changes_all_but_the_workspace_and_another_user_ends_the_secret(simulator: Simulator) -> None:
    add(simulator)
    workspace = simulator.grant()["workspace"]
    (other,) = simulator.state.all("workspace", name="ESG Reporting")
    with simulator.signed_in(BOT) as browser:
        pair = press_regenerate(browser)
    with simulator.signed_in(OLIVIA) as browser:
        for text in ("Organization Admin", "Security", "Provisioning", "Edit"):
            browser.follow(text)
        form = browser.form("Save")
        form.enter("Expires", "2998-01-01")
        form.tick("Scopes", ["graph:read"])
        form.values.append(("workspace", other["id"]))
        browser.press(form, "Save")
        grant = simulator.grant()
        assert (grant["expires"], grant["scopes"], grant["workspace"]) == ("2998-01-01", ["graph:read"], workspace)
        assert simulator.token(pair["Client ID"], pair["Client Secret"]).json()["scope"] == "graph:read"
        browser.follow("Edit")
        form = browser.form("Save")
        form.enter("Workiva Username", ANNA)
        browser.press(form, "Save")
        assert "not valid any more" in words(browser.page.select_one("[role=status]"))  # type: ignore[arg-type]
    assert simulator.token(pair["Client ID"], pair["Client Secret"]).status_code == 401
    with simulator.signed_in(ANNA) as browser:
        pair = press_regenerate(browser)
    assert simulator.token(pair["Client ID"], pair["Client Secret"]).status_code == 200


def test_delete_asks_first(simulator: Simulator) -> None:
    add(simulator)
    with simulator.signed_in(OLIVIA) as browser:
        for text in ("SEC Filing", "Workspace Settings", "Security", "Delete"):
            browser.follow(text)
        assert simulator.grant()
        browser.press(browser.form("Delete"), "Delete")
        assert browser.rows() == []
    assert simulator.state.all("grant") == []


def test_what_people_type_never_becomes_markup(simulator: Simulator) -> None:
    add(simulator, **{"Client Name": "<script>alert(1)</script>"})
    with simulator.signed_in(OLIVIA) as browser:
        for text in ("Organization Admin", "Security", "Provisioning"):
            browser.follow(text)
        assert browser.page.find("script") is None
        ((cells, _row),) = browser.rows()
        assert words(cells["Client Name"]) == "<script>alert(1)</script>"


def test_signing_in_is_refused_to_the_unknown_and_is_seen_in_the_last_login(simulator: Simulator) -> None:
    with pytest.raises(NotPossible, match="There is no user"), simulator.signed_in("nobody@example.com"):
        pass
    with simulator.signed_in(ANNA):
        (user,) = simulator.state.all("user", username=ANNA)
        assert user["last_login"]


def test_no_secret_is_kept_in_the_state(simulator: Simulator, tmp_path: Path) -> None:
    add(simulator)
    with simulator.signed_in(BOT) as browser:
        secret = press_regenerate(browser)["Client Secret"].encode()
    for path in simulator.directory.rglob("*"):
        if path.is_file():
            assert secret not in path.read_bytes()
