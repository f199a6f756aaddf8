# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After a task of ours has seen a secret, ansible-core 2.22 and newer masks it in tasks that are not ours."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ansible.release import __version__

from tests._declared import loaded_project
from tests._playbook import run_playbook
from tests.integration._users_support import started

MASKS = tuple(map(int, __version__.split(".")[:2])) >= (2, 22)
ID = "0d8f0c3e-1d2a-4b6c-9e59-000000000001"
# One for each way, so that no way can profit from another one.
SECRETS = {
    way: f"wk_secret:oa2c:{way.capitalize()}0123456789" for way in ("variable", "twin", "lookup", "mail", "vault")
}
# Nobody listens there: what is registered does not depend on an answer.
NOWHERE: dict[str, Any] = {
    "region": "us",
    "client_id": ID,
    "connect_to": ["api.app.wdesk.com:443:127.0.0.1:9"],
    "retries": 0,
}
GRANT = {"integration": "payroll-sync", "grant": "filing"}


def tasks(folder: Path) -> dict[str, dict[str, Any]]:
    """By way, a task that sees the secret of that way."""
    described = {"workspace": "SEC Filing", "username": "anna.k@example.com", "scopes": ["file:read"]}
    connection = {name: NOWHERE[name] for name in ("region", "connect_to", "retries")}
    swapped = {**GRANT, "client_id": "{{ canary_variable }}", "client_secret": ID}
    addresses = {
        "smtp_server": "127.0.0.1",
        "to": "a@example.com",
        "from": "b@example.com",
        "addresses": ["c@example.com"],
    }
    options = ", ".join(f"{name}={json.dumps(value)}" for name, value in NOWHERE.items())
    return {
        "variable": {
            "integrations.workiva.oauth2_grants": {
                "project": loaded_project(folder, connection, grants=[{**GRANT, **described}]),
                "handover": "vars",
                "handed_over": [swapped],
            }
        },
        "twin": {"integrations.workiva.oauth2_check": {**NOWHERE, "client_secret": "{{ canary_twin }}"}},
        "lookup": {
            "ansible.builtin.debug": {
                "msg": f"{{{{ lookup('integrations.workiva.access_token', client_secret=canary_lookup, {options}) }}}}"
            }
        },
        "mail": {
            "integrations.workiva.certificate_notice": {
                **addresses,
                "username": "ansible",
                "password": "{{ canary_mail }}",
                "organization_id": "o",
                "servers": ["api.app.wdesk.com"],
                "journal": str(folder / "journal"),
            },
            "check_mode": True,
        },
        "vault": {
            "integrations.workiva.vault_secrets": {
                "path": str(folder / "other.yml"),
                "secrets": [{"path": ["a"], "value": "{{ canary_vault }}"}],
            }
        },
    }


def play(folder: Path, written: list[dict[str, Any]]) -> str:
    canaries = {f"canary_{way}": secret for way, secret in SECRETS.items()}
    (folder / "given.yml").write_text(json.dumps({**canaries, "ansible_python_interpreter": sys.executable}))
    (folder / "password").write_text("a password of the tests\n")
    words = ("-c", "local", "-e", "@given.yml", "--vault-password-file", "password")
    whole = {"name": "A play of the tests", "hosts": "localhost", "gather_facts": False, "tasks": written}
    return run_playbook([whole], *words, folder=folder).output


def test_what_was_seen_is_masked_from_then_on(tmp_path: Path) -> None:
    """Each way has a secret of its own, so that none of them can profit from another one."""
    written: list[dict[str, Any]] = []
    for way, task in tasks(tmp_path).items():
        shown = f"{{{{ canary_{way} }}}}"
        written += [
            {"ansible.builtin.debug": {"msg": f"before-{way}={shown}."}},
            {**task, "ignore_errors": True},
            {"ansible.builtin.debug": {"msg": f"after-{way}={shown}."}},
        ]
    output = play(tmp_path, written)
    for way, secret in SECRETS.items():
        assert f"before-{way}={secret}." in output
        assert f"after-{way}={'$REDACTED$' if MASKS else secret}." in output
        # Whatever the core does, the task itself shows nothing.
        between = output.split(f"before-{way}=")[1].split(f"after-{way}=")[0]
        assert secret not in between.replace(f"{secret}.", "", 1)


def test_a_token_is_masked(tmp_path: Path) -> None:
    with started(tmp_path / "simulator") as organization:
        names = ("region", "client_id", "client_secret", "ca_path", "connect_to")
        options = ", ".join(f"{name}={json.dumps(organization.connection[name])}" for name in names)
        token = f"{{{{ lookup('integrations.workiva.access_token', {options}) }}}}"
        output = play(tmp_path, [{"ansible.builtin.debug": {"msg": f"token={token}."}}])
    shown = output.split("token=")[1].split('"')[0].rstrip(".")
    assert (shown == "$REDACTED$") is MASKS
    assert len(shown) > len("REDACTED")
