# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks start and discover: a folder that a person would be glad to get, and what there is to write in it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests._playbook import run_playbook
from tests.integration._job import ROOT, Job

PLAYBOOKS = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}


def start(folder: Path, *options: str, fails: bool = False) -> tuple[int, str]:
    """Runs the playbook as the README says; returns how many tasks changed something, and the output."""
    played = run_playbook("integrations.workiva.start", *options, folder=folder, fails=fails)
    return played.count("changed"), played.output


def test_a_folder_is_written_once_and_what_is_there_is_left_alone(tmp_path: Path) -> None:
    project = tmp_path / "workiva"
    option = ("-e", f"workiva_project={project}")
    assert start(tmp_path, *option, "--check")[0] > 0
    assert not project.exists()
    assert start(tmp_path, *option)[0] > 0
    (project / "workiva.yml").write_text("workiva: {}\n")
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    for again in ((), ("--check",)):
        assert start(tmp_path, *option, *again)[0] == 0
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


@pytest.mark.once
def test_without_a_name_it_is_the_folder_workiva_here(tmp_path: Path) -> None:
    start(tmp_path)
    assert (tmp_path / "workiva/workiva.yml").exists()
    _changed, output = start(tmp_path, "-e", "workiva_project=relative", fails=True)
    assert "workiva_project of the playbook start) must be an absolute path." in output


def test_what_is_written_is_ready_to_use(tmp_path: Path) -> None:
    """There is a file for each playbook, the samples keep to the schema, and a run reports what has to be filled in."""
    start(tmp_path)
    project = tmp_path / "workiva"
    files = {path.stem: path for path in project.glob("*.yml") if path.stem not in ("workiva", "hosts")}
    # Nobody starts a project in a project, and a rehearsal is for the tests of a project.
    assert set(files) == PLAYBOOKS - {"start", "rehearse", "awx"}
    for name, path in files.items():
        (play,) = yaml.safe_load(path.read_text())
        assert play["ansible.builtin.import_playbook"] == f"integrations.workiva.{name}"
    sample = project / "integrations.d/example.yml.sample"
    for path in (project / "workiva.yml", sample):
        named = re.search(r"\$schema=(\S+)", path.read_text())
        assert named, path
        assert (path.parent / named[1]).exists(), path
    for path, schema in ((project / "workiva.yml", "workiva"), (sample, "integration")):
        shape = json.loads((ROOT / f"docs/schema/{schema}.schema.json").read_text())
        jsonschema.validate(yaml.safe_load(path.read_text()), shape)
    shutil.copy(sample, project / "integrations.d/payroll-sync.yml")
    words = ("onboard.yml", "--check", "--vault-id", "test@password")
    played = run_playbook(*words, folder=project, inventory=None, fails=True, warns=True, home=tmp_path)
    # The file with the password is not there, which Ansible warns of: nothing else is wrong with the project.
    assert "The vault password file" in played.output
    assert played.output.count("[WARNING]") == 1


@pytest.mark.long
def test_what_is_discovered_can_be_pasted(job: Job) -> None:
    job.with_administrator()
    job.play("onboard")
    before, sent = job.content(), job.writes()
    assert job.play("discover")["changed"] == 0
    assert (job.content(), job.writes()) == (before, sent)
    # What the project has already is only named.
    assert "# payroll-sync@example.com: declared in integrations.d/payroll-sync.yml" in job.output
    assert "# workiva-automation@example.com: the user of an administrator grant in workiva.yml" in job.output
    path = job.project / "integrations.d/payroll-sync.yml"
    declared = yaml.safe_load(path.read_text())
    path.unlink()
    job.play("discover")
    names = yaml.safe_load(job.output.partition("# Names to use in integrations.d\n")[2].partition("\n\n")[0])
    assert "Data loaders" in names["workspaces"]["SEC Filing"]["groups"]
    assert "Professional" in names["workspaces"]["SEC Filing"]["roles"]
    assert "Org User Admin" in names["organization_roles"]
    pasted = job.output.partition("# integrations.d/payroll-sync.yml - looks like an integration\n")[2]
    found = yaml.safe_load(re.split(r"\n\n|\nPLAY RECAP", pasted)[0])
    assert found["user"]["workspaces"] == declared["user"]["workspaces"]

    # Its names are kept for rehearsals where that is asked for, and no people.
    assert job.play("discover", "-e", "workiva_write=true")["changed"] == 1
    assert job.play("discover", "-e", "workiva_write=true")["changed"] == 0
    kept = (job.project / "organization.yml").read_text()
    assert {**yaml.safe_load(kept)} == names
    assert "@" not in kept
    (job.project / "organization.yml").unlink()

    # Pasted over the declaration, it changes nothing: what there is is what is declared.
    path.write_text(yaml.safe_dump({**found, **{key: declared[key] for key in ("owner", "grants")}}))
    job.play("onboard", "-e", '{"workiva_only": ["payroll-sync"], "workiva_handover": "defer"}')
    assert job.writes() == sent
