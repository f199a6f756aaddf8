# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds what the demo and the tests run in, inside this checkout (.build/), from Python and PyPI alone."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
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


BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# The bundle on PyPI that holds the collection awx.awx, 24.6.1.
BUNDLE = "ansible==13.8.0"
# What is taken of it: the modules for the controller, a stdout callback for programs, and what an example of a delivery uses.
BUNDLED = ("awx/awx", "ansible/posix", "amazon/aws", "community/aws")


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


@contextlib.contextmanager
def _lock(name: str) -> Iterator[None]:
    """Only one process at a time makes .build/NAME: stages run side by side."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / f"{name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@functools.cache
def python(version: str) -> Path | None:
    """A real interpreter of that version, not a shim in place of one."""
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
    with _lock(name):
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
    with _lock(where.name):
        if not stamp.exists() or stamp.read_text() != wanted:
            _unpack_bundle(where)
            stamp.write_text(wanted)
    return where


def _unpack_bundle(where: Path) -> None:
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


def seed_pip(env: Path) -> None:
    """Lays PyPI's own pip where ansible-test keeps its bootstrap script, so that PyPI is all it needs."""
    wanted = next(env.glob("lib/python3.*/site-packages/ansible_test/_internal/python_requirements.py")).read_text()
    found = re.search(r"pip='([0-9.]+)'", wanted)
    if not found:  # ansible-test fetches its own then
        return
    version = found[1]
    cache = Path.home() / ".ansible/test/cache"
    script = cache / f"get_pip_{version.replace('.', '_')}.py"
    if script.exists():
        return
    cache.mkdir(parents=True, exist_ok=True)
    pip = environment("pip", python("3.12") or python("3.11") or Path(sys.executable), "pip")
    download = (pip / "bin/python", "-m", "pip", "download", "-q", "--no-deps", "-d", cache, f"pip=={version}")
    if subprocess.run(download, check=False).returncode:
        return
    script.write_text(
        "import os, runpy, sys\n"
        f"wheel = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'pip-{version}-py3-none-any.whl')\n"
        "sys.path.insert(0, wheel)\n"
        "kept = [a for a in sys.argv[1:] if a.startswith('--') and a not in ('--no-setuptools', '--no-wheel')]\n"
        "sys.argv[:] = ['pip', 'install', '--no-index', '--no-deps', '--no-warn-script-location'] + kept + [wheel]\n"
        "runpy.run_module('pip', run_name='__main__', alter_sys=True)\n"
    )


def find_browser() -> str:
    """The path of Chromium, or C(Unavailable)."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise Unavailable(f"The pages need a browser: none of {', '.join(BROWSERS)} is on this machine.")


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
    where = _tarballs(destination)
    shutil.rmtree(where, ignore_errors=True)
    tree = source_tree(where / "tree")
    run(env / "bin/ansible-galaxy", "collection", "build", "--output-path", where, cwd=tree)
    install = ("collection", "install", "--offline", "--force", tarball_of(destination), "-p", destination)
    run(
        *(env / "bin/ansible-galaxy", *install),
        env={"ANSIBLE_COLLECTIONS_PATH": str(destination)},
    )
    return destination


def tarball_of(destination: Path) -> Path:
    """The tarball that install_tarball installed there."""
    (built,) = _tarballs(destination).glob("integrations-workiva-*.tar.gz")
    return built


def _tarballs(destination: Path) -> Path:
    return destination.with_name(f"{destination.name}-tarball")
