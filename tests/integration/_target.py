# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Python of a target: another one than Ansible's own, so that a module runs there and not its twin."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path


def other_python(folder: Path) -> str:
    """The one that C(WORKIVA_TARGET_PYTHON) names, or one with this one's packages in a new folder."""
    named = os.environ.get("WORKIVA_TARGET_PYTHON")
    if named:
        return named
    venv.create(folder, symlinks=True, with_pip=False)
    (packages,) = folder.glob("lib/python*/site-packages")
    theirs = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "these.pth").write_text("\n".join(theirs) + "\n", encoding="utf-8")
    return str(folder / "bin" / "python")


def sees_chains(interpreter: str) -> bool:
    """Whether that Python has a way to the chain of a handshake, which is so since 3.10; Ansible's own always has."""
    if not os.path.isabs(interpreter):
        return True
    code = "import sys; sys.exit(sys.version_info < (3, 10))"
    return subprocess.run([interpreter, "-c", code], check=False).returncode == 0
