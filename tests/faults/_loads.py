# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Loads mutated projects, and renders the work orders of those that are accepted, while the process is watched."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.faults._campaign import WRONG
from tests.faults._judgement import PYTHON
from tests.faults._mutations import CANARY, FILES, SECRET, mutation
from tests.faults._run import Quiet, Run, Stopped, alone

# A problem begins with its file, and has its line.
PROBLEM = re.compile(rf"({'|'.join(map(re.escape, FILES))}):\d+: \S")
MOST_SECONDS = 5.0
MOST_MEMORY = 512 * 1024 * 1024
ACCEPTED, REFUSED = "accepted", "refused"
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_FORBIDDEN = ("socket.connect", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "pty.spawn")


class Page(HTMLParser):
    """Elements and attributes of a page, and the addresses that it points to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names += [tag, *(name for name, _value in attrs)]
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]


@dataclass
class Loads:
    """Runs in a fork: the watch cannot be taken off a process."""

    actions: Quiet
    root: Path
    seen: list[str] = field(default_factory=list)

    @property
    def project(self) -> Path:
        """The folder of the present project."""
        return self.root / "project"

    def watch(self) -> None:
        """From now on whatever leaves the project is noted: a connection, a program, a file that is opened to write."""
        allowed = (str(self.project), str(self.root / "runs"), "/dev/null")

        def audit(event: str, arguments: tuple[Any, ...]) -> None:
            if event in _FORBIDDEN:
                self.seen.append(f"{event} {arguments[:1]}")
            if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES:
                path = os.path.abspath(os.fsdecode(arguments[0])) if not isinstance(arguments[0], int) else "/dev/null"
                if not path.startswith(allowed):
                    self.seen.append(f"opened to write: {path}")

        sys.addaudithook(audit)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 + 16 * MOST_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))

    def all(self, numbers: Iterable[int]) -> dict[str, Any]:
        """Loads these projects; returns the kind and outcome of each, and what is wrong."""
        outcomes, wrong = [], []
        for number in numbers:
            kind, outcome, found = self.one(number)
            outcomes.append((kind, outcome))
            if found:
                wrong.append([number, kind, *found])
        return {"outcomes": outcomes, "wrong": wrong}

    def one(self, number: int) -> tuple[str, str, list[str]]:
        """Loads one project and writes its work orders; returns kind, outcome, and what is wrong."""
        made = mutation(number)
        shutil.rmtree(self.project, ignore_errors=True)
        (self.project / "integrations.d").mkdir(parents=True)
        for name, content in zip(FILES, (made.settings, made.integration)):
            (self.project / name).write_bytes(content)
        self.seen.clear()
        before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        # Half of them as the playbook check loads a project that somebody else wrote: no template is rendered.
        templates = number % 2 == 0 and b"lookup(" not in made.settings + made.integration
        run = Run("onboard", self.actions, {})
        try:
            with _limited():
                self._load(run, number, templates)
        except Exception as error:  # whatever it is: Ansible would show it as it is
            return made.kind, WRONG, [f"{type(error).__name__}: {error} in {_place(error)}"]
        wrong = list(self.seen)
        if time.process_time() - start > MOST_SECONDS:
            wrong.append(f"it took {time.process_time() - start:.0f} seconds")
        if (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 > MOST_MEMORY:
            wrong.append("it took too much memory")
        texts = "\n".join(run.shown)
        wrong += [f"Python's own words: {found[0]}: {texts[-600:]}" for found in [PYTHON.search(texts)] if found]
        wrong += ["a secret is shown"] if SECRET in texts or "61" * 40 in texts else []
        wrong += ["a control character is shown"] if re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", texts) else []
        wrong += self._wrong_problems(run.results("integrations"), run.failure)
        loaded = [result for result in run.results("integrations") if not result.get("failed")]
        wrong += self._wrong_pages()
        return made.kind, WRONG if wrong else ACCEPTED if loaded else REFUSED, wrong

    def _load(self, run: Run, number: int, templates: bool) -> None:
        """Loads the project, and writes all its work orders, which needs nothing of Workiva."""
        with alone(self.actions, self.root / "runs" / str(number)), contextlib.suppress(Stopped):
            loaded = run.call("integrations", {"project": str(self.project), "templates": templates})["workiva"]
            for which in ("administrator", "integrations"):
                grants = run.call("oauth2_grants", {"project": loaded, "which": which, "handover": "defer"})["grants"]
            run.call("file_access", {"project": loaded, "grants": grants})

    def _wrong_problems(self, results: list[dict[str, Any]], failure: str) -> list[str]:
        if not results:
            return [f"the project was not loaded: {failure}"]
        if not results[0].get("failed"):
            return []
        problems = results[0].get("problems") or []
        if not problems:
            return [f"it failed without a problem: {failure}"]
        return [f"no file or line: {problem}" for problem in problems if not PROBLEM.match(problem)]

    def _wrong_pages(self) -> list[str]:
        wrong = []
        for path in sorted((self.project / "work-orders").glob("*.html")):
            page = Page(path.read_text(encoding="utf-8"))
            wrong += [f"{path.name} has {name}" for name in page.names if CANARY in name]
            wrong += [f"{path.name} leads to {one}" for one in page.addresses if one.lower().startswith("javascript:")]
            wrong += [f"{path.name} has {page.names.count('script')} scripts"] if page.names.count("script") > 1 else []
        return wrong


def _place(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """Ends what never ends."""

    def stop(_number: int, _frame: Any) -> None:
        raise TimeoutError("it takes too long")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(60)
    try:
        yield
    finally:
        signal.alarm(0)
