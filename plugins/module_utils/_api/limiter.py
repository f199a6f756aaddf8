# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The one place that decides when a request may be sent: all threads of a process share what the platform allows."""

from __future__ import annotations

import threading
import time

# The platform's older limits page gives 50 requests a second over all endpoints, the token endpoint included. Five less leave
# room for requests that the network delays and delivers together.
SHORTEST_INTERVAL = 1 / 45
# How many requests are on their way at once. At the limit above, eight wait for answers that take up to 178 ms.
AT_ONCE = 8


class Limiter:
    """Lets requests go out one after the other, L(SHORTEST_INTERVAL) apart, and none of them while the server asks to wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0
        self._held_until = 0.0

    def wait(self) -> None:
        """Returns when a request may be sent."""
        while True:
            with self._lock:
                now = time.monotonic()
                mine = max(now, self._next)
                self._next = mine + SHORTEST_INTERVAL
            time.sleep(mine - now)
            # The server may have asked another thread to wait in the meantime.
            if mine >= self._held_until:
                return

    def hold(self, seconds: float) -> None:
        """Holds the requests of all threads back: the server answered one of them with 429."""
        with self._lock:
            self._held_until = max(self._held_until, time.monotonic() + seconds)
            self._next = max(self._next, self._held_until)


LIMITER = Limiter()
