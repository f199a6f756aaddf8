# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The token requests and the storage of a settlement, without a network and without a disk that fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import Credentials


@dataclass
class Answers:
    """Token requests that C(answer) answers. C(controlled): other credentials are accepted in this run."""

    answer: Callable[[Credentials], TokenCheck]
    controlled: bool = False

    def check(self, _grant: Declared, credentials: Credentials, *, is_fresh: bool = False) -> TokenCheck:
        return self.answer(credentials)

    def is_controlled(self, _grant: Declared) -> bool:
        return self.controlled


class Storage:
    """Storage in which everything can be stored."""

    def check(self) -> None:
        return None
