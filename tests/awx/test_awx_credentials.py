# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook awx_credentials, run with the real modules of awx.awx against a stand-in for the controller's API, over HTTPS."""

from __future__ import annotations

from pathlib import Path

import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.awx._platform import ORGANIZATION_ID, PLAYBOOKS, SECRETS, Platform
from tests.awx.controller import Controller
from tests.awx.serving import served


def project(folder: Path, *pairs: str) -> None:
    """A project folder with these integrations; a pair is "name client_id stored_at"."""
    (folder / "integrations.d").mkdir(parents=True, exist_ok=True)
    settings = {"version": 1, "region": "eu", "organization_id": ORGANIZATION_ID, "administration": "work_order"}
    settings["defaults"] = {"owner": "finance@example.com"}
    (folder / "workiva.yml").write_text(yaml.safe_dump({"workiva": settings}))
    lines = ["workiva_credentials_version: 1", "workiva_credentials:"]
    vault = VaultLib([("test", VaultSecret(SECRETS["vault"].encode()))])
    for pair in pairs:
        name, client_id, stored_at = pair.split()
        user = {
            "username": f"{name}@example.com",
            "email": f"{name}@example.com",
            "given_name": "A",
            "family_name": "B",
        }
        grant = {"workspace": "Plan", "scopes": ["file:read"], "expires": "2999-12-31"}
        integration = {
            "name": name,
            "user": {**user, "workspaces": {"Plan": {"roles": ["Standard"]}}},
            "grants": {"main": grant},
        }
        (folder / f"integrations.d/{name}.yml").write_text(yaml.safe_dump(integration))
        if client_id == "none":
            continue
        secret = vault.encrypt(f"{SECRETS['pair']}{client_id}", vault_id="test").decode().splitlines()
        lines += [f"  {name}:", "    main:", f"      client_id: {client_id}", f"      stored_at: '{stored_at}'"]
        lines += ["      client_secret: !vault |", *(f"        {line}" for line in secret)]
    (folder / "credentials.yml").write_text("\n".join(lines) + "\n")


def test_stored_client_credentials_become_credentials_of_awx(tmp_path: Path) -> None:
    with served(Controller(*PLAYBOOKS), tmp_path) as there:
        platform = Platform(tmp_path, there)
        folder = tmp_path / "project"
        (tmp_path / "password").write_text(SECRETS["vault"])
        project(folder, "payroll 11aa 2026-11-01T00:00:00Z", "hr 22bb 2026-11-02T00:00:00Z", "later none none")
        given = {"awx_organization": "Finance", "workiva_project": str(folder)}
        vault = ("--vault-id", f"test@{tmp_path / 'password'}")

        assert platform.play("awx_credentials", "--check", *vault, **given).sent == []
        made = platform.play("awx_credentials", *vault, **given)
        credentials = platform.controller.items["credentials"].values()
        assert {one["name"]: one["inputs"] for one in credentials} == {
            f"Workiva {name} main": {
                "region": "eu",
                "organization_id": ORGANIZATION_ID,
                "client_id": client_id,
                "client_secret": f"{SECRETS['pair']}{client_id}",
                "stored_at": stored_at,
            }
            for name, client_id, stored_at in (
                *(("payroll", "11aa", "2026-11-01T00:00:00Z"), ("hr", "22bb", "2026-11-02T00:00:00Z")),
            )
        }
        assert "Sent: Workiva payroll main" in made.output

        again = platform.play("awx_credentials", *vault, **given)
        assert (again.changed, again.sent) == (0, [])

        project(folder, "payroll 11aa 2026-11-01T00:00:00Z", "hr 33cc 2026-11-03T00:00:00Z")
        ((method, path, sent),) = platform.play("awx_credentials", *vault, **given).sent
        assert (method, path.split("/")[3]) == ("PATCH", "credentials")
        assert sent["inputs"]["client_secret"] == f"{SECRETS['pair']}33cc"
