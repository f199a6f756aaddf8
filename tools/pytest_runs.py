# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs commands, and pytest in a copy of the tree that lies as an installed collection does."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import tomllib
from environment import BUILD, COLLECTION, ROOT, core_environment, source_tree

TESTING = (
    "pytest",
    "pytest-xdist",
    "hypothesis",
    "pexpect",
    "jsonschema",
    "openapi-core",
    "trustme",
    "aiosmtpd",
    "requests",
    "cryptography",
)
SIMULATOR = ROOT / "roles/simulator/files"


def requirements() -> tuple[str, ...]:
    """What the tests import: their own packages, and those of the simulator, which is run from its source."""
    package = tomllib.loads((SIMULATOR / "pyproject.toml").read_text())["project"]
    listed = (ROOT / "tests/simulator/requirements.txt").read_text().split()
    return tuple(dict.fromkeys([*TESTING, *package["dependencies"], *listed]))


def run_command(*command: str | Path, cwd: Path = ROOT, **env: str) -> bool:
    print("+", " ".join(str(part) for part in command), flush=True)
    environ = {**os.environ, "LC_ALL": "C.UTF-8", **env}
    return subprocess.run([str(part) for part in command], cwd=cwd, env=environ, check=False).returncode == 0


def lay_out_collections(core: str) -> dict[str, str]:
    """Where a test finds the collection: its source tree, laid out as an installed one."""
    where = BUILD / f"collections-{core}"
    tree = source_tree(where)
    path = os.pathsep.join([str(where), str(tree / "roles/simulator/files")])
    return {"ANSIBLE_COLLECTIONS_PATH": str(where), "PYTHONPATH": path}


def pytest_on(core: str, *arguments: str, **variables: str) -> bool:
    """pytest in the collection's tree, with that ansible-core."""
    return pytest_in(core_environment(core, *requirements()), core, *arguments, **variables)


def pytest_in(env: Path, name: str, *arguments: str, more: tuple[Path, ...] = (), **variables: str) -> bool:
    """pytest of an environment, in the collection's tree. C(more) are further folders to import from."""
    paths = lay_out_collections(name)
    tree = Path(paths["ANSIBLE_COLLECTIONS_PATH"]) / COLLECTION
    paths["PYTHONPATH"] = os.pathsep.join([paths["PYTHONPATH"], *map(str, more)])
    path = f"{env / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return run_command(
        *(env / "bin/python", "-m", "pytest", "-q", *arguments),
        cwd=tree,
        PATH=path,
        WORKIVA_CONTRACT=find_contract(),
        **{**paths, **variables},
    )


def find_contract() -> str:
    """Where the vendor's contract is, which judges what the tests send and the simulator answers."""
    return os.environ.get("WORKIVA_CONTRACT") or str(ROOT.parent / "shared/workiva/openapi-2026-01-01.yaml")
