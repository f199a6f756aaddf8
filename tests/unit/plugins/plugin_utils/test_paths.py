# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A path that a task is given never ends in an installed collection."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._paths import check_own_path


def test_own_path_returns_an_absolute_path_as_it_is(tmp_path: Path) -> None:
    assert check_own_path("journal", f"{tmp_path}/../x") == f"{tmp_path}/../x"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "journal",
            "journal must be an absolute path. A relative path would lead to the installed collection",
        ),
        ("../x", "journal must be an absolute path. "),
        (
            "/x/ansible_collections/a/b",
            "journal must be a path outside of an installed collection: /x/ansible_collections/a/b.",
        ),
    ],
)
def test_own_path_refuses_what_would_end_in_a_collection(path: str, message: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        check_own_path("journal", path)
    assert message in str(caught.value)


def test_own_path_refuses_a_link_into_a_collection(tmp_path: Path) -> None:
    inside = tmp_path / "ansible_collections/a/b"
    inside.mkdir(parents=True)
    (tmp_path / "project").symlink_to(inside)
    with pytest.raises(InvalidArgument, match="must be a path outside of an installed collection"):
        check_own_path("project", str(tmp_path / "project/credentials.yml"))
