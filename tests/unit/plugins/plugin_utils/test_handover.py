# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked at a terminal: the open orders first, then only what was chosen; a secret is never echoed twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ansible.errors import AnsiblePromptNoninteractive

from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import Prompt, Request
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.open_orders import (
    OrderStatus,
    choose_orders,
    picked,
)

ID = "3f0a4a6e-6a83-4c11-9d6b-0c8c3c3a5f2e"
SECRET = "wk_secret:oa2c:Canary0123456789abcd"
NUMBERS = ["payroll-sync.filing.1", "ledger-load.main.1", "audit-reader.main.2"]
ORDERS = [
    OrderStatus(
        *(number, "payroll-sync", "filing", "create", f"{number}.html", f"{number}.md", "anna@example.com"),
        summary=f"do {number}",
        handover=None,
        fields={},
    )
    for number in NUMBERS
]


class Terminal:
    """A person who gives these answers; what was shown, and which questions had no echo."""

    def __init__(self, *answers: str) -> None:
        self._answers = iter(answers)
        self.shown: list[str] = []
        self.private: list[bool] = []

    def ask(self, question: str, private: bool) -> bytes:
        self.shown.append(question)
        self.private.append(private)
        return next(self._answers).encode()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("", []),
        ("2", [NUMBERS[1]]),
        ("3, 1", [NUMBERS[2], NUMBERS[0]]),
        ("all", NUMBERS),
        ("audit-reader.main.2 1", [NUMBERS[2], NUMBERS[0]]),
        ("1 1", [NUMBERS[0]]),
        ("0", None),
        ("4", None),
        ("1 x", None),
    ],
)
def test_an_answer_picks_orders(answer: str, expected: list[str] | None) -> None:
    assert picked(answer, NUMBERS) == expected


def test_open_orders_are_listed_before_anything_is_asked() -> None:
    terminal = Terminal(SECRET, "2")
    assert choose_orders(terminal.ask, terminal.shown.append, ORDERS) == [NUMBERS[1]]
    assert "  2  ledger-load.main.1: do ledger-load.main.1 (assigned to anna@example.com)" in terminal.shown
    assert SECRET not in str(terminal.shown)
    assert choose_orders(terminal.ask, terminal.shown.append, []) == []


def test_without_a_terminal_nothing_is_chosen() -> None:
    def nobody(_question: str, _private: bool) -> bytes:
        raise AnsiblePromptNoninteractive

    assert choose_orders(nobody, lambda _text: None, ORDERS) == []


def prompt(orders: list[str] | None) -> tuple[Prompt, list[str]]:
    asked: list[str] = []

    def ask(question: str, _private: bool) -> bytes:
        asked.append(question)
        return b""

    return Prompt(ask, lambda _text: None, orders), asked


def test_nothing_is_asked_for_but_the_chosen_orders() -> None:
    chosen, asked = prompt(["payroll-sync.filing.1"])
    of: Callable[[str, str, str | None], Request] = lambda name, grant, order: Request(name, grant, order=order)  # noqa: E731
    assert chosen.has_credentials(of("payroll-sync", "filing", "payroll-sync.filing.1"), True)
    # The order was replaced while the run went on.
    assert chosen.has_credentials(of("payroll-sync", "filing", "payroll-sync.filing.2"), True)
    assert not chosen.has_credentials(of("ledger-load", "main", "ledger-load.main.1"), True)
    # Nobody was asked to create this one.
    assert not chosen.has_credentials(of("payroll-sync", "filing", None), True)
    chosen.read_attested(of("ledger-load", "main", "ledger-load.main.1"), ["expires"])
    assert not chosen.is_done("ledger-load.main.1", "delete it")
    assert asked == []
    assert not prompt([])[0].has_credentials(of("payroll-sync", "filing", "payroll-sync.filing.1"), True)


def test_a_secret_in_place_of_the_client_id_is_not_echoed_again() -> None:
    terminal = Terminal(SECRET, ID, SECRET, "")
    credentials = Prompt(terminal.ask, terminal.shown.append).read_credentials(Request("payroll-sync", "filing"))
    assert credentials is not None
    assert (credentials.client_id, credentials.client_secret) == (ID, SECRET)
    assert terminal.private == [False, True, True, False]
    assert any(text.startswith("That is a client secret, and it is on the screen now") for text in terminal.shown)
    assert SECRET not in str(terminal.shown)
