# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs in processes of their own that are killed, or cannot write; what they leave, and the plain run after them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.faults import _hooks
from tests.faults._campaign import REAL_SLEEP, Campaign, Fingerprint
from tests.faults._judgement import PYTHON, TOKEN, doubled, plaintext_in_files
from tests.faults._run import Run
from tests.faults._stage import events_of

_TEMPORARY = re.compile(r"\.[a-z0-9_]{8}\.")


@dataclass
class Processes:
    """Runs of a campaign's playbooks in processes of their own."""

    campaign: Campaign

    def start(self, playbook: str, prepare: Callable[[], None] = lambda: None, **more: Any) -> tuple[int, int]:
        """Starts a run on the present project, after a preparation of its process, with more variables."""
        stage = self.campaign.stage
        given = {**stage.base(playbook).variables, **more}
        number = f"{os.getpid()}-{next(stage.numbers)}"

        def work() -> dict[str, Any]:
            return _told(stage.play(playbook, name=number, **given))

        def alone() -> None:
            stage.wire.reopen()
            prepare()

        return _hooks.start(work, alone)

    def run(self, playbook: str, reached: _hooks.Reached | None = None) -> _hooks.Ended:
        """Runs a playbook from its base."""
        self.restore(playbook)
        folders = self.campaign.stage.folders
        return _hooks.wait(*self.start(playbook, lambda: _hooks.install(reached, folders) if reached else None))

    def restore(self, playbook: str) -> None:
        """Puts the stage back to the base of a playbook."""
        self.campaign.cleanly(playbook)
        self.campaign.stage.restore(self.campaign.stage.base(playbook))

    def places(self, playbook: str) -> int:
        """How many places an undisturbed run has."""
        passed = [0]

        def counted() -> dict[str, Any]:
            stage = self.campaign.stage
            run = stage.play(playbook, name=f"counted-{next(stage.numbers)}", **stage.base(playbook).variables)
            return {**_told(run), "places": passed[0]}

        self.restore(playbook)

        def prepare() -> None:
            self.campaign.stage.wire.reopen()
            _hooks.install(_hooks.count(passed), self.campaign.stage.folders)

        ended = _hooks.wait(*_hooks.start(counted, prepare))
        assert ended.code == 0, ended.seen
        return int(ended.seen["places"])

    def killed_after(self, playbook: str, seconds: float, with_signal: signal.Signals) -> _hooks.Ended:
        """Runs a playbook from its base and kills it after a time."""
        self.restore(playbook)
        child, reading = self.start(playbook)
        timer = threading.Thread(target=_kill_after, args=(child, seconds, with_signal))
        timer.start()
        ended = _hooks.wait(child, reading)
        timer.join()
        return ended

    def wrong_after(self, playbook: str, before: Fingerprint | None = None) -> list[str]:
        """What is wrong with what a run left, and with the plain runs after it."""
        stage, clean = self.campaign.stage, self.campaign.cleanly(playbook)
        wrong = [*doubled(stage), *plaintext_in_files(stage), *self._locks()]
        try:
            left = self.campaign.fingerprint()
        except Exception as error:  # whatever it is: the vault file is not whole
            return [*wrong, f"the vault file cannot be read: {error}"]
        stored = left[1]["credentials"]
        kept = (before or self.campaign.base_of(playbook))[1]["credentials"]
        wrong += [f"credentials are lost: {name}" for name in kept if name not in stored and playbook != "offboard"]
        known = {entry.get("client_id") for entry in stored.values()}
        wrong += [
            f"the journal has credentials that the vault lacks: {event['client_id']}"
            for event in events_of(stage.project)
            if event["event"] == "stored" and event["client_id"] not in known
        ]
        others = [_TEMPORARY.sub(".x.", name) for name in left[1]["others"]]
        left = (left[0], {**left[1], "others": others})
        return [*wrong, *self.campaign.converged(playbook, clean, left)]

    def wrong_words(self, ended: _hooks.Ended) -> list[str]:
        """What is wrong with what a run that was not killed said."""
        stage = self.campaign.stage
        wrong = [f"the run ends with an exception: {ended.seen['crash']}"] if "crash" in ended.seen else []
        secrets = [*stage.organization.secrets, *stage.actions.secrets]
        for text in ended.seen.get("texts", []):
            if any(secret in text for secret in secrets) or TOKEN.search(text):
                wrong.append("a secret in the output")
            if found := PYTHON.search(text):
                wrong.append(f"Python's own words: {text[max(0, found.start() - 200) : found.end() + 200]}")
        return wrong

    def _locks(self) -> list[str]:
        """Locks that nobody holds any more."""
        folder = self.campaign.stage.project
        with contextlib.suppress(FileNotFoundError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return ["a lock stays"]
            finally:
                os.close(descriptor)
        return [f"a lock file stays: {path}" for path in folder.rglob("*.lock")]


def _told(run: Run) -> dict[str, Any]:
    return {"failure": run.failure, "changed": run.changed, "texts": run.shown}


def _kill_after(child: int, seconds: float, with_signal: signal.Signals) -> None:
    REAL_SLEEP(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, with_signal)


def seconds_of(work: Any) -> float:
    """How long something takes, by the machine's own clock."""
    start = time.clock_gettime(time.CLOCK_MONOTONIC)
    work()
    return time.clock_gettime(time.CLOCK_MONOTONIC) - start
