# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stray file in the tarball, or a missing one, does not go unnoticed."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import contents
import pytest

# One name for each pattern.
WHOLE = [pattern.replace("*", "x") for pattern in contents.ALLOWED]


def packed(folder: Path, names: list[str], **pages: str) -> Path:
    """A tarball with these names. C(pages) are contents, by a page's name without its folder and C(.md)."""
    path = folder / "collection.tar.gz"
    with tarfile.open(path, "w:gz") as tarball:
        for name in names:
            content = pages.get(Path(name).stem, "").encode()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tarball.addfile(member, io.BytesIO(content))
    return path


def test_what_is_allowed_is_all_that_is_expected(tmp_path: Path) -> None:
    assert contents.judge(packed(tmp_path, [*WHOLE, "CHANGELOG.md"]))


@pytest.mark.parametrize(
    "stray",
    [
        "notes.txt",
        ".gitignore",
        "docs/.hidden.md",
        "docs/deeper/guide.md",
        "docs/images/x.png",
        ".github/workflows/test.yml",
        "plugins/modules/integration_users.py.orig",
        "plugins/modules/__pycache__/integration_users.cpython-312.pyc",
        "plugins/module_utils/public.py",
        "roles/simulator/files/workiva_simulator/state.sqlite",
        "tests/unit/test_x.py",
        "changelogs/fragments/x.yml",
    ],
)
def test_a_stray_file_is_named(stray: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not contents.judge(packed(tmp_path, [*WHOLE, stray]))
    assert f"holds {stray}, which" in capsys.readouterr().out


def test_what_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not contents.judge(packed(tmp_path, [name for name in WHOLE if name != "meta/runtime.yml"]))
    assert "holds nothing like meta/runtime.yml" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "is_dead"),
    [
        ("README", "[x](https://example.com/docs/x.md)", False),
        ("README", "[x](#part)", False),
        ("README", "[x][y]\n\n[y]: https://example.com/x", False),
        ("README", "[x](docs/x.md)", True),
        ("README", "![x](docs/images/x.png)", True),
        ("README", "[x][y]\n\n[y]: docs/x.md", True),
        ("x", "[y](../SECURITY.md#part) and [z](x.md)", False),
        ("x", "[y](SECURITY.md)", True),
        ("x", "[y](../tests/unit/x.py)", True),
    ],
)
def test_a_link_that_leads_nowhere_is_named(
    name: str, text: str, is_dead: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert contents.judge(packed(tmp_path, WHOLE, **{name: text})) is not is_dead
    assert ("leads nowhere" in capsys.readouterr().out) is is_dead
