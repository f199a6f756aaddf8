# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Loads and checks the project folder; see the documentation of the module of this name."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from ansible import constants as C

from ansible_collections.integrations.workiva.plugins.module_utils._api.network import without_login
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import read_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction, day
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.certificates import (
    Inventory,
    certificate_notice,
    certificates,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.project import (
    Project,
    Stored,
    build,
    check_delete,
    check_only,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import (
    Findings,
    Source,
    read_source,
    template_source,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.templates import make_renderer, plain
from ansible_collections.integrations.workiva.plugins.plugin_utils._run.output import print_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import VaultText

CONNECTION = (
    "region",
    "api_url",
    "token_endpoint",
    "organization_id",
    "ca_path",
    "proxy",
    "timeout",
    "retries",
    "connect_to",
)


class ActionModule(ControllerAction):
    """See the documentation of the module of this name."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "project": {"type": "raw"},
            "templates": {"type": "bool", "default": True},
            "only": {"type": "list", "elements": "str", "default": []},
            "delete": {"type": "list", "elements": "str", "default": []},
            "today": {"type": "str"},
        }
    }
    # It may hold dates, and whatever a person wrote.
    UNVALIDATED = ("integrations",)

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Loads, templates and checks; all problems are returned at once."""
        if isinstance(arguments["project"], dict):
            return {"workiva": _loaded(arguments["project"])}
        if not isinstance(arguments["project"], (str, type(None))):
            raise InvalidArgument("project must be the path of the project folder, or what this task returned for it.")
        variables = self.variables
        folder = _folder(arguments["project"], variables)
        today = day("today", arguments["today"])
        out = Findings()
        settings = read_source(os.path.join(folder, "workiva.yml"), "workiva.yml", out)
        if not settings and not os.path.lexists(os.path.join(folder, "workiva.yml")):
            out.problems.append(_where_it_was_looked_for(bool(arguments["project"]), folder))
        sources = _files(folder, out) + _given(arguments["integrations"], out)
        template = make_renderer(self._templar, variables) if arguments["templates"] else None
        for source in [*([settings] if settings else []), *sources]:
            template_source(source, template, out)
        stored = _stored(os.path.join(folder, "credentials.yml"))
        project = build(settings, sources, stored, today, out)
        if settings:
            # Without templates, nothing is known of the inventory either: its groups may be made of them.
            inventory = Inventory.of(variables) if template else None
            project.certificates = certificates(settings, project.workiva, folder, inventory, out)
            project.certificate_notice = certificate_notice(settings, project.workiva, folder, out)
        only = [str(name) for name in arguments["only"]]
        check_only(only, project, out)
        check_delete([str(name) for name in arguments["delete"]], project, out)
        if out.problems:
            count = f"{len(out.problems)} problems" if len(out.problems) > 1 else "a problem"
            found = "\n".join(f"  {problem}" for problem in out.problems)
            return {
                "failed": True,
                "changed": False,
                "msg": f"The project {folder} has {count}; nothing was sent.\n{found}",
                "problems": out.problems,
            }
        for note in _first_said(out.warnings, C.DEFAULT_LOCAL_TMP):
            print_text(f"note: {note}")
        return {"changed": False, "workiva": _result(folder, project, only, stored, out)}


def _first_said(notes: list[str], run_folder: str) -> list[str]:
    """The notes that this run has not printed yet. Every role loads the project, each in a process of its own, so that the
    run's temporary folder remembers them."""
    path = os.path.join(run_folder, "workiva_notes")
    with open(path, "a+", encoding="utf-8") as stream:
        stream.seek(0)
        said = set(stream.read().split("\0"))
        new = [note for note in notes if note not in said]
        stream.write("".join(f"{note}\0" for note in new))
    return new


def _loaded(project: dict[str, Any]) -> dict[str, Any]:
    """A project that was loaded before in the same run. The credentials file may have been created meanwhile."""
    if "credentials" not in project or "integrations" not in project:
        raise InvalidArgument(
            "project is not what this task returned: give its result workiva, or the path of the folder."
        )
    return {**project, "credentials_exist": os.path.exists(str(project["credentials"]))}


def _folder(given: str | None, variables: dict[str, Any]) -> str:
    """The option; else the folder of the inventory; else the current one. Never a folder of installed collections."""
    if given and not os.path.isabs(os.path.expanduser(given)):
        raise InvalidArgument(
            f"project must be an absolute path: {safe_text(given)} would end in the installed collection. "
            "Use \"{{ lookup('ansible.builtin.env', 'PWD') }}/...\"."
        )
    sources = [str(source) for source in variables.get("ansible_inventory_sources") or []]
    inventory = next((source for source in sources if os.path.exists(source)), None)
    beside = (inventory if os.path.isdir(inventory) else os.path.dirname(inventory)) if inventory else None
    # Cores before 2.19 say the text None where the inventory is no file.
    declared = str(variables.get("inventory_dir"))
    of_inventory = (declared if os.path.isabs(declared) else None) or beside
    folder = os.path.abspath(os.path.expanduser(given or of_inventory or os.getcwd()))
    if "ansible_collections" in folder.split(os.sep):
        raise InvalidArgument(f"project lies inside an installed collection: {safe_text(folder)}")
    return folder


def _where_it_was_looked_for(given: bool, folder: str) -> str:
    """Why this folder, and how to name another."""
    how = (
        "the project that was given"
        if given
        else "the folder of the inventory, or the current one where no inventory is a file"
    )
    return (
        f"No project was found: {safe_text(folder)} is {how}. Run the playbook in the project folder, or give its absolute path "
        "as workiva_project (the option project of this task)."
    )


def _files(folder: str, out: Findings) -> list[Source]:
    declared = os.path.join(folder, "integrations.d")
    names = sorted(os.listdir(declared)) if os.path.isdir(declared) else []
    sources = []
    for name in names:
        place = f"integrations.d/{name}"
        if name.startswith("."):
            continue
        if name.endswith(".yaml"):
            out.problems.append(f"{place}: it would not be read, since files of integrations end in .yml; rename it.")
        elif name.endswith(".yml"):
            source = read_source(os.path.join(declared, name), place, out)
            sources += [source] if source else []
    return sources


def _given(items: Any, out: Findings) -> list[Source]:
    """Integrations given as a list, each to be checked as a file is."""
    if isinstance(items, str) and items:
        # Cores before 2.19 make text of a templated list that holds a date.
        try:
            items = ast.literal_eval(re.sub(r"datetime\.date\((\d+), (\d+), (\d+)\)", _quoted_date, items))
        except (ValueError, SyntaxError):
            items = None
        if items is None:
            out.problems.append("integrations: must be a list of integrations, each as a file would hold it.")
    if not isinstance(items or [], (list, tuple)):
        out.problems.append("integrations: must be a list of integrations, each as a file would hold it.")
        return []
    return [Source(f"integrations[{number}]", plain(item)) for number, item in enumerate(items or [])]


def _quoted_date(found: re.Match[str]) -> str:
    return f"'{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}'"


def _stored(credentials: str) -> Callable[[str, str], bool]:
    """Whether a grant has a client id in the vars file; nothing is decrypted for that."""
    try:
        document = VaultText.of_bytes(read_file(credentials) or b"", credentials)
    except WorkivaError:
        return lambda _integration, _grant: False
    return lambda integration, grant: (
        document.find(("workiva_credentials", integration, grant, "client_id")) is not None
    )


def _result(folder: str, project: Project, only: list[str], stored: Stored, out: Findings) -> dict[str, Any]:
    def wanted(item: dict[str, Any]) -> bool:
        return not only or item["integration"] in only

    users = [user for user in project.users if wanted(user)]
    credentials = os.path.join(folder, "credentials.yml")
    connection = {name: project.workiva[name] for name in CONNECTION if project.workiva.get(name) is not None}
    if connection.get("proxy"):
        # Results are shown. Tasks get the whole address with the lookup project_proxy.
        connection["proxy"] = without_login(connection["proxy"])
    if connection.get("ca_path"):
        connection["ca_path"] = os.path.join(folder, os.path.expanduser(connection["ca_path"]))
    return {
        "project": folder,
        "connection": connection,
        "administration": project.mode(),
        "administration_grants": project.used(stored),
        "administration_scopes": project.scopes_needed(len(users)),
        "credentials": credentials,
        "credentials_exist": os.path.exists(credentials),
        "journal": os.path.join(folder, "journal"),
        "work_orders": os.path.join(folder, "work-orders"),
        "administrator_grants": project.administrator_grants,
        "file_administrator_grants": project.file_administrator_grants,
        "files": [file for file in project.files if wanted(file)],
        "users": users,
        "about": project.about,
        "absent": [user["integration"] for user in users if user["state"] == "absent"],
        "delete_declared": [name for name in project.delete_declared if not only or name in only],
        "grants": [grant for grant in project.grants if wanted(grant)],
        "integrations": [name for name in project.names if not only or name in only],
        "certificates": project.certificates,
        "certificate_notice": project.certificate_notice,
        "handover_url": project.workiva.get("handover_url"),
        "scope_labels": project.scope_labels,
        "warnings": out.warnings,
    }
