# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the simulator's file holds, read as a whole and in parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from workiva_simulator.state import Object, Shown, State

NAMES = ["Zoe", "anna", "Ärne", "Bob", "Bob", ""]


@pytest.fixture
def state(tmp_path: Path) -> State:
    made = State(str(tmp_path / "state.sqlite"))
    for number, name in enumerate(NAMES):
        made.put("user", {"id": str(number), "name": name})
    made.put("group", {"id": "0", "name": "another kind"})
    return made


def test_part_is_a_slice_of_all(state: State) -> None:
    for start in range(8):
        for size in range(8):
            assert state.part("user", start, size) == state.all("user")[start : start + size]
            ordered = sorted(state.all("user"), key=lambda user: str(user["name"]))
            assert state.part("user", start, size, by="name") == ordered[start : start + size]


def test_shown_objects_are_a_sequence_that_shows_only_what_is_looked_at(state: State) -> None:
    seen: list[str] = []

    def show(user: Object) -> Object:
        seen.append(user["id"])
        return {"shown": user["name"]}

    shown = Shown(state, "user", show)
    assert len(shown) == len(NAMES)
    assert seen == []
    assert shown[2:4] == [{"shown": "Ärne"}, {"shown": "Bob"}]
    assert seen == ["2", "3"]
    assert [shown[0], shown[-1]] == [{"shown": "Zoe"}, {"shown": ""}]
    with pytest.raises(IndexError):
        shown[len(NAMES)]
    assert [user["shown"] for user in shown] == NAMES
