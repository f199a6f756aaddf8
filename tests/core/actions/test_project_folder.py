# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the action behind the playbook start writes, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests._organization import REPOSITORY
from tests.core._actions import Actions


def test_project_folder_leaves_the_users_files_alone_and_updates_the_schemas(actions: Actions, tmp_path: Path) -> None:
    """Where a run is cut in its middle the next one writes the rest."""
    project = tmp_path / "a/b/workiva"
    arguments = {"path": str(project)}
    predicted = actions("project_folder", arguments, check_mode=True, diff=True)
    assert not (tmp_path / "a").exists()
    done = actions("project_folder", arguments, diff=True)
    assert predicted == done
    assert done["changed"]
    shown = {part["after_header"]: part["after"] for part in done["diff"]}
    assert "ansible.builtin.import_playbook: integrations.workiva.verify" in shown[str(project / "verify.yml")]
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
    assert actions("project_folder", arguments)["written"] == [".schema/workiva.schema.json", "hosts.yml"]
    assert files["workiva.yml"].read_text() == "workiva: {}\n"
    assert (files["workiva.yml"].stat().st_mode & 0o777, (project / "journal").stat().st_mode & 0o777) == (0o600, 0o700)
    assert (project / "verify.yml").is_symlink()
    shipped = (REPOSITORY / "docs/schema/workiva.schema.json").read_text()
    assert files[".schema/workiva.schema.json"].read_text() == shipped
    assert not actions("project_folder", arguments)["changed"]


def test_project_folder_reports_what_cannot_be_written(
    actions: Actions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The default is the folder workiva here.
    monkeypatch.chdir(tmp_path)
    (tmp_path / "workiva").write_text("a file\n")
    for arguments, reason in (
        ({}, f"{tmp_path}/workiva/.gitignore cannot be read: Not a directory."),
        (
            {"path": "relative"},
            "must be an absolute path. A relative path would lead to the installed collection. Nothing was done. Write the whole path. "
            f"That of the current folder is {tmp_path}.",
        ),
        (
            {"path": f"{tmp_path}/workiva"},
            f"{tmp_path}/workiva/.gitignore cannot be read: Not a directory.",
        ),
        (
            {"path": "/proc/workiva"},
            "The folder /proc/workiva cannot be created: No such file or directory. Nothing was written. Choose another folder with "
            "workiva_project, or create it and let the user of this run write in it.",
        ),
    ):
        done = actions("project_folder", arguments)
        assert done["failed"]
        assert not done.get("changed")
        assert reason in done["msg"]
    assert (tmp_path / "workiva").read_text() == "a file\n"
