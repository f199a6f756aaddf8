# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action that loads a project: what its result shows, and what it renders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.connection import read_proxy
from tests._declared import out_of_text
from tests.core._actions import Actions

try:
    from ansible.template import trust_as_template
except ImportError:

    def trust_as_template(value: str) -> str:
        return value


PASSWORD = "Canary%40proxy"
PROXY = f"http://robot:{PASSWORD}@proxy.example.com:3128"
WORKIVA = """
workiva:
  version: 1
  region: eu
  organization_id: 5ab0c0ff-0000-4000-8000-000000000000
  {line}
"""
INTEGRATION = """
name: payroll-sync
owner: "{{ lookup('ansible.builtin.pipe', 'touch MARK; echo finance@example.com') }}"
user:
  username: payroll-sync@example.com
  email: payroll-sync@example.com
  given_name: Payroll
  family_name: Sync
  custodian: "{{ somebody }}"
  workspaces:
    SEC Filing:
      roles: ["{{ role }}"]
grants:
  filing:
    workspace: "{{ workspace }}"
    scopes: [file:read, "{{ scope }}"]
    lifetime: 365d
"""


def project(folder: Path, line: str = "", integration: str = "") -> Path:
    path = folder / "project"
    (path / "integrations.d").mkdir(parents=True)
    (path / "workiva.yml").write_text(WORKIVA.format(line=line))
    if integration:
        (path / "integrations.d/payroll-sync.yml").write_text(integration)
    return path


def proxy_of(folder: Path, **variables: Any) -> str | None:
    given = {name: trust_as_template(value) for name, value in variables.items()}
    templar = Templar(DataLoader(), variables=given)
    return read_proxy(str(folder), templar, given)


@pytest.mark.parametrize("line", [f"proxy: {PROXY}", 'proxy: "{{ workiva_proxy }}"'])
def test_result_of_integrations_has_the_proxy_without_its_login(actions: Actions, tmp_path: Path, line: str) -> None:
    folder = project(tmp_path, line)
    found = actions("integrations", {"project": str(folder)}, variables={"workiva_proxy": PROXY})
    assert found["workiva"]["connection"]["proxy"] == "http://proxy.example.com:3128"
    assert "Canary" not in json.dumps(found)
    assert proxy_of(folder, workiva_proxy=PROXY) == PROXY


def test_project_proxy_is_empty_without_one(tmp_path: Path) -> None:
    assert proxy_of(project(tmp_path)) is None
    assert proxy_of(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    "value", [f"http://robot:{PASSWORD}/x@proxy.example.com", f"robot:{PASSWORD}@proxy.example.com"]
)
def test_proxy_of_a_project_that_is_malformed_is_a_problem_and_not_quoted(
    actions: Actions, tmp_path: Path, value: str
) -> None:
    folder = project(tmp_path, 'proxy: "{{ workiva_proxy }}"')
    found = actions("integrations", {"project": str(folder)}, variables={"workiva_proxy": value})
    assert found["failed"]
    assert "workiva.yml:6: workiva.proxy must be an address such as http://proxy.example.com:3128" in found["msg"]
    assert "Canary" not in json.dumps(found)
    with pytest.raises(InvalidArgument) as caught:
        proxy_of(folder, workiva_proxy=value)
    assert "Canary" not in str(caught.value)


def test_project_without_templates_runs_nothing_and_notes_what_was_not_checked(
    actions: Actions, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    folder = project(
        tmp_path,
        "certificates: {api: {path: /etc/loader.pem, hosts: loaders}}",
        INTEGRATION.replace("MARK", str(mark)),
    )
    found = actions("integrations", {"project": str(folder), "templates": False})
    assert not found.get("failed"), found
    assert not mark.exists()
    notes = [note for note in found["workiva"]["warnings"] if "not checked" in note]
    place = "integrations.d/payroll-sync.yml"
    assert [note.split(": ")[0] for note in notes] == [f"{place}:{line}" for line in (3, 9, 12, 15, 16)]
    assert notes[0] == f"{place}:3: not checked, since templates are not rendered in this run."
    assert out_of_text(found["workiva"])["integrations"] == ["payroll-sync"]


def test_project_without_templates_still_finds_mistakes(actions: Actions, tmp_path: Path) -> None:
    folder = project(tmp_path, "", INTEGRATION.replace("workspaces:", "workspces:"))
    found = actions("integrations", {"project": str(folder), "templates": False})
    assert found["failed"]
    assert "integrations.d/payroll-sync.yml:10: the key workspces is unknown. Did you mean workspaces?" in found["msg"]


@pytest.mark.parametrize("name", ["workiva_handed_over", "workiva_survey_client_secret"])
def test_problem_of_the_project_asks_to_keep_the_credentials_that_were_handed_over(
    tmp_path: Path, actions: Actions, name: str
) -> None:
    options = {"project": str(project(tmp_path, integration=INTEGRATION)), "templates": False, "only": ["payrol-sync"]}
    secret = "wk_secret:oa2c:Canary0123456789abcd"
    actions.secrets.append(secret)
    given = {"workiva_handed_over": [{"client_secret": secret}], "workiva_survey_client_secret": secret}[name]
    msg = actions("integrations", options, variables={name: given})["msg"]
    assert "Did you mean payroll-sync?" in msg
    assert msg.endswith(
        "Keep the file with the credentials until a run has accepted the credentials: Workiva shows a secret only once."
    )
    for nothing in ("", None, []):
        assert "Keep the file" not in actions("integrations", options, variables={name: nothing})["msg"]
