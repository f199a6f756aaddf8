# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The credential types, judged by the controller's own code: what it injects into a job, and what it takes for a type."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.awx.injection import inject, types
from tests.awx.rules import check_type

SECRET = "wk_secret:oa2c:AbCdEfGhIjKlMnOpQrSt"
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0IGtleQ==\n-----END OPENSSH PRIVATE KEY-----"
GRANT = {
    "region": "eu",
    "organization_id": "d6e178fd-4dd5-47e5-9457-68dd64b03655",
    "client_id": "aabbcc",
    "client_secret": SECRET,
}
REPOSITORY = {
    "url": "git@git.example.com:finance/workiva.git",
    "branch": "live",
    "username": "awx",
    "password": "a token of the forge",
    "ssh_key": KEY,
    "known_hosts": "git.example.com ssh-ed25519 AAAA\nold.example.com ssh-ed25519 BBBB",
}
GRANTS = ["administrator grant", "reader grant", "integration grant"]


@pytest.mark.parametrize("name", GRANTS)
@pytest.mark.parametrize("ca_path", [None, "", "/etc/ssl/proxy.pem"])
def test_a_grant_reaches_the_job_by_a_file(name: str, ca_path: str | None, tmp_path: Path) -> None:
    inputs = {**GRANT, "ca_path": ca_path} if ca_path is not None else GRANT
    got = inject(name, tmp_path, inputs)
    (path,) = got.files
    assert got.files[path] == SECRET
    assert got.env == {
        "WORKIVA_REGION": "eu",
        "WORKIVA_ORGANIZATION_ID": GRANT["organization_id"],
        "WORKIVA_CLIENT_ID": "aabbcc",
        "WORKIVA_CLIENT_SECRET_FILE": path,
        "WORKIVA_CA_PATH": ca_path or "",
    }
    # Those of a job that delivers would take the place of what it delivers.
    variables = {
        "workiva_region": "eu",
        "workiva_organization_id": GRANT["organization_id"],
        "workiva_client_id": "aabbcc",
        "workiva_client_secret_file": path,
        "workiva_ca_path": ca_path or "",
    }
    assert got.extra_vars == (variables if name == "integration grant" else {})
    assert SECRET not in repr((got.env, got.safe_env, got.extra_vars))
    assert (got.modes, got.extra_vars_mode) == ({0o600}, 0o400 if got.extra_vars else None)


def test_a_repository_reaches_the_job_by_files_and_the_file_of_extra_variables(tmp_path: Path) -> None:
    got = inject("project repository", tmp_path, REPOSITORY)
    assert (got.env, got.safe_env) == ({}, {})
    key, hosts = (got.extra_vars[f"workiva_repository_{name}"] for name in ("key_file", "known_hosts"))
    assert got.files == {key: f"{KEY}\n", hosts: REPOSITORY["known_hosts"]}
    assert {name: value for name, value in got.extra_vars.items() if value not in (key, hosts)} == {
        "workiva_repository_url": REPOSITORY["url"],
        "workiva_repository_branch": "live",
        "workiva_repository_username": "awx",
        "workiva_repository_password": "a token of the forge",
    }
    assert (got.modes, got.extra_vars_mode) == ({0o600}, 0o400)


def test_a_key_that_ends_in_a_line_break_gets_no_second_one(tmp_path: Path) -> None:
    got = inject("project repository", tmp_path, {**REPOSITORY, "ssh_key": f"{KEY}\n"})
    assert got.files[got.extra_vars["workiva_repository_key_file"]] == f"{KEY}\n"


@pytest.mark.parametrize("empty", [{}, dict.fromkeys(("branch", "username", "password", "ssh_key", "known_hosts"), "")])
def test_what_is_empty_is_empty_in_the_job(empty: dict[str, str], tmp_path: Path) -> None:
    """The files are there all the same: that is why the variables must not name them."""
    got = inject("project repository", tmp_path, {"url": "https://git.example.com/workiva.git", **empty})
    url = got.extra_vars.pop("workiva_repository_url")
    assert url == "https://git.example.com/workiva.git"
    assert set(got.extra_vars.values()) == {""}
    assert set(got.files.values()) == {""}


@pytest.mark.parametrize("name", types())
def test_a_type_is_one_that_the_controller_takes(name: str) -> None:
    check_type(types()[name])


@pytest.mark.parametrize("name", types())
def test_no_secret_field_goes_into_the_environment(name: str) -> None:
    kind = types()[name]
    secret = [field["id"] for field in kind["inputs"]["fields"] if field.get("secret")]
    assert secret
    for template in kind["injectors"].get("env", {}).values():
        for field in secret:
            assert not re.search(rf"(?<!\.)\b{field}\b", template)
