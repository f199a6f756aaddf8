# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The retirement of a grant that should be gone: its entry leaves the vault file when it is known not to work any more."""

from __future__ import annotations

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import Declared, Known, is_outdated
from ansible_collections.integrations.workiva.plugins.module_utils._grants.status import Circumstances, is_there
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.settlement import Settlement


class Retirement:
    """Of one grant that is marked absent. C(check) is what the token request with its stored credentials showed."""

    def __init__(
        self, shared: Settlement, grant: Declared, circumstances: Circumstances, check: TokenCheck | None
    ) -> None:
        self._shared = shared
        self._records = shared.records
        self._grant = grant
        self._circumstances = circumstances
        self._check = check
        self.steps: list[str] = []
        self.error: Failure | None = None
        self.is_done = False
        """Whether the credentials left the vault."""

    def run(self) -> None:
        """Takes account of a confirmation and of the check. Raises L(WorkivaError)."""
        self._confirm_deletion()
        held, known = self._records.held(self._grant), self._records.known(self._grant)
        check = self._check
        if check is not None and check.accepted and held.client_id and known.refused:
            observed = is_there(check, self._circumstances.workspace_id)
            self._records.observe(self._grant, held.client_id, check, observed)
            self.steps.append("Recorded in the journal that the credentials, refused before, are accepted.")
        elif check and check.finding == "rejected" and not self._circumstances.doubtful and held.client_id:
            self._retire_refused(held.client_id, known)
        elif known.deleted and known.exists and held.nothing:
            self._records.retire(self._grant)
            self.steps.append("The grant is deleted, and no credentials of it are stored: it is retired.")

    def _retire_refused(self, client_id: str, known: Known) -> None:
        """A refusal alone is no proof: others are accepted from here, and a later run sees it again; or a person said so."""
        older = is_outdated(self._records.held(self._grant), known)
        proven = known.deleted or not (self._circumstances.without_access or older)
        order = known.open_orders.get("delete")
        # A user without access is refused in any case: the credentials are kept until the order had its chance.
        if not proven and (not order or order in self._shared.new_orders):
            return
        if not known.deleted:
            if not self._circumstances.controlled or known.refused == (client_id, self._shared.run):
                return
            if known.refused is None or known.refused[0] != client_id:
                self._records.record_refused(self._grant, client_id, self._shared.run)
                self.steps.append("Recorded in the journal that the credentials are refused while others are accepted.")
                return
        self._records.retire(self._grant, proven=proven)
        self.is_done = True
        self.steps.append("The credentials are refused: removed them from the vault, the grant is retired.")

    def _confirm_deletion(self) -> None:
        """A person says that the order to delete the grant is done; credentials that still work say otherwise."""
        number = self._records.known(self._grant).open_orders.get("delete")
        if number is None:
            return
        works = self._check is not None and self._check.accepted
        what = f"delete the grant {self._grant.grant} of {self._grant.integration}"
        if not self._shared.handover.is_done(number, what, asks=not works):
            return
        if works:
            msg = (
                f"The work order {number} was confirmed as done, but the credentials of the grant are still accepted. "
                "Nothing was recorded. Delete the grant in Workiva, and confirm the work order again."
            )
            self.error = Failure(msg, "InvalidArgument")
            return
        self._records.confirm(self._grant, number)
        self.steps.append(f"Recorded that the work order {number} is done.")
