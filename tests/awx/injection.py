# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the controller's own code injects into a job of a credential of this collection's types."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import yaml
from awx_plugins.interfaces import _temporary_private_container_api as container
from awx_plugins.interfaces._temporary_private_api import ManagedCredentialType
from awx_plugins.interfaces._temporary_private_credential_api import Credential
from awx_plugins.interfaces._temporary_private_inject_api import inject_credential

ROOT = Path(__file__).resolve().parents[2]


class _Loader(yaml.SafeLoader):
    """Reads !unsafe as the text that it is."""


_Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))  # type: ignore[arg-type]


def types() -> dict[str, dict[str, Any]]:
    text = (ROOT / "roles/awx/vars/credential_types.yml").read_text()
    loaded = yaml.load(text, Loader=_Loader)["__awx_credential_types"]
    return {one["name"]: one for one in loaded}


@dataclass
class Injected:
    """What a job gets of a credential; files by their path, as the job would name it."""

    env: dict[str, str]
    safe_env: dict[str, str]
    extra_vars: dict[str, Any]
    files: dict[str, str]
    modes: set[int]
    extra_vars_mode: int | None
    arguments: list[str]


def inject(name: str, private: Path, inputs: Mapping[str, str], root: str = container.CONTAINER_ROOT) -> Injected:
    """Writes files into C(env/) of a job's private data directory, which the job sees below C(root)."""
    kind = types()[name]
    managed = ManagedCredentialType(
        namespace="workiva", name=name, kind="cloud", inputs=kind["inputs"], injectors=kind["injectors"]
    )
    folder = private / "env"
    folder.mkdir(exist_ok=True)
    present = set(folder.iterdir())
    env: dict[str, Any] = {}
    safe_env: dict[str, Any] = {}
    arguments: list[str] = []
    with mock.patch.object(container, "CONTAINER_ROOT", root):
        inject_credential(managed, Credential(dict(inputs)), env, safe_env, arguments, str(private))
    # Without variables there is no file of them.
    assert arguments[:1] in ([], ["-e"])
    extra_vars_file = folder / Path(arguments[1].removeprefix("@")).name if arguments else None
    others = set(folder.iterdir()) - present - {extra_vars_file}
    return Injected(
        env=env,
        safe_env=safe_env,
        extra_vars=yaml.safe_load(extra_vars_file.read_text()) if extra_vars_file else {},
        files={f"{root}/env/{path.name}": path.read_text() for path in others},
        modes={stat.S_IMODE(path.stat().st_mode) for path in others},
        extra_vars_mode=stat.S_IMODE(extra_vars_file.stat().st_mode) if extra_vars_file else None,
        arguments=arguments,
    )
