# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup C(access_token) with the name of a grant: it uses what is stored for it, and its errors show no secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible.template import Templar

from ansible_collections.integrations.workiva.plugins.lookup.access_token import DOCUMENTATION, LookupModule
from tests._organization import Organization

PASSWORD = "a vault password of the tests"


def write_project(folder: Path, organization: Organization, grant: dict[str, Any], **changes: Any) -> None:
    connection = {name: organization.connection[name] for name in ("region", "ca_path", "connect_to")}
    (folder / "workiva.yml").write_text(yaml.safe_dump({"workiva": {**connection, **changes}}))
    vault = VaultLib([("default", VaultSecret(PASSWORD.encode()))])
    text = vault.encrypt(grant["client_secret"]).decode().strip()
    lines = ["---", "workiva_credentials:", "  payroll-sync:", "    filing:", f"      client_id: {grant['client_id']}"]
    lines += ["      client_secret: !vault |", *(f"        {line}" for line in text.splitlines())]
    (folder / "credentials.yml").write_text("\n".join(lines) + "\n")


def access_token(*terms: str, **options: Any) -> Any:
    loader = DataLoader()
    loader.set_vault_secrets([("default", VaultSecret(PASSWORD.encode()))])
    plugin = LookupModule(loader=loader, templar=Templar(loader=loader, variables={"seconds": 20}))
    # As Ansible's loader of plugins does it.
    plugin._load_name = "integrations.workiva.access_token"
    documented = yaml.safe_load(DOCUMENTATION)["options"]
    C.config.initialize_plugin_configuration_definitions("lookup", plugin._load_name, documented)
    return plugin.run(list(terms), {}, **options)


@pytest.fixture
def grant(organization: Organization) -> dict[str, Any]:
    return organization.create_grant(username="anna.k@example.com", scopes=["file:read"])


@pytest.fixture
def project(organization: Organization, grant: dict[str, Any], tmp_path: Path) -> Path:
    write_project(tmp_path, organization, grant, timeout="{{ seconds }}")
    return tmp_path


def test_access_token_is_that_of_the_stored_grant(
    organization: Organization, grant: dict[str, Any], project: Path
) -> None:
    (token,) = access_token("payroll-sync.filing", project=str(project))
    assert access_token("payroll-sync.filing", "payroll-sync.filing", project=str(project)) == [token, token]
    # The tasks of a run share the token of a grant, however its credentials are given.
    connection = {name: organization.connection[name] for name in ("region", "ca_path", "connect_to")}
    own = {name: grant[name] for name in ("client_id", "client_secret")}
    assert access_token(**connection, **own) == [token]


def test_access_token_uses_an_option_rather_than_the_project(project: Path) -> None:
    nowhere = [f"{host}:443:127.0.0.1:1" for host in ("api.app.wdesk.com", "api.eu.wdesk.com", "api.apac.wdesk.com")]
    with pytest.raises(AnsibleError, match="No Workiva token"):
        access_token("payroll-sync.filing", project=str(project), connect_to=nowhere, retries=0)


@pytest.mark.parametrize(
    ("terms", "options", "message"),
    [
        (
            ("payroll-sync.other",),
            {},
            r"No client credentials of payroll-sync other are stored in .*Run the playbook handover",
        ),
        (
            ("payroll-sync.fileing",),
            {},
            r"No client credentials of payroll-sync fileing .*Did you mean payroll-sync\.filing\?",
        ),
        (("payroll-sync",), {}, "must be integration.grant"),
        (("payroll-sync.filing",), {"client_id": "x" * 32}, "Give the name of a grant, or client_id and client_secret"),
    ],
)
def test_access_token_of_a_grant_that_cannot_be_read_is_an_error(
    project: Path, terms: tuple[str, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(AnsibleError, match=message) as caught:
        access_token(*terms, project=str(project), **options)
    assert "wk_secret" not in str(caught.value)


def test_access_token_names_the_line_of_a_wrong_connection(
    organization: Organization, grant: dict[str, Any], tmp_path: Path
) -> None:
    write_project(tmp_path, organization, grant, timeout="soon")
    with pytest.raises(AnsibleError, match=r"workiva\.yml:\d+: workiva\.timeout must be a whole number") as caught:
        access_token("payroll-sync.filing", project=str(tmp_path))
    assert grant["client_secret"] not in str(caught.value)
