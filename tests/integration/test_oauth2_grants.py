# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action oauth2_grants, run by ansible-playbook against the simulator: pairs come in, wrong ones do not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.integration._users_support import Organization, started
from workiva_simulator import rules

PASSWORD = "a vault password of the tests"
BIN = Path(sys.executable).parent
FILING: dict[str, Any] = {
    "integration": "payroll-sync",
    "grant": "filing",
    "owner": "finance-systems@example.com",
    "purpose": "Loads the payroll totals",
    "username": "anna.k@example.com",
    "custodian": "anna.k@example.com",
    "sign_in": "password",
    "workspace": "SEC Filing",
    "scopes": ["file:read", "file:write"],
    "expires": "2027-06-30",
    "lifetime_days": None,
    "ip_allowlist": [],
    "verify_from": None,
    "state": "present",
    "screen": "organization_admin",
}
ESG = {**FILING, "grant": "esg", "workspace": "ESG Reporting", "username": "olivia.admin@example.com"}
Pair = dict[str, Any]


class Project:
    """A project folder of its own, and the way to run the action on it as a user would."""

    def __init__(self, folder: Path, organization: Organization) -> None:
        self.folder = folder
        self.organization = organization
        self.credentials = folder / "credentials.yml"
        self.journal = folder / "journal" / "payroll-sync.jsonl"
        self.environment: dict[str, str] = {}
        self.output = ""
        (folder / "password").write_text(PASSWORD, encoding="utf-8")

    def made(self, grant: dict[str, Any] | None = None, **fields: Any) -> Pair:
        """A grant as people make it on the screen, and its pair."""
        grant = grant or FILING
        state = self.organization.state
        (workspace,) = state.all("workspace", name=grant["workspace"])
        wanted = {"client_name": "x", "workspace": workspace["id"]}
        wanted.update({name: grant[name] for name in ("username", "scopes", "expires", "ip_allowlist")})
        with state.transaction():
            made, secret = rules.create_grant(state, {**wanted, **fields})
        name = {"integration": grant["integration"], "grant": grant["grant"]}
        return {**name, "client_id": made["client_id"], "client_secret": secret}

    def change(self, pair: Pair, **fields: Any) -> None:
        state = self.organization.state
        with state.transaction():
            (grant,) = state.all("grant", client_id=pair["client_id"])
            state.put("grant", {**grant, **fields})

    def delete(self, pair: Pair) -> None:
        state = self.organization.state
        with state.transaction():
            (grant,) = state.all("grant", client_id=pair["client_id"])
            state.remove("grant", grant["id"])

    def play(self, handed_over: list[Pair] | None, **more: Any) -> list[str]:
        """Writes the play and returns the command. Pairs come from a vars file, as a user keeps them."""
        names = ("region", "ca_path", "connect_to")
        arguments: dict[str, Any] = {
            **{name: self.organization.connection[name] for name in names},
            "grants": [FILING],
            "credentials": str(self.credentials),
            "journal": str(self.folder / "journal"),
            "today": "2026-11-24",
            "handover": "none" if handed_over is None else "vars",
            **more,
        }
        pairs = self.folder / "pairs.yml"
        pairs.unlink(missing_ok=True)
        command = []
        if handed_over is not None:
            pairs.write_text(self.inline(handed_over), encoding="utf-8")
            arguments["handed_over"] = "{{ pairs }}"
            command = ["-e", "@pairs.yml"]
        copy = {"content": "{{ outcome | to_json }}", "dest": str(self.folder / "told.json"), "mode": "0600"}
        tasks = [
            {"integrations.workiva.oauth2_grants": arguments, "register": "outcome", "ignore_errors": True},
            {"ansible.builtin.copy": copy, "check_mode": False, "diff": False},
        ]
        play = [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]
        (self.folder / "play.yml").write_text(json.dumps(play), encoding="utf-8")
        extra = json.dumps({"ansible_python_interpreter": sys.executable})
        return [
            str(BIN / "ansible-playbook"),
            *("-i", "localhost,", "-c", "local", "-e", extra, *command, "play.yml"),
        ]

    @staticmethod
    def inline(handed_over: list[Pair]) -> str:
        """Only the secrets are encrypted: core 2.22 masks every word of a file that is encrypted as a whole."""
        vault = VaultLib([("default", VaultSecret(PASSWORD.encode()))])
        lines = ["pairs:"]
        for pair in handed_over:
            lines.append("  -")
            for key, value in pair.items():
                if value.startswith("wk_secret"):
                    lines.append(f"    {key}: !vault |")
                    lines += [f"      {line}" for line in vault.encrypt(value).decode().splitlines()]
                elif key == "expires":
                    lines.append(f"    {key}: {value}")  # unquoted: a date
                else:
                    lines.append(f"    {key}: {json.dumps(value)}")
        return "\n".join([*lines, ""]) if handed_over else "pairs: []\n"

    def run(self, *options: str, handed_over: list[Pair] | None = None, ids: Any = None, **more: Any) -> dict[str, Any]:
        vaults = ids if ids is not None else ("--vault-password-file", "password")
        command = [*self.play(handed_over, **more), *vaults, *options]
        done = subprocess.run(command, cwd=self.folder, env=self.env(), capture_output=True, text=True, check=False)
        self.output = done.stdout + done.stderr
        assert done.returncode == 0, self.output
        assert "WARNING" not in self.output, self.output
        return self.told()

    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.folder / "told.json").read_text(encoding="utf-8"))
        return told

    def env(self) -> dict[str, str]:
        extra = {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_HOME": str(self.folder / "home"), "ANSIBLE_LOCALHOST_WARNING": "0"}
        return {**os.environ, **extra, **self.environment}

    def secret(self, grant: str = "filing", name: str = "client_secret") -> str | None:
        """What ansible-vault's own code reads in the file."""

        class Loader(yaml.SafeLoader):
            pass

        vault = VaultLib([("default", VaultSecret(PASSWORD.encode()))])
        Loader.add_constructor("!vault", lambda _loader, node: vault.decrypt(node.value).decode())
        content = yaml.load(self.credentials.read_text("utf-8"), Loader)  # a safe loader
        found: str | None = content["workiva_credentials"].get("payroll-sync", {}).get(grant, {}).get(name)
        return found

    def files(self) -> dict[str, bytes]:
        paths = [self.credentials, *sorted((self.folder / "journal").glob("*"))]
        return {path.name: path.read_bytes() for path in paths if path.exists()}

    def events(self) -> list[str]:
        lines = self.journal.read_text(encoding="utf-8").splitlines() if self.journal.exists() else []
        return [json.loads(line)["event"] for line in lines]


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organization]:
    with started(tmp_path_factory.mktemp("simulator")) as running:
        running.command("clock", "2026-11-24")
        yield running


@pytest.fixture
def project(tmp_path: Path, organization: Organization) -> Project:
    return Project(tmp_path, organization)


def only(outcome: dict[str, Any]) -> dict[str, Any]:
    assert not outcome.get("failed"), outcome
    (grant,) = outcome["grants"]
    return dict(grant)


def test_a_pair_is_predicted_stored_and_then_left_alone(project: Project) -> None:
    pair = project.made()
    nobody = project.run(handover="defer")
    assert only(nobody)["health"] == "unchecked"
    assert [order["kind"] for order in nobody["orders"]] == ["create"]
    assert nobody["considered"] == [{"integration": "payroll-sync", "grant": "filing"}]
    assert project.files() == {}

    predicted = project.run("--check", "--diff", handed_over=[pair])
    assert project.files() == {}
    assert "payroll-sync.filing.client_secret: stored (added)" in project.output

    outcome = project.run("--diff", handed_over=[pair])
    assert {**outcome, "diff": 0} == {**predicted, "diff": 0}
    grant = only(outcome)
    assert (grant["stage"], grant["health"], grant["changed"], grant["expires"]) == ("stored", "ok", True, "2027-06-30")
    assert grant["fields"]["scopes"] == {"value": ["file:read", "file:write"], "known": "observed"}
    assert grant["fields"]["expires"] == {"value": "2027-06-30", "known": "declared"}
    assert outcome["orders"] == []
    assert project.secret() == pair["client_secret"]
    assert project.events() == ["received", "verified", "stored"]

    before = project.files()
    for again in (project.run("--diff", handed_over=[pair]), project.run(), project.run("--check", handover="defer")):
        assert not again["changed"]
        assert only(again)["health"] == "ok"
    assert project.files() == before


@pytest.mark.parametrize("what", ["swapped", "short", "wrong", "workspace", "stolen", "unknown date"])
def test_a_wrong_pair_is_refused_with_the_reason_and_nothing_changes(project: Project, what: str) -> None:
    pair = project.made()
    more: dict[str, Any] = {}
    if what == "swapped":
        pair.update(client_id=pair["client_secret"], client_secret=pair["client_id"])
    elif what == "short":
        pair["client_secret"] = "filing"
    elif what == "wrong":
        pair["client_secret"] = pair["client_secret"][:-4] + "wxyz"
    elif what == "workspace":
        pair.update({**project.made(ESG), "grant": "filing"})
        state = project.organization.state
        more["workspace_ids"] = {item["name"]: item["id"] for item in state.all("workspace")}
    elif what == "stolen":
        project.run(handed_over=[project.made(ESG)], grants=[ESG])
        more["grants"] = [FILING, ESG]
        pair.update(client_id=re.findall(r"client_id: (.*)", project.credentials.read_text("utf-8"))[0].strip('"'))
    else:
        pair["expires"] = "30.06.2027"
    before = project.files()
    outcome = project.run("-vvv", handed_over=[pair], **more)
    grant = outcome["grants"][0]
    assert not outcome["changed"]
    assert project.files() == before
    expected = {
        "swapped": "look swapped",
        "short": "fewer than 12",
        "wrong": "was refused",
        "workspace": "of another workspace than SEC Filing",
        "stolen": "is the one of the grant esg of payroll-sync",
        "unknown date": "YYYY-MM-DD",
    }[what]
    assert expected in grant["error"]["msg"]
    assert [order["kind"] for order in outcome["orders"]] == ["create"]
    assert "filing" in project.output  # masking a short secret would have taken the word away
    if what != "short":
        assert "wk_secret" not in project.output
    failed = project.run(handed_over=[pair], fail_on=["error"], **more)
    assert failed["failed"]
    assert "payroll-sync.filing: error" in failed["msg"]


def test_a_pair_that_cannot_be_tried_is_kept_and_promoted(project: Project) -> None:
    pair = project.made()

    nowhere = {"connect_to": ["api.app.wdesk.com:443:127.0.0.1:1"], "retries": 0}
    outcome = project.run(handed_over=[pair], **nowhere)
    grant = only(outcome)
    assert (grant["stage"], grant["changed"], grant["error"]) == ("received", True, None)
    assert project.secret(name="received_client_secret") == pair["client_secret"]
    assert project.events() == ["received"]
    before = project.files()
    assert not project.run(handed_over=[pair], **nowhere)["changed"]
    assert project.files() == before

    grant = only(project.run(handover="defer"))
    assert (grant["stage"], grant["health"], grant["changed"]) == ("stored", "ok", True)
    assert project.secret() == pair["client_secret"]
    assert "received_" not in project.credentials.read_text("utf-8")
    assert project.events() == ["received", "verified", "stored"]


def test_an_allowlist_makes_a_refusal_doubtful_and_the_pair_is_kept(project: Project) -> None:
    declared = {**FILING, "ip_allowlist": ["203.0.113.7"]}
    pair = project.made(declared)
    grant = only(project.run(handed_over=[pair], grants=[declared]))
    assert (grant["stage"], grant["error"]) == ("received", None)
    project.change(pair, ip_allowlist=["203.0.113.7", "127.0.0.1"])
    grant = only(project.run(handover="defer", grants=[declared]))
    assert (grant["stage"], grant["health"]) == ("stored", "ok")
    project.change(pair, ip_allowlist=["203.0.113.7"])
    assert only(project.run(handover="defer", grants=[declared]))["health"] == "blocked_here"


def test_scopes_are_observed_and_dates_are_attested(project: Project) -> None:
    pair = project.made(scopes=["file:read"])
    outcome = project.run(handed_over=[{**pair, "expires": "2027-05-31"}])
    grant = only(outcome)
    assert (grant["stage"], grant["health"], grant["expires"]) == ("stored", "drifted", "2027-05-31")
    assert grant["fields"]["expires"] == {"value": "2027-05-31", "known": "attested"}
    (order,) = outcome["orders"]
    assert order["changes"] == {
        "scopes": {"from": ["file:read"], "to": ["file:read", "file:write"]},
        "expires": {"from": "2027-05-31", "to": "2027-06-30"},
    }
    project.change(pair, scopes=["file:read", "file:write"])
    told = {"integration": "payroll-sync", "grant": "filing", "expires": "2027-06-30"}
    grant = only(project.run(handed_over=[told]))
    assert (grant["health"], grant["changed"], len(grant["steps"])) == ("ok", True, 2)
    before = project.files()
    assert not project.run(handed_over=[told])["changed"]
    assert project.files() == before


def test_a_refused_pair_needs_a_regeneration_and_a_deleted_grant_is_retired(project: Project) -> None:
    pair = project.made()
    project.run(handed_over=[pair])
    absent = {**FILING, "state": "absent"}
    outcome = project.run(handover="defer", grants=[absent])
    assert [order["kind"] for order in outcome["orders"]] == ["delete"]
    project.delete(pair)
    outcome = project.run(handover="defer")
    assert only(outcome)["health"] == "rejected"
    assert [order["kind"] for order in outcome["orders"]] == ["regenerate"]
    for check in (["--check"], []):
        outcome = project.run(*check, handover="defer", grants=[absent])
        assert outcome["orders"] == []
        assert (only(outcome)["stage"], outcome["changed"]) == ("retired", True)
    assert project.secret() is None
    before = project.files()
    assert not project.run(handover="defer", grants=[absent])["changed"]
    assert project.files() == before


def test_a_damaged_entry_stops_no_other_and_a_new_pair_replaces_it(project: Project) -> None:
    filing, esg = project.made(), project.made(ESG)
    project.run(handed_over=[filing, esg], grants=[FILING, ESG])
    text = project.credentials.read_text("utf-8")
    project.credentials.write_text(re.sub(r"(\$ANSIBLE_VAULT;1.1;AES256\n +)\d{9}", r"\g<1>000000000", text, count=1))
    outcome = project.run(handover="defer", grants=[FILING, ESG])
    damaged, other = outcome["grants"]
    assert other["health"] == "ok"
    assert "client_secret (line 10): The encrypted entry" in damaged["error"]["msg"]
    assert outcome["orders"] == []  # the password may only be missing from this run
    outcome = project.run(handed_over=[filing], grants=[FILING, ESG])
    assert [grant["health"] for grant in outcome["grants"]] == ["ok", "ok"]
    assert project.secret() == filing["client_secret"]


def test_the_vault_is_proved_before_anything_is_taken_in(project: Project) -> None:
    pair = project.made()
    two = ("--vault-id", "dev@password", "--vault-id", "prod@password")
    outcome = project.run(handed_over=[pair], ids=two)
    assert "Several vault ids" in outcome["msg"]
    assert project.files() == {}
    project.environment = {"JOB_ID": "7"}
    assert "thrown away" in project.run(handed_over=[pair])["msg"]
    assert project.files() == {}
    project.environment = {}
    assert only(project.run(handed_over=[pair], ids=two, vault_id="prod"))["stage"] == "stored"
    assert "AES256;prod" in project.credentials.read_text("utf-8")


def test_no_secret_shows_anywhere(project: Project) -> None:
    good, wrong = project.made(), project.made()
    wrong["client_secret"] = good["client_secret"][:-6] + "wrongX"
    secrets = [good["client_secret"], wrong["client_secret"]]
    output = ""
    for pairs in (
        [wrong],
        [good],
        [{**good, "client_id": good["client_secret"], "client_secret": good["client_id"]}],
        None,
    ):
        for options in (["--check"], []):
            project.run("-vvvvv", "--diff", *options, handed_over=pairs)
            output += project.output
    for path in project.folder.rglob("*"):
        if path.is_file():
            output += path.read_bytes().decode("utf-8", "replace")
    for secret in secrets:
        assert secret not in output
        assert secret.rpartition(":")[2] not in output


def test_a_pair_is_asked_for_at_the_terminal_without_echo(project: Project) -> None:
    pair = project.made()
    command = [*project.play(None, handover="prompt"), "--vault-password-file", "password"]
    terminal = pexpect.spawn(
        command[0], command[1:], cwd=str(project.folder), env=project.env(), encoding="utf-8", timeout=60
    )
    shown: list[str] = []

    def answer(question: str, text: str) -> None:
        terminal.expect_exact(question)
        shown.append(str(terminal.before))
        terminal.send(text + "\r")

    answer("Client ID", pair["client_id"])
    answer("Client Secret", "short")
    terminal.expect_exact("fewer than 12 characters")
    answer("Client ID", f"  {pair['client_id']} ")
    answer("Client Secret", pair["client_secret"])
    answer("Expires", "2027-05-31")
    terminal.expect(pexpect.EOF)
    shown.append(str(terminal.before))
    terminal.close()
    assert terminal.exitstatus == 0, "".join(shown)
    assert "work order" not in shown[0]
    assert pair["client_secret"] not in "".join(shown)
    grant = only(project.told())
    assert (grant["stage"], grant["expires"], grant["error"]) == ("stored", "2027-05-31", None)
    assert project.secret() == pair["client_secret"]


def test_without_a_terminal_a_prompt_defers(project: Project) -> None:
    outcome = project.run(handover="prompt")
    assert only(outcome)["stage"] == "declared"
    assert [order["kind"] for order in outcome["orders"]] == ["create"]
    assert project.files() == {}


def test_a_pair_is_tried_on_the_host_that_the_allowlist_lets_in(project: Project) -> None:
    files = ["124efa2a142f472ba1ceab34ed18915f", "no-such-file"]
    declared = {**FILING, "ip_allowlist": ["203.0.113.7"], "verify_from": "etl01", "files": files}
    pair = project.made(declared, ip_allowlist=["127.0.0.1"])
    wrong = {**pair, "client_secret": pair["client_secret"][:-4] + "wxyz"}
    # Another interpreter makes another machine of this one: the module is sent there, pipelined.
    other = project.folder / "bin"
    other.mkdir()
    (other / "python").symlink_to(sys.executable)
    (other.parent / "pyvenv.cfg").write_text((BIN.parent / "pyvenv.cfg").read_text("utf-8"), encoding="utf-8")
    (other.parent / "lib").symlink_to(BIN.parent / "lib")
    host = f"etl01 ansible_connection=local ansible_python_interpreter={other / 'python'}\n"
    (project.folder / "hosts.ini").write_text(f"{host}etl02\n", encoding="utf-8")

    def tried(target: str, handed_over: list[Pair], *options: str) -> dict[str, Any]:
        command = [*project.play(handed_over, grants=[{**declared, "verify_from": target}]), *options]
        command = [word if word != "localhost," else "hosts.ini" for word in command]
        at = command.index("-e")
        del command[at - 2 : at + 2]  # -c local, and the interpreter of all hosts
        (play,) = json.loads((project.folder / "play.yml").read_text("utf-8"))
        play["tasks"][0]["delegate_to"] = target
        play["vars"] = {"ansible_python_interpreter": sys.executable}
        if target == "etl02":
            play["connection"] = "local"
        else:
            del play["vars"]
            play["tasks"][1]["vars"] = {"ansible_python_interpreter": sys.executable}
        (project.folder / "play.yml").write_text(json.dumps([play]), encoding="utf-8")
        done = subprocess.run(
            [*command, "--vault-password-file", "password"],
            cwd=project.folder,
            env=project.env(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert pair["client_secret"] not in done.stdout + done.stderr
        return project.told()

    outcome = tried("etl01", [wrong], "-vvvvv")
    assert "was refused" in outcome["grants"][0]["error"]["msg"], outcome
    assert project.files() == {}
    grant = only(tried("etl01", [pair], "-vvvvv"))
    assert (grant["stage"], grant["health"]) == ("stored", "ok")
    # The token is tried on the files there too, since it cannot be had here.
    seen = [(sight["file"], sight["access"], sight["finding"], sight["name"]) for sight in grant["files"]]
    assert seen == [(files[0], "yes", "ok", "Support schedules"), (files[1], "no", "no_access", None)]
    assert not tried("etl01", [pair])["changed"]
    assert "connection: local" in tried("etl02", [pair])["msg"]
