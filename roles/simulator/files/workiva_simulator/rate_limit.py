# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests the API carries out in a second."""

from __future__ import annotations

from collections import deque


class RateLimit:
    """Admits at most C(most) requests in any second, 0 for any number. A request that is refused does not count.

    The platform's older limits page names 50 over all endpoints, the token endpoint included. Whether that still holds, and whether
    the platform counts in any second or in each second of the clock, is unknown. Any second is the stricter way.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._admitted: deque[float] = deque()

    def admits(self, now: float) -> bool:
        """Whether a request that arrived at this time, in seconds, is carried out."""
        if not self._most:
            return True
        while self._admitted and self._admitted[0] <= now - 1:
            self._admitted.popleft()
        if len(self._admitted) >= self._most:
            return False
        self._admitted.append(now)
        return True
