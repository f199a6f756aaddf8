# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of the role deliver on real servers: what they write, and that an idle delivery writes nothing."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from tests._deliveries import IDS, SECRETS, Deliveries

BIN = Path(sys.executable).parent
TOKEN = "the root token of the tests"
WANTED = {number: {"client_id": IDS[number], "client_secret": SECRETS[number]} for number in (1, 2)}
_STATEMENT = {
    **{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
    **{"Action": "secretsmanager:GetSecretValue", "Resource": "*"},
}
POLICY = {"Version": "2012-10-17", "Statement": [_STATEMENT]}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def running(command: list[str], url: str, folder: Path) -> Iterator[str]:
    """A server of this machine, until the test ends."""
    with (folder / "server.log").open("w") as log:
        environment = {**os.environ, "HOME": str(folder)}
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=folder)
        try:
            for _time in range(300):
                try:
                    requests.get(url, timeout=5)
                    break
                except requests.ConnectionError:
                    assert server.poll() is None, (folder / "server.log").read_text()
                    time.sleep(0.2)
            yield url
        finally:
            server.terminate()
            server.wait()


@pytest.fixture
def project(tmp_path: Path) -> Deliveries:
    return Deliveries(tmp_path)


@pytest.fixture
def bao(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    words = [f"-dev-root-token-id={TOKEN}", f"-dev-listen-address=127.0.0.1:{port}", "-dev-no-store-token"]
    yield from running([str(BIN / "bao"), "server", "-dev", *words], f"http://127.0.0.1:{port}", tmp_path)


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    words = ["-H", "127.0.0.1", "-p", str(port)]
    yield from running([str(BIN / "moto_server"), *words], f"http://127.0.0.1:{port}", tmp_path)


class Kv:
    """A secret of the KV store, seen from outside."""

    def __init__(self, url: str, path: str) -> None:
        self._url, self._path = url, path
        self._headers = {"X-Vault-Token": TOKEN}

    def read(self) -> tuple[dict[str, Any], int]:
        found = requests.get(f"{self._url}/v1/secret/data/{self._path}", headers=self._headers, timeout=30).json()
        return found["data"]["data"], found["data"]["metadata"]["version"]

    def write(self, **data: str) -> None:
        body = {"data": data}
        requests.post(
            f"{self._url}/v1/secret/data/{self._path}", headers=self._headers, json=body, timeout=30
        ).raise_for_status()

    def delete(self) -> None:
        requests.delete(
            f"{self._url}/v1/secret/data/{self._path}", headers=self._headers, timeout=30
        ).raise_for_status()


def test_kv_store_gets_a_version_only_for_new_credentials_and_keeps_other_keys(project: Deliveries, bao: str) -> None:
    project.variables = {"bao_token": TOKEN}
    values = {"url": bao, "path": "payroll/workiva", "token_variable": "bao_token"}
    project.declare({"name": "kv", "tasks": "hashi_vault_kv2", "vars": values})
    kv = Kv(bao, "payroll/workiva")
    project.play("-vvvvv")
    assert TOKEN not in project.output.replace(f"-dev-root-token-id={TOKEN}", "")
    data, version = kv.read()
    assert {name: data[name] for name in WANTED[1]} == WANTED[1]
    assert version == 1
    assert project.delivered() == [("kv", "localhost", 1, "read_back")]
    # Without read-before-write this would be version 2, and the oldest would be pushed out one day.
    assert project.play().count("changed") == 0
    assert kv.read()[1] == 1
    # A key of somebody else, and newer credentials.
    kv.write(**data, color="blue")
    project.store()
    project.play()
    data, version = kv.read()
    assert (data["client_secret"], data["color"], version) == (SECRETS[2], "blue", 3)
    # A deleted secret still counts its versions, so that cas must not be 0.
    kv.delete()
    project.play()
    assert kv.read()[1] == 4
    assert [number for _target, _host, number, _how in project.delivered()] == [1, 2]


def test_kv_store_that_refuses_is_a_finding_without_the_token(project: Deliveries, bao: str) -> None:
    project.variables = {"bao_token": "a wrong token of the tests"}
    values = {"url": bao, "path": "payroll", "token_variable": "bao_token"}
    project.declare({"name": "kv", "tasks": "hashi_vault_kv2", "vars": values})
    project.play("-vvvvv", fails=True)
    assert "target kv: not_delivered. Read the secret: Status code was 403" in project.output
    assert "a wrong token of the tests" not in project.output
    assert project.delivered() == []


class Secrets:
    """AWS Secrets Manager, seen from outside."""

    NAME = "workiva/payroll"

    def __init__(self, url: str) -> None:
        keys = {"aws_access_key_id": "tests", "aws_secret_access_key": "a key of the tests"}
        self.environment = {"AWS_ENDPOINT_URL": url, "AWS_EC2_METADATA_DISABLED": "true"}
        self.environment |= {name.upper(): value for name, value in keys.items()}
        self.client = boto3.client("secretsmanager", region_name="eu-west-1", endpoint_url=url, **keys)
        self.target = {"name": "aws", "tasks": "aws_secret", "vars": {"name": self.NAME, "region": "eu-west-1"}}

    def read(self, stage: str = "AWSCURRENT") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            self.client.get_secret_value(SecretId=self.NAME, VersionStage=stage)["SecretString"]
        )
        return found

    def versions(self) -> list[str]:
        return [one["VersionId"] for one in self.client.list_secret_version_ids(SecretId=self.NAME)["Versions"]]

    def describe(self) -> dict[str, Any]:
        """All that the service shows of the secret beside its content."""
        found = self.client.describe_secret(SecretId=self.NAME)
        return {key: value for key, value in found.items() if key not in ("ResponseMetadata", "LastAccessedDate")}


def test_aws_secret_gets_a_version_only_for_new_credentials(project: Deliveries, aws: str) -> None:
    secrets = Secrets(aws)
    project.declare(secrets.target)
    project.play("-vvvvv", **secrets.environment)
    found = secrets.read()
    assert {name: found[name] for name in WANTED[1]} == WANTED[1]
    assert project.delivered() == [("aws", "localhost", 1, "read_back")]
    # A foreign description would make the module write a version in each run, over the previous one.
    secrets.client.update_secret(SecretId=Secrets.NAME, Description="changed by somebody")
    before = secrets.versions()
    assert project.play(**secrets.environment).count("changed") == 0
    assert secrets.versions() == before
    project.store()
    project.play(**secrets.environment)
    assert secrets.read()["client_secret"] == SECRETS[2]
    assert secrets.read("AWSPREVIOUS")["client_secret"] == SECRETS[1]


def test_aws_secret_of_somebody_else_is_left_as_it_is_where_it_has_the_credentials(
    project: Deliveries, aws: str
) -> None:
    secrets = Secrets(aws)
    project.declare(secrets.target)
    mine = {**WANTED[1], "token_endpoint": "https://api.app.wdesk.com/iam/v1/oauth2/token"}
    secrets.client.create_secret(
        Name=Secrets.NAME,
        Description="of the platform team",
        KmsKeyId="alias/platform",
        SecretString=json.dumps({"color": "blue", **mine}),
    )
    secrets.client.put_resource_policy(SecretId=Secrets.NAME, ResourcePolicy=json.dumps(POLICY))
    before, versions = secrets.describe(), secrets.versions()
    for _run in range(2):
        project.play(**secrets.environment)
        assert (secrets.describe(), secrets.versions()) == (before, versions)
    assert project.delivered() == [("aws", "localhost", 1, "read_back")]
    policy = secrets.client.get_resource_policy(SecretId=Secrets.NAME)["ResourcePolicy"]
    assert json.loads(policy) == POLICY
    # Its other keys outlive new credentials, and the version before them.
    project.store()
    project.play(**secrets.environment)
    assert secrets.read() == {**mine, **WANTED[2], "color": "blue"}
    assert secrets.read("AWSPREVIOUS") == {**mine, "color": "blue"}
