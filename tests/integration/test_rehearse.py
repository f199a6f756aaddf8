# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook rehearse with projects in each mode of administration, and what it makes of one that does not work.

That a real project is left alone, and the way through molecule, is tested in tests/molecule.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
import yaml

from tests._playbook import run_playbook
from tests.integration._job import ROOT

# A rehearsal is a journey: make test STAGES=journeys runs it.
pytestmark = pytest.mark.long

FILE = {"about": "Support schedules", "file_owner": "anna.k@example.com", "permission": "Editor"}


def project(folder: Path, administration: str = "writer", **changes: object) -> Path:
    """The demo's settings with one integration that works with a file."""
    made = folder / "project"
    (made / "integrations.d").mkdir(parents=True)
    settings = yaml.safe_load((ROOT / "tools/demo/workiva.yml").read_text())["workiva"]
    for name in ("ca_path", "connect_to"):
        del settings[name]
    if administration == "reader":
        settings["administrator"]["scopes"] = ["organization:read"]
    elif administration == "none":
        del settings["administrator"]
        settings["administration"] = "work_order"
    (made / "workiva.yml").write_text(yaml.safe_dump({"workiva": settings}))
    item = yaml.safe_load((ROOT / "tools/demo/integrations.d/payroll-sync.yml").read_text())
    item["files"] = {"SEC Filing": {"124efa2a142f472ba1ceab34ed18915f": FILE}}
    (made / "integrations.d/payroll-sync.yml").write_text(yaml.safe_dump({**item, **changes}))
    (made / "hosts.yml").write_text("all: {hosts: {localhost: {ansible_connection: local}}}\n")
    return made


def rehearse(project: Path, *options: str, fails: bool = False) -> str:
    # A short path: Ansible keeps a socket there, and their paths may not be long.
    with tempfile.TemporaryDirectory() as temporary:
        played = run_playbook(
            *("integrations.workiva.rehearse", *options),
            folder=project,
            inventory="hosts.yml",
            fails=fails,
            home=project.parent,
            environment={"TMPDIR": temporary, "COLUMNS": "400"},
        )
        assert not list(Path(temporary).glob("workiva-rehearsal*")), "the folder of the rehearsal is still there"
    assert "wk_secret" not in played.output
    return played.output


@pytest.mark.parametrize("administration", ["writer", "reader", "none"])
def test_the_way_is_the_same_in_each_mode(tmp_path: Path, administration: str) -> None:
    made = project(tmp_path, administration)
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    output = rehearse(made, "-e", '{"workiva_mistakes": ["refuse", "wrong_scope"]}')
    assert f"Rehearsed: {made}" in output
    assert "mistakes (refuse, wrong_scope)" in output
    assert "There is no organization.yml" in output
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before


def test_a_name_that_is_wrong_fails_with_the_words_of_the_run(tmp_path: Path) -> None:
    made = project(tmp_path)
    names = {"workspaces": {"SEC Filing": {"roles": ["Viewer"], "groups": ["Data loaders"]}}}
    (made / "organization.yml").write_text(yaml.safe_dump(names))
    output = rehearse(made, fails=True)
    assert "The playbook onboard failed in the rehearsal" in output
    assert "Rehearsed:" not in output
    # Below the output of the clean-up, the reason is repeated.
    end = output[output.rindex("Fail with the reason") :]
    assert (
        f"The project {made} was not rehearsed to its end. The playbook onboard failed in the rehearsal: payroll-sync, user "
        in end
    )
    # It is no slip of a known name, so that its place names it.
    assert re.search(
        r"integrations\.d/payroll-sync\.yml:\d+: Unknown role in the workspace 'SEC Filing'\. Known, nearest first: ",
        end,
    )


def test_people_are_played_only_as_can_be_noticed(tmp_path: Path) -> None:
    output = rehearse(project(tmp_path), "-e", "workiva_mistakes=late", fails=True)
    assert "workiva_mistakes: entry 1 must be one of refuse, wrong_scope." in output
