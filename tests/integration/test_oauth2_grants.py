# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action oauth2_grants, run by ansible-playbook against the simulator: pairs come in, wrong ones do not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from tests._declared import FILING, loaded_project
from tests._playbook import ANSIBLE_PLAYBOOK, environment_in, keep_results, run_tasks
from tests._terminal import Terminal
from tests.integration._users_support import Organization, started
from workiva_simulator import rules

PASSWORD = "a vault password of the tests"
BIN = Path(sys.executable).parent
Pair = dict[str, Any]


class Project:
    """A project folder of its own, and the way to run the action on it as a user would."""

    def __init__(self, folder: Path, organization: Organization) -> None:
        self.folder = folder
        self.organization = organization
        self.credentials = folder / "credentials.yml"
        self.journal = folder / "journal" / "payroll-sync.jsonl"
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

    def arguments(self, **more: Any) -> dict[str, Any]:
        """The arguments of the task."""
        connection = {name: self.organization.connection[name] for name in ("region", "ca_path", "connect_to")}
        project = loaded_project(self.folder, connection, grants=more.pop("grants", [FILING]))
        project["run"] = {"today": "2026-11-24"}
        return {"project": project, **more}

    def tasks(self, *calls: dict[str, Any], options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """Runs the action once for each call in one play, and returns the results. C(handed_over), C(check_mode) and
        C(diff) of a call are the credentials, which come from a vars file as a user keeps them, and how the task runs."""
        tasks: list[dict[str, Any]] = []
        text = ""
        for number, call in enumerate(calls):
            how = {name: call.pop(name) for name in ("check_mode", "diff") if name in call}
            handed_over = call.pop("handed_over", None)
            given = {"handover": "none" if handed_over is None else "vars", **call}
            if handed_over is not None:
                text += self.inline(handed_over).replace("pairs:", f"pairs{number}:", 1)
                given["handed_over"] = "{{ pairs" + str(number) + " }}"
            tasks.append({"integrations.workiva.oauth2_grants": self.arguments(**given), **how})
        (self.folder / "pairs.yml").write_text(text or "{}\n", encoding="utf-8")
        words = ("-e", "@pairs.yml", "--vault-password-file", "password", *options)
        results, played = run_tasks(tasks, *words, folder=self.folder)
        self.output = played.output
        return results

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


def test_oauth2_grants_predicts_stores_and_repeats(project: Project) -> None:
    pair = project.made()
    # The date is not quoted in the vars file: a date, of which old cores make text.
    dated = {"integration": "payroll-sync", "grant": "filing", "expires": "2027-05-31"}
    nobody, predicted, outcome, again, stored, checked, attested = project.tasks(
        {"handover": "defer"},
        {"handed_over": [pair], "check_mode": True, "diff": True},
        {"handed_over": [pair], "diff": True},
        {"handed_over": [pair], "diff": True},
        {},
        {"handover": "defer", "check_mode": True},
        {"handed_over": [dated]},
    )
    assert only(nobody)["health"] == "unchecked"
    assert [order["kind"] for order in nobody["orders"]] == ["create"]

    assert project.output.count("payroll-sync.filing.client_secret: stored (added)") == 2
    assert outcome == predicted
    assert outcome["closed"] == ["payroll-sync.filing.1"]
    grant = only(outcome)
    assert (grant["stage"], grant["health"], grant["changed"], grant["expires"]) == ("stored", "ok", True, "2027-06-30")
    assert grant["fields"]["scopes"] == {"value": ["file:read", "file:write"], "known": "observed"}
    assert grant["fields"]["expires"] == {"value": "2027-06-30", "known": "declared"}
    assert outcome["orders"] == []
    assert project.secret() == pair["client_secret"]
    assert project.events()[:5] == ["ordered", "received", "verified", "stored", "closed"]

    assert only(attested)["fields"]["expires"] == {"value": "2027-05-31", "known": "attested"}
    for repeated in (again, stored, checked):
        assert not repeated["changed"]
        assert only(repeated)["health"] == "ok"


def test_no_output_of_oauth2_grants_shows_a_secret(project: Project) -> None:
    good, wrong = project.made(), project.made()
    wrong["client_secret"] = good["client_secret"][:-6] + "wrongX"
    swapped = {**good, "client_id": good["client_secret"], "client_secret": good["client_id"]}
    calls: list[dict[str, Any]] = []
    for pairs in ([wrong], [good], [swapped], [{**good, "client_secret": "filing"}], None):
        given = {} if pairs is None else {"handed_over": pairs}
        calls += [{**given, "check_mode": True}, given]
    project.tasks(*calls, options=("-vvvvv", "--diff"))
    output = project.output
    assert "payroll-sync.filing" in output  # masking a short secret would have taken the word away
    for path in project.folder.rglob("*"):
        if path.is_file():
            output += path.read_bytes().decode("utf-8", "replace")
    for secret in (good["client_secret"], wrong["client_secret"]):
        assert secret not in output
        assert secret.rpartition(":")[2] not in output


def test_oauth2_grants_asks_at_the_terminal_without_echo(project: Project) -> None:
    pair = project.made()
    tasks = [{"integrations.workiva.oauth2_grants": project.arguments(handover="prompt")}]
    play = {"hosts": "localhost", "gather_facts": False, "tasks": keep_results(tasks, project.folder / "results.json")}
    (project.folder / "play.yml").write_text(json.dumps([play]), encoding="utf-8")
    interpreter = json.dumps({"ansible_python_interpreter": sys.executable})
    options = ["-i", "localhost,", "-c", "local", "-e", interpreter, "--vault-password-file", "password", "play.yml"]
    # Not by run_playbook, under which nobody is at the terminal.
    terminal = Terminal([ANSIBLE_PLAYBOOK, *options], project.folder, environment_in(project.folder))
    terminal.answer("Which do you hand over", "1")
    terminal.answer("Client ID", pair["client_id"])
    terminal.answer("Client Secret", "short")
    terminal.answer("Client ID", f"  {pair['client_id']} ")
    assert "fewer than 12 characters" in terminal.shown
    terminal.answer("Client Secret", pair["client_secret"])
    terminal.answer("Expires", "2027-05-31")
    assert terminal.end() == 0, terminal.shown
    assert "(work order payroll-sync.filing.1)" in terminal.shown
    assert pair["client_secret"] not in terminal.shown
    (result,) = json.loads((project.folder / "results.json").read_text(encoding="utf-8"))
    grant = only(result)
    assert (grant["stage"], grant["expires"], grant["error"]) == ("stored", "2027-05-31", None)
    assert project.secret() == pair["client_secret"]


def test_credentials_are_checked_on_the_host_that_the_allowlist_lets_in(project: Project) -> None:
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
    here = f"localhost ansible_connection=local ansible_python_interpreter={sys.executable}\n"
    host = f"etl01 ansible_connection=local ansible_python_interpreter={other / 'python'}\n"
    (project.folder / "hosts.ini").write_text(f"{here}{host}etl02\n", encoding="utf-8")

    def tried(target: str, handed_over: list[Pair], *options: str) -> dict[str, Any]:
        (project.folder / "pairs.yml").write_text(project.inline(handed_over), encoding="utf-8")
        given = {"grants": [{**declared, "verify_from": target}], "handover": "vars", "handed_over": "{{ pairs }}"}
        task = {"integrations.workiva.oauth2_grants": project.arguments(**given), "delegate_to": target}
        words = ("-e", "@pairs.yml", "--vault-password-file", "password", *options)
        play: dict[str, Any] = {} if target == "etl02" else {"connection": None, "vars": {}}
        (result,), played = run_tasks([task], *words, folder=project.folder, inventory="hosts.ini", play=play)
        assert pair["client_secret"] not in played.output
        return result

    outcome = tried("etl01", [wrong], "-vvvvv")
    assert "was refused" in outcome["grants"][0]["error"]["msg"], outcome
    assert not project.credentials.exists()
    grant = only(tried("etl01", [pair], "-vvvvv"))
    assert (grant["stage"], grant["health"]) == ("stored", "ok")
    # The token is tried on the files there too, since it cannot be had here.
    seen = [(check["file"], check["access"], check["finding"], check["name"]) for check in grant["files"]]
    assert seen == [(files[0], True, "ok", "Support schedules"), (files[1], False, "no_access", None)]
    assert not tried("etl01", [pair])["changed"]
    assert "connection: local" in tried("etl02", [pair])["msg"]
