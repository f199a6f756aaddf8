# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for the REST API of AWX 24: as much of it as the modules of awx.awx use here.

It keeps what it is sent, and refuses what the controller refuses; a user sees and changes only what a role allows. It is stricter in one thing: a
field that it does not know is an error, where the controller passes over it, so that a misspelled one shows. It records every write.
"""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.awx.resources import BUILT_IN, POINTS_TO, RESOURCES, UNIFIED, Item
from tests.awx.rules import MAIL, check, check_messages, check_survey, check_type

ENCRYPTED = "$encrypted$"
READ_ONLY = {"id", "type", "managed", "url", "related", "summary_fields"}


@dataclass(frozen=True)
class User:
    """A user with a token; one with C(organization) administers that organization."""

    id: int
    teams: tuple[int, ...] = ()
    administers: int | None = None


class Controller:
    """What the controller holds."""

    def __init__(self, *playbooks: str) -> None:
        self.playbooks = playbooks
        self.numbers = itertools.count(1)
        self.items: dict[str, dict[int, Item]] = {name: {} for name in RESOURCES}
        self.attached: dict[tuple[str, int, str], list[int]] = {}
        self.surveys: dict[int, Item] = {}
        self.writes: list[tuple[str, str, Any]] = []
        self.reads: list[str] = []
        # How the next fetches of a project end; without any they succeed.
        self.fetches: list[str] = []
        # Who has a token beside the administrator: the user, and the teams that the user is in.
        self.users: dict[str, User] = {}
        for name, (kind, fields) in BUILT_IN.items():
            inputs = {
                "fields": [{"id": one, "type": "string", "label": one, "secret": secret} for one, secret in fields]
            }
            self.make("credential_types", {"name": name, "kind": kind, "inputs": inputs})

    def make(self, resource: str, sent: Item) -> Item:
        """As an administrator would have made it before; it is no recorded write."""
        number = next(self.numbers)
        item = {**json.loads(json.dumps(RESOURCES[resource].fields)), **sent, "id": number}
        self.items[resource][number] = item
        for role in RESOURCES[resource].roles:
            item.setdefault("roles", {})[role] = next(self.numbers)
        return item

    def one(self, resource: str, **values: Any) -> Item:
        (found,) = (
            item for item in self.items[resource].values() if all(item[name] == value for name, value in values.items())
        )
        return found

    def names(self, resource: str) -> list[str]:
        return sorted(item["name"] for item in self.items[resource].values())

    def shown(self, resource: str, item: Item) -> Item:
        number, spec = item["id"], RESOURCES[resource]
        url = f"/api/v2/{resource}/{number}/"
        summary: Item = {"object_roles": {name: {"id": role} for name, role in item.get("roles", {}).items()}}
        if "update" in item:
            summary["current_update"] = {"id": item["update"]}
        related = {name: f"{url}{name}/" for name in (*spec.attached, "survey_spec", "update")}
        template = item.get("unified_job_template")
        if template:
            related["unified_job_template"] = f"/api/v2/{self._resource_of(template)}/{template}/"
        if resource == "workflow_job_template_nodes":
            workflow = self.items["workflow_job_templates"][item["workflow_job_template"]]
            summary["workflow_job_template"] = {"id": workflow["id"], "name": workflow["name"]}
        shown = {name: value for name, value in item.items() if name not in ("roles", "update")}
        if resource == "credentials":
            shown["inputs"] = {
                name: ENCRYPTED if value and name in self._secret(item) else value
                for name, value in item["inputs"].items()
            }
        if resource == "notification_templates" and item["notification_configuration"].get("password"):
            shown["notification_configuration"] = {**item["notification_configuration"], "password": ENCRYPTED}
        return {**shown, "type": spec.type, "url": url, "related": related, "summary_fields": summary}

    def _resource_of(self, number: int) -> str:
        return next(name for name, items in self.items.items() if number in items)

    def _secret(self, credential: Item) -> list[str]:
        kind = self.items["credential_types"][credential["credential_type"]]
        return [one["id"] for one in kind["inputs"].get("fields", []) if one.get("secret")]

    def found(self, resource: str, query: list[tuple[str, str]]) -> list[Item]:
        resources = UNIFIED if resource == "unified_job_templates" else (resource,)
        paging = ("page", "page_size", "order_by")
        wanted = [(name, value) for name, value in query if name not in paging]
        shown = [self.shown(name, item) for name in resources for item in self.items[name].values()]
        either = [(name.removeprefix("or__"), value) for name, value in wanted if name.startswith("or__")]
        every = [(name, value) for name, value in wanted if not name.startswith("or__")]
        return [
            item
            for item in shown
            if all(self._matches(item, *pair, len(resources) > 1) for pair in every)
            and (not either or any(self._matches(item, *pair) for pair in either))
        ]

    def _matches(self, item: Item, name: str, value: str, may_lack: bool = False) -> bool:
        name, _between, deeper = name.partition("__")
        check(name in item or may_lack, f"{item['type']} has no field named {name!r}")
        if deeper == "in":
            return str(item[name]) in value.split(",")
        if deeper:
            other = self.items[POINTS_TO[name]].get(item[name])
            return bool(other) and str(other[deeper]) == value
        return name in item and str(item[name]) == value

    def create(self, resource: str, sent: Item) -> Item:
        spec = RESOURCES[resource]
        for name in spec.required:
            check(sent.get(name) not in (None, ""), f"{name}: this field is required.")
        sent = {name: value for name, value in sent.items() if name not in READ_ONLY}
        wanted = {**spec.fields, **sent}
        for item in self.items[resource].values():
            same = spec.unique and all(item.get(name) == wanted.get(name) for name in spec.unique)
            check(not same, f"{spec.type} with this {', '.join(spec.unique)} already exists.")
        self._check(resource, sent, wanted)
        item = self.make(resource, sent)
        if resource == "projects":
            self.fetch(item)
        return self.shown(resource, item)

    def fetch(self, project: Item) -> Item:
        """Updates a project. A revision is what a fetch that succeeded leaves behind."""
        status = self.fetches.pop(0) if self.fetches else "successful"
        update = self.make(
            "project_updates", {"project": project["id"], "status": status, "failed": status == "failed"}
        )
        project["update"] = update["id"]
        if status == "successful":
            project["scm_revision"] = update["scm_revision"] = f"revision {update['id']}"
        return update

    def change(self, resource: str, number: int, sent: Item) -> Item:
        item = self.items[resource][number]
        sent = {name: value for name, value in sent.items() if name not in READ_ONLY}
        if resource == "credentials" and "inputs" in sent:
            kept = {name: item["inputs"].get(name) for name, value in sent["inputs"].items() if value == ENCRYPTED}
            sent["inputs"] = {**sent["inputs"], **kept}
        self._check(resource, sent, {**item, **sent})
        item.update(sent)
        return self.shown(resource, item)

    def _check(self, resource: str, sent: Item, wanted: Item) -> None:
        spec = RESOURCES[resource]
        for name, value in sent.items():
            check(name in spec.fields, f"{spec.type} has no field {name!r}")
            default = spec.fields[name]
            check(default is None or type(value) is type(default), f"{name} is {value!r}")
            if name in POINTS_TO and value is not None:
                check(value in self.items[POINTS_TO[name]], f"{name}: Invalid pk {value!r} - object does not exist.")
        getattr(self, f"_check_{spec.type}", lambda _wanted: None)(wanted)

    def _check_credential_type(self, wanted: Item) -> None:
        check(wanted["kind"] in ("cloud", "net"), "only cloud and net")
        check_type(wanted)

    def _check_credential(self, wanted: Item) -> None:
        check(wanted["organization"] or wanted["user"] or wanted["team"], "an organization, a user or a team")
        kind = self.items["credential_types"][wanted["credential_type"]]
        fields = {one["id"]: one for one in kind["inputs"].get("fields", [])}
        for name, value in wanted["inputs"].items():
            check(name in fields, f"{name} is not allowed in the inputs")
            check(isinstance(value, str), f"{name} is no string")
            check(not value or value in fields[name].get("choices", [value]), f"{name} must be one of the choices")

    def _check_inventory_source(self, wanted: Item) -> None:
        check(wanted["source"] != "scm" or wanted["source_project"], "a project is needed")

    def _check_job_template(self, wanted: Item) -> None:
        fetched = self.items["projects"][wanted["project"]]["scm_revision"]
        check(fetched and wanted["playbook"] in self.playbooks, "Playbook not found for project.")
        check(wanted["job_type"] in ("run", "check"), "run or check")
        json.loads(wanted["extra_vars"] or "{}")

    def _check_workflow_job_template_node(self, wanted: Item) -> None:
        template = self.items["job_templates"].get(wanted["unified_job_template"] or 0, {})
        asks = not wanted["job_type"] or template.get("ask_job_type_on_launch")
        check(asks, "Field is not configured to prompt on launch.")

    def _check_schedule(self, wanted: Item) -> None:
        rule = wanted["rrule"]
        check(re.match(r"DTSTART(;TZID=[^:]+:\d{8}T\d{6}|:\d{8}T\d{6}Z) ", rule), "Valid DTSTART required in rrule.")
        check("RRULE:FREQ=" in rule and "INTERVAL=" in rule and "SECONDLY" not in rule, "INTERVAL required in rrule.")

    def _check_notification_template(self, wanted: Item) -> None:
        settings = wanted["notification_configuration"]
        check(wanted["notification_type"] == "email", "only mails here")
        check(set(settings) == set(MAIL), f"Missing or unknown: {set(settings) ^ set(MAIL)}")
        for name, kind in MAIL.items():
            fits = isinstance(settings[name], kind) and isinstance(settings[name], bool) == (kind is bool)
            check(fits, f"{name} of the wrong type")
        check_messages(wanted["messages"])

    def attach(self, resource: str, number: int, name: str, sent: Item) -> None:
        others = self.attached.setdefault((resource, number, name), [])
        target = RESOURCES[resource].attached[name] if resource in RESOURCES else name
        check(sent.get("id") in self.items[target], "Invalid pk")
        if sent.get("disassociate"):
            others.remove(sent["id"])
            return
        if (resource, name) == ("job_templates", "credentials"):
            kinds = [self.items["credentials"][one]["credential_type"] for one in (*others, sent["id"])]
            check(len(set(kinds)) == len(kinds), "Cannot assign multiple credentials of a type.")
            kind = self.items["credential_types"][kinds[-1]]["kind"]
            check(kind in ("ssh", "vault", "cloud", "net"), f"Cannot assign a Credential of kind `{kind}`.")
        others.append(sent["id"])

    def names_attached(self, resource: str, name: str, what: str) -> list[str]:
        """What is attached to the item of that name."""
        number = self.one(resource, name=name)["id"]
        target = RESOURCES[resource].attached[what]
        return [self.items[target][one]["name"] for one in self.attached.get((resource, number, what), [])]

    def holders(self, resource: str, name: str, role: str, who: str) -> list[str]:
        """The teams or users with a role on the item of that name."""
        number = self.one(resource, name=name)["roles"][role]
        key = "username" if who == "users" else "name"
        return [self.items[who][one][key] for one in self.attached.get(("roles", number, who), [])]

    def _roles(self, user: User, number: int) -> set[str]:
        """The roles on an item that a user has, also through a team."""
        roles = self.items[self._resource_of(number)][number].get("roles", {})
        return {
            name
            for name, role in roles.items()
            if user.id in self.attached.get(("roles", role, "users"), [])
            or set(user.teams) & set(self.attached.get(("roles", role, "teams"), []))
        }

    def _is_allowed(self, user: User, method: str, parts: list[str]) -> bool:
        """The controller's rules, as far as the tests need them: administrators of an organization do all but create credential types;
        others read templates on which they have a role, and the jobs of these."""
        if user.administers:
            return method == "GET" or parts[0] != "credential_types"
        if method != "GET" or len(parts) < 2 or parts[0] not in RESOURCES:
            return False
        item = self.items[parts[0]].get(int(parts[1]), {})
        template = item.get("job_template") or item.get("workflow_job_template") or item.get("id")
        return bool(template and self._roles(user, template))

    def answer(self, method: str, address: str, sent: Any, user: User | None = None) -> tuple[int, Any]:
        """The answer to a request of a user, or of the administrator of the whole controller."""
        split = urlsplit(address)
        parts = split.path.removeprefix("/api/v2/").strip("/").split("/")
        resource = parts[0]
        if user and not self._is_allowed(user, method, parts):
            known = method != "GET" and len(parts) == 1
            return (
                (403, {"detail": "You do not have permission to perform this action."})
                if known
                else (404, {"detail": "Not found."})
            )
        if split.path in ("/api/", "/api/v2/ping/"):
            return 200, {"version": "24.6.1", "current_version": "/api/v2/"}
        if resource == "roles" and len(parts) == 3:
            return self._associations(method, resource, int(parts[1]), parts[2], sent)
        if resource == "unified_job_templates" and method == "GET":
            return 200, self._page(self.found(resource, parse_qsl(split.query)), split.query, split.path)
        if resource not in RESOURCES:
            return 404, {"detail": "Not found."}
        if len(parts) == 1:
            if method == "POST":
                return 201, self.create(resource, sent)
            return 200, self._page(self.found(resource, parse_qsl(split.query)), split.query, split.path)
        number = int(parts[1])
        if number not in self.items[resource]:
            return 404, {"detail": "Not found."}
        if len(parts) == 2:
            return self._detail(method, resource, number, sent)
        return self._below(method, resource, number, parts[2], sent)

    def _detail(self, method: str, resource: str, number: int, sent: Any) -> tuple[int, Any]:
        if method == "PATCH":
            return 200, self.change(resource, number, sent)
        if method == "DELETE":
            del self.items[resource][number]
            return 204, None
        return 200, self.shown(resource, self.items[resource][number])

    def _below(self, method: str, resource: str, number: int, name: str, sent: Any) -> tuple[int, Any]:
        if name in RESOURCES[resource].attached:
            return self._associations(method, resource, number, name, sent)
        if name == "survey_spec" and resource in ("job_templates", "workflow_job_templates"):
            if method == "POST":
                check_survey(sent)
                self.surveys[number] = sent
                return 200, {}
            return 200, self.surveys.get(number, {})
        if (resource, name) == ("projects", "playbooks"):
            return 200, list(self.playbooks) if self.items[resource][number]["scm_revision"] else []
        if (resource, name, method) == ("projects", "update", "POST"):
            return 202, self.shown("project_updates", self.fetch(self.items[resource][number]))
        if (resource, name) == ("jobs", "stdout"):
            return 200, {"content": self.items[resource][number]["stdout"]}
        if name == "create_approval_template" and method == "POST":
            made = self.create("workflow_approval_templates", sent)
            self.items[resource][number]["unified_job_template"] = made["id"]
            return 201, made
        return 404, {"detail": "Not found."}

    def _associations(self, method: str, resource: str, number: int, name: str, sent: Any) -> tuple[int, Any]:
        if method == "POST":
            self.attach(resource, number, name, sent)
            return 204, None
        target = RESOURCES[resource].attached[name] if resource in RESOURCES else name
        attached = self.attached.get((resource, number, name), [])
        return 200, self._page([self.shown(target, self.items[target][one]) for one in attached], "", "")

    def _page(self, found: list[Item], query: str, path: str) -> Item:
        asked = dict(parse_qsl(query))
        size, page = int(asked.get("page_size", 25)), int(asked.get("page", 1))
        more = len(found) > size * page
        rest = "&".join(f"{name}={value}" for name, value in asked.items() if name != "page")
        following = f"{path}?page={page + 1}&{rest}" if more else None
        results = found[size * (page - 1) : size * page]
        return {"count": len(found), "next": following, "previous": None, "results": results}
