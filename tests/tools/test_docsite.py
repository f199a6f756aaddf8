# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A link of the documentation that leads nowhere is found, and every guide is in the site."""

from __future__ import annotations

import re
from pathlib import Path

import docsite

ROOT = Path(__file__).resolve().parents[2]


def test_links_that_lead_nowhere_are_told(tmp_path: Path) -> None:
    (tmp_path / "guides").mkdir()
    (tmp_path / "style sheet.css").touch()
    fine = [
        "other.html",
        "#here",
        "other.html#there",
        "../style%20sheet.css",
        "https://example.com/none",
        "mailto:a@example.com",
    ]
    wrong = ["none.html", "#nowhere", "other.html#nowhere", "../guides", "/index.html", "../style.css"]
    links = "".join(f'<a href="{link}">x</a>' for link in [*fine, *wrong])
    (tmp_path / "guides/one.html").write_text(f'<p id="here">{links}</p><img src="none.png">')
    (tmp_path / "guides/other.html").write_text('<a name="there"></a>')
    told = [f"guides/one.html: {link}" for link in [*wrong, "none.png"]]
    assert list(docsite.broken_links(tmp_path)) == told


def test_every_guide_is_in_the_navigation() -> None:
    index = (ROOT / "tools/docs/index.md").read_text()
    guides = {f"docs/{path.stem}" for path in (ROOT / "docs").glob("*.md")}
    assert len(guides) > 5
    assert guides <= set(re.findall(r"^\S+$", index, re.MULTILINE))


def test_the_links_between_the_guides_lead_somewhere_in_the_repository_too() -> None:
    """They are read where the repository is hosted as well, which knows nothing of the site."""
    seen = 0
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
            if "://" not in link and not link.startswith("mailto:"):
                seen += 1
                assert (page.parent / link).exists(), f"{page.name}: {link}"
    assert seen > 10
