# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A release of a clone of this repository, as far as it goes without publishing."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import release
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parents[2]
GALAXY = Path(sys.executable).with_name("ansible-galaxy")
VERSION = re.search(r"^version: (\S+)$", (ROOT / "galaxy.yml").read_text(), re.MULTILINE)[1]  # type: ignore[index]
# As antsibull-changelog writes it.
ESCAPED = VERSION.replace(".", r"\.")


class Clone:
    """A repository with the files of this one, that were committed a while ago."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.out = folder.parent / f"{folder.name}-dist"
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, folder / name)
        self.git("init", "-q")
        self.commit()

    def git(self, *words: str) -> None:
        who = {f"GIT_{role}_{what}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        when = {f"GIT_{role}_DATE": "2026-11-01T12:00:00Z" for role in ("AUTHOR", "COMMITTER")}
        subprocess.run(["git", *words], cwd=self.root, env={**os.environ, **who, **when}, check=True)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "A commit")

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)

    def ready(self) -> Clone:
        """As antsibull-changelog and a person leave it."""
        for fragment in (self.root / "changelogs/fragments").glob("*.yml"):
            fragment.unlink()
        self.write("changelogs/changelog.yaml", f"---\nreleases:\n  {VERSION}:\n    release_date: '2026-11-01'\n")
        self.write("CHANGELOG.md", f"# Changes\n\n## v{ESCAPED}\n")
        self.commit()
        self.git("tag", f"v{VERSION}")
        return self

    def made(self) -> list[Path]:
        return release.made(self.root, GALAXY, self.out)


def test_tarball_checksum_and_bill_of_materials(tmp_path: Path) -> None:
    tarball, checksum, materials = Clone(tmp_path / "one").ready().made()
    assert tarball.name == f"integrations-workiva-{VERSION}.tar.gz"
    assert checksum.read_text() == f"{hashlib.sha256(tarball.read_bytes()).hexdigest()}  {tarball.name}\n"

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(materials.read_text()) is None
    bill: dict[str, Any] = json.loads(materials.read_text())
    assert bill["metadata"]["component"]["hashes"][0]["content"] == checksum.read_text().split()[0]
    needed = {one["name"] for one in bill["components"] if one["scope"] == "required"}
    assert needed == {"ansible-core", "requests", "cryptography"}
    assert "starlette" in {one["name"] for one in bill["components"] if one["scope"] == "optional"}
    assert len({one["bom-ref"] for one in bill["components"]}) == len(bill["components"])

    # Installed and verified as a user does, which judges every file by its checksum.
    env = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(tmp_path / "installed"), "HOME": str(tmp_path)}
    for words in (("install", "--offline", str(tarball), "-p"), ("verify", "--offline", "integrations.workiva", "-p")):
        subprocess.run([GALAXY, "collection", *words, str(tmp_path / "installed")], env=env, check=True)


def test_the_same_tag_gives_the_same_bytes(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in Clone(tmp_path / "one").ready().made()]
    time.sleep(1.1)  # another second, which would show in a tarball as it is built
    other = Clone(tmp_path / "two").ready()
    (other.root / "README.md").chmod(0o600)
    assert [path.read_bytes() for path in other.made()] == first


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda clone: clone.write("README.md", "changed"), "differs from its commit"),
        (lambda clone: clone.write("notes.txt", "new"), "differs from its commit"),
        (lambda clone: clone.git("tag", "-d", f"v{VERSION}"), "it has none"),
        (lambda clone: clone.git("tag", "v9.9.9"), "v9.9.9"),
        (
            lambda clone: changed(clone, "galaxy.yml", f"version: {VERSION}", "version: 9.9.9"),
            "must have the tag v9.9.9",
        ),
        (lambda clone: changed(clone, "changelogs/changelog.yaml", VERSION, "0.0.1"), "changelog.yaml has no release"),
        (lambda clone: changed(clone, "CHANGELOG.md", ESCAPED, "0.0.1"), "CHANGELOG.md has no section"),
        (lambda clone: added(clone, "changelogs/fragments/late.yml"), "in no release of the changelog: late.yml"),
        (
            lambda clone: changed(clone, "plugins/module_utils/_api/client.py", f"workiva/{VERSION}", "workiva/0"),
            "calls itself 0",
        ),
        (lambda clone: added(clone, "docs/notes.txt"), "does not hold what it should"),
    ],
)
def test_release_is_refused_with_the_reason(spoil: Any, said: str, tmp_path: Path) -> None:
    clone = Clone(tmp_path / "one").ready()
    spoil(clone)
    with pytest.raises(release.Refused, match=re.escape(said)):
        clone.made()
    assert not list(clone.out.glob("*")) if clone.out.exists() else True


def changed(clone: Clone, name: str, old: str, new: str) -> None:
    """A commit that changes a file, and takes the tag with it."""
    text = (clone.root / name).read_text()
    assert old in text
    clone.write(name, text.replace(old, new))
    _moved(clone)


def added(clone: Clone, name: str) -> None:
    clone.write(name, "x\n")
    _moved(clone)


def _moved(clone: Clone) -> None:
    clone.commit()
    clone.git("tag", "-f", f"v{VERSION}")


def test_the_requirements_name_every_package_that_the_plugins_import() -> None:
    """ansible-core brings jinja2, markupsafe and yaml with it, and requests brings urllib3."""
    imported = set()
    for path in (ROOT / "plugins").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.split(".")[0])
    theirs = imported - set(sys.stdlib_module_names) - {"ansible", "ansible_collections"}
    assert theirs - {"jinja2", "markupsafe", "yaml", "urllib3"} == {
        line for line in (ROOT / release.PACKAGES).read_text().splitlines() if not line.startswith("#")
    }
