# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A link of the documentation that leads nowhere is found, and every guide is in the site."""

from __future__ import annotations

import re
from pathlib import Path

import contents
import docsite
import yaml

ROOT = Path(__file__).resolve().parents[2]


def test_dead_links_are_reported(tmp_path: Path) -> None:
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
    broken = [f"guides/one.html: {link}" for link in [*wrong, "none.png"]]
    assert list(docsite.broken_links(tmp_path)) == broken


def test_every_guide_is_in_the_navigation() -> None:
    index = (ROOT / "tools/docs/index.md").read_text()
    guides = {f"docs/{path.stem}" for path in (ROOT / "docs").glob("*.md")}
    assert len(guides) > 5
    assert guides <= set(re.findall(r"^\S+$", index, re.MULTILINE))


def test_the_links_between_the_guides_lead_somewhere_in_the_repository_too() -> None:
    """They are read where the repository is hosted as well, which knows nothing of the site."""
    seen = 0
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for link in contents.links_in(docsite.with_links_of_the_repository(page.read_text())):
            # Folders are pages where the repository is hosted, and not in the site.
            path = link.partition("#")[0].removeprefix(f"{docsite.REPOSITORY}/tree/main/")
            if path and "://" not in link and not link.startswith("mailto:"):
                seen += 1
                assert (page.parent / path).exists(), f"{page.name}: {link}"
    assert seen > 10


def test_links_to_files_of_the_repository_become_relative_in_the_site() -> None:
    hosted = docsite.REPOSITORY
    raw = hosted.replace("github.com", "raw.githubusercontent.com")
    page = f"[a]({hosted}/blob/main/docs/grants.md) [b]({hosted}/issues)\n[c]: {raw}/main/docs/images/x.png\n"
    assert contents.links_in(docsite.with_links_of_the_repository(page)) == [
        "docs/grants.md",
        f"{hosted}/issues",
        "docs/images/x.png",
    ]


def test_the_list_of_guides_for_other_sites_is_complete() -> None:
    """A site that antsibull-docs builds of the installed collection has this one page about the guides."""
    page = (ROOT / "docs/docsite/rst/guides.rst").read_text()
    linked = set(re.findall(r"<(\S+)>`_", page))
    guides = [path for path in (ROOT / "docs").glob("*.md") if path.stem != "architecture"]
    assert linked == {
        f"{docsite.REPOSITORY}/blob/main/{path.relative_to(ROOT)}" for path in [*guides, ROOT / "SECURITY.md"]
    }


def test_the_address_of_the_repository_is_the_same_everywhere() -> None:
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text())
    links = yaml.safe_load((ROOT / "docs/docsite/links.yml").read_text())
    assert galaxy["repository"] == docsite.REPOSITORY
    assert f"https://github.com/{links['edit_on_github']['repository']}" == docsite.REPOSITORY
    addresses = [link["url"] for link in links["extra_links"]]
    addresses += re.findall(r"https://(?:raw\.githubusercontent|github)\.com/\S+", (ROOT / "README.md").read_text())
    owned = docsite.REPOSITORY.removeprefix("https://github.com/")
    assert len(addresses) > 10
    assert [address for address in addresses if owned not in address] == []
