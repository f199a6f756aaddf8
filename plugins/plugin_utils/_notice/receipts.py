# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The request for a notice before the certificate changes: its words, and the receipts of what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal, refuse_newer

SUBJECT = "Notification list for changes of the SSL server certificate"
# An underscore is in no name of an integration, so that no journal of one is called like this.
_NAME = "certificate_notice"
_EVENTS = {"requested": ("message_id", "to", "addresses"), "accepted": ("message_id",)}


@dataclass(frozen=True)
class Request:
    """Who is asked, and who shall get the notice. Order and case of the addresses do not matter."""

    to: str
    addresses: tuple[str, ...]

    @property
    def same_as(self) -> tuple[str, tuple[str, ...]]:
        """What makes two requests the same one."""
        return self.to.casefold(), tuple(sorted({address.casefold() for address in self.addresses}))


@dataclass(frozen=True)
class Standing:
    """What the receipts tell: the last request that a mail server accepted and when, and one that may be on its way."""

    accepted: Request | None = None
    accepted_at: str | None = None
    open: Request | None = None
    open_message_id: str | None = None


class Receipts(Journal):
    """The file C(certificate_notice.jsonl) among the journals: append-only, versioned, without a secret."""

    version = 1

    def __init__(self, folder: str) -> None:
        super().__init__(folder, _NAME)

    def standing(self) -> Standing:
        """The fold of its events."""
        return fold(self.events())

    def _check(self, event: Mapping[str, Any], place: str) -> None:
        refuse_newer(event, place, self.version)
        needed = _EVENTS.get(str(event.get("event")))
        if event.get("v") != self.version or needed is None or any(key not in event for key in needed):
            raise InvalidArgument(f"{place} is not a receipt of a certificate notice.", target=place)


def fold(events: Iterable[Mapping[str, Any]]) -> Standing:
    """Pure: receipts become the status of the request."""
    standing = Standing()
    for event in events:
        if event["event"] == "requested":
            request = Request(event["to"], tuple(event["addresses"]))
            standing = Standing(standing.accepted, standing.accepted_at, request, event["message_id"])
        elif event["message_id"] == standing.open_message_id:
            standing = Standing(standing.open, event["at"])
    return standing


def is_needed(standing: Standing, wanted: Request) -> bool:
    """Whether the request must be sent: it never was, or it was another one."""
    return standing.open is not None or standing.accepted is None or standing.accepted.same_as != wanted.same_as


def write_message(
    sender: str, request: Request, organization_id: str | None, servers: Sequence[str], again: bool
) -> str:
    """The mail as text, headers first; the same words for the same request."""
    organization = f"Our organization id is {organization_id}.\n" if organization_id else ""
    kept = "".join(f"  {server}\n" for server in dict.fromkeys(servers))
    listed = "".join(f"  {address}\n" for address in dict.fromkeys(request.addresses))
    return (
        f"From: {sender}\nTo: {request.to}\nSubject: {SUBJECT}\n\n"
        "Hello,\n\nour configuration keeps a local copy of Workiva's SSL server certificate"
        + (f" of\n\n{kept}\n" if kept else ".\n\n")
        + "We intend to be on the notification list for changes of that certificate.\n"
        "Please tell these addresses before it is updated or changed, and send the\n"
        f"new certificate along where you can:\n\n{listed}\n"
        + ("This list takes the place of the one that we sent before.\n\n" if again else "")
        + f"{organization}Please confirm to the sender of this mail.\n"
    )
