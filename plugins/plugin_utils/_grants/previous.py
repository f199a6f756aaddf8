# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The previous credentials of a grant whose rotation is open: checked in each run until they are known not to work any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared, Former, Known
from ansible_collections.integrations.workiva.plugins.module_utils._grants.rotation import (
    find_end,
    is_given_up,
    why_not_given_up,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.status import is_there
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.accepted import Accepted, ScreenValues
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.settlement import Settlement
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import VaultEntryError

# How long a token works, also where its secret does not any more.
_TOKENS_LIVE = timedelta(minutes=10)


class PreviousCredentials:
    """Those of one grant. C(check) is what the token request with them showed."""

    def __init__(self, shared: Settlement, grant: Declared) -> None:
        self._shared = shared
        self._records = shared.records
        self._grant = grant
        self.check: TokenCheck | None = None
        self.steps: list[str] = []
        self.error: Failure | None = None

    def look(self) -> None:
        """Checks them, if there are any. Their access to files is not looked at."""
        try:
            credentials = self._records.previous(self._grant)
        except VaultEntryError:
            return
        if credentials:
            self.check = self._shared.checks.check(replace(self._grant, files=()), credentials)

    def catch_up(self) -> None:
        """Completes what a killed run left, and takes account of a date that somebody changed in the vault file."""
        held, known = self._records.held(self._grant), self._records.known(self._grant)
        if held.previous is None or not self._records.knows(self._grant, held):
            return
        if known.previous is None:
            self._records.retire_previous(self._grant)
            self.check = None
            self.steps.append("Removed the previous credentials, which are retired, from the vault.")
        elif held.previous.expires and held.previous.expires != known.previous.expires:
            self._records.attest_previous(self._grant, held.previous.expires)
            self.steps.append(
                f"Recorded in the journal the expiry of the previous grant in the credentials file, {held.previous.expires}."
            )

    def give_up(self, workspace_id: str | None) -> bool:
        """They become the present ones again, and those of the new grant the previous ones; returns whether they did."""
        held, known = self._records.held(self._grant), self._records.known(self._grant)
        if held.previous is None or self.check is None:
            return False
        if is_given_up(known) or why_not_given_up(held, known, self.check):
            return False
        credentials = self._records.previous(self._grant)
        if credentials is None:
            return False
        screen = ScreenValues(held.previous.expires, known.ip_allowlist or self._grant.ip_allowlist)
        observed = is_there(self.check, workspace_id)
        self._records.go_back(Accepted(self._grant, credentials, self.check, screen, observed, self._shared.today))
        self.steps.append("Gave the rotation up: the previous credentials are the present ones again.")
        return True

    def retire(self, *, is_controlled: bool) -> None:
        """Takes account of a confirmation and of the check. C(is_controlled): other credentials of the same grant, or of others
        where the grant is to be gone, are accepted in this run, so that a refusal is about the previous ones."""
        self._confirm()
        known = self._records.known(self._grant)
        previous, check = known.previous, self.check
        self._forget_lost(known)
        if previous is None or check is None:
            return
        if check.accepted and previous.refused:
            self._records.observe_previous(self._grant, check, self._shared.run)
            self.steps.append("Recorded in the journal that the previous credentials, refused before, are accepted.")
        elif check.finding == "rejected" and is_controlled:
            self._retire_refused(previous, check)

    def _forget_lost(self, known: Known) -> None:
        """The previous credentials are not in the vault any more, as after it was lost, or cannot be decrypted, so that nothing shows
        whether they work."""
        held, previous = self._records.held(self._grant), known.previous
        is_readable = held.previous is not None and held.previous.readable
        if previous is None or is_readable or not self._records.knows(self._grant, held):
            return
        expires = find_end(known)
        if previous.deleted or (expires and expires < self._shared.today.isoformat()):
            self._records.retire_previous(self._grant)
            lost = "cannot be decrypted: removed them from the vault," if held.previous else "are not stored:"
            self.steps.append(f"The previous grant has ended, and its credentials {lost} the rotation is complete.")

    def _retire_refused(self, previous: Former, check: TokenCheck) -> None:
        """A refusal alone is no proof: a later run sees it again, or a person said that the grant is deleted."""
        if previous.refused == self._shared.run and not previous.deleted:
            return
        if previous.refused is None and not previous.deleted:
            self._records.observe_previous(self._grant, check, self._shared.run)
            step = "Recorded in the journal that the previous credentials are refused while others are accepted."
            if previous.leaked:
                until = datetime.now(timezone.utc) + _TOKENS_LIVE
                step += f" Tokens that were issued with the leaked secret are of no use after {until:%H:%M} UTC."
            self.steps.append(step)
            return
        if self._grant.present and self._shared.deliveries(self._grant, self._records.state(self._grant)).missing:
            return  # the rotation stays open until the systems have the present credentials
        self._records.retire_previous(self._grant)
        self.check = None
        self.steps.append(
            "The previous credentials are refused: removed them from the vault, the rotation is complete."
        )

    def _confirm(self) -> None:
        """A person says that the order to end the previous grant is done; credentials that still work say otherwise of a deletion."""
        orders = self._records.state(self._grant).open_orders
        order = next((order for order in orders if order.kind == "retire" and not order.fulfilled), None)
        if order is None:
            return
        expires = (order.fields.get("changes") or {}).get("expires", {}).get("to")
        works = not expires and self.check is not None and self.check.accepted
        name = order.fields.get("client_name") or order.fields.get("client_id")
        what = f"{'bring forward the expiry of' if expires else 'delete'} the previous grant {name}"
        if not self._shared.handover.is_done(order.number, what, asks=not works):
            return
        if works:
            msg = (
                f"The work order {order.number} was confirmed as done, but the previous credentials are still accepted. "
                "Nothing was recorded. Delete the previous grant in Workiva, and confirm the work order again."
            )
            self.error = Failure(msg, "InvalidArgument")
            return
        if expires:
            self._records.attest_previous(self._grant, expires, order.number)
        else:
            self._records.confirm(self._grant, order.number)
        self.steps.append(f"Recorded that the work order {order.number} is done.")
