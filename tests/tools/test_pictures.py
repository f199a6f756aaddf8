# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pictures of README.md: what of a run is in them, and that README.md has text for those who do not see them."""

from __future__ import annotations

import re
from pathlib import Path

import pictures
import pytest
from environment import Unavailable, find_browser

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = """\
PLAY [Verify integrations] ****
TASK [Print the status] ****

Verify: 1 problem

Problems
  payroll-sync

PLAY RECAP ****
localhost : ok=1
"""


def test_picture_of_the_summary_shows_the_output_of_a_run() -> None:
    assert pictures.summary_of(OUTPUT, "Verify") == [
        "Verify: 1 problem",
        "",
        "Problems",
        "  payroll-sync",
    ]


def test_long_lines_are_broken_at_blanks_and_keep_their_indent() -> None:
    long = "    " + "word " * 30
    lines = pictures.wrapped(["short", "", long])
    assert lines[:2] == ["short", ""]
    assert all(line.startswith("    word") and len(line) <= pictures.COLUMNS for line in lines[2:])
    assert " ".join(" ".join(lines[2:]).split()) == long.strip()


def test_without_a_browser_the_message_names_those_that_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Unavailable, match="chromium"):
        find_browser()


def test_the_readme_shows_every_picture_with_a_text_that_replaces_it() -> None:
    readme = (ROOT / "README.md").read_text()
    files = {name: Path(path).name for name, path in re.findall(r"^\[(\S+)\]: (\S+\.png)$", readme, re.MULTILINE)}
    assert sorted(files.values()) == sorted(path.name for path in (ROOT / "docs/images").iterdir())
    texts = {name: text for text, name in re.findall(r"!\[([^\]]+)\]\[(\S+?)\]", readme)}
    assert texts.keys() == files.keys()
    assert all(len(text) > 40 for text in texts.values())
