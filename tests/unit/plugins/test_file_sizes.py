# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps every file that a person reads or edits short enough to be read at once."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MOST_LINES = 400
# Code, tests, templates, playbooks and pages. Licences, JSON schemas and the changelog are not among them.
SUFFIXES = {".py", ".yml", ".j2", ".md", ".html", ".css", ".js", ".toml"}
FOLDERS = ("docs", "extensions", "meta", "playbooks", "plugins", "roles", "tests", "tools")


def test_file_has_at_most_400_lines() -> None:
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    files = [path for path in (*inside, *ROOT.glob("*")) if path.suffix in SUFFIXES and path.is_file()]
    lines = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {"README.md", "docs/variables.md", "plugins/plugin_utils/_journal.py", "tests/awx/controller.py"} <= set(
        lines
    )
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}
