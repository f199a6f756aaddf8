# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole job, whatever the vendor's answers to open questions are: each answer, and every two of them together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests._pairwise import choose_rows
from tests.integration._job import FULL, started
from workiva_simulator.switches import SWITCHES

# Only the next grant of a rotation is asked about again where it is refused at first: tests/core/actions/test_rotation.py.
APART = ("fresh_grant",)
ROWS = choose_rows({name: switch.answers for name, switch in SWITCHES.items() if name not in APART})
KEPT = ("payroll-sync", "group-consolidation")
OTHER_ENDPOINT = "https://api.app.wdesk.com/oauth2/token"


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_every_two_answers_lead_to_the_same_end(tmp_path: Path, row: tuple[str, ...]) -> None:
    with started(tmp_path, *row) as job:
        for declared in (job.project / "integrations.d").glob("*.yml"):
            if declared.stem not in KEPT:
                declared.unlink()
        if "token_path=/oauth2/token" in row:
            job.settings(token_endpoint=OTHER_ENDPOINT)
        job.with_administrator()
        assert job.play("onboard", "--check")["changed"] > 0
        assert job.writes() == []
        assert job.play("onboard")["changed"] > 0
        job.people()
        job.take_in()
        assert not list((job.project / "work-orders").glob("*.*.[0-9]*.html")), job.output
        before, sent = job.content(), job.writes()
        assert job.play("onboard")["changed"] == 0, job.output
        assert job.play("verify", *FULL)["changed"] == 0
        assert job.output.count("stored, ok") == 4, job.output
        assert (job.content(), job.writes()) == (before, sent)
