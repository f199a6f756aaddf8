# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An execution environment from execution-environment.yml: its context, and an image that is built without pulling one.

The image's base is made of Debian packages, and what runs it is podman with runc, since that pair does without a daemon and
inside of other containers. What a user builds differs from it by the base only.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from environment import BUILD, ROOT, Unavailable, run, source_tree

HERE = BUILD / "ee"
CONTEXT = HERE / "context"
BASE = "localhost/workiva-base:test"
IMAGE = "localhost/workiva-ee:test"
COMMANDS = ("podman", "runc", "mmdebstrap")
# Beside the commands: what podman needs to make images and networks as root.
PACKAGES = (*COMMANDS, "uidmap", "fuse-overlayfs", "netavark", "aardvark-dns", "iptables")
SUITE = "trixie"
INSIDE = ("python3", "python3-pip", "python3-venv", "ca-certificates", "openssl", "git-core")
# The machine's own authorities, so that PyPI can be reached from behind a proxy that inspects TLS.
AUTHORITIES = ("/etc/ssl/certs", "/usr/share/ca-certificates", "/usr/local/share/ca-certificates")
CONTAINERS_CONF = """\
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
netns = "host"
[engine]
runtime = "runc"
"""


def _described(env: Path, changes: dict[str, str]) -> Path:
    """The context of execution-environment.yml, with the collection as it is now and with these changes of its text."""
    shutil.rmtree(HERE, ignore_errors=True)
    tree = source_tree(HERE / "tree")
    run(env / "bin/ansible-galaxy", "collection", "build", "--force", "--output-path", tree / "dist", cwd=tree)
    definition = tree / "execution-environment.yml"
    text = (ROOT / "execution-environment.yml").read_text()
    for before, after in changes.items():
        if before not in text:
            raise SystemExit(f"execution-environment.yml no longer has {before!r}")
        text = text.replace(before, after)
    definition.write_text(text)
    run(
        *(env / "bin/ansible-builder", "create", "--file", definition, "--context", CONTEXT),
        *("--output-filename", "Containerfile"),
        cwd=tree,
    )
    return CONTEXT


def is_described(env: Path, collections: Path) -> bool:
    """ansible-builder makes a context, and finds what the collection needs."""
    context = _described(env, {})
    printed = subprocess.run(
        [str(env / "bin/ansible-builder"), "introspect", str(collections)], text=True, capture_output=True, check=True
    ).stdout
    missing = [name for name in ("requests", "cryptography", "python3-venv") if not re.search(rf"\b{name}\b", printed)]
    wanted = [context / "Containerfile", *(context / "_build/collections").glob("integrations-workiva-*.tar.gz")]
    print(f"the context of the execution environment: {', '.join(path.name for path in wanted)}", flush=True)
    if missing or len(wanted) != 2 or not all(path.is_file() for path in wanted):
        print(f"ansible-builder did not find {', '.join(missing) or 'the collection'}:\n{printed}")
        return False
    return True


def _provide() -> None:
    """What builds and runs images; installed where that may be done."""
    missing = [name for name in COMMANDS if not shutil.which(name)]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Unavailable(f"{', '.join(missing)} are missing. As root: apt-get install {' '.join(PACKAGES)}")
    print(f"installing {' '.join(PACKAGES)}, since {', '.join(missing)} are missing", flush=True)
    run("apt-get", "update", "--quiet")
    run("apt-get", "install", "--quiet", "--yes", "--no-install-recommends", *PACKAGES)


def _timed(what: str, *command: str | Path, env: dict[str, str]) -> None:
    start = time.monotonic()
    run(*command, env=env)
    print(f"{what}: {time.monotonic() - start:.0f} s", flush=True)


def _project(env: Path, folder: Path) -> None:
    """A project as the playbook start writes it, with an integration of the demo."""
    collections = {"ANSIBLE_COLLECTIONS_PATH": str(HERE / "tree")}
    run(
        *(env / "bin/ansible-playbook", "-i", "localhost,", "integrations.workiva.start"),
        *("-e", f"workiva_project={folder}"),
        env=collections,
    )
    settings = folder / "workiva.yml"
    nil = "00000000-0000-0000-0000-000000000000"
    text = settings.read_text().replace(nil, "d6e178fd-4dd5-47e5-9457-68dd64b03655")
    settings.write_text(text.replace("your-company.example", "example.com"))
    shutil.copy(ROOT / "tools/demo/integrations.d/payroll-sync.yml", folder / "integrations.d")
    # The user of the image is not the one of the machine.
    run("chmod", "-R", "a+rX", folder)


def works(env: Path) -> bool:
    """The image is built, has the collection, and rehearses a project: onboard, handover and verify inside of it."""
    _provide()
    changes = {
        "registry.access.redhat.com/ubi10/ubi:latest": BASE,
        # Debian's Python has pip already, and may install none.
        "/usr/bin/dnf": "/usr/bin/apt-get\n  skip_pip_install: true",
    }
    context = _described(env, changes)
    conf = HERE / "containers.conf"
    conf.write_text(CONTAINERS_CONF)
    environ = {"CONTAINERS_CONF": str(conf)}
    base = HERE / "base.tar"
    packages = f"--include={','.join(INSIDE)}"
    _timed("the base of Debian packages", "mmdebstrap", "--variant=minbase", packages, SUITE, base, env=environ)
    _timed("its import", "podman", "import", base, BASE, env=environ)
    base.unlink()
    mounts = [f"--volume={path}:{path}:ro" for path in AUTHORITIES if Path(path).is_dir()]
    _timed("the image", "podman", "build", "--network=host", *mounts, "--tag", IMAGE, context, env=environ)
    project = HERE / "project"
    _project(env, project)
    inside = [
        *("podman", "run", "--rm", "--network=host", *mounts, f"--volume={project}:/project:ro", "--workdir=/project"),
        *(IMAGE, "ansible-playbook", "-i", "hosts.yml", "integrations.workiva.rehearse"),
    ]
    print("+", " ".join(inside), flush=True)
    start = time.monotonic()
    done = subprocess.run(
        inside, env={**os.environ, **environ}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    print(f"a rehearsal in it, with the installation of the simulator: {time.monotonic() - start:.0f} s", flush=True)
    run("podman", "rmi", "--force", IMAGE, BASE, env=environ)
    if done.returncode or "Rehearsed: /project" not in done.stdout:
        print(done.stdout)
        return False
    return True
