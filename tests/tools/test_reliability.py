# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The counts of a run of the fault campaigns take the place of those before, and nothing else of the page changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import reliability


def test_counts_of_a_run_replace_those_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "reliability.md"
    page.write_text("# Head\n\n<!-- counts -->\n\nold\n\n<!-- end of counts -->\n\nEnd.\n")
    monkeypatch.setattr(reliability, "PAGE", page)
    for number, outcomes in enumerate([["unharmed", "run failed"], ["run failed"]]):
        lines = [{"campaign": "kills", "what": "SIGKILL of onboard", "outcome": outcome} for outcome in outcomes]
        (tmp_path / f"kills-{number}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    text = reliability.write_counts(tmp_path, 1260)
    assert text.startswith("These are the outcomes of one run of `make faults`, which took 21 minutes on ")
    assert "processors: 3, of which none broke a rule." in text
    assert "| kill | tried | unharmed | run failed |" in text
    assert "| SIGKILL of onboard | 3 | 1 | 2 |" in text
    assert page.read_text() == f"# Head\n\n<!-- counts -->\n\n{text}\n\n<!-- end of counts -->\n\nEnd.\n"
