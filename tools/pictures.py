# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the pictures of README.md in C(docs/images) from a run against the simulator. Needs Chromium."""

from __future__ import annotations

import html
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import demo
from environment import ROOT, Unavailable, environment, find_browser

IMAGES = ROOT / "docs/images"
# README.md shows the two side by side, so both are narrow. Of the work order, the top, at four fifths of its size.
WIDTH, ORDER_HEIGHT, ORDER_SCALE = 680, 1200, 0.8
COLUMNS, LINE, PADDING = 80, 19, 20
# A screenshot has few colours; with a palette the file is a third as large.
PALETTE = "import sys; from PIL import Image; Image.open(sys.argv[1]).convert('RGB').quantize(64).save(sys.argv[1], optimize=True)"
PAGE = """\
<!doctype html><meta charset="utf-8">
<style>
  body {{ margin: 0; background: #0d1117; color: #e6edf3 }}
  pre {{ margin: 0; padding: {padding}px; font: 13px/{line}px "DejaVu Sans Mono", monospace }}
</style>
<pre>{text}</pre>
"""


def photograph(page: Path, picture: Path, height: int, scale: float = 1) -> None:
    """Writes the top of a page to a PNG file, of C(height) pixels."""
    size = f"{WIDTH / scale:.0f},{height / scale:.0f}"
    with tempfile.TemporaryDirectory() as profile:
        command = [
            *(find_browser(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *(f"--user-data-dir={profile}", f"--window-size={size}", f"--force-device-scale-factor={scale}"),
            *(f"--screenshot={picture}", page.as_uri()),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    pillow = environment("pictures", Path(sys.executable), "pillow")
    subprocess.run([pillow / "bin/python", "-c", PALETTE, picture], check=True)
    print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size} bytes")


def summary_of(output: str, title: str) -> list[str]:
    """The lines that the action summary printed in a run, from its title to the result of its task."""
    lines = output.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(title) and "[" not in line)
    end = next(
        number
        for number, line in enumerate(lines)
        if number > start and line.startswith(("ok: [", "fatal: [", "[ERROR]", "PLAY RECAP"))
    )
    return "\n".join(lines[start:end]).rstrip().split("\n")


def wrapped(lines: list[str]) -> list[str]:
    """The lines as a terminal of C(COLUMNS) columns would break them, each rest below the text of its first line."""
    broken = []
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        options = {"subsequent_indent": indent, "break_long_words": False, "break_on_hyphens": False}
        broken += textwrap.wrap(line, COLUMNS, replace_whitespace=False, **options) or [""]
    return broken


def terminal(lines: list[str], picture: Path) -> None:
    """The lines as a terminal shows them."""
    text = html.escape("\n".join(lines), quote=False)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "terminal.html"
        page.write_text(PAGE.format(padding=PADDING, line=LINE, text=text))
        photograph(page, picture, LINE * len(lines) + 2 * PADDING)


def main() -> int:
    """A project with two integrations: one has its credentials, and the work order of the other is open."""
    find_browser()
    IMAGES.mkdir(exist_ok=True)
    demo.INTEGRATIONS = tuple(path for path in demo.INTEGRATIONS if path.stem in ("audit-reader", "payroll-sync"))
    run = demo.Demo(people=False)
    demo.prepare(run)
    try:
        run.playbook("onboard")
        run.hand_over()
        run.playbook("onboard")
        photograph(
            demo.PROJECT / "work-orders/payroll-sync.main.1.html", IMAGES / "work_order.png", ORDER_HEIGHT, ORDER_SCALE
        )
        run.hand_over("--order", "audit-reader.main.1")
        output = run.playbook("verify")
    finally:
        run.simulate("stop")
    # The paths of this checkout mean nothing to a reader.
    output = output.replace(str(demo.PROJECT), "/srv/workiva").replace(str(demo.COPY), "/etc/loader/workiva.pem")
    shown = summary_of(output, "Verify")
    command = "$ ansible-playbook verify.yml --vault-id demo@prompt"
    terminal(wrapped([command, "", *shown]), IMAGES / "summary.png")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Unavailable as error:
        sys.exit(str(error))
