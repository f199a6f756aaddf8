# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command: start, stop and set a simulator, and let the administrator fulfil work orders."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from pathlib import Path

import yaml

from . import authority, faults, people_command, process, switches
from .authority import REGIONS
from .problems import Problem
from .seed import plant, reset
from .state import State


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="workiva-simulator", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("start", "start in the background; one that runs already is left alone"),
        ("serve", "run in the foreground"),
        ("stop", "stop; none running is fine"),
        ("status", "print where it listens"),
        ("switch", "answer open questions: NAME=ANSWER, or a JSON object"),
        ("switches", "list the open questions and their answers"),
        ("clock", "set the date (YYYY-MM-DD, or now for the machine's)"),
        ("fault", "let requests fail: KIND[:count=1,skip=0,path=*,method=*,...]; fault --help lists the kinds"),
        ("certificate", "announce the next server certificate (DAYS: how long it lives), or change over to it"),
        ("reset", "go back to the organization of the start; switches and the clock stay"),
        ("administrator", "play the people: fulfil the work orders of a folder through the console's pages"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--directory", type=Path, default=Path.home() / ".cache/workiva-simulator")
        if name in ("start", "serve"):
            command.add_argument("--port", type=int, default=0, help="0 takes a free one")
            command.add_argument("--region", choices=list(REGIONS), default="us")
            command.add_argument("--seed", type=Path, help="a YAML file of workspaces, roles, groups and users")
            text = "an answer to an open question, or several as a JSON object"
            command.add_argument("--switch", action="append", default=[], metavar="NAME=ANSWER", help=text)
            command.add_argument("--now", help="the simulator's date, YYYY-MM-DD")
            command.add_argument(
                "--let-loopback-in",
                action="store_true",
                help="every IP Allowlist lets this machine in, as well as its own",
            )
            command.add_argument("--record", type=Path, help="append every exchange to this file")
            text = "how much longer each request of the API takes, as over a long way"
            command.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help=text)
            text = "how many requests of the API are carried out in any second; the others get 429 (0: any number)"
            command.add_argument("--most-in-a-second", type=int, default=0, metavar="NUMBER", help=text)
        elif name in ("switch", "clock"):
            command.add_argument("value", nargs="+")
        elif name == "fault":
            command.add_argument("value", nargs="+", metavar="KIND[:NAME=VALUE,...]")
            command.formatter_class = argparse.RawDescriptionHelpFormatter
            command.epilog = "kinds:\n" + "\n".join(f"  {kind}: {text}" for kind, text in faults.KINDS.items())
        elif name == "certificate":
            command.add_argument("what", choices=["announce", "change"])
            command.add_argument("--days", type=int, default=authority.LIFETIME)
        elif name == "administrator":
            people_command.add_arguments(command)
    return parser


def _prepare(arguments: argparse.Namespace) -> None:
    directory: Path = arguments.directory
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    state = State(str(directory / "state.sqlite"))
    for setting in arguments.switch:
        _switch(state, setting)
    if arguments.now:
        _clock(state, arguments.now)
    if arguments.let_loopback_in:
        state.set(let_loopback_in=True)
    plant(state, yaml.safe_load(arguments.seed.read_text()) if arguments.seed else None)


def _switch(state: State, setting: str) -> bool:
    """Sets C(NAME=ANSWER), or what a JSON object has. Returns whether that was another answer."""
    given = json.loads(setting) if setting.startswith("{") else dict([setting.partition("=")[::2]])
    answers = {f"switch.{name}": switches.checked(name, str(answer)) for name, answer in given.items()}
    before = {f"switch.{name}": state.switch(name) for name in given}
    state.set(**answers)
    return before != answers


def _clock(state: State, text: str) -> bool:
    """Returns whether that was another date; within the wanted day the clock is left to go on."""
    if text == "now":
        moved = bool(state.setting("clock_offset", 0.0))
        state.set_clock(None)
        return moved
    wanted = datetime.datetime.fromisoformat(text).replace(hour=12, tzinfo=datetime.timezone.utc)
    if state.now().date() == wanted.date():
        return False
    state.set_clock(wanted)
    return True


def main(words: list[str] | None = None) -> int:
    """Returns the exit status; what is asked wrongly is 2."""
    arguments = _arguments().parse_args(words)
    directory: Path = arguments.directory.absolute()
    arguments.directory = directory
    try:
        if arguments.command in ("start", "serve"):
            facts = process.running(directory)
            if not facts:
                _prepare(arguments)
                if arguments.command == "serve":
                    from .server import serve

                    limits = (arguments.latency, arguments.most_in_a_second)
                    serve(directory, arguments.port, arguments.region, arguments.record, *limits)
                    return 0
                options = ["--directory", str(directory), "--port", str(arguments.port), "--region", arguments.region]
                options += ["--latency", str(arguments.latency)]
                options += ["--most-in-a-second", str(arguments.most_in_a_second)]
                if arguments.record:
                    options += ["--record", str(arguments.record.absolute())]
                facts = {"changed": True, **process.start(directory, options)}
            print(json.dumps({"changed": False, **facts}))
        elif arguments.command == "stop":
            print(json.dumps({"changed": process.stop(directory)}))
        elif arguments.command == "status":
            print(json.dumps(process.running(directory) or {"running": False}))
        elif arguments.command == "switches":
            for name, switch in switches.SWITCHES.items():
                print(f"{name}: {switch.question} ({', '.join(switch.answers)})")
        elif arguments.command == "administrator":
            return people_command.play(arguments)
        elif not (directory / "state.sqlite").exists():
            raise RuntimeError(f"there is no simulator in {directory}: start one first")
        elif arguments.command == "certificate":
            if arguments.what == "announce":
                print(json.dumps({"changed": True, "upcoming": str(authority.announce(directory, arguments.days))}))
            else:
                authority.change_over(directory)
                process.reread_certificate(directory)
                print(json.dumps({"changed": True}))
        elif arguments.command == "reset":
            reset(State(str(directory / "state.sqlite")))
            print(json.dumps({"changed": True}))
        else:
            state = State(str(directory / "state.sqlite"))
            changed = []
            for value in arguments.value:
                if arguments.command == "switch":
                    changed.append(_switch(state, value))
                elif arguments.command == "clock":
                    changed.append(_clock(state, value))
                else:
                    state.put("fault", faults.parse(value))
                    changed.append(True)
            print(json.dumps({"changed": any(changed)}))
    except (ValueError, RuntimeError, OSError, Problem, yaml.YAMLError) as error:
        print(f"workiva-simulator: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
