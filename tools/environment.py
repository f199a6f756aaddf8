# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds what the demo and the tests run in, inside this checkout (.build/), from Python and PyPI alone."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".build"
COLLECTION = Path("ansible_collections/integrations/workiva")

# ansible-core series -> the Pythons its controller runs on, best first (PyPI metadata of each release).
CORES = {
    "2.17": ("3.11", "3.12", "3.10"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
    "2.22": ("3.13", "3.14"),
}
# Series of which PyPI has nothing but candidates yet: tested when they are asked for, and never "the newest".
CANDIDATES = {"2.22": "2.22.0rc1"}


# The bundle on PyPI that holds the collection awx.awx, 24.6.1.
BUNDLE = "ansible==13.8.0"
# What is taken of it: the modules for the controller, and a stdout callback for programs.
BUNDLED = ("awx/awx", "ansible/posix")


class Unavailable(Exception):
    """Something that cannot be had on this machine; the text says what to do."""


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    """Runs a command that must succeed; its output is shown only where it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, "UV_COMPILE_BYTECODE": "1", "VIRTUAL_ENV": "", **(env or {})},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}\nfailed ({done.returncode}): {' '.join(str(part) for part in command)}")


@functools.cache
def python(version: str) -> Path | None:
    """A real interpreter of that version, not a shim that stands in for one."""
    candidates = [Path(path) / f"python{version}" for path in os.environ.get("PATH", "").split(os.pathsep) if path]
    candidates += sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"), reverse=True)
    for candidate in candidates:
        if not candidate.exists():
            continue
        asked = subprocess.run(
            [str(candidate), "-c", "import sys; print(sys.executable, '%d.%d' % sys.version_info[:2])"],
            text=True,
            capture_output=True,
            check=False,
        )
        if asked.returncode == 0 and asked.stdout.split()[-1] == version:
            return Path(asked.stdout.split()[0])
    if (BUILD / "uv").exists():
        fetched = subprocess.run([str(uv()), "python", "install", "--quiet", version], capture_output=True, check=False)
        if fetched.returncode == 0:
            found = subprocess.run([str(uv()), "python", "find", version], text=True, capture_output=True, check=False)
            if found.returncode == 0:
                return Path(found.stdout.strip())
    return None


def uv() -> Path:
    """The installer uv, in an environment of its own, without the package python3-venv: pip comes as a wheel."""
    home = BUILD / "uv"
    binary = home / "bin/uv"
    if not binary.exists():
        shutil.rmtree(home, ignore_errors=True)
        BUILD.mkdir(exist_ok=True)
        install = ("install", "--quiet", "--disable-pip-version-check", "uv>=0.5")
        if importlib.util.find_spec("ensurepip"):
            run(sys.executable, "-m", "venv", home)
            run(home / "bin/python", "-m", "pip", *install)
        else:
            run(sys.executable, "-m", "venv", "--without-pip", home)
            run(home / "bin/python", _pip_wheel() / "pip", *install)
    return binary


def _pip_wheel() -> Path:
    """The newest pip as a wheel: a wheel of pip can be run as it is."""
    ask = urllib.request.Request(
        "https://pypi.org/pypi/pip/json", headers={"Accept": "application/json", "User-Agent": "integrations.workiva"}
    )
    with urllib.request.urlopen(ask, timeout=60) as answer:  # noqa: S310
        wheel = next(file for file in json.load(answer)["urls"] if file["packagetype"] == "bdist_wheel")
    with urllib.request.urlopen(urljoin(ask.full_url, wheel["url"]), timeout=60) as answer:  # noqa: S310
        content = answer.read()
    if hashlib.sha256(content).hexdigest() != wheel["digests"]["sha256"]:
        raise SystemExit("pip arrived damaged from PyPI: try again")
    path = BUILD / wheel["filename"]
    path.write_bytes(content)
    return path


def environment(name: str, interpreter: Path, *requirements: str) -> Path:
    """A virtual environment .build/NAME with these requirements; made anew only where they changed."""
    home = BUILD / name
    stamp = home / "requirements.txt"
    wanted = "\n".join((str(interpreter), *requirements)) + "\n"
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(home, ignore_errors=True)
        run(uv(), "venv", "--quiet", "--python", interpreter, home)
        if requirements:
            run(uv(), "pip", "install", "--quiet", "--python", home / "bin/python", *requirements)
        stamp.write_text(wanted)
    return home


def simulator_environment(interpreter: Path) -> Path:
    """An environment with the simulator as it is now in this checkout."""
    home = environment("simulator", interpreter)
    run(
        uv(),
        "pip",
        "install",
        "--quiet",
        "--reinstall-package",
        "workiva-simulator",
        "--python",
        home / "bin/python",
        ROOT / "roles/simulator/files",
    )
    return home


def core_environment(core: str, *requirements: str, name: str = "core") -> Path:
    """An environment with that series of ansible-core, on the first of its Pythons that this machine has."""
    uv()
    for version in CORES[core]:
        interpreter = python(version)
        if interpreter:
            wanted = f"ansible-core=={core}.*"
            if core in CANDIDATES:  # naming a candidate lets uv take one, of this package only
                wanted += f",>={CANDIDATES[core]}"
            return environment(f"{name}-{core}", interpreter, wanted, *requirements)
    raise Unavailable(f"ansible-core {core} needs Python {' or '.join(CORES[core])}: none of them is on this machine")


def awx_collection() -> Path:
    """The folder of collections with awx.awx, and ansible.posix for its callbacks, unpacked once from the bundle."""
    where = BUILD / "awx-collections"
    stamp = where / "bundle.txt"
    wanted = f"{BUNDLE}: {', '.join(BUNDLED)}"
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(where, ignore_errors=True)
        unpacked = where / "bundle"
        run(
            *(uv(), "pip", "install", "--quiet", "--no-deps", "--python-version", "3.12", "--target", unpacked, BUNDLE),
            env={"UV_COMPILE_BYTECODE": "0"},
        )
        for name in BUNDLED:
            (where / "ansible_collections" / name).parent.mkdir(parents=True, exist_ok=True)
            (unpacked / "ansible_collections" / name).rename(where / "ansible_collections" / name)
        shutil.rmtree(unpacked)
        stamp.write_text(wanted)
    return where


def newest_core() -> str:
    """The newest released series whose Python is on this machine."""
    uv()
    for core in reversed(CORES):
        if core not in CANDIDATES and any(python(version) for version in CORES[core]):
            return core
    raise SystemExit("Python 3.11 or newer is needed")


def source_tree(destination: Path) -> Path:
    """A copy of the files that git tracks or would, at the place that ansible-test wants for a collection."""
    target = destination / COLLECTION
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    shutil.rmtree(target, ignore_errors=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    # A repository of its own: tools that ask git would take .build/ of the outer one for ignored, and check nothing.
    run("git", "init", "--quiet", cwd=target)
    return target


def install_tarball(env: Path, destination: Path) -> Path:
    """Builds the collection's tarball and installs it below DESTINATION, as a user would."""
    shutil.rmtree(destination, ignore_errors=True)
    tree = source_tree(BUILD / "tarball")
    run(env / "bin/ansible-galaxy", "collection", "build", "--force", "--output-path", BUILD / "dist", cwd=tree)
    install = ("collection", "install", "--offline", "--force", newest_tarball(), "-p", destination)
    run(
        *(env / "bin/ansible-galaxy", *install),
        env={"ANSIBLE_COLLECTIONS_PATH": str(destination)},
    )
    return destination


def newest_tarball() -> Path:
    """The tarball that was built last."""
    return max((BUILD / "dist").glob("integrations-workiva-*.tar.gz"), key=lambda path: path.stat().st_mtime)
