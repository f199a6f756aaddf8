# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""How a task reaches Workiva for a project: its address, its proxy, and the stored credentials of one of its grants.

An action calls this in its own process, so that no playbook, role or C(module_defaults) holds a secret.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.network import check_proxy
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.administration import (
    choose_grants,
    stored_grants,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.checks import check_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.schema import WORKIVA, Field
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import (
    Findings,
    Source,
    read_source,
    template_source,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.templates import make_renderer
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import ADMINISTRATOR, ROOT
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import (
    VaultDocument,
    VaultFile,
    read_vault_ids,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.secrets import VaultKey

_CONNECTION = ("region", "api_url", "token_endpoint", "ca_path", "proxy", "timeout", "retries", "connect_to")


def make_connection(action: ControllerAction, project: LoadedProject) -> dict[str, Any]:
    """The connection options that a project sets, without credentials; the proxy has its user and password.

    Raises L(InvalidArgument) where the proxy cannot be used.
    """
    found = project.connection.as_result()
    # The loaded project is a result, which is shown: its proxy has no login.
    if not found.pop("proxy", None):
        return found
    proxy = read_proxy(project.folder, action._templar, action.variables)
    return {**found, "proxy": proxy} if proxy else found


def read_proxy(folder: str, templar: Any, variables: Mapping[str, Any]) -> str | None:
    """The proxy of the project in a folder, with its user and password; None where it names none.

    Raises L(InvalidArgument) without the value where its template cannot be rendered, or it is no proxy.
    """
    out = Findings()
    file = os.path.join(folder, "workiva.yml")
    # Without the file, integrations are given as a list, and no proxy of a project is meant.
    read = read_source(file, file, out) if os.path.exists(file) else None
    workiva = read.values.get("workiva") if read and isinstance(read.values, dict) else None
    written = workiva.get("proxy") if isinstance(workiva, dict) else None
    if read is None or written is None:
        return None
    source = Source(file, {"proxy": written}, {("proxy",): read.lines.get(("workiva", "proxy"), 1)})
    found = Findings()
    template_source(source, make_renderer(templar, variables), found)
    if found.problems:
        raise InvalidArgument(" ".join(found.problems))
    address = source.values["proxy"]
    try:
        return check_proxy(str(address), "workiva.proxy") if address else None
    except InvalidArgument as error:
        raise InvalidArgument(f"{source.at('proxy')}: {error}") from None


def read_connection(folder: str, templar: Any, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The connection options in the C(workiva.yml) of a folder, the proxy with its user and password; empty without that file.

    Raises L(InvalidArgument) with each problem of one of them and its line.
    """
    file = os.path.join(folder, "workiva.yml")
    if not os.path.exists(file):
        return {}
    out = Findings()
    read = read_source(file, file, out)
    if read is None:
        raise InvalidArgument(" ".join(out.problems))
    workiva = read.values.get("workiva") if isinstance(read.values, dict) else None
    part = {name: workiva[name] for name in _CONNECTION if name in workiva} if isinstance(workiva, dict) else {}
    source = Source(file, {"workiva": part}, read.lines)
    found = Findings()
    template_source(source, make_renderer(templar, variables), found)
    fields = {"workiva": Field("mapping", fields={name: WORKIVA[name] for name in _CONNECTION})}
    values: dict[str, Any] = check_file(source, fields, found).get("workiva") or {}
    if found.problems:
        raise InvalidArgument(" ".join(found.problems))
    if values.get("ca_path"):
        values["ca_path"] = os.path.join(folder, os.path.expanduser(values["ca_path"]))
    if values.get("proxy"):
        check_proxy(values["proxy"], "workiva.proxy")
    return values


class StoredCredentials:
    """The client credentials in a project's vault file, decrypted one by one with the vault passwords of the run.

    The file is read when the first credentials are asked for.
    """

    def __init__(self, loader: Any, path: str) -> None:
        """C(loader): Ansible's, which has the vault passwords. C(path): the vault file; it need not exist."""
        self._loader = loader
        self._path = path
        self._document: VaultDocument | None = None

    def of_grant(self, integration: str, grant: str) -> dict[str, str]:
        """C(client_id) and C(client_secret) of a grant; empty where they are not both stored.

        Raises what C(entry) raises.
        """
        entry = self.entry(integration, grant)
        return {name: entry[name] for name in ("client_id", "client_secret")} if entry else {}

    def entry(self, integration: str, grant: str) -> dict[str, str]:
        """C(client_id), C(client_secret), C(stored_at) and C(expires) of a grant; empty where the first two are not both stored.

        Raises L(VaultKeyError) in a run without a vault password, and L(VaultEntryError) where none opens the entry.
        """
        if not grant or not os.path.exists(self._path):
            return {}
        document = self._read()
        place = (ROOT, integration, grant)
        client_id = document.value((*place, "client_id"))
        client_secret = document.secret((*place, "client_secret")) if client_id else None
        if not client_id or not client_secret:
            return {}
        dates = {name: document.value((*place, name)) or "" for name in ("stored_at", "expires")}
        return {"client_id": client_id, "client_secret": client_secret, **dates}

    def hide(self, integration: str, grant: str) -> None:
        """From here on words hide each secret of a grant that is stored, those before and after the present one too.

        Raises what C(entry) raises: what cannot be decrypted cannot be hidden.
        """
        document, place = self._read(), (ROOT, integration, grant)
        for key in document.keys(place):
            if key.endswith("client_secret"):
                document.secret((*place, key))

    def _read(self) -> VaultDocument:
        if self._document is None:
            key = VaultKey.to_decrypt(self._loader, lambda: read_vault_ids(self._path))
            self._document = VaultFile(self._path, key).read()
        return self._document


def choose_administrator_grant(project: LoadedProject, use: str) -> str:
    """The name of the grant that reads or writes (C(use)), by what is stored now: this run may have accepted credentials.

    Empty where the project has no such grant.
    """
    names = [grant.grant for grant in project.administrator_grants]
    return choose_grants(names, project.administration, stored_grants(project.credentials)).of_use(use)


def make_administrator_connection(action: ControllerAction, project: LoadedProject, use: str) -> dict[str, Any]:
    """The connection with the administrator grant that reads or writes in a project.

    Without stored credentials it has none, so that those of the environment are used. Raises L(WorkivaError).
    """
    credentials = StoredCredentials(action._loader, project.credentials).of_grant(
        ADMINISTRATOR, choose_administrator_grant(project, use)
    )
    return {**make_connection(action, project), **credentials}


def assert_has_grant(project: LoadedProject, use: str) -> None:
    """Raises L(InvalidArgument) with what to do for credentials of the administrator grant, which no task has yet; not where the
    project needs none."""
    if project.administration != "none" and choose_administrator_grant(project, use):
        raise InvalidArgument(
            "There are no credentials of the administrator grant yet, so nothing can be read or changed. Nothing was sent. Run "
            "onboard, which opens the work order for the grant, and then handover."
        )
