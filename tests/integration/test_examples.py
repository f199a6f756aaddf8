# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of ansible-doc, run as they are written, against the simulator, a real mail server and a real repository.

Names of places become such that are on this machine (C(places)); options that lead to the simulator are defaults of the play.
"""

from __future__ import annotations

import ast
import base64
import getpass
import json
import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from tests._organization import Organization
from tests._playbook import run_playbook
from tests._tunnel import Tunnel
from tests.integration._users_support import credentials, started
from tests.integration.test_certificate_notice import PASSWORD, MailBox
from tests.tls import authority

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parents[2]
VAULT_PASSWORD = "a password of the tests"
# They make or show what a grant for the second run needs.
FIRST = ("integration_users", "organization_info")
# The module uri knows no connect_to: it runs through a proxy, which leads the vendor's host to the simulator.
THROUGH_PROXY = ("access_token", "credential")


def examples() -> dict[str, str]:
    """The text of the examples, by the plugin's name."""
    found = {}
    for folder in ("modules", "lookup", "filter"):
        for path in sorted((ROOT / "plugins" / folder).glob("*.py")):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "EXAMPLES":
                    found[path.stem] = ast.literal_eval(node.value)
    return found


def server_certificate(organization: Organization) -> x509.Certificate:
    _host, _port, address, port = organization.connection["connect_to"][0].split(":")
    return x509.load_pem_x509_certificate(ssl.get_server_certificate((address, int(port))).encode())


class Bench:
    """A project, an organization, a mail server, a repository, and the places that the examples name."""

    def __init__(self, folder: Path, organization: Organization) -> None:
        self.folder, self.organization = folder, organization
        self.project = folder / "srv/workiva"
        (folder / "etc").mkdir()
        (self.project / "integrations.d").mkdir(parents=True)
        (folder / "vault-password").write_text(VAULT_PASSWORD)
        # The example of project_folder writes a new project.
        text = (ROOT / "tools/demo/workiva.yml").read_text().replace("@CA_PATH@", organization.connection["ca_path"])
        text = text.replace("@CONNECT_TO@", organization.connection["connect_to"][0])
        (self.project / "workiva.yml").write_text(text)
        demo = (ROOT / "tools/demo/integrations.d/payroll-sync.yml").read_text()
        (self.project / "integrations.d/payroll-sync.yml").write_text(demo.replace("  main:", "  filing:"))
        (self.project / "hosts.yml").write_text(
            yaml.safe_dump({"all": {"hosts": dict.fromkeys(("localhost", "etl01.example.com"), self._here())}})
        )
        pair = {name: organization.connection[name] for name in ("client_id", "client_secret")}
        (self.project / "credentials.yml").write_text(credentials(pair, VAULT_PASSWORD))
        (schedules,) = organization.state.all("file")
        organization.state.put("file", {**schedules, "parts": {"5e1b7f5c0a8d4d0f": schedules["permissions"]}})
        self.root = authority()
        (folder / "root.pem").write_text(self.root.pem)
        (self.project / "announced-2027.pem").write_text(self.root.issue(end=700).pem)
        self.mailbox = MailBox(folder, self.root.issue("localhost"), login=True)
        author = {
            f"GIT_{role}_{what}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        for words in (
            ("init", "-q", "-b", "main", str(self.project)),
            ("-C", str(self.project), "add", "."),
            ("-C", str(self.project), "commit", "-q", "-m", "Start"),
            ("clone", "-q", "--bare", str(self.project), str(folder / "workiva.git")),
        ):
            subprocess.run(["git", *words], check=True, env={**os.environ, **author})

    def _here(self) -> dict[str, str]:
        return {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}

    def places(self) -> dict[str, str]:
        """What in an example cannot be on this machine, and what is there in its place."""
        state = self.organization.state
        key = server_certificate(self.organization).public_key()
        digest = hashes.Hash(hashes.SHA256())
        digest.update(key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))
        users = {user["username"]: user["id"] for user in state.all("user")}
        (workspace,) = state.all("workspace", name="SEC Filing")
        (group,) = state.all("group", workspace=workspace["id"], name="Data loaders")
        return {
            "/srv/workiva": str(self.project),
            "/runner/project": str(self.project),
            "/etc/loader": str(self.folder / "etc"),
            "owner: loader": f"owner: {getpass.getuser()}",
            "smtp.example.com": "localhost",
            "git@git.example.com:finance/workiva.git": f"file://{self.folder}/workiva.git",
            "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=": f"sha256//{base64.b64encode(digest.finalize()).decode()}",
            "V0ZVc2VyHzEwMDE": users.get("payroll-sync@example.com", ""),
            "V0ZVc2VyHzEwMDI": users["anna.k@example.com"],
            "V0ZHcm91cB4xMDAx": group["id"],
        }

    def run(
        self, names: list[str], prelude: list[dict[str, Any]], *, proxy: str | None = None, **variables: Any
    ) -> list[str]:
        """Runs the examples of these plugins in one play; the failures, each with its plugin and task. C(proxy): the address of
        one that all requests go through."""
        note = "{{ failures + [example ~ ', ' ~ ansible_failed_task.name ~ ': ' ~ ansible_failed_result.msg | default('?')] }}"
        blocks = []
        written = examples()
        for name in names:
            text = written[name]
            for place, here in self.places().items():
                text = text.replace(place, here)
            rescue = [{"ansible.builtin.set_fact": {"failures": note}}]
            blocks.append({"name": name, "vars": {"example": name}, "block": yaml.safe_load(text), "rescue": rescue})
        connection = {name: self.organization.connection[name] for name in ("ca_path", "connect_to")}
        whole = {
            **connection,
            "region": "us",
            **{n: self.organization.connection[n] for n in ("organization_id", "client_id", "client_secret")},
        }
        defaults = {f"integrations.workiva.{name}": connection for name in ("oauth2_check", "server_certificate")}
        defaults["group/integrations.workiva.workiva"] = whole
        defaults["integrations.workiva.file_permissions"] = (
            variables.get("workiva_credentials", {}).get("file-administrator", {}).get("filing", {})
        )
        defaults["integrations.workiva.certificate_notice"] = {
            "smtp_port": self.mailbox.port,
            "ca_path": str(self.folder / "root.pem"),
        }
        defaults["ansible.builtin.uri"] = {"ca_path": connection["ca_path"]}
        through = (
            {"HTTPS_PROXY": proxy, "https_proxy": proxy, "WORKIVA_CA_PATH": connection["ca_path"]} if proxy else {}
        )
        report = {
            "ansible.builtin.copy": {"dest": str(self.folder / "failures.json"), "content": "{{ failures | to_json }}"}
        }
        play = {
            **{"hosts": "localhost", "gather_facts": False, "vars": {"failures": [], **variables}},
            **{"module_defaults": defaults, "tasks": [*prelude, *blocks, report]},
            "handlers": [{"name": "Reload the loader", "ansible.builtin.debug": {"msg": "reloaded"}}],
        }
        (self.project / "examples.yml").write_text(yaml.safe_dump([play], sort_keys=False))
        words = ("--vault-id", f"prod@{self.folder / 'vault-password'}")
        # The examples store under a second vault id, beside the secrets of the fixture: on purpose.
        chosen = {**through, "ANSIBLE_VAULT_ENCRYPT_IDENTITY": "prod"}
        how = {"inventory": "hosts.yml", "home": self.folder, "environment": chosen}
        run_playbook("examples.yml", *words, folder=self.project, **how)
        failures: list[str] = json.loads((self.folder / "failures.json").read_text())
        return failures


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with started(tmp_path / "simulator") as organization:
        made = Bench(tmp_path, organization)
        try:
            yield made
        finally:
            made.mailbox.stop()


def test_examples_of_the_documentation_run_as_written(bench: Bench) -> None:
    organization = bench.organization
    pair = {name: organization.connection[name] for name in ("client_id", "client_secret")}
    given = {f"workiva_{name}": value for name, value in pair.items()}
    user = yaml.safe_load((bench.project / "integrations.d/payroll-sync.yml").read_text())["user"]
    wanted = {name: user[name] for name in ("username", "email", "given_name", "family_name")}
    load = {"integrations.workiva.integrations": None, "register": "loaded"}
    assert bench.run(list(FIRST), [load], **given, users=[wanted]) == []
    # The account exists now, and the task that created it was given no journal: the project has to adopt it.
    declaration = bench.project / "integrations.d/payroll-sync.yml"
    declaration.write_text(declaration.read_text().replace("user:\n", "user:\n  adopt: true\n"))

    username = "payroll-sync@example.com"
    filing = organization.create_grant(username=username, scopes=["file:read", "file:write"])
    files = organization.create_grant(
        username="anna.k@example.com", scopes=["file:read", "file:write", "organization:read"]
    )
    prelude = [
        load,
        {"integrations.workiva.organization_info": None, "register": "found"},
        {
            "integrations.workiva.integration_users": {
                "users": "{{ (loaded.workiva.declared | from_json).users }}",
                "excess_access": "full",
            },
            **{"check_mode": True, "register": "checked"},
        },
        {
            "integrations.workiva.oauth2_grants": {"project": "{{ loaded.workiva }}", "handover": "none"},
            "register": "looked",
        },
        {
            "integrations.workiva.run_variables": {"playbook": "verify"},
            # Another example makes the value later.
            **{"vars": {"workiva_changes": None}, "register": "checked_variables"},
        },
    ]
    rest = [name for name in examples() if name not in (*FIRST, *THROUGH_PROXY)]
    failures = bench.run(
        rest,
        prelude,
        **given,
        **{"project": "{{ loaded }}", "workiva": "{{ loaded.workiva }}", "client_id": filing["client_id"]},
        client_secret=filing["client_secret"],
        workiva_credentials={"payroll-sync": {"filing": filing}, "file-administrator": {"filing": files}},
        credentials_from_the_survey=[
            {"integration": "payroll-sync", "grant": "filing", **filing, "expires": "2999-12-31"}
        ],
        address_that_workiva_gave_you="certificates@example.com",
        answered_id=filing["client_id"],
        answered_secret=filing["client_secret"],
        oauth2_grants_results={"integrations": "{{ looked }}"},
        integration_users_result="{{ checked }}",
        vaulted_smtp_password=PASSWORD,
        workiva_changes="{{ written.changes }}",
    )
    assert failures == [], "\n".join(failures)
    assert len(bench.mailbox.mails) == 1


def test_examples_of_requests_of_ones_own_run_as_written(bench: Bench) -> None:
    filing = bench.organization.create_grant(username="anna.k@example.com", scopes=["file:read"])
    # The lookup credential reads what is stored for the grant.
    (bench.project / "credentials.yml").write_text(credentials(filing, VAULT_PASSWORD, ("payroll-sync", "filing")))
    tunnel = Tunnel(int(bench.organization.connection["connect_to"][0].rsplit(":", 1)[1]))
    failures = bench.run(
        list(THROUGH_PROXY),
        [],
        proxy=f"http://127.0.0.1:{tunnel.port}",
        workiva_credentials={"payroll-sync": {"filing": filing}},
    )
    tunnel.close()
    assert failures == [], "\n".join(failures)
    # The files for each, and the token of the one that reads no project: the address in the project leads past the proxy.
    assert [head.split()[1] for head in tunnel.asked] == [b"api.eu.wdesk.com:443"] * 3
