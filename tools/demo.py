# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The demo: a project folder from its first onboard to verified credentials, against a Workiva on this machine."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from environment import BUILD, ROOT, environment, install_tarball, simulator_environment, uv

PROJECT = BUILD / "demo/project"
SIMULATOR = BUILD / "demo/simulator"
HANDED_OVER = BUILD / "demo/handed-over.yml"
COPY = BUILD / "demo/loader/workiva.pem"
PASSWORD = BUILD / "demo/vault-password"
RECORD = BUILD / "demo/requests.jsonl"
INTEGRATIONS = tuple(sorted((ROOT / "tools/demo/integrations.d").glob("*.yml")))
CANNOT = "The people's part is played by the simulator's administrator, which goes through the console's HTML pages."


class Demo:
    """The environment of the demo, and the commands that its user would type."""

    def __init__(self, people: bool) -> None:
        self.people = people
        uv()
        interpreter = Path(sys.executable)
        self.ansible = environment("demo-ansible", interpreter, "ansible-core>=2.18", "requests", "cryptography")
        self.simulator = simulator_environment(interpreter)
        self.collections = install_tarball(self.ansible, BUILD / "demo/collections")

    def command(self, *words: str) -> tuple[int, str]:
        """Runs one of Ansible's commands in the project folder; what it prints is shown and returned."""
        print(f"\n$ {shlex.join(word for word in words if not word.startswith('ansible_python'))}", flush=True)
        done = subprocess.run(
            [str(self.ansible / "bin" / words[0]), *words[1:]],
            cwd=PROJECT,
            env={
                **os.environ,
                "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
                "ANSIBLE_DISPLAY_OK_HOSTS": "false",
                "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
                "ANSIBLE_NOCOWS": "1",
            },
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Its output is read through a pipe: a question in it would be seen by nobody. Only `answer` asks.
            stdin=subprocess.DEVNULL,
            check=False,
        )
        shown = [
            line for line in done.stdout.splitlines() if line.strip() and not line.startswith(("TASK [", "PLAY ["))
        ]
        print("\n".join(shown), flush=True)
        return done.returncode, done.stdout

    def playbook(self, name: str, *options: str, fails: bool = False) -> str:
        """Runs a playbook of the collection by its full name."""
        words = ("ansible-playbook", f"integrations.workiva.{name}", "--vault-id", f"demo@{PASSWORD}", *options)
        status, output = self.command(*words)
        if (status != 0) != fails:
            raise SystemExit(f"the playbook {name} was expected to {'fail' if fails else 'succeed'}")
        return output

    def simulate(self, *words: str) -> str:
        done = subprocess.run(
            [str(self.simulator / "bin/python"), "-m", "workiva_simulator", *words, "--directory", str(SIMULATOR)],
            text=True,
            stdout=subprocess.PIPE,
            check=False,
        )
        return done.stdout

    def administrator(self, *options: str) -> None:
        """The people's part: the orders are read and done in the console, and the credentials handed over."""
        print(f"\n# {CANNOT}", flush=True)
        print(self.simulate("administrator", "--orders", str(PROJECT / "work-orders"), *options), flush=True)

    def encrypt_handed_over(self) -> None:
        subprocess.run(
            [str(self.ansible / "bin/ansible-vault"), "encrypt", "--vault-id", f"demo@{PASSWORD}", str(HANDED_OVER)],
            check=True,
            capture_output=True,
        )

    def answer(self) -> None:
        """You are the people: until no work order is open, the playbook handover asks at your terminal."""
        console = json.loads((SIMULATOR / "simulator.json").read_text())["console_url"]
        while orders := sorted(path.name for path in (PROJECT / "work-orders").glob("*.*.[0-9]*.html")):
            print(f"\nOpen work orders in {PROJECT}/work-orders: {', '.join(orders)}")
            print(f"Do what they say in the console, {console} (its CA: {SIMULATOR}/ca.pem).")
            input("Then press Enter. The playbook handover asks which of them you answer: ")
            words = ["ansible-playbook", "handover.yml", "--vault-id", f"demo@{PASSWORD}"]
            print(f"\n$ {' '.join(words)}", flush=True)
            subprocess.run(
                [str(self.ansible / "bin" / words[0]), *words[1:]],
                cwd=PROJECT,
                env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(self.collections), "ANSIBLE_NOCOWS": "1"},
                check=False,
            )

    def hand_over(self, *options: str) -> None:
        """Lets the people do what they are asked for, and accepts what they hand over."""
        if self.people:
            self.answer()
            return
        HANDED_OVER.unlink(missing_ok=True)
        self.administrator("--handed-over", str(HANDED_OVER), *options)
        if HANDED_OVER.exists():
            self.encrypt_handed_over()
            self.playbook("handover", "-e", f"@{HANDED_OVER}")


def heading(text: str) -> None:
    print(f"\n\n{'=' * 78}\n{text}\n{'=' * 78}", flush=True)


def prepare(demo: Demo) -> None:
    """A fresh simulator, and a project folder as the playbook start writes it, with six integrations."""
    shutil.rmtree(PROJECT, ignore_errors=True)
    demo.simulate("stop")
    shutil.rmtree(SIMULATOR, ignore_errors=True)
    RECORD.unlink(missing_ok=True)
    facts = json.loads(demo.simulate("start", "--record", str(RECORD)))
    PASSWORD.touch(mode=0o600)
    PASSWORD.write_text("a password of the demo\n")
    PROJECT.mkdir(parents=True)
    shutil.rmtree(COPY.parent, ignore_errors=True)
    COPY.parent.mkdir()
    demo.command(
        "ansible-playbook", "-i", "localhost,", "integrations.workiva.start", "-e", f"workiva_project={PROJECT}"
    )
    text = (ROOT / "tools/demo/workiva.yml").read_text()
    text = text.replace("@CA_PATH@", facts["ca_path"]).replace("@CONNECT_TO@", facts["connect_to"][0])
    (PROJECT / "workiva.yml").write_text(text)
    for source in INTEGRATIONS:
        shutil.copy(source, PROJECT / "integrations.d" / source.name)


def read_secrets(demo: Demo) -> None:
    """Every stored secret, read back by ansible-vault; what is shown is its length."""
    lines = (PROJECT / "credentials.yml").read_text().splitlines()
    starts = [number for number, line in enumerate(lines) if line.rstrip().endswith("client_secret: !vault |")]

    def length(number: int) -> int:
        block = []
        for line in lines[number + 1 :]:
            if not line.startswith(" " * 8) or ":" in line:
                break
            block.append(line.strip())
        done = subprocess.run(
            [str(demo.ansible / "bin/ansible-vault"), "decrypt", "--vault-id", f"demo@{PASSWORD}", "-"],
            input="\n".join(block) + "\n",
            text=True,
            capture_output=True,
            check=True,
        )
        return len(done.stdout.strip())

    with ThreadPoolExecutor() as pool:
        for number, found in zip(starts, pool.map(length, starts)):
            print(f"credentials.yml line {number + 1}: ansible-vault reads a secret of {found} characters")
    print(f"{len(starts)} secrets")


def hand_over_wrong_credentials(demo: Demo) -> None:
    """Credentials with a secret that is not the grant's."""
    client_id = "00000000-0000-4000-8000-000000000000"
    credentials = {
        "integration": "payroll-sync",
        "grant": "main",
        "client_id": client_id,
        "client_secret": "wk_secret:oa2c:" + "x" * 24,
    }
    HANDED_OVER.write_text(json.dumps({"workiva_handed_over": [credentials]}))
    HANDED_OVER.chmod(0o600)
    demo.encrypt_handed_over()
    demo.playbook("handover", "-e", f"@{HANDED_OVER}", "-e", '{"workiva_only": ["payroll-sync"]}', fails=True)


def changes_nothing(demo: Demo) -> None:
    """One more onboard, and what it sent."""
    before = len(RECORD.read_text().splitlines())
    output = demo.playbook("onboard")
    if "changed=0" not in output:
        raise SystemExit("another onboard changed something")
    sent = [json.loads(line) for line in RECORD.read_text().splitlines()[before:]]
    writes = [line for line in sent if line["method"] != "GET" and not line["path"].endswith("/token")]
    print(f"\nIt sent {len(sent)} requests ({len(writes)} writes).")


def declare_absent(name: str) -> None:
    """What a person does with an editor."""
    path = PROJECT / f"integrations.d/{name}.yml"
    path.write_text(path.read_text().replace(f"name: {name}\n", f"name: {name}\nstate: absent\n"))


def main() -> int:
    """Shows the whole job; returns 0 where everything went as it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", action="store_true", help="you do the people's part yourself, in your own browser")
    demo = Demo(parser.parse_args().people)
    start = time.monotonic()
    heading("1. A project folder, and a Workiva on this machine")
    prepare(demo)

    heading(
        "2. The first onboard: the server's certificate is copied, and a work order asks for the administrator grant"
    )
    demo.playbook("onboard")

    if not demo.people:
        heading("3. Somebody ticks the wrong scope: the preflight of onboard reports it, and nothing changes")
        demo.hand_over("--as", "wrong_scope")
        demo.playbook("onboard", fails=True)
    heading(
        "4. The order is carried out: onboard creates the users and their access, and writes the work orders for their grants"
    )
    demo.hand_over()
    demo.playbook("onboard")

    if not demo.people:
        heading("5. Wrong credentials are rejected at once, and nothing is stored")
        hand_over_wrong_credentials(demo)
    heading("6. People carry out the work orders; the credentials are accepted, verified and stored")
    demo.hand_over()

    heading("7. Each secret can be read with ansible-vault")
    read_secrets(demo)

    heading("8. A token is obtained with each of them, and the certificate is compared with its copy: verify")
    demo.playbook("verify")

    heading("9. A second onboard changes nothing")
    changes_nothing(demo)

    heading(
        "10. An integration leaves: its access is removed, and an order asks to delete its grant; its credentials stay until then"
    )
    declare_absent("audit-reader")
    demo.playbook("offboard", "-e", "workiva_only=audit-reader")
    heading("11. People delete the grant and confirm it: the credentials are removed")
    demo.hand_over()
    if "audit-reader" in (PROJECT / "credentials.yml").read_text():
        raise SystemExit("the credentials of the integration that left are still there")
    print(
        f"\nThe demo took {time.monotonic() - start:.0f} seconds after the installation.\n\n"
        f"The project:      {PROJECT}\n"
        f"The certificate:  {COPY}\n"
        f"The console:      {json.loads((SIMULATOR / 'simulator.json').read_text())['console_url']}\n"
        f"The simulator:    stop it with {demo.simulator}/bin/workiva-simulator stop --directory {SIMULATOR}\n"
        "For a real organization start a project of its own, as README.md describes (A first real run)."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
