# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The open questions, as the role's README lists them."""

from __future__ import annotations

from pathlib import Path

from workiva_simulator.switches import SWITCHES

README = Path(__file__).resolve().parents[2] / "roles/simulator/README.md"


def test_readme_lists_every_switch_with_its_answers() -> None:
    expected = [
        f"| `{name}` | {switch.question} | {', '.join(f'`{answer}`' for answer in switch.answers)} |"
        for name, switch in SWITCHES.items()
    ]
    listed = README.read_text().partition("## The open questions")[2].partition("\n## ")[0]
    assert [line for line in listed.splitlines() if line.startswith("| `")] == expected
