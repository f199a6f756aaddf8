# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Values of the variables of a run: whether they are known, and what they are in the type of their variable."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.integrations.workiva.plugins.module_utils._dates import parse_date
from ansible_collections.integrations.workiva.plugins.module_utils._words import format_count
from ansible_collections.integrations.workiva.plugins.plugin_utils._variable_table import (
    AS_IS,
    BOOL,
    BY_NAME,
    DATE,
    LIST,
    Variable,
)

PREFIX = "workiva_"
# Set by the playbooks themselves, and therefore among the variables of their later tasks.
_OWN = frozenset({"workiva_loaded"})


class Unfit(Exception):
    """A value that a variable cannot have. The text does not quote the value, which may be a secret."""


def split_list(text: str) -> tuple[str, ...]:
    """A list that was given as one text: its parts are separated by commas, blanks or line ends."""
    return tuple(part for part in re.split(r"[,\s]+", text) if part)


def near(word: object, known: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    return next(iter(difflib.get_close_matches(str(word), list(known), n=1)), None)


def unknown_names(names: Iterable[str]) -> list[str]:
    """What is wrong with the names of a run's variables, as sentences; names without our prefix are not ours."""
    found = []
    for name in sorted(set(names)):
        if name.startswith(PREFIX) and name not in BY_NAME and name not in _OWN:
            if name in _RENAMED:
                found.append(f"{name}: there is no variable of this name. It is now called {_RENAMED[name]}.")
                continue
            meant = near(name[len(PREFIX) :], [known[len(PREFIX) :] for known in BY_NAME])
            hint = f"Did you mean {PREFIX}{meant}?" if meant else "docs/variables.md lists all."
            found.append(f"{name}: there is no variable of this name. {hint}")
    return found


# Former names of variables.
_RENAMED = {"workiva_surplus": "workiva_excess_access"}
# The variables in which client credentials come in.
HANDED_OVER = ("workiva_handed_over", "workiva_survey_client_id", "workiva_survey_client_secret")
KEEP_FILE = (
    "Keep the file with the credentials until a run has accepted the credentials: Workiva shows a secret only once."
)


def describe_problems(has: str, problems: Sequence[str]) -> str:
    """The first line of a message that lists problems; C(has) says what has them."""
    pronoun = "it" if len(problems) == 1 else "them"
    return (
        f"{has} {format_count(len(problems), 'problem')}. Nothing was sent or changed. Correct {pronoun} and run again."
    )


def hands_over(variables: Mapping[str, Any]) -> bool:
    """Whether credentials were given to a run, in whatever way; their values are not read."""
    return any(is_given(variables.get(name)) for name in HANDED_OVER)


def is_given(value: Any, variable: Variable | None = None) -> bool:
    """Whether a variable has a value: an unanswered question of an AWX survey is an empty text.

    An empty list is a value where it means something else than no value: where the default is a list with entries.
    """
    if value == [] and variable is not None:
        return bool(variable.default)
    return value is not None and value not in ([], {}) and not (isinstance(value, str) and not value.strip())


def converted(variable: Variable, value: Any, playbook: str) -> Any:
    """The value in the type of its variable. Raises L(Unfit)."""
    if variable.kind == AS_IS:
        return value
    if variable.kind == BOOL:
        try:
            return boolean(value)
        except TypeError:
            raise Unfit("must be true or false.") from None
    if variable.kind == DATE:
        return read_date(value)
    if variable.kind == LIST:
        return _list(variable, value, playbook)
    if isinstance(value, (dict, list, tuple, bool)):
        raise Unfit("must be a single text.")
    text = str(value).strip()
    _choose(text, variable.allowed(playbook), "")
    return text


def read_date(value: Any) -> str:
    """A date as a person or YAML wrote it, as YYYY-MM-DD. Raises L(Unfit)."""
    text = value.isoformat()[:10] if isinstance(value, date) else str(value).strip()
    found = parse_date(text)
    if found is None:
        raise Unfit("must be a date, written as YYYY-MM-DD.")
    return found.isoformat()


def _list(variable: Variable, value: Any, playbook: str) -> list[str]:
    if isinstance(value, str):
        value = split_list(value)
    if not isinstance(value, (list, tuple)) or any(isinstance(item, (dict, list, tuple, bool)) for item in value):
        raise Unfit("must be a list of texts, or one text with commas between them.")
    entries = [str(item).strip() for item in value]
    for place, entry in enumerate(entries, start=1):
        _choose(entry, variable.allowed(playbook), f"entry {place} ")
    return entries


def _choose(text: str, choices: tuple[str, ...], which: str) -> None:
    if choices and text not in choices:
        meant = near(text, choices)
        hint = f" Did you mean {meant}?" if meant else ""
        raise Unfit(f"{which}must be one of {', '.join(choices)}.{hint}")
