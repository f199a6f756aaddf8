# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is signed in at the console: a session per browser, kept in memory and gone with the process."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

COOKIE = "workiva_simulator"


@dataclass
class Session:
    """One browser. What it shall be shown once waits here until the next page takes it."""

    key: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    user: str | None = None
    notice: str | None = None
    pair: dict[str, str] | None = field(default=None, repr=False)

    def take_notice(self) -> str | None:
        notice, self.notice = self.notice, None
        return notice

    def take_pair(self) -> dict[str, str] | None:
        pair, self.pair = self.pair, None
        return pair

    def is_genuine(self, token: str) -> bool:
        return hmac.compare_digest(self.csrf.encode(), token.encode())


class Sessions:
    """All browsers that came by; the oldest are forgotten past a thousand."""

    def __init__(self) -> None:
        self._by_key: dict[str, Session] = {}

    def of(self, key: str | None) -> Session:
        """The session of a cookie, or a new one: a key that a browser made up is never taken over."""
        return (self._by_key.get(key) if key else None) or self._keep(Session())

    def begin(self, old: Session, user: str) -> Session:
        """Signing in gives a new key, so that one that was planted before is worth nothing."""
        self.end(old)
        return self._keep(Session(user=user))

    def end(self, session: Session) -> None:
        self._by_key.pop(session.key, None)

    def _keep(self, session: Session) -> Session:
        self._by_key[session.key] = session
        while len(self._by_key) > 1000:
            del self._by_key[next(iter(self._by_key))]
        return session
