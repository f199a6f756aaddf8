# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pages say what the order asks for, to people and to the simulator's administrator, whatever the names contain."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.order import WorkOrder, plan
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.pages import pages
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.steps import summary, waits_for
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.surroundings import Surroundings
from tests._declared import order_of

AROUND = Surroundings({"data_tables|w": "Spreadsheets (Write)"}, {"name": "Example Corp", "id": "o-1", "region": "us"})
HOSTILE = "</code><script>alert(1)</script>`**\"'&amp;| [x](javascript:1)\n# y"
STORED = {
    "event": "stored",
    "grant": "filing",
    "client_id": "c-1",
    "client_name": "SEC Filing | payroll-sync | 2025-11",
    "expires": "2026-12-01",
    "ip_allowlist": ["203.0.113.7"],
    "scopes": ["file:read"],
}
EDIT = {
    "scopes": {"from": ["file:read"], "to": ["file:read", "data_tables|w"]},
    "ip_allowlist": {"from": ["203.0.113.7"], "to": []},
}


def order(kind: str = "create", past: Any = (), **more: Any) -> WorkOrder:
    wanted = {
        "integration": "payroll-sync",
        "grant": "filing",
        "kind": kind,
        "owner": "owner@example.com",
        "purpose": "Loads the payroll totals",
        "username": "payroll-sync@example.com",
        "custodian": "anna.k@example.com",
        "sign_in": "password",
        "workspace": "SEC Filing",
        "scopes": ["file:read", "data_tables|w"],
        "expires": None,
        "lifetime_days": 365,
        "ip_allowlist": ["203.0.113.7", "203.0.113.8"],
        "screen": "organization_admin",
        "client_id": None,
        "reason": "no grant is known",
        "changes": {},
        **more,
    }
    return plan([order_of(wanted)], [], {more.get("integration", "payroll-sync"): past}, date(2026, 11, 24)).orders[0]


class Reader(HTMLParser):
    """Reads a page as the simulator's administrator does, and counts what could act."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.main: dict[str, str | None] = {}
        self.fields: list[tuple[str, str, dict[str, str | None]]] = []
        self.tags: list[str] = []
        self.blocks: dict[str, str] = {}
        self.policy = ""
        self.addresses: list[str] = []
        self._field: dict[str, str | None] | None = None
        self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append(tag)
        self._text = ""
        self.addresses += [str(attributes[name]) for name in ("src", "href", "action") if name in attributes]
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        if tag == "main":
            self.main = {name: value for name, value in attributes.items() if name.startswith("data-")}
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(attributes["content"])
        if "data-field" in attributes:
            self._field = attributes

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self.blocks[tag] = self._text
        if tag == "code" and self._field is not None:
            self.fields.append((str(self._field["data-field"]), self._text, self._field))
            self._field = None


def read(work_order: WorkOrder, around: Surroundings = AROUND) -> Reader:
    return Reader(pages(work_order, around)[f"{work_order.number}.html"].decode())


def markdown(work_order: WorkOrder) -> str:
    return pages(work_order, AROUND)[f"{work_order.number}.md"].decode()


def test_what_the_simulator_reads() -> None:
    page = read(order())
    assert page.main.pop("data-ticks") == f"payroll-sync.filing.1 {order().fields['fingerprint']}"
    assert page.main == {
        "data-order": "payroll-sync.filing.1",
        "data-kind": "create",
        "data-screen": "organization_admin",
        "data-integration": "payroll-sync",
        "data-grant": "filing",
    }
    assert [(name, text) for name, text, _attributes in page.fields] == [
        ("client_name", "SEC Filing | payroll-sync | 2026-11"),
        ("workspace", "SEC Filing"),
        ("username", "payroll-sync@example.com"),
        ("client_type", "OAuth2 Client Credentials"),
        ("scope", "file:read"),
        ("scope", "Spreadsheets (Write)"),
        ("expires", "2027-11-24"),
        ("ip_allowlist", "203.0.113.7,203.0.113.8"),
        # How the custodian finds the grant, on the second card.
        ("client_name", "SEC Filing | payroll-sync | 2026-11"),
        ("workspace", "SEC Filing"),
    ]
    assert [item[2]["data-scope"] for item in page.fields if item[0] == "scope"] == ["file:read", "data_tables|w"]


def test_an_edit_marks_what_stays() -> None:
    fields = read(order("edit", [STORED], changes=EDIT)).fields
    changed = [(name, text) for name, text, attributes in fields if "data-unchanged" not in attributes]
    assert changed == [("scope", "file:read"), ("scope", "Spreadsheets (Write)"), ("ip_allowlist", "")]
    unchanged = {name: text for name, text, attributes in fields if "data-unchanged" in attributes}
    assert unchanged["expires"] == "2026-12-01"
    assert unchanged["client_id"] == "c-1"


def test_an_edit_order_lists_what_to_tick() -> None:
    changes = {"scopes": {"from": ["file:read", "data_tables|r"], "to": ["file:read", "data_tables|w"]}}
    work_order = order("edit", [STORED], changes=changes)
    page, markdown = (content.decode() for content in pages(work_order, AROUND).values())
    for words in (
        "Leave ticked `file:read`",
        "Tick `Spreadsheets (Write)` (`data_tables|w`)",
        "Untick `data_tables|r`",
    ):
        assert words in markdown
    assert '<span class="tag">Untick</span> <code data-untick="scope" data-scope="data_tables|r">' in page
    assert [text for name, text, _attributes in read(work_order).fields if name == "scope"] == [
        "file:read",
        "Spreadsheets (Write)",
    ]


def test_an_order_shows_until_when_it_is_needed_and_how_long_it_takes() -> None:
    edit = order("edit", [STORED], changes={"expires": {"from": "2026-12-01", "to": "2027-11-24"}})
    for content in pages(edit, AROUND).values():
        text = re.sub(r"<[^>]+>", " ", content.decode())
        assert "1 December 2026, when the grant expires" in " ".join(text.split())
        assert "about 5 minutes" in text
    for content in pages(order(), AROUND).values():
        assert b"Needed before" not in content
        assert b"about 5 minutes for each person" in content


def test_values_are_directly_below_their_step() -> None:
    page = pages(order(), AROUND)["payroll-sync.filing.1.html"].decode()
    below = page.split("Fill in the values, each exactly as shown.", 1)[1]
    assert below[: below.index("<dl")].count("\n") == 1
    first, second = below.split('class="card"')
    for value in ("2026-11-24", "2027-11-24", "203.0.113.7,203.0.113.8", "data_tables|w"):
        assert value not in second
    assert "2027-11-24" in first
    assert "SEC Filing | payroll-sync | 2026-11" in second


def test_a_change_of_the_user_is_not_forbidden_on_its_own_page() -> None:
    changes = {"username": {"from": "old@example.com", "to": "payroll-sync@example.com"}}
    work_order = order("edit", [STORED], changes=changes)
    changed = [name for name, _text, attributes in read(work_order).fields if "data-unchanged" not in attributes]
    assert changed == ["username"]
    for content in pages(work_order, AROUND).values():
        assert b"ends the present secret at once" in content
        assert b"Do not change the Workiva Username" not in content


@pytest.mark.parametrize("kind", ["regenerate", "delete"])
def test_an_existing_grant_is_named(kind: str) -> None:
    fields = {name: text for name, text, _attributes in read(order(kind, [STORED])).fields}
    assert fields == {
        "client_name": "SEC Filing | payroll-sync | 2025-11",
        "client_id": "c-1",
        "workspace": "SEC Filing",
        "username": "payroll-sync@example.com",
    }


def test_an_empty_allowlist_has_no_row() -> None:
    assert "ip_allowlist" not in [name for name, _text, _attributes in read(order(ip_allowlist=[])).fields]


@pytest.mark.parametrize("kind", ["create", "edit", "regenerate", "delete"])
@pytest.mark.parametrize("screen", ["organization_admin", "workspace_settings", "account_admin"])
@pytest.mark.parametrize("sign_in", ["password", "sso", "sso_exception"])
def test_the_page_is_self_contained(kind: str, screen: str, sign_in: str) -> None:
    page = read(order(kind, [STORED], changes=EDIT, screen=screen, sign_in=sign_in))
    assert page.addresses == []
    assert not {"form", "iframe", "img", "link", "object"} & set(page.tags)
    for block in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.blocks[block].encode()).digest()).decode()
        assert f"{block}-src 'sha256-{digest}'" in page.policy
    assert "default-src 'none'" in page.policy
    assert "url(" not in page.blocks["style"]


def test_hostile_names_stay_text() -> None:
    tags = read(order()).tags
    hostile = order(
        workspace=HOSTILE,
        owner=HOSTILE,
        purpose=HOSTILE,
        username=HOSTILE,
        custodian=HOSTILE,
        reason=HOSTILE,
        scopes=[HOSTILE, HOSTILE + "2"],
        ip_allowlist=[HOSTILE],
    )
    around = Surroundings({HOSTILE: HOSTILE}, {"name": HOSTILE, "id": HOSTILE, "region": HOSTILE})
    page = read(hostile, around)
    assert page.tags.count("script") == tags.count("script") == 1
    assert {text for name, text, _attributes in page.fields if name == "username"} == {HOSTILE}
    markdown = pages(hostile, around)[f"{hostile.number}.md"].decode()
    assert "\n# y" not in markdown
    outside = re.sub(r"(?<![\\`])(`+)(?!`).+?(?<!`)\1(?!`)", "", markdown)
    assert "<script" not in outside
    assert "](javascript" not in outside


@given(st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_any_name_survives_the_page(purpose: str, username: str) -> None:
    # What HTML itself normalizes is not ours to keep.
    username = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "?", username)
    page = read(order(username=username, purpose=purpose.encode("utf-8", "replace").decode()))
    assert [text for name, text, _attributes in page.fields if name == "username"] == [username]
    assert page.tags.count("script") == 1


def test_the_same_order_gives_the_same_bytes() -> None:
    assert pages(order(), AROUND) == pages(order(), AROUND)


def test_two_people_where_the_secret_is_not_shown_and_copy_it_now_where_it_is() -> None:
    def text(screen: str) -> str:
        work_order = order(screen=screen)
        return pages(work_order, AROUND)[f"{work_order.number}.md"].decode()

    assert "nothing to hand back" in text("organization_admin")
    assert "copy it now" not in text("organization_admin")
    for screen in ("workspace_settings", "account_admin"):
        assert "copy it now" in text(screen)
        assert "Only if the secret was not shown" in text(screen)
    assert "**Security** > **Provisioning**" in text("organization_admin")
    assert "**Workspace Settings** > **Security**" in text("workspace_settings")
    assert "**Account Admin** > **People** > **OAuth2 Grants**" in text("account_admin")
    for screen in ("organization_admin", "workspace_settings", "account_admin"):
        assert "The label of `file:read` is not published. Choose what clearly means it, and" in text(screen)


def test_labels_that_are_not_published_agree_with_their_number() -> None:
    page = markdown(order(scopes=["file:read", "file:write", "graph:read"]))
    expected = (
        "The labels of `file:read`, `file:write` and `graph:read` are not published. Choose what clearly means them,"
    )
    assert expected in page


def test_markdown_puts_what_explains_a_value_in_parentheses() -> None:
    page = markdown(order())
    assert "Client Type: `OAuth2 Client Credentials` (Only newer forms have this field.)\n" in page
    assert "Expires: `2027-11-24` (24 November 2027)\n" in page
    changed = {**EDIT, "expires": {"from": "2026-12-01", "to": "2027-11-24"}}
    page = markdown(order("edit", [STORED], changes=changed, expires="2027-11-24"))
    assert "Expires: `2027-11-24` (24 November 2027; before: 1 December 2026)\n" in page
    assert "IP Allowlist: Empty the field. Before: 203.0.113.7.\n" in page


def test_an_order_refers_to_its_second_part_by_the_number_that_both_pages_show() -> None:
    for screen in ("organization_admin", "workspace_settings", "account_admin"):
        work_order = order(screen=screen)
        for page in pages(work_order, AROUND).values():
            assert b"part 2" in page
            assert b"next card" not in page
    assert "\n## 2. Generate the secret" in markdown(order())


@pytest.mark.parametrize("name", ["administrator", "file-administrator"])
def test_an_administrator_grant_is_for_the_administration_of_the_integrations(name: str) -> None:
    work_order = order(integration=name)
    for page in pages(work_order, AROUND).values():
        assert ", for the administration of the integrations. An integration is" in page.decode()


def test_an_owner_who_is_the_custodian_is_not_asked_to_start_the_handover_for_themselves() -> None:
    for custodian, offered in (("anna.k@example.com", True), ("owner@example.com", False)):
        for page in pages(order(custodian=custodian), AROUND).values():
            assert (b"If you have no terminal, ask owner@example.com" in page) is offered


def test_who_is_waited_for() -> None:
    assert waits_for(order("regenerate", [STORED])) == "anna.k@example.com"
    assert waits_for(order()) == "an Org Security Admin, then anna.k@example.com"
    assert waits_for(order("delete", [STORED], screen="workspace_settings")).startswith("a Workspace Owner")
    assert summary(order("edit", [STORED], changes=EDIT)).endswith("scopes, ip allowlist")


def test_page_about_files_has_a_card_for_each_owner_and_no_credentials() -> None:
    permissions = [
        {"user": "payroll-sync@example.com", "permission": "Editor"},
        {"group": "<b>Loaders", "permission": "Viewer"},
    ]
    shared = [
        {
            "file": "124e",
            "workspace": "SEC Filing",
            "about": "Schedules",
            "owner": "anna.k@example.com",
            "permissions": permissions,
        },
        {"file": "014b", "workspace": "SEC Filing", "about": "", "owner": "", "permissions": permissions[:1]},
    ]
    wanted = {
        **{
            "integration": "payroll-sync",
            "grant": "file_access",
            "kind": "file_access",
            "owner": "finance@example.com",
        },
        **{"purpose": "p", "custodian": "c", "sign_in": "sso", "screen": "organization_admin", "username": "u"},
        **{"workspace": "SEC Filing", "files": shared, "reason": "r"},
    }
    order = plan([order_of(wanted)], [], {}, date(2026, 11, 24)).orders[0]
    first, second = pages(order, Surroundings({}, {})), pages(order, Surroundings({}, {}))
    assert first == second
    page, markdown = (content.decode() for content in first.values())
    assert page.count('<section class="card"') == 2
    assert 'data-file="124e"' in page
    assert "&lt;b&gt;Loaders" in page
    assert "<b>Loaders" not in page
    assert "handover" not in markdown
    assert "Regenerate" not in page
    assert order.fields["fingerprint"] in page
    assert order.fields["fingerprint"] in markdown
    for text in (page, markdown):
        assert "whoever is Owner of the file" in text
        assert "anna.k@example.com" in text
