# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A team's own project under molecule, with the files that docs/molecule.md names, word for word."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests._started_project import run, started

ROOT = Path(__file__).resolve().parents[2]
NAMES = """\
---
organization_roles: [Org User Admin]
workspaces:
  SEC Filing:
    roles: [Professional, Viewer]
    groups: [Data loaders]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Written by start, with machines that are not there, and with what a real project has and a rehearsal must not touch."""
    folder = started(tmp_path)
    settings = folder / "workiva.yml"
    copy = (
        "  certificates:\n    api: {path: /etc/loader/workiva.pem, owner: loader, hosts: loaders, reload: [loader]}\n"
    )
    settings.write_text(settings.read_text() + copy)
    (folder / "hosts.yml").open("a").write(
        "  children:\n    loaders:\n      hosts:\n        etl01.invalid:\n          ansible_become: true\n"
    )
    item = (ROOT / "tools/demo/integrations.d/payroll-sync.yml").read_text()
    where = "    ip_allowlist: [203.0.113.7]\n    verify_from: etl01.invalid\n    expires: 2025-06-30\n"
    (folder / "integrations.d/payroll-sync.yml").write_text(item.replace("    lifetime: 365d\n", where))
    (folder / "organization.yml").write_text(NAMES)
    (folder / "credentials.yml").write_text("not for a rehearsal: it is not even YAML: [\n")
    (folder / "journal/payroll-sync.jsonl").write_text("not for a rehearsal\n")
    for name, text in re.findall(
        r"`(molecule/\S+)`:\n\n```yaml\n(.*?)```", (ROOT / "docs/molecule.md").read_text(), re.S
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    assert sorted(path.name for path in folder.glob("molecule/default/*")) == ["converge.yml", "molecule.yml"]
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".ansible" not in path.parts
    }


def test_it_is_rehearsed_and_left_as_it_is(project: Path) -> None:
    before = content(project)
    status, output = run(project, "molecule", "test")
    assert status == 0, output
    text = re.sub(r"\s*│\s*", " ", output)
    assert f"Rehearsed: {project}" in text
    assert "the date was 2025-04-01" in text
    assert "The people carried out" in text
    assert re.search(r"they made [1-9]\d* mistakes?", text), text
    assert "wk_secret" not in output
    assert content(project) == before
    assert not Path("/etc/loader").exists()


def test_a_name_that_the_organization_does_not_have_is_found(project: Path) -> None:
    item = project / "integrations.d/payroll-sync.yml"
    item.write_text(item.read_text().replace("roles: [Professional]", "roles: [Editor]"))
    status, output = run(project, "molecule", "test")
    assert status != 0
    assert "Editor" in output
    assert "Professional" in output, "the names that there are are not in the message"
    shutil.rmtree(project)
