# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""One grant, one transaction: checks what is stored, accepts credentials, stores them, and writes the journal."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.integrations.workiva.plugins.module_utils._errors import Failure, InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._files.access_check import FileCheck, not_checkable
from ansible_collections.integrations.workiva.plugins.module_utils._grants.grant import (
    Declared,
    Held,
    Known,
    is_outdated,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.order import HANDED_OVER
from ansible_collections.integrations.workiva.plugins.module_utils._grants.rotation import is_replacement, why_not_done
from ansible_collections.integrations.workiva.plugins.module_utils._grants.status import (
    Assessment,
    assess,
    is_elsewhere,
    is_there,
)
from ansible_collections.integrations.workiva.plugins.module_utils._grants.token_check import TokenCheck
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.accepted import (
    Accepted,
    ScreenValues,
    screen_values,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.grant_status import GrantStatus, follow_up
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import (
    Attested,
    Credentials,
    Request,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.previous import PreviousCredentials
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.refusals import (
    refuse,
    refuse_past,
    refuse_previous,
    refuse_stored,
    refuse_unusable,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.retirement import Retirement
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.settlement import Settlement
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import Secret, VaultEntryError


class Transaction:
    """One grant, in this order: C(look), C(accept), C(attest), C(status); work orders are opened after C(look)."""

    def __init__(self, shared: Settlement, grant: Declared) -> None:
        self._shared = shared
        self._records = shared.records
        self._grant = grant
        self._circumstances = shared.circumstances(grant)
        self._check: TokenCheck | None = None
        self._previous = PreviousCredentials(shared, grant)
        # Of credentials that are kept until they can be verified.
        self._unverified: TokenCheck | None = None
        # Whether credentials are handed over that are not stored: a date beside them is not of the present grant.
        self._has_unstored = False
        self._steps: list[str] = []
        self._has_accepted = False
        self._error: Failure | None = None
        self._kept_error: Failure | None = None

    def look(self) -> None:
        """Checks what is stored, and completes what an earlier run did not finish. Raises L(WorkivaError)."""
        self._check_stored()
        self._previous.look()
        checks = (self._check, self._previous.check)
        if not self._grant.present and any(check is not None and check.finding == "rejected" for check in checks):
            self._circumstances = replace(
                self._circumstances, controlled=self._shared.checks.is_controlled(self._grant)
            )
        if self._shared.writes:
            self._accept_kept()
            self._catch_up()
            self._previous.catch_up()
            self._explain_rotation()

    def accept(self) -> None:
        """Accepts what is handed over, or retires a grant that should be gone. Raises L(WorkivaError)."""
        if not self._shared.writes:
            return
        if self._grant.present:
            self._give_up()
            self._hand_over()
            self._previous.retire(is_controlled=self._check is not None and self._check.accepted)
        else:
            self._retire()

    def attest(self) -> None:
        """Writes down what a person says that the screen shows. Raises L(WorkivaError)."""
        if self._shared.writes and self._grant.present:
            self._attest()

    def judged(self) -> Assessment:
        """The findings and the work orders that the grant needs now. Raises L(InvalidArgument) for a damaged journal."""
        held, known = self._state()
        check = self._check if self._check is not None or held.readable else self._unverified
        state = self._records.state(self._grant)
        circumstances = replace(
            self._circumstances,
            previous=self._previous.check,
            deliveries=self._shared.deliveries(self._grant, state),
        )
        return assess(self._grant, held, known, check, circumstances)

    def status(self, judged: Assessment) -> GrantStatus:
        """The grant's status, without any secret."""
        held = self._records.held(self._grant)
        error = self._error or self._previous.error
        return GrantStatus(
            integration=self._grant.integration,
            grant=self._grant.grant,
            stage=judged.stage,
            health=judged.health,
            findings=judged.findings,
            waits_for=judged.waits_for,
            next=follow_up(judged.next, error),
            fields=judged.fields,
            client_id=held.client_id or held.received,
            expires=judged.expires,
            days_left=judged.days_left,
            steps=(*self._steps, *self._previous.steps),
            accepted=self._has_accepted,
            files=self._file_checks(),
            error=error or (Failure(judged.error, "Grant") if judged.error else None),
        )

    def _file_checks(self) -> tuple[FileCheck, ...]:
        """Which of the declared files the grant's own token reads."""
        if self._check is not None:
            return self._check.files
        detail = "No credentials are stored yet."
        return tuple(not_checkable(file, "unchecked", detail) for file in self._grant.files)

    def _state(self) -> tuple[Held, Known]:
        return self._records.held(self._grant), self._records.known(self._grant)

    # What is there already.

    def _check_stored(self) -> None:
        if not self._records.held(self._grant).readable:
            return
        credentials = self._records.stored(self._grant)
        if credentials:
            self._check = self._shared.checks.check(self._grant, credentials)

    def _accept_kept(self) -> None:
        """Credentials of an earlier run that could not be verified then."""
        try:
            credentials = self._records.received(self._grant)
        except VaultEntryError:
            return
        if credentials is None or not self._grant.present:
            return
        check = self._unverified = self._shared.checks.check(self._grant, credentials)
        refusal = self._refusal(credentials, check)
        if refusal and not check.accepted:
            self._kept_refused(credentials, check, refusal)
        elif refusal and is_elsewhere(check, self._circumstances.workspace_id):
            self._records.drop_received(self._grant)
            self._steps.append("Removed the kept credentials: they belong to a grant of another workspace.")
            self._error = refusal
        elif refusal:
            self._error = self._kept_error = refusal
        elif check.accepted:
            accepted = self._accepted(credentials, check)
            self._records.store_all([accepted])
            step = "Verified the credentials that were kept, and stored them."
            self._is_stored(check, step, accepted.keeps_previous)
        elif not self._records.known(self._grant).exists:
            self._records.record_received(self._grant, credentials.client_id)
            self._steps.append("Recorded in the journal that credentials are kept.")

    def _kept_refused(self, credentials: Credentials, check: TokenCheck, refusal: Failure) -> None:
        """Kept credentials were never accepted, and a person may be unable to read them again: as for a retirement, it takes a
        refusal while others are accepted, and a second one in a later run, before they are removed."""
        refused = self._records.known(self._grant).refused
        is_first = refused is None or refused[0] != credentials.client_id
        is_later = not is_first and refused != (credentials.client_id, self._shared.run)
        controlled = (is_first or is_later) and self._shared.checks.is_controlled(self._grant)
        if controlled and is_later:
            self._records.drop_received(self._grant)
            self._steps.append("Removed the kept credentials: two runs saw them refused while others were accepted.")
            self._error = replace(refusal, msg=f"{check.detail} The kept credentials were removed.")
            return
        if controlled:
            self._records.record_refused(self._grant, credentials.client_id, self._shared.run)
            self._steps.append(
                "Recorded in the journal that the kept credentials are refused while others are accepted."
            )
        self._error = self._kept_error = replace(
            refusal,
            msg=f"{check.detail} The credentials were kept until now without being verified, and are still kept, encrypted. "
            "They are removed when two runs see them refused while others are accepted. If they are wrong, hand over the "
            "right ones, which replace them.",
        )

    def _catch_up(self) -> None:
        """What the vault holds and the journal does not know: a killed run, credentials or a date written in by hand."""
        held, known = self._state()
        check = self._check
        if not held.readable or not held.client_id or check is None or not check.accepted or is_outdated(held, known):
            return
        if is_elsewhere(check, self._circumstances.workspace_id):
            return
        if not self._records.knows(self._grant, held):
            credentials = Credentials(held.client_id, "", held.expires)
            screen = self._screen_values(credentials, known, assumed=False)
            self._records.record_stored(
                Accepted(self._grant, credentials, check, screen, self._seen(check), self._shared.today)
            )
            self._steps.append("Verified the stored credentials and recorded them in the journal.")
            return
        if not self._grant.present:
            return
        if set(known.scopes or ()) != set(check.scopes):
            self._records.observe(self._grant, held.client_id, check, self._seen(check))
            self._steps.append("Recorded in the journal the scopes that were observed.")
        if held.expires and held.expires != known.expires:
            self._records.attest(self._grant, Attested(held.expires))
            self._steps.append(f"Recorded in the journal the expiry in the credentials file, {held.expires}.")

    def _explain_rotation(self) -> None:
        held, known = self._state()
        why = why_not_done(held, known, self._check, self._previous.check, self._circumstances.rotation)
        self._error = Failure(why, "InvalidArgument") if why else self._error

    def _give_up(self) -> None:
        """The credentials before an open rotation become the present ones again."""
        if self._circumstances.rotation.give_up and self._previous.give_up(self._circumstances.workspace_id):
            self._check, self._previous.check = self._previous.check, self._check

    def _retire(self) -> None:
        self._previous.retire(is_controlled=self._circumstances.controlled)
        if self._records.known(self._grant).previous:
            return  # the entry stays until both grants are known to be gone
        retirement = Retirement(self._shared, self._grant, self._circumstances, self._check)
        retirement.run()
        self._steps += retirement.steps
        self._error = self._error or retirement.error
        if retirement.is_done:
            self._check = None

    # What comes in.

    def _hand_over(self) -> None:
        judged = self.judged()
        held, known = self._state()
        wanted = judged.needs_credentials and not held.damaged and not (held.received and not self._kept_error)
        request = self._request(judged, held, known, HANDED_OVER)
        while self._shared.handover.has_credentials(request, wanted):
            self._shared.storage.check()
            self._error = None
            try:
                self._has_unstored = True
                credentials = self._shared.handover.read_credentials(request)
                if credentials is None:
                    self._has_unstored = False
                    return
                Secret(credentials.client_secret)
                refusal = self._accept_one(credentials)
            except InvalidArgument as error:
                refusal = Failure.of(error)
            if not refusal:
                return
            self._error = refusal
            if not self._shared.handover.reject(request, refusal.msg):
                return

    def _accept_one(self, credentials: Credentials) -> Failure | None:
        """Credentials that were handed over; returns why they are rejected."""
        held = self._records.held(self._grant)
        place = self._records.find_place(self._grant, credentials)
        if place == "stored":
            self._has_unstored = False
            return refuse_stored(self._records.known(self._grant), self._shared.new_orders)
        if place == "previous" or held.is_of_previous(credentials.client_id):
            return refuse_previous(is_kept=place == "previous")
        if place == "received":
            return self._kept_error
        other = self._shared.owner_of(credentials.client_id, self._grant)
        if other:
            return Failure(
                f"The client ID is the one of {other}. Nothing was stored. Enter the client ID and secret of this grant.",
                "InvalidArgument",
            )
        replaces = self._is_replacement(credentials)
        check = self._shared.checks.check(self._grant, credentials, is_fresh=replaces)
        refusal = self._refusal(credentials, check) or refuse_past(check, credentials.expires, self._shared.today)
        if not refusal and replaces and check.accepted:
            problem = self._shared.preflight(credentials)
            refusal = refuse_unusable(problem) if problem else None
        if refusal:
            return refusal
        if check.accepted:
            replaced = " in place of the former ones" if held.readable or held.damaged else ""
            accepted = self._accepted(credentials, check)
            keeps = accepted.keeps_previous
            step = f"Verified and stored the credentials{', and kept the former ones' if keeps else replaced}."
            self._shared.store(accepted, lambda: self._is_stored(check, step, keeps))
        else:
            self._unverified = check
            self._records.keep(self._grant, credentials)
            self._steps.append("Kept the credentials, encrypted, until they can be verified.")
        return None

    def _refusal(self, credentials: Credentials, check: TokenCheck) -> Failure | None:
        return refuse(self._grant, check, self._circumstances, replaces=self._is_replacement(credentials))

    def _is_replacement(self, credentials: Credentials) -> bool:
        return is_replacement(*self._state(), credentials.client_id)

    def _accepted(self, credentials: Credentials, check: TokenCheck) -> Accepted:
        known = self._records.known(self._grant)
        screen = self._screen_values(credentials, known, assumed=True)
        # Also a leaked secret is kept, until it is known not to work any more.
        keeps = known.leaked or self._is_replacement(credentials)
        return Accepted(self._grant, credentials, check, screen, self._seen(check), self._shared.today, keeps)

    def _is_stored(self, check: TokenCheck, step: str, keeps_former: bool) -> None:
        self._has_unstored = False
        if keeps_former:
            # Of a secret that was regenerated, what was seen before it is not known to hold.
            same = self._records.known(self._grant).previous
            self._previous.check = None if same and same.leaked else self._check
        self._check = check
        self._steps.append(step)
        self._has_accepted = True

    def _seen(self, check: TokenCheck) -> bool:
        return is_there(check, self._circumstances.workspace_id)

    def _screen_values(self, credentials: Credentials, known: Known, *, assumed: bool) -> ScreenValues:
        state = self._records.state(self._grant)
        return screen_values(self._grant, credentials, state, known, self._shared.today, assumed=assumed)

    # What a person says of it.

    def _attest(self) -> None:
        judged = self.judged()
        held, known = self._state()
        if not held.readable or self._has_unstored:
            return
        # What was only just found to differ nobody can have changed yet.
        wanted = [
            name
            for name in judged.attest
            if "edit" in known.open_orders or "edit" not in judged.kinds or not known.exists
        ]
        request = self._request(judged, held, known, ("edit",))
        try:
            attested = self._shared.handover.read_attested(request, wanted)
        except InvalidArgument as error:
            self._error = self._error or Failure.of(error)
            return
        late = refuse_past(self._check, attested.expires, self._shared.today)
        if late:
            self._error = self._error or late
            return
        expires = attested.expires
        if expires == held.expires and known.how.get("expires") == "attested":
            expires = None
        allowlist = attested.ip_allowlist
        if allowlist is not None and (
            set(allowlist) == set(known.ip_allowlist or ()) and known.how.get("ip_allowlist") == "attested"
        ):
            allowlist = None
        if expires or allowlist is not None:
            self._shared.storage.check()
            self._records.attest(self._grant, Attested(expires, allowlist))
            shown = [*(["expires"] if expires else []), *(["ip allowlist"] if allowlist is not None else [])]
            self._steps.append(f"Recorded what the screen shows: {', '.join(shown)}.")

    def _request(self, judged: Assessment, held: Held, known: Known, kinds: tuple[str, ...]) -> Request:
        grant = self._grant
        asked = next((order for order in judged.orders if order.kind in kinds), None)
        change = asked.changes.get("expires") if asked else None
        after = change.after if change and isinstance(change.after, str) else None
        number = next((known.open_orders[kind] for kind in kinds if kind in known.open_orders), None)
        expected = after or self._screen_values(Credentials(held.client_id or "", ""), known, assumed=True).expires
        return replace(
            Request(grant.integration, grant.grant, grant.workspace, grant.username, grant.custodian),
            order=number,
            client_id=held.client_id,
            expires=expected,
            ip_allowlist=grant.ip_allowlist,
        )
