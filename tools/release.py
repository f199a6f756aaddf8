# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes what a release publishes, from the tag that is checked out: C(python3 tools/release.py).

The tarball, its SHA-256 and a software bill of materials (CycloneDX). They are made of the tag's own files, and
whoever makes them again from the same tag gets the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import contents
import tomllib
from environment import BUILD, COLLECTION, ROOT, core_environment, newest_core, run, uv

# What a task needs where it runs, beside Python and ansible-core.
PACKAGES = "requirements.txt"
SIMULATOR = "roles/simulator/files/pyproject.toml"


class Refused(Exception):
    """The text says what prevents a release."""


@dataclass(frozen=True)
class Tagged:
    """What is released: the version that the tag names, and the time of its commit in seconds."""

    version: str
    commit: str
    when: int

    @property
    def tag(self) -> str:
        return f"v{self.version}"


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _found(root: Path, path: str, expression: str) -> str:
    found = re.search(expression, (root / path).read_text(), re.MULTILINE)
    if not found:
        raise Refused(f"{path} names no version.")
    return found[1]


def tagged(root: Path) -> Tagged:
    """What is checked out, where it may be released. Raises L(Refused) with all that prevents it."""
    version = _found(root, "galaxy.yml", r"^version: *[\"']?([^\s\"']+)")
    wrong = []
    if _git(root, "status", "--porcelain", "--ignored=no"):
        wrong.append("The working tree differs from its commit: commit or remove what git status shows.")
    tags = _git(root, "tag", "--points-at", "HEAD").split()
    if tags != [f"v{version}"]:
        wrong.append(
            f"galaxy.yml has version {version}, so that this commit must have the tag v{version} and no other one; "
            f"it has {', '.join(tags) or 'none'}."
        )
    agent = _found(root, "plugins/module_utils/_api/client.py", r"^AGENT = \"integrations\.workiva/([^\"]+)\"")
    if agent != version:
        wrong.append(f"plugins/module_utils/_api/client.py calls itself {agent}.")
    if not re.search(
        rf"^  [\"']?{re.escape(version)}[\"']?:", (root / "changelogs/changelog.yaml").read_text(), re.MULTILINE
    ):
        wrong.append(f"changelogs/changelog.yaml has no release {version}: run antsibull-changelog release.")
    changelog = root / "CHANGELOG.md"
    # antsibull-changelog escapes the dots of its headings.
    changelog_text = changelog.read_text().replace("\\", "") if changelog.exists() else ""
    if not re.search(rf"^## v{re.escape(version)}$", changelog_text, re.MULTILINE):
        wrong.append(f"CHANGELOG.md has no section {version}: run antsibull-changelog release.")
    waiting = sorted(path.name for path in (root / "changelogs/fragments").glob("*.y*ml"))
    if waiting:
        wrong.append(f"These fragments are in no release of the changelog: {', '.join(waiting)}.")
    if wrong:
        raise Refused("\n".join(wrong))
    return Tagged(version, _git(root, "rev-parse", "HEAD"), int(_git(root, "show", "-s", "--format=%ct", "HEAD")))


def made(root: Path, galaxy: Path, out: Path) -> list[Path]:
    """Makes the files of the release in a folder, and returns their paths."""
    what = tagged(root)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        tree = Path(temporary) / COLLECTION
        tree.mkdir(parents=True)
        archive = subprocess.run(["git", "archive", what.tag], cwd=root, capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(tree, filter="data")
        run(galaxy, "collection", "build", "--output-path", temporary, cwd=tree)
        (built,) = Path(temporary).glob("*.tar.gz")
        tarball = out / built.name
        tarball.write_bytes(reproducible(built.read_bytes(), what.when))
        bill = bill_of_materials(tree, what, tarball)
    if not contents.judge(tarball):
        tarball.unlink()
        raise Refused("The tarball does not hold what it should.")
    checksum = out / f"{tarball.name}.sha256"
    checksum.write_text(f"{_sha256(tarball.read_bytes())}  {tarball.name}\n")
    materials = out / f"{tarball.name.removesuffix('.tar.gz')}.cdx.json"
    materials.write_text(json.dumps(bill, indent=2) + "\n")
    return [tarball, checksum, materials]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def reproducible(tarball: bytes, when: int) -> bytes:
    """The same collection without what differs from build to build: order, times and owners.

    FILES.json lists the files in the order in which the file system gave them, and MANIFEST.json has its checksum.
    """
    with tarfile.open(fileobj=io.BytesIO(tarball)) as given:
        members = {member.name: member for member in given}
        content = {name: given.extractfile(member).read() for name, member in members.items() if member.isfile()}  # type: ignore[union-attr]
    files = json.loads(content["FILES.json"])
    files["files"].sort(key=lambda entry: entry["name"])
    content["FILES.json"] = json.dumps(files, indent=True).encode()
    manifest = json.loads(content["MANIFEST.json"])
    manifest["file_manifest_file"]["chksum_sha256"] = _sha256(content["FILES.json"])
    content["MANIFEST.json"] = json.dumps(manifest, indent=True).encode()
    packed = io.BytesIO()
    first = ["MANIFEST.json", "FILES.json"]
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=when) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as tar,
    ):
        for name in [*first, *sorted(members.keys() - set(first))]:
            entry = tarfile.TarInfo(name)
            entry.type, entry.mtime = members[name].type, when
            entry.mode = 0o755 if members[name].isdir() or members[name].mode & 0o100 else 0o644
            entry.size = len(content.get(name, b""))
            tar.addfile(entry, io.BytesIO(content.get(name, b"")))
    return packed.getvalue()


def bill_of_materials(tree: Path, what: Tagged, tarball: Path) -> dict[str, Any]:
    """What the collection needs, in the format of CycloneDX 1.6. It bundles no code of others."""
    core = _found(tree, "meta/runtime.yml", r"^requires_ansible: *[\"']?([^\"'\n]+)")
    digest = _sha256(tarball.read_bytes())
    simulator = tomllib.loads((tree / SIMULATOR).read_text())["project"]["dependencies"]
    packages = [line for line in (tree / PACKAGES).read_text().splitlines() if line and not line.startswith("#")]
    needed = [_component(text, "required") for text in (f"ansible-core{core}", *packages)]
    known = {component["name"] for component in needed}
    # What the role simulator installs into an environment of its own, for demos and tests.
    optional = [
        component
        for component in (_component(text, "optional") for text in simulator)
        if component["name"] not in known
    ]
    collection = {
        "type": "library",
        "bom-ref": "collection",
        "group": "integrations",
        "name": "workiva",
        "version": what.version,
        "purl": f"pkg:generic/integrations.workiva@{what.version}",
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "licenses": [{"license": {"id": "GPL-3.0-or-later"}}],
    }
    components = [*needed, *optional]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'sha256:{digest}')}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(what.when, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": collection,
            "properties": [{"name": "integrations.workiva:commit", "value": what.commit}],
        },
        "components": components,
        "dependencies": [{"ref": "collection", "dependsOn": [component["bom-ref"] for component in components]}],
    }


def _component(requirement: str, scope: str) -> dict[str, Any]:
    """A package of PyPI. Which of its versions is used is chosen where the collection is installed."""
    name, wanted = re.fullmatch(r"([A-Za-z0-9._-]+)(.*)", requirement).groups()  # type: ignore[union-attr]
    component: dict[str, Any] = {"type": "library", "bom-ref": f"pypi:{name}", "name": name, "scope": scope}
    component["purl"] = f"pkg:pypi/{name}"
    if wanted.strip():
        component["properties"] = [{"name": "integrations.workiva:versions", "value": wanted.strip()}]
    return component


def main() -> int:
    """Makes the files of the release in C(dist/)."""
    uv()
    galaxy = core_environment(newest_core(), name="release") / "bin/ansible-galaxy"
    try:
        for path in made(ROOT, galaxy, BUILD.parent / "dist"):
            print(path)
    except Refused as error:
        print(f"No release:\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
