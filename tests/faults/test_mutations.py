# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ten thousand wrong projects: each is loaded, and what is accepted becomes work orders. In C(make test) two hundred."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core._actions import PASSWORD, connected
from tests.faults._counts import Counts, is_whole
from tests.faults._hooks import start, wait
from tests.faults._loads import Loads
from tests.faults._run import Quiet

ALL = 10_000
CHUNK = 500 if is_whole() else 200
STARTS = range(0, ALL, CHUNK) if is_whole() else (0,)


@pytest.mark.parametrize("first", STARTS)
def test_wrong_project_is_refused_with_file_and_line_or_harmless(
    tmp_path: Path, counts: Counts, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions = Quiet(tmp_path, secrets=[PASSWORD])
    connected(monkeypatch, actions, tmp_path)
    loads = Loads(actions, tmp_path)
    ended = wait(*start(lambda: loads.all(range(first, first + CHUNK)), loads.watch))
    assert ended.code == 0, ended.seen
    for kind, outcome in ended.seen["outcomes"]:
        counts.add("mutations", kind, outcome)
    assert not ended.seen["wrong"], "\n".join(map(str, ended.seen["wrong"][:20]))
