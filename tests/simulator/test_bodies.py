# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever a client sends gets an answer that the contract knows: bodies that it forbids a 400, and nothing a 500."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests._contract import CONTRACT, schemas
from workiva_simulator import rules, seed, server
from workiva_simulator.api import OPERATIONS, TOKEN_PATHS, Operation
from workiva_simulator.bodies import BODIES, READ_ONLY
from workiva_simulator.state import State

AUTOMATION = "workiva-automation@example.com"
SCOPES = ["organization:read", "organization:write", "activity:read", "file:read", "file:write"]
WITH_BODY = [operation for operation in OPERATIONS if operation.body]
EXAMPLES = 12


class Client:
    """The application without a server, a token for it, and objects of each kind that a path can name."""

    def __init__(self, state: State) -> None:
        seed.plant(state)
        (workspace,) = state.all("workspace", name="SEC Filing")
        (user,) = state.all("user", username=AUTOMATION)
        (membership,) = state.all("membership", user=user["id"])
        file = rules.create_file(
            state, workspace["id"], {"name": "10-K", "permissions": [("Owner", user["id"])], "parts": ["s1"]}
        )
        fields = {"client_name": "test", "workspace": workspace["id"], "username": AUTOMATION, "scopes": SCOPES}
        self.credentials = rules.create_grant(state, {**fields, "expires": "2099-01-01"})
        transport = httpx.ASGITransport(server.make_application(state), client=("127.0.0.1", 1))
        self._http = httpx.AsyncClient(transport=transport, base_url="https://localhost")
        self._loop = asyncio.new_event_loop()
        self.ids = {
            "organization": state.all("organization")[0]["id"],
            "workspace": workspace["id"],
            "user": user["id"],
            "membership": membership["id"],
            "group": state.all("group", workspace=workspace["id"])[0]["id"],
            "solution": state.all("solution")[0]["id"],
            "file": file["id"],
            "part": "s1",
            "permission": rules.permission_id("Owner"),
        }
        fields = {"client_id": self.credentials[0]["client_id"], "client_secret": self.credentials[1]}
        answer = self.send("POST", TOKEN_PATHS[0], data={"grant_type": "client_credentials", **fields})
        self.bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        return self._loop.run_until_complete(self._http.request(method, path, **request))

    def call(self, method: str, path: str, **request: Any) -> httpx.Response:
        return self.send(method, path, **{"headers": self.bearer, **request})

    def close(self) -> None:
        self._loop.run_until_complete(self._http.aclose())
        self._loop.close()

    def path(self, operation: Operation) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: self.ids.get(found[1], "none"), operation.path)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    made = Client(State(str(tmp_path_factory.mktemp("state") / "state.sqlite")))
    yield made
    made.close()


@pytest.fixture(scope="module")
def changed_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One whose objects a test may delete, its own user and grant with them."""
    made = Client(State(str(tmp_path_factory.mktemp("changed") / "state.sqlite")))
    yield made
    made.close()


def translated(schema: Any) -> dict[str, Any]:
    """A schema of the contract as JSON Schema: references resolved, nullable and readOnly in its words."""
    if "$ref" in schema:
        return translated(schemas()[schema["$ref"].rpartition("/")[2]])
    if "allOf" in schema:
        ((only,), more) = schema["allOf"], {key: value for key, value in schema.items() if key != "allOf"}
        schema = {**(schemas()[only["$ref"].rpartition("/")[2]]), **more}
    if schema.get("readOnly"):
        return READ_ONLY
    kind: Any = schema.get("type", "object" if "properties" in schema else None)
    found: dict[str, Any] = {}
    if "enum" in schema:
        return {"enum": [*schema["enum"], None] if schema.get("nullable") else schema["enum"]}
    if kind:
        found["type"] = [kind, "null"] if schema.get("nullable") else kind
    if kind == "object":
        found["properties"] = {name: translated(part) for name, part in schema["properties"].items()}
        found["required"] = schema.get("required", [])
    if kind == "array":
        found["items"] = translated(schema["items"])
        found |= {key: schema[key] for key in ("maxItems",) if key in schema}
    return found


@pytest.mark.skipif(not CONTRACT.exists(), reason="the vendor's contract is not at hand")
@pytest.mark.parametrize("name", BODIES)
def test_body_schema_equals_the_contract(name: str) -> None:
    assert BODIES[name] == translated(schemas()[name])


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)


def bodies(schema: dict[str, Any], wrong: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values of a schema; where C(wrong) has values, these come up in the place of each part as well."""
    if schema == READ_ONLY:
        return wrong
    if "enum" in schema:
        return st.sampled_from(schema["enum"]) | wrong
    kinds = schema.get("type")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    right: st.SearchStrategy[Any] = {"string": st.text(max_size=5), "boolean": st.booleans(), None: ANYTHING}.get(
        kind, st.nothing()
    )
    if kind == "array":
        right = st.lists(bodies(schema["items"], wrong), max_size=schema.get("maxItems", 3) + (not wrong.is_empty))
    if kind == "object":
        parts = {name: bodies(part, wrong) for name, part in schema["properties"].items()}
        needed = {name: parts.pop(name) for name in schema["required"] if wrong.is_empty}
        right = st.fixed_dictionaries(needed, optional={k: part for k, part in parts.items() if not part.is_empty})
    return right | wrong | (st.none() if isinstance(kinds, list) else st.nothing())


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda operation: f"{operation.method} {operation.path}")
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_forbidden_body_gets_a_400(client: Client, operation: Operation, data: st.DataObject) -> None:
    schema = BODIES[str(operation.body)]
    body = data.draw(bodies(schema, st.nothing()) | bodies(schema, ANYTHING))
    answer = client.call(operation.method, client.path(operation), json=body)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert {"code", "message"} <= set(answer.json())
    if not Draft202012Validator(schema).is_valid(body):
        assert (answer.status_code, answer.json()["code"]) == (400, "BadArgument")


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"{", b"\xff", b'{"username": NaN}', b'{"username": "\\ud800"}', b"[" * 100_000, b'"x"', b"[[]]"],
)
def test_body_that_is_no_json_gets_a_400(client: Client, content: bytes) -> None:
    for operation in WITH_BODY:
        answer = client.call(operation.method, client.path(operation), content=content)
        assert (answer.status_code, answer.json()["code"]) == (400, "BadArgument"), operation
    for path in TOKEN_PATHS:
        headers = {"content-type": "application/json"}
        answer = client.send("POST", path, content=content, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("body", "target", "words"),
    [
        ({"toRevoke": [{"permission": {}}]}, "toRevoke/0", "needs permission and principal"),
        ({"toRevoke": [{"permission": {}, "principal": "x"}]}, "toRevoke/0/permission", "of the type string"),
        ({"toAssign": {}}, "toAssign", "of the type array or null"),
        ({"toAssign": [{"permission": "p", "principal": "x", "resource": "r"}]}, "toAssign/0/resource", "read-only"),
    ],
)
def test_refused_body_names_the_place_and_the_rule(client: Client, body: Any, target: str, words: str) -> None:
    path = f"/files/{client.ids['file']}/permissions/modification"
    answer = client.call("POST", path, json=body).json()
    assert (answer["code"], answer["target"]) == ("BadArgument", target)
    assert words in answer["message"]


TEXTS = st.text(max_size=20)


@settings(max_examples=100)
@given(
    operation=st.sampled_from(OPERATIONS),
    query=st.dictionaries(
        st.sampled_from(["$next", "$maxpagesize", "$filter", "$orderBy", "$expand", "page[size]", "page[after]"]),
        st.one_of(TEXTS, st.integers().map(str), st.just("JTI0bGltaXQ9LTEmJTI0b2Zmc2V0PS01")),
        max_size=3,
    ),
    bearer=st.one_of(st.none(), st.binary(max_size=20), st.just(b"\xe9.\xe9.\xe9")),
    named=st.one_of(st.none(), st.text(min_size=1, max_size=8)),
)
def test_any_request_is_answered(
    changed_client: Client, operation: Operation, query: dict[str, str], bearer: bytes | None, named: str | None
) -> None:
    headers = (
        changed_client.bearer if bearer is None else {"Authorization": b"Bearer " + re.sub(rb"[\0\r\n]", b"", bearer)}
    )
    path = changed_client.path(operation)
    if named and "/" in path:
        path = path.rpartition("/")[0] + "/" + quote(named, safe="")
    answer = changed_client.call(operation.method, path, params=query, headers=headers)
    assert answer.status_code < 500, answer.text


def test_cursor_has_the_form_of_the_contracts_example(client: Client) -> None:
    users = f"/organizations/{client.ids['organization']}/users"
    answer = client.call("GET", users, params={"$next": "JTI0bGltaXQ9MTAwJiUyNG9mZnNldD0xMDA"})
    assert (answer.status_code, answer.json()) == (200, {"data": []})
    link = client.call("GET", users, params={"$maxpagesize": 1}).json()["@nextLink"]
    assert re.fullmatch(r"JTI0[A-Za-z0-9_-]+", link.partition("%24next=")[2])
    assert len(client.call("GET", link).json()["data"]) == 1
