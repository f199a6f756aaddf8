# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the collection's tarball may hold, and nothing else: a stray file, once published, stays published.

In a pattern C(*) matches any part of one name. What only who changes the collection needs is kept out by
C(build_ignore) of galaxy.yml.
"""

from __future__ import annotations

import posixpath
import re
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path

ALLOWED = (
    "MANIFEST.json",
    "FILES.json",
    "LICENSE",
    "README.md",
    "CONTRIBUTING.md",
    "CODE_OF_CONDUCT.md",
    "SECURITY.md",
    "bindep.txt",
    "requirements.txt",
    "changelogs/changelog.yaml",
    "docs/*.md",
    # What antsibull-docs reads of an installed collection.
    "docs/docsite/extra-docs.yml",
    "docs/docsite/links.yml",
    "docs/docsite/rst/guides.rst",
    "docs/schema/*.json",
    # Patterns for those who test a project of their own.
    "extensions/molecule/config.yml",
    "extensions/molecule/inventory.yml",
    "extensions/molecule/vault-password",
    "extensions/molecule/*/*.yml",
    "extensions/molecule/shared/*/*.yml",
    "extensions/molecule/shared/project/*.j2",
    "meta/execution-environment.yml",
    "meta/runtime.yml",
    "playbooks/*.yml",
    "playbooks/tasks/*.yml",
    "plugins/action/*.py",
    "plugins/doc_fragments/*.py",
    "plugins/filter/*.py",
    "plugins/lookup/*.py",
    "plugins/module_utils/_*.py",
    "plugins/module_utils/_*/*.py",
    "plugins/modules/*.py",
    "plugins/plugin_utils/_*.py",
    "plugins/plugin_utils/_*/*.py",
    "plugins/plugin_utils/_*/*.yml",
    "plugins/plugin_utils/_project/_new_project/*",
    "plugins/plugin_utils/_project/_new_project/integrations.d/example.yml.sample",
    "plugins/plugin_utils/_orders/_templates/*.j2",
    "plugins/plugin_utils/_orders/_templates/page.css",
    "plugins/plugin_utils/_orders/_templates/page.js",
    "plugins/plugin_utils/_orders/_templates/seal.js",
    "roles/*/README.md",
    "roles/*/defaults/main.yml",
    "roles/*/meta/argument_specs.yml",
    "roles/*/meta/main.yml",
    "roles/*/tasks/*.yml",
    "roles/*/templates/*.j2",
    "roles/*/vars/*.yml",
    "roles/simulator/files/pyproject.toml",
    "roles/simulator/files/workiva_simulator/*.py",
    "roles/simulator/files/workiva_simulator/templates/*.html",
)
# Not there before the first release.
LATER = ("CHANGELOG.md",)


def _expression(pattern: str) -> re.Pattern[str]:
    # The name of a hidden file begins with a dot, which no star matches.
    return re.compile(re.escape(pattern).replace(r"\*", r"(?!\.)[^/]*"))


def strays(names: Iterable[str]) -> list[str]:
    """The names that no pattern allows."""
    allowed = [_expression(pattern) for pattern in (*ALLOWED, *LATER)]
    return sorted(name for name in names if not any(pattern.fullmatch(name) for pattern in allowed))


def missing(names: Iterable[str]) -> list[str]:
    """The patterns that no name matches: something was left out, or the pattern is of no use any more."""
    names = list(names)
    return [pattern for pattern in ALLOWED if not any(_expression(pattern).fullmatch(name) for name in names)]


def files_of(tarball: Path) -> list[str]:
    """The files in a tarball, and whatever else is in it but folders."""
    with tarfile.open(tarball) as opened:
        return sorted(member.name for member in opened if not member.isdir())


# Markdown has a link's target in place, or below the text as [name]: target.
_LINK = re.compile(r"\]\(([^)\s]+)[^)]*\)|^\[[^\]]+\]: (\S+)$", re.MULTILINE)


def links_in(page: str) -> list[str]:
    """The targets of all links and pictures of a Markdown page."""
    return [in_place or below for in_place, below in _LINK.findall(page)]


def dead_links(pages: Mapping[str, str], names: Iterable[str]) -> list[str]:
    """The links of Markdown pages that lead to no file of the tarball, and every relative link of README.md.

    Galaxy and Automation Hub show README.md alone, so its links must be whole addresses.
    """
    names = set(names)
    dead = []
    for name, page in sorted(pages.items()):
        for link in links_in(page):
            path = link.partition("#")[0]
            if "://" in link or link.startswith("mailto:") or not path:
                continue
            if name == "README.md" or posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) not in names:
                dead.append(f"{name}: {link}")
    return dead


def pages_of(tarball: Path) -> dict[str, str]:
    """The Markdown pages in a tarball, by their paths."""
    pages = {}
    with tarfile.open(tarball) as opened:
        for member in opened:
            content = opened.extractfile(member) if member.name.endswith(".md") else None
            if content:
                pages[member.name] = content.read().decode()
    return pages


def judge(tarball: Path) -> bool:
    """Says what is wrong with the content of a tarball, and whether nothing is."""
    names = files_of(tarball)
    for name in strays(names):
        print(f"{tarball.name} holds {name}, which tools/contents.py does not allow")
    for pattern in missing(names):
        print(f"{tarball.name} holds nothing like {pattern}, which tools/contents.py expects")
    dead = dead_links(pages_of(tarball), names)
    for link in dead:
        print(f"{tarball.name} holds a page with a link that leads nowhere, or a relative link in README.md: {link}")
    print(f"{tarball.name}: {len(names)} files, {tarball.stat().st_size} bytes")
    return not strays(names) and not missing(names) and not dead
