# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which values the form of a grant takes, and when the token endpoint accepts the credentials of one."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import ipaddress

from .problems import Problem
from .state import Object, State


def hash_secret(secret: str) -> str:
    """As which a secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def check_expires(state: State, expires: str) -> None:
    today, rule = state.now().date(), state.switch("expires_rule")
    if not expires and rule == "empty_is_never":
        return
    if expires <= today.isoformat() and state.switch("past_expires") == "refused":
        raise Problem(400, "Expires must be a date in the future", target="Expires")
    if rule == "one_year_at_most" and expires > (today + datetime.timedelta(days=366)).isoformat():
        raise Problem(400, "Expires must be within a year", target="Expires")


def check_address(state: State, entry: str) -> None:
    """Raises L(Problem) for an entry whose form the IP Allowlist does not take."""
    networks = _networks(entry)
    if networks and "-" in entry:
        taken = state.switch("allowlist_ranges") == "accepted"
    else:
        taken = bool(networks) and ("/" not in entry or state.switch("allowlist_cidr") == "accepted")
    if not taken:
        raise Problem(400, f"IP Allowlist takes addresses, not {entry}", target="IP Allowlist")
    if networks[0].version == 6 and state.switch("allowlist_ipv6") == "refused":
        raise Problem(400, f"IP Allowlist takes no IPv6 address, as {entry} is", target="IP Allowlist")


def _networks(entry: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """What an entry of the allowlist covers: an address, a network, a range; nothing where it is none of these."""
    first, dash, last = (part.strip() for part in entry.partition("-"))
    try:
        if not dash:
            return [ipaddress.ip_network(entry, strict=False)]
        return list(ipaddress.summarize_address_range(ipaddress.ip_address(first), ipaddress.ip_address(last)))
    except (ValueError, TypeError):  # TypeError: the ends of a range are of different versions
        return []


def refusal(state: State, grant: Object | None, secret: str, address: str) -> str | None:
    """Why the token endpoint refuses credentials from that address now; None where it accepts them."""
    if not grant:
        return "unknown_client"
    if not any(hmac.compare_digest(hash_secret(secret), known) for known in grant["secrets"]):
        return "wrong_secret"
    user = state.one("user", grant["user"])
    if not user or (state.switch("suspended_user") == "refused" and not _may_work(state, user, grant)):
        return "user"
    today, expires = state.now().date().isoformat(), grant["expires"]
    if expires and (expires < today or (expires == today and state.switch("expiry_day") == "ended")):
        return "expired"
    allowed = [network for entry in grant["ip_allowlist"] for network in _networks(entry)]
    caller = ipaddress.ip_address(address)
    if not grant["ip_allowlist"] or (caller.is_loopback and state.setting("let_loopback_in", False)):
        return None
    return None if any(caller in network for network in allowed) else "address"


def _may_work(state: State, user: Object, grant: Object) -> bool:
    return user["status"] == "active" and bool(
        state.all("membership", workspace=grant["workspace"], user=grant["user"])
    )
