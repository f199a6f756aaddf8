# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""How the credentials of a grant are handed over: typed at a terminal, in a variable, or not in this run."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ansible.errors import AnsiblePromptInterrupt, AnsiblePromptNoninteractive
from ansible.utils.display import Display

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import describe_malformed
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import (
    looks_like_secret,
    register_credentials,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handed_over import read_entries
from ansible_collections.integrations.workiva.plugins.plugin_utils._place import can_prompt
from ansible_collections.integrations.workiva.plugins.plugin_utils._variables import Unfit, read_date, split_list

display = Display()

ATTEMPTS = 3
Ask = Callable[[str, bool], bytes]
_NUMBER = re.compile(r"[A-Za-z0-9][\w-]*\.[A-Za-z0-9][\w-]*\.[0-9]{1,9}", re.ASCII)


class Interrupted(WorkivaError):
    """A person stopped the run at a prompt."""


@dataclass(frozen=True)
class Credentials:
    """A client ID and its secret, with what a person said of the grant; the repr shows neither of the two."""

    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    expires: str | None = None
    ip_allowlist: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        register_credentials(self.client_id, self.client_secret)

    @property
    def key(self) -> tuple[str, str]:
        """The client ID and secret: what a token request is made with, whatever a person said beside them."""
        return self.client_id, self.client_secret

    def is_same(self, other: Credentials) -> bool:
        """Whether both are the same client ID and secret, whatever a person said beside them."""
        return self.key == other.key


@dataclass(frozen=True)
class Attested:
    """What a person said that the screen shows."""

    expires: str | None = None
    ip_allowlist: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Request:
    """For which grant something is asked, and what a person must see to answer."""

    integration: str
    grant: str
    workspace: str = ""
    username: str = ""
    custodian: str = ""
    order: str | None = None
    client_id: str | None = None
    expires: str | None = None
    ip_allowlist: tuple[str, ...] = ()


class Handover(Protocol):
    """Where the credentials of a grant come from."""

    def has_credentials(self, request: Request, wanted: bool) -> bool:
        """Whether credentials are handed over now. C(wanted): the grant needs them."""

    def read_credentials(self, request: Request) -> Credentials | None:
        """The credentials of this grant, or None. Raises L(InvalidArgument) for malformed ones, before they are sent anywhere."""

    def read_attested(self, request: Request, wanted: Sequence[str]) -> Attested:
        """What a person says of the fields that only the screen shows."""

    def reject(self, request: Request, reason: str) -> bool:
        """Reports why credentials were rejected. Returns whether others are asked for."""

    def is_done(self, number: str, what: str, *, asks: bool = True) -> bool:
        """Whether a person says that a work order is done. C(asks): somebody may be asked for it."""


def check_form(credentials: Credentials) -> Credentials:
    """The credentials, unless they are malformed. Raises L(InvalidArgument)."""
    wrong = describe_malformed(credentials.client_id, credentials.client_secret)
    if wrong:
        raise InvalidArgument(wrong)
    return credentials


class Deferred:
    """Nobody yet."""

    def has_credentials(self, _request: Request, _wanted: bool) -> bool:
        """Never."""
        return False

    def read_credentials(self, _request: Request) -> Credentials | None:
        """None."""
        return None

    def read_attested(self, _request: Request, _wanted: Sequence[str]) -> Attested:
        """Nothing is said."""
        return Attested()

    def reject(self, _request: Request, _reason: str) -> bool:
        """There is nobody to ask."""
        return False

    def is_done(self, _number: str, _what: str, *, asks: bool = True) -> bool:  # noqa: ARG002
        """Nothing is said."""
        return False


class FromVariables(Deferred):
    """Credentials in a variable: an AWX survey, an encrypted vars file; and the work orders that are done."""

    def __init__(self, entries: Any, done: Any = ()) -> None:
        self._done = read_order_numbers(done)
        found, problems = read_entries(entries)
        if problems:
            listed = " ".join(f"Entry {problem.place} of handed_over: {problem.text}" for problem in problems)
            raise InvalidArgument(
                f"{listed} Nothing was accepted. Keep the file with the credentials, correct it and run again."
            )
        self._entries = {(entry.integration, entry.grant): entry for entry in found.values()}

    @property
    def names(self) -> list[tuple[str, str]]:
        """The grants for which something was given."""
        return list(self._entries)

    @property
    def numbers(self) -> frozenset[str]:
        """The work orders that are said to be done."""
        return self._done

    def has_credentials(self, request: Request, _wanted: bool) -> bool:
        """Whether credentials were given, needed or not: new ones may replace the stored ones."""
        entry = self._entries.get((request.integration, request.grant))
        return entry is not None and entry.has_credentials

    def read_credentials(self, request: Request) -> Credentials | None:
        """The credentials that were given."""
        entry = self._entries.get((request.integration, request.grant))
        if entry is None or not entry.has_credentials:
            return None
        return check_form(Credentials(entry.client_id, entry.client_secret, entry.expires, entry.ip_allowlist))

    def read_attested(self, request: Request, _wanted: Sequence[str]) -> Attested:
        """What was given beside the credentials, or without them."""
        entry = self._entries.get((request.integration, request.grant))
        return Attested(entry.expires, entry.ip_allowlist) if entry else Attested()

    def is_done(self, number: str, _what: str, *, asks: bool = True) -> bool:  # noqa: ARG002
        """Whether it was said, asked for or not."""
        return number in self._done


class Prompt:
    """Asked at a terminal. Enter skips; without a terminal everything is deferred.

    C(orders) are the numbers of the work orders that a person chose to answer: nothing else is asked for. Where it is
    None, everything is asked for that the task waits for.
    """

    def __init__(self, ask: Ask, tell: Callable[[str], None], orders: Sequence[str] | None = None) -> None:
        self._ask = ask
        self._tell = tell
        self._subjects: set[str] | None = None
        if orders is not None:
            self.limit_to(orders)
        self._nobody = False
        self._refused: dict[tuple[str, str], int] = {}

    def limit_to(self, orders: Sequence[str]) -> None:
        """Asks for these work orders only."""
        # An order may have been replaced by a newer one since it was chosen: what it is about was chosen.
        self._subjects = {number.rpartition(".")[0] for number in orders}

    def asks_about(self, integration: str, grant: str) -> bool:
        """Whether a person may be asked about a grant."""
        return not self._nobody and (self._subjects is None or f"{integration}.{grant}" in self._subjects)

    def _is_chosen(self, number: str | None) -> bool:
        if self._nobody:
            return False
        return self._subjects is None or (number is not None and number.rpartition(".")[0] in self._subjects)

    def has_credentials(self, request: Request, wanted: bool) -> bool:
        """Only for an order that was chosen, and only while credentials are waited for."""
        return wanted and self._is_chosen(request.order)

    def read_credentials(self, request: Request) -> Credentials | None:
        """Asks for the id, then without echo for the secret, then for the date."""
        order = f" (work order {request.order})" if request.order else ""
        self._say(
            f"\nThe credentials of the grant {request.grant} of {request.integration}{order}: workspace {request.workspace}, "
            f"Workiva user {request.username}, custodian {request.custodian or 'not named'}."
        )
        client_id = self._client_id()
        if not client_id:
            return None
        secret = self._answer("Client Secret (not shown; press Enter to skip this grant): ", private=True)
        if not secret:
            return None
        credentials = check_form(Credentials(client_id, secret))
        return Credentials(credentials.client_id, credentials.client_secret, self._date(request))

    def _client_id(self) -> str:
        """Where a secret was entered in its place, it is on the screen: the next answer is not shown as well."""
        client_id = self._answer("Client ID (press Enter to skip this grant): ")
        if not looks_like_secret(client_id):
            return client_id
        register_credentials(client_id, "")
        self._say(
            "That is a client secret, and it is on the screen now: clear the screen and its scrollback. Nothing was sent. "
            "If somebody may have seen it, press Regenerate again."
        )
        return self._answer("Client ID (not shown this time; press Enter to skip this grant): ", private=True)

    def read_attested(self, request: Request, wanted: Sequence[str]) -> Attested:
        """Asks what the screen shows, field by field; Enter skips a field."""
        if not wanted or not self._is_chosen(request.order):
            return Attested()
        order = f" (work order {request.order})" if request.order else ""
        self._say(f"\nWhat does the screen show for the grant {request.grant} of {request.integration}{order}?")
        expires = self._date(request, enter="not changed yet") if "expires" in wanted else None
        if "ip_allowlist" not in wanted or self._nobody:
            return Attested(expires)
        asked = ", ".join(request.ip_allowlist) or "nothing"
        answer = self._answer(f"IP Allowlist, or none (asked for was {asked}; Enter: not changed yet): ")
        addresses = () if answer.lower() == "none" else split_list(answer)
        return Attested(expires, addresses if answer else None)

    def reject(self, request: Request, reason: str) -> bool:
        """Says at once what is wrong, and asks three times at most."""
        if self._nobody:
            return False
        name = request.integration, request.grant
        self._refused[name] = self._refused.get(name, 0) + 1
        self._say(f"Rejected: {reason}")
        return self._refused[name] < ATTEMPTS

    def is_done(self, number: str, what: str, *, asks: bool = True) -> bool:
        """Asks; only yes is yes."""
        if not asks or not self._is_chosen(number):
            return False
        self._say(f"\nWork order {number}: {what}.")
        return self._answer("Is it done, just as the order says? (yes; Enter: not yet): ").lower() in ("y", "yes")

    def _date(self, request: Request, enter: str | None = None) -> str | None:
        enter = enter or (f"{request.expires}, as ordered" if request.expires else "not known")
        for _attempt in range(ATTEMPTS):
            answer = self._answer(f"Expires as the screen shows it, YYYY-MM-DD (Enter: {enter}): ")
            if not answer:
                return None
            try:
                return read_date(answer)
            except Unfit as error:
                self._say(f"The date {error}")
        return None

    def _say(self, text: str) -> None:
        if not self._nobody:
            self._tell(text)

    def _answer(self, question: str, *, private: bool = False) -> str:
        if self._nobody:
            return ""
        try:
            return self._ask(question, private).decode("utf-8", "replace").strip()
        except AnsiblePromptNoninteractive:
            self._nobody = True
            return ""
        except AnsiblePromptInterrupt:
            raise Interrupted("Interrupted at the prompt; what was not confirmed before is not stored.") from None


def chosen(way: str, handed_over: Any, done: Any, *, check_mode: bool, orders: Sequence[str] | None = None) -> Handover:
    """The handover of a task: C(prompt), C(vars), C(defer) or C(none). Check mode never prompts.

    C(orders) are the work orders to ask for at the prompt; without it, all that the task waits for.
    """
    if way == "vars":
        return FromVariables(handed_over or [], done)
    if way == "prompt" and not check_mode and can_prompt():
        return Prompt(ask_at_terminal, display.display, orders)
    return Deferred()


def ask_at_terminal(question: str, private: bool) -> bytes:
    """One answer, without an echo where it is private. Raises C(AnsiblePromptNoninteractive) where nobody can answer."""
    return bytes(display.prompt_until(question, private=private))


def read_order_numbers(numbers: Any, name: str = "done") -> frozenset[str]:
    """The numbers of work orders in the option or variable C(name), of whatever type a variable has. Raises L(InvalidArgument), which
    repeats none that is not one: it may be a secret."""
    if isinstance(numbers, str):
        numbers = list(split_list(numbers))
    if numbers is None or not isinstance(numbers, (list, tuple)):
        raise InvalidArgument(f"{name}: it must be a list of numbers of work orders, such as [payroll-sync.user.1].")
    for place, number in enumerate(numbers, start=1):
        if not _NUMBER.fullmatch(_text(number)):
            raise InvalidArgument(
                f"{name}: entry {place} is not the number of a work order, such as payroll-sync.user.1."
            )
    return frozenset(_text(number) for number in numbers)


def _text(number: Any) -> str:
    """Plain text of whatever type a variable has: tagged, or a number."""
    return "" if number is None else str(number).strip()
