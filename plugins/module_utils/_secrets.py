# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What must never be shown: registering it with ansible-core's masking (2.22 and newer), and knowing a malformed pair."""

from __future__ import annotations

import re

# ansible-core 2.22 masks a registered secret wherever it shows: a short one would wreck all output.
SHORTEST_SECRET = 12
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SECRET = re.compile(r"wk_secret:")

try:
    from ansible.module_utils import secrets as _masking
except ImportError:
    _masking = None


def register_secret(value: str) -> None:
    """Older cores mask options with no_log only; this collection returns no secret on any of them."""
    if _masking is not None and len(value) >= SHORTEST_SECRET:
        _masking.register_secret(value)


def malformed_pair(client_id: str, client_secret: str) -> str | None:
    """What is wrong with a pair before it is sent anywhere, or None. The text holds neither of the two."""
    if not client_id or not client_secret:
        return "The client id or the client secret is empty."
    if _SECRET.match(client_id) or (_UUID.fullmatch(client_secret) and not _UUID.fullmatch(client_id)):
        return "The client id and the client secret look swapped."
    if len(client_secret) < SHORTEST_SECRET:
        return f"The client secret has fewer than {SHORTEST_SECRET} characters, so that it cannot be a whole one."
    if re.search(r"\s", client_id + client_secret):
        return "The client id or the client secret holds a blank or a line break: copy it again."
    return None
