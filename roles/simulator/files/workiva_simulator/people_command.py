# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command C(administrator): its arguments, and what it prints."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from .administrator import Report

# In the directory of the simulator, written with --json: a vars file for Ansible.
REPORTS = "reports.yml"
ADMINISTRATOR = "olivia.admin@example.com"
PEOPLE = {
    "fulfil": "does what the order says",
    "refuse": "says no",
    "wrong_scope": "ticks another scope than the last one asked for",
    "other_workspace": "adds the grant in another workspace",
    "late": "does what the order says, but many days later (sets the simulator's clock)",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command C(administrator), beside C(--directory)."""
    parser.add_argument("--orders", type=Path, required=True, metavar="FOLDER", help="where the work orders are")
    parser.add_argument(
        "--order", action="append", default=[], metavar="NUMBERS", help="only these, separated by commas"
    )
    people = "; ".join(f"{name}: {text}" for name, text in PEOPLE.items())
    parser.add_argument("--as", dest="played_as", choices=list(PEOPLE), default="fulfil", help=people)
    parser.add_argument("--days", type=int, default=30, help="how late --as late is")
    parser.add_argument("--administrator", default=ADMINISTRATOR, help="who signs in to add grants")
    parser.add_argument(
        "--handed-over", type=Path, metavar="FILE", help="the vars file for the client credentials, with mode 0600"
    )
    parser.add_argument("--json", action="store_true", help="report for programs")


def play(arguments: argparse.Namespace) -> int:
    """Carries out and prints. Returns 1 where a person could not do what was asked."""
    # What a browser needs takes its time to import, and the other commands do without it.
    from .administrator import carry_out

    reports = carry_out(
        arguments.directory,
        arguments.orders,
        [number for numbers in arguments.order for number in numbers.split(",") if number],
        played_as=arguments.played_as,
        administrator=arguments.administrator,
        handed_over=arguments.handed_over,
        days=arguments.days,
    )
    if arguments.json:
        changed = any(report.outcome == "done" for report in reports)
        orders = [asdict(report) for report in reports]
        (arguments.directory / REPORTS).write_text(vars_file(orders), encoding="utf-8")
        print(json.dumps({"changed": changed, "orders": orders, "failure": describe_failure(reports)}))
    else:
        for line in lines(reports):
            print(line)
    return 1 if any(report.outcome == "impossible" for report in reports) else 0


class _Text(str):
    """A text that Ansible must not render as a template: it comes from a page."""


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(_Text, lambda dumper, text: dumper.represent_scalar("!unsafe", str(text)))


def vars_file(orders: list[dict[str, Any]]) -> str:
    """The reports as the variable C(simulator_reports)."""
    return yaml.dump({"simulator_reports": _as_texts(orders)}, Dumper=_Dumper, sort_keys=False)


def _as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_texts(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_as_texts(item) for item in value]
    return _Text(value) if isinstance(value, str) else value


def describe_failure(reports: list[Report]) -> str:
    """Which work orders could not be carried out, and why; empty where all could."""
    reasons = [f"{report.order}: {report.reason}" for report in reports if report.outcome == "impossible"]
    return f"Not possible: {' '.join(reasons)}" if reasons else ""


def lines(reports: list[Report]) -> list[str]:
    """The reports for a person."""
    said: dict[str, Any] = {
        "done": "done",
        "nothing": "was done before",
        "refused": "refused",
        "impossible": "not possible",
    }
    found = []
    for report in reports:
        reason = f": {report.reason}" if report.reason else ""
        found += [
            f"{report.order} ({report.kind}): {said[report.outcome]}{reason}",
            *(f"  {step}" for step in report.steps),
        ]
    return found or ["There is no work order."]
