# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller's rules for credential types, surveys and messages."""

from __future__ import annotations

import re
from types import SimpleNamespace

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tests.awx.resources import Item

MAIL = {
    **{"host": str, "port": int, "username": str, "password": str, "use_tls": bool, "use_ssl": bool},
    **{"sender": str, "recipients": list, "timeout": int},
}
QUESTIONS = ("text", "textarea", "password", "multiplechoice", "multiselect", "integer", "float")


class Refused(Exception):
    """What the controller answers with 400."""


def check(holds: object, why: str) -> None:
    if not holds:
        raise Refused(why)


def check_type(kind: Item) -> None:
    """The controller's rules for a credential type, which it tries on made-up values with every field filled."""
    fields = kind["inputs"].get("fields", [])
    ids = [one["id"] for one in fields]
    check(len(set(ids)) == len(ids), "field ids must be unique")
    check(set(kind["inputs"].get("required", [])) <= set(ids), "required names a field that is not there")
    known = {
        "id",
        "type",
        "label",
        "help_text",
        "format",
        "secret",
        "multiline",
        "choices",
        "ask_at_runtime",
        "default",
    }
    for one in fields:
        check(set(one) <= known, f"unknown in a field: {set(one) - known}")
        check(one.get("type") in ("string", "boolean"), "a field is a string or a boolean")
        check(one.get("format", "url") in ("url", "ssh_private_key"), "unknown format")
        check(re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]*", one["id"]) and one["id"] != "tower", f"bad id: {one['id']}")
        check(one.get("label"), "a field has a label")
        check(
            one["type"] == "string" or not {"choices", "multiline", "format", "secret"} & set(one), "for strings only"
        )
    injectors = kind["injectors"]
    check(set(injectors) <= {"file", "env", "extra_vars"}, "unknown injector")
    labels = list(injectors.get("file", {}))
    check(all(re.fullmatch(r"template(\.[a-zA-Z_][a-zA-Z0-9_]*)?", label) for label in labels), "bad name of a file")
    check("template" not in labels or len(labels) == 1, "one unnamed file, or named ones")
    names = SimpleNamespace(**{label.partition(".")[2]: "EXAMPLE_FILENAME" for label in labels if "." in label})
    tower = SimpleNamespace(filename="EXAMPLE_FILENAME" if "template" in labels else names)
    for templates in injectors.values():
        for template in templates.values():
            render(template, tower=tower, **dict.fromkeys(ids, "EXAMPLE"))


def render(template: object, **values: object) -> str:
    check(isinstance(template, str), f"{template!r} is not a string")
    try:
        return ImmutableSandboxedEnvironment(undefined=StrictUndefined).from_string(str(template)).render(**values)
    except TemplateError as error:
        raise Refused(f"{template}: {error}") from error


def check_survey(survey: Item) -> None:
    for name, kind in (("name", str), ("description", str), ("spec", list)):
        check(isinstance(survey.get(name), kind), f"'{name}' is missing from the survey, or of another type")
    check(survey["spec"], "'spec' has no items")
    variables = [question.get("variable") for question in survey["spec"]]
    check(len(set(variables)) == len(variables), "a variable is asked for twice")
    for question in survey["spec"]:
        for name, kind in (("type", str), ("question_name", str), ("variable", str), ("required", bool)):
            check(isinstance(question.get(name), kind), f"'{name}' is missing from a question, or of another type")
        check(question["type"] in QUESTIONS, f"{question['type']} is no type of a question")
        choices = question.get("choices", [])
        check(choices or not question["type"].startswith("multi"), "choices are missing")
        check(all(isinstance(choice, str) for choice in choices), "a choice is a text")
        if question["type"] == "multiplechoice" and question.get("default"):
            check(question["default"] in choices, "the default is none of the choices")
        check(all(isinstance(question.get(name, 0), int) for name in ("min", "max")), "a limit is an integer")


def check_messages(messages: Item) -> None:
    check(set(messages) <= {"started", "success", "error", "workflow_approval"}, "unknown event")
    job = {"id": 42, "name": "a job", "status": "successful", "job_type": "run", "artifacts": {}}
    for event in ("started", "success", "error"):
        texts = messages.get(event) or {}
        check(set(texts) <= {"message", "body"}, "a message and a body")
        check("\n" not in (texts.get("message") or ""), "a message has one line")
        for template in filter(None, texts.values()):
            render(template, job=job, job_friendly_name="Job", url="https://controller/#/jobs/playbook/42")
