# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Loads a project folder: finds and reads its files, renders and checks them, and makes one value of them."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.network import without_login
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import make_visible, safe_text
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import (
    FileTrouble,
    check_folder,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._paths import check_own_path
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.administration import (
    entries_in,
    read_credentials,
    stored_in,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.build import build
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.certificates import (
    Inventory,
    build_certificate_notice,
    build_certificates,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import (
    ConnectionSettings,
    LoadedProject,
    RunSettings,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.orphans import (
    describe_orphans,
    read_orphans,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.project import (
    Project,
    check_delete,
    check_only,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import (
    Findings,
    Source,
    read_source,
    template_source,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.targets import Controller
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.templates import plain
from ansible_collections.integrations.workiva.plugins.plugin_utils._variables import describe_problems
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import VaultText


class ProjectProblems(InvalidArgument):
    """Everything that is wrong with a project, each problem with its file and line, and with the names in the run's variables."""

    def __init__(self, has: str, problems: list[str]) -> None:
        """C(has): what has the problems, as in C(The project FOLDER has)."""
        self.problems = [make_visible(problem) for problem in problems]
        super().__init__(describe_problems(has, problems), lines=[f"  {problem}" for problem in problems])


def find_folder(given: str | None, variables: Mapping[str, Any]) -> str:
    """The option; else the folder of the inventory; else the current one. Never a folder of installed collections."""
    named = check_own_path("project", os.path.expanduser(given)) if given else None
    sources = [str(source) for source in variables.get("ansible_inventory_sources") or []]
    inventory = next((source for source in sources if os.path.exists(source)), None)
    beside = (inventory if os.path.isdir(inventory) else os.path.dirname(inventory)) if inventory else None
    # Cores before 2.19 say the text None where the inventory is no file.
    declared = str(variables.get("inventory_dir"))
    of_inventory = (declared if os.path.isabs(declared) else None) or beside
    return check_own_path("project", os.path.abspath(named or os.path.expanduser(of_inventory or os.getcwd())))


def assert_project(folder: str, *, is_named: bool) -> None:
    """Raises L(InvalidArgument) where a folder has no C(workiva.yml). C(is_named): whether a person named the folder."""
    if not os.path.lexists(os.path.join(folder, "workiva.yml")):
        raise InvalidArgument(_where_it_was_looked_for(is_named, folder))


def load_project(
    folder: str,
    integrations: Any,
    run: RunSettings,
    *,
    render: Callable[[str], Any] | None,
    inventory: Inventory | None,
    is_named: bool,
) -> LoadedProject:
    """Loads a folder, and the integrations that are given as a list beside those in files.

    Without C(render) no template is rendered, and without C(inventory) no name of a host is checked. C(is_named): whether
    a person named the folder. Raises L(ProjectProblems) with all problems at once.
    """
    out = Findings()
    assert_project(folder, is_named=is_named)
    settings = read_source(os.path.join(folder, "workiva.yml"), "workiva.yml", out)
    sources = _files(folder, out) + _given(integrations, out)
    for source in [*([settings] if settings else []), *sources]:
        template_source(source, render, out)
    document = read_credentials(os.path.join(folder, "credentials.yml"))
    stored = stored_in(document)
    project = build(settings, sources, stored, run.day(), out, Controller(folder, inventory))
    if settings:
        project.certificates = build_certificates(settings, project.workiva, folder, inventory, out)
        project.certificate_notice = build_certificate_notice(settings, project.workiva, folder, out)
    check_only(list(run.only), project, out)
    check_delete(list(run.delete_user), project, out)
    if out.of_variables:
        found = f"The project {folder} and the variables of this run" if out.problems else "The variables of this run"
        raise ProjectProblems(f"{found} have", [*out.problems, *out.of_variables])
    if out.problems:
        raise ProjectProblems(f"The project {folder} has", out.problems)
    _note_orphans(folder, project, document, out)
    return _loaded(folder, project, run, out)


def _where_it_was_looked_for(given: bool, folder: str) -> str:
    """Why this folder, and how to name another. What is no folder may be anything, and is not quoted."""
    how = (
        "the folder that was given"
        if given
        else "the folder of the inventory, or the current one without an inventory file"
    )
    if os.path.isfile(folder):
        return f"{safe_text(folder)} ({how}) is a file. Nothing was done. Give the folder that it is in as workiva_project."
    where = f"{safe_text(folder)} ({how})" if os.path.isdir(folder) else how
    return (
        f"There is no project in {where}: no file workiva.yml. Nothing was done. Run the playbook in the project "
        "folder, or give its absolute path as workiva_project. The playbook "
        "integrations.workiva.start writes a new project."
    )


def _files(folder: str, out: Findings) -> list[Source]:
    declared = os.path.join(folder, "integrations.d")
    try:
        names = sorted(os.listdir(declared)) if check_folder(declared) else []
    except FileTrouble as error:
        out.problems.append(f"integrations.d: {str(error).replace(declared, 'it', 1)}")
        return []
    sources = []
    for name in names:
        place = f"integrations.d/{name}"
        if name.startswith("."):
            continue
        if name.endswith(".yaml"):
            out.problems.append(f"{place}: the files of integrations end in .yml. Rename it.")
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
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            items = None
        if items is None:
            out.problems.append(
                "integrations: must be a list of integrations. Write each as in a file of integrations.d."
            )
    if not isinstance(items or [], (list, tuple)):
        out.problems.append("integrations: must be a list of integrations. Write each as in a file of integrations.d.")
        return []
    return [Source(f"integrations[{number}]", plain(item)) for number, item in enumerate(items or [])]


def _quoted_date(found: re.Match[str]) -> str:
    return f"'{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}'"


def _note_orphans(folder: str, project: Project, document: VaultText | None, out: Findings) -> None:
    grants = [*project.grants, *project.administrator_grants, *project.file_administrator_grants]
    declared = {(grant.integration, grant.grant) for grant in grants}
    left = read_orphans(os.path.join(folder, "journal"), project.names)
    out.warnings += describe_orphans(declared, project.names, entries_in(document), left)


def _loaded(folder: str, project: Project, run: RunSettings, out: Findings) -> LoadedProject:
    def is_wanted(integration: str) -> bool:
        return not run.only or integration in run.only

    users = tuple(user for user in project.users if is_wanted(user.integration))
    return LoadedProject(
        folder=folder,
        connection=_connection(project.workiva, folder),
        administration=project.mode(),
        administration_scopes=project.scopes_needed(len(users)),
        credentials=os.path.join(folder, "credentials.yml"),
        journal=os.path.join(folder, "journal"),
        work_orders=os.path.join(folder, "work-orders"),
        run=run,
        integrations=tuple(name for name in project.names if is_wanted(name)),
        users=users,
        grants=tuple(grant for grant in project.grants if is_wanted(grant.integration)),
        administrator_grants=tuple(project.administrator_grants),
        file_administrator_grants=tuple(project.file_administrator_grants),
        files=tuple(file for file in project.files if is_wanted(file.integration)),
        targets=tuple(target for target in project.targets if is_wanted(target.integration)),
        about=project.about,
        places={name: found for name, found in project.places.items() if is_wanted(name)},
        absent=tuple(user.integration for user in users if user.state == "absent"),
        delete_declared=tuple(name for name in project.delete_declared if is_wanted(name)),
        certificates=tuple(project.certificates),
        certificate_notice=project.certificate_notice,
        handover_url=project.workiva.get("handover_url"),
        sealed_handover=bool(project.workiva.get("sealed_handover")),
        scope_labels=project.scope_labels,
        warnings=tuple(make_visible(note) for note in out.warnings),
    )


def _connection(workiva: Mapping[str, Any], folder: str) -> ConnectionSettings:
    authorities, connect_to, proxy = workiva.get("ca_path"), workiva.get("connect_to"), workiva.get("proxy")
    return ConnectionSettings(
        # Not known where it is a template that is not rendered.
        organization_id=workiva.get("organization_id") or "",
        region=workiva.get("region"),
        api_url=workiva.get("api_url"),
        token_endpoint=workiva.get("token_endpoint"),
        ca_path=os.path.join(folder, os.path.expanduser(authorities)) if authorities else None,
        # Results are shown. Who connects reads the whole address from the project.
        proxy=without_login(proxy) if proxy else None,
        timeout=workiva.get("timeout"),
        retries=workiva.get("retries"),
        connect_to=None if connect_to is None else tuple(connect_to),
    )
