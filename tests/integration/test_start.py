# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks start and discover: a folder that a person would be glad to get, and what there is to write in it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.integration._job import BIN, ROOT, Job, started

PLAYBOOKS = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}


def start(folder: Path, *options: str, fails: bool = False) -> tuple[int, str]:
    """Runs the playbook as the README says; returns how many tasks changed something, and the output."""
    done = subprocess.run(
        [str(BIN / "ansible-playbook"), "-i", "localhost,", "integrations.workiva.start", *options],
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "PWD": str(folder), "ANSIBLE_NOCOLOR": "1"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert (done.returncode != 0) == fails, done.stdout
    assert "[WARNING]" not in done.stdout, done.stdout
    recap = re.search(r"localhost\s+: ok=\d+\s+changed=(\d+)", done.stdout)
    return int(recap[1]) if recap else 0, done.stdout


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


def module(folder: Path, arguments: str, *options: str) -> dict[str, Any]:
    """The module alone, as a task of one's own has it."""
    words = ("localhost", "-i", "localhost,", "-c", "local", "-m", "integrations.workiva.project_folder")
    done = subprocess.run(
        [str(BIN / "ansible"), *words, "-a", arguments, *options],
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "ANSIBLE_NOCOLOR": "1"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert "[WARNING]" not in done.stdout, done.stdout
    diff, _head, answer = done.stdout.rpartition("localhost | ")
    return {"diff_shown": diff, **json.loads(answer[answer.index("{") :])}


def test_the_users_files_are_the_users_and_the_schemas_follow_the_release(tmp_path: Path) -> None:
    """Where a run is cut in its middle the next one writes the rest."""
    project = tmp_path / "a/b/workiva"
    predicted = module(tmp_path, f"path={project}", "--check", "--diff")
    assert not (tmp_path / "a").exists()
    done = module(tmp_path, f"path={project}", "--diff")
    assert predicted == done
    assert done["changed"]
    assert "+ansible.builtin.import_playbook" in done["diff_shown"].replace("+  ", "+")
    files = {str(path.relative_to(project)): path for path in project.rglob("*") if path.is_file()}
    assert sorted(files) == done["written"]
    assert {path.stat().st_mode & 0o777 for path in files.values()} == {0o640}
    assert {path.stat().st_mode & 0o777 for path in [project, *project.rglob("*")] if path.is_dir()} == {0o750}

    files["workiva.yml"].write_text("workiva: {}\n")
    files["workiva.yml"].chmod(0o600)
    (project / "journal").chmod(0o700)
    (project / "verify.yml").unlink()
    (project / "verify.yml").symlink_to("/nowhere")
    files["hosts.yml"].unlink()
    files[".schema/workiva.schema.json"].write_text("{}\n")
    done = module(tmp_path, f"path={project}")
    assert done["written"] == [".schema/workiva.schema.json", "hosts.yml"]
    assert files["workiva.yml"].read_text() == "workiva: {}\n"
    assert (files["workiva.yml"].stat().st_mode & 0o777, (project / "journal").stat().st_mode & 0o777) == (0o600, 0o700)
    assert (project / "verify.yml").is_symlink()
    shipped = (ROOT / "docs/schema/workiva.schema.json").read_text()
    assert files[".schema/workiva.schema.json"].read_text() == shipped
    assert not module(tmp_path, f"path={project}")["changed"]


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "workiva").write_text("a file\n")
    for arguments, told in (
        ("", "missing required arguments: path"),
        ("path=relative", "path must be an absolute path: relative"),
        (f"path={tmp_path}/workiva", f"{tmp_path}/workiva/.gitignore cannot be read: Not a directory."),
        ("path=/proc/workiva", "The folder /proc/workiva cannot be made: No such file or directory."),
    ):
        done = module(tmp_path, arguments)
        assert not done["changed"]
        assert told in done["msg"]
    assert (tmp_path / "workiva").read_text() == "a file\n"


def test_without_a_name_it_is_the_folder_workiva_here(tmp_path: Path) -> None:
    start(tmp_path)
    assert (tmp_path / "workiva/workiva.yml").exists()
    _changed, output = start(tmp_path, "-e", "workiva_project=relative", fails=True)
    assert "workiva_project must be an absolute path: relative" in output


def test_what_is_written_is_ready_to_use(tmp_path: Path) -> None:
    """There is a file for each playbook, the samples keep to the schema, and a run tells what is to be filled in."""
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
    done = subprocess.run(
        [str(BIN / "ansible-playbook"), "onboard.yml", "--check", "--vault-id", "test@password"],
        cwd=project,
        env={**os.environ, "HOME": str(tmp_path), "ANSIBLE_NOCOLOR": "1"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert "password" in done.stdout  # there is no such file: nothing else is wrong with the project
    assert "[WARNING]: No inventory" not in done.stdout, done.stdout


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Job]:
    with started(tmp_path) as made:
        yield made


def test_what_is_discovered_can_be_pasted(job: Job) -> None:
    job.with_administrator()
    job.play("onboard")
    before, sent = job.content(), job.writes()
    assert job.play("discover")["changed"] == 0
    assert (job.content(), job.writes()) == (before, sent)
    names = yaml.safe_load(job.output.partition("# Names to use in integrations.d\n")[2].partition("\n\n")[0])
    assert "Data loaders" in names["workspaces"]["SEC Filing"]["groups"]
    assert "Professional" in names["workspaces"]["SEC Filing"]["roles"]
    assert "Org User Admin" in names["organization_roles"]
    pasted = job.output.partition("# integrations.d/payroll-sync.yml - looks like an integration\n")[2]
    found = yaml.safe_load(re.split(r"\n\n|\nPLAY RECAP", pasted)[0])
    declared = yaml.safe_load((job.project / "integrations.d/payroll-sync.yml").read_text())
    assert found["user"]["workspaces"] == declared["user"]["workspaces"]

    # Its names are kept for rehearsals where that is asked for, and no people.
    assert job.play("discover", "-e", "workiva_write=true")["changed"] == 1
    assert job.play("discover", "-e", "workiva_write=true")["changed"] == 0
    kept = (job.project / "organization.yml").read_text()
    assert {**yaml.safe_load(kept)} == names
    assert "@" not in kept
    (job.project / "organization.yml").unlink()

    # Pasted over the declaration, it changes nothing: what there is is what is declared.
    (job.project / "integrations.d/payroll-sync.yml").write_text(
        yaml.safe_dump({**found, **{key: declared[key] for key in ("owner", "grants")}})
    )
    job.play("onboard", "-e", '{"workiva_only": ["payroll-sync"], "workiva_handover": "defer"}')
    assert job.writes() == sent
