# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the documentation as a site, in C(.build/site): the guides, and a page for every plugin and role."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from environment import BUILD, ROOT, core_environment, newest_core, run, source_tree, uv

PACKAGES = ("antsibull-docs", "sphinx", "sphinx-ansible-theme", "myst-parser", "requests", "cryptography")
SITE = BUILD / "site"
# As in galaxy.yml.
REPOSITORY = "https://github.com/integrations-workiva/integrations.workiva"
_FILES_OF_THE_REPOSITORY = (
    f"{REPOSITORY}/blob/main/",
    f"{REPOSITORY.replace('github.com', 'raw.githubusercontent.com')}/main/",
)


def with_links_of_the_repository(page: str) -> str:
    """A page at the top of the repository, with relative links in place of whole addresses of the repository's files."""
    for start in _FILES_OF_THE_REPOSITORY:
        page = page.replace(start, "")
    return page


class Page(HTMLParser):
    """What a page points to, and what on it can be pointed to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        self.links += [given[name] for name in ("href", "src") if name in given]


def broken_links(site: Path) -> Iterator[str]:
    """The links from page to page of the site that lead to no file, or to no place on it."""
    pages = {path.resolve(): Page(path.read_text()) for path in site.rglob("*.html")}
    for path, page in sorted(pages.items()):
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            place = unquote(parts.fragment)
            if not target.is_file() or (place and target in pages and place not in pages[target].places):
                yield f"{path.relative_to(site.resolve())}: {link}"


def build() -> bool:
    """Builds the site, and says whether every link in it leads somewhere. A warning of Sphinx ends the run."""
    env = core_environment(newest_core(), *PACKAGES, name="docs")
    shutil.rmtree(SITE, ignore_errors=True)
    tree = source_tree(BUILD / "docs")
    for path in (ROOT / "tools/docs").iterdir():
        shutil.copy(path, tree)
    readme = tree / "README.md"
    readme.write_text(with_links_of_the_repository(readme.read_text()))
    (tree / "reference").mkdir(mode=0o755)
    paths = {
        "ANSIBLE_COLLECTIONS_PATH": str(BUILD / "docs"),
        "PATH": f"{env / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(BUILD / "docs"),  # antsibull-docs writes a log there
    }
    options = ("--use-current", "--squash-hierarchy", "--dest-dir", "reference")
    run(env / "bin/antsibull-docs", "collection", *options, "integrations.workiva", cwd=tree, env=paths)
    run(env / "bin/sphinx-build", "-W", "--keep-going", "-q", "-b", "html", ".", SITE, cwd=tree, env=paths)
    broken = list(broken_links(SITE))
    for link in broken:
        print(f"leads nowhere: {link}")
    pages = len(list(SITE.rglob("*.html")))
    print(f"{pages} pages, {len(broken)} broken links: {SITE / 'index.html'}")
    return not broken


if __name__ == "__main__":
    uv()
    sys.exit(0 if build() else 1)
