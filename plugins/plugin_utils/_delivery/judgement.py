# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What came of a delivery: how it was checked, and what the words of a failed one are. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text

SHOWN, READ_BACK, CLAIMED = "shown", "read_back", "claimed"
_LIMIT = 300
# Where modules return what they found.
_OUTPUTS = ("stdout", "content", "json")
_WITHOUT_RESULT = "the role or the file of tasks could not be loaded, or the connection to a host was lost. The lines above have the reason."


@dataclass(frozen=True)
class Judgement:
    """C(how) a delivery was checked; or the C(finding) where it did not pass, with the reason in words."""

    how: str | None = None
    finding: str = "ok"
    detail: str = ""


def judge(client_id: str, former: Collection[str], *, is_shown: bool, shown: object, read_back: object) -> Judgement:
    """Judges a delivery whose tasks all succeeded. C(is_shown): the declared check shows the client ID that is in use.

    C(shown) is the output of that check, C(read_back) the client ID that the tasks found in the target: empty where they
    did not look. Nothing of the output is repeated in words: it may hold a secret.
    """
    if is_shown:
        if _has(shown, client_id):
            return Judgement(SHOWN)
        return _missing("The check shows", client_id, [one for one in former if _has(shown, one)])
    if not read_back:
        return Judgement(CLAIMED)
    if _has(read_back, client_id):
        return Judgement(READ_BACK)
    return _missing("The target holds", client_id, [one for one in former if _has(read_back, one)])


def _missing(what: str, client_id: str, former: list[str]) -> Judgement:
    if former:
        # After a rotation was given up it is not an older one.
        detail = f"{what} the client ID {former[0]}, another one of this grant than {client_id}."
        return Judgement(finding="behind", detail=detail)
    return Judgement(finding="not_delivered", detail=f"{what} another client ID than {client_id}, or none.")


def _has(output: object, client_id: str) -> bool:
    """Whether an output has a client ID, and not as a part of a longer word. Of the result of a task, what it found is the output:
    the arguments in it may have the client ID as well."""
    if isinstance(output, Mapping) and any(key in output for key in _OUTPUTS):
        output = [output.get(key) for key in _OUTPUTS]
    text = output if isinstance(output, str) else repr(output)
    return re.search(rf"(?<![0-9A-Za-z-]){re.escape(client_id)}(?![0-9A-Za-z-])", text) is not None


def describe_failure(result: object, task: object) -> str:
    """The words of a task that failed, for a person. C(result) is its result, and C(task) its name.

    Only C(msg), and what a command wrote to its standard error, is used: the rest of a result has the arguments, a secret among
    them. Secrets that this process knows are hidden.
    """
    found = _first_failed(result)
    msg = str(found.get("msg") or "").strip()
    stderr = str(found.get("stderr") or "").strip()
    words = " ".join(part for part in (msg, stderr.splitlines()[-1] if stderr else "") if part)
    if not words:
        return _WITHOUT_RESULT
    name = f"{safe_text(task, limit=100)}: " if task else ""
    return f"{name}{safe_text(words, limit=_LIMIT)}"


def _first_failed(result: object) -> Mapping[str, Any]:
    """The result of a task; of a loop that of its first item that failed."""
    if not isinstance(result, Mapping):
        return {}
    items = result.get("results")
    failed = [one for one in items if isinstance(one, Mapping) and one.get("failed")] if isinstance(items, list) else []
    return failed[0] if failed else result
