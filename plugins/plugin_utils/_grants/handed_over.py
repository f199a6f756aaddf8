# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The entries of C(workiva_handed_over): client credentials, and what the screen of a grant shows.

All entries are read before the first is accepted: an entry that cannot be used must not be found after others were stored. No value
is quoted in a problem, since a secret may be where it does not belong.
"""

from __future__ import annotations

import ast
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_wrong
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import (
    describe_malformed,
    register_credentials,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._variables import Unfit, near, read_date, split_list

_CREDENTIALS = ("client_id", "client_secret")
_KEYS = ("integration", "grant", *_CREDENTIALS, "expires", "ip_allowlist")


@dataclass(frozen=True)
class Entry:
    """What was handed over for one grant. The repr shows no credential."""

    integration: str
    grant: str
    client_id: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)
    expires: str | None = None
    ip_allowlist: tuple[str, ...] | None = None

    @property
    def has_credentials(self) -> bool:
        """Whether a client ID and a client secret are in it."""
        return bool(self.client_id)

    def malformed(self) -> str | None:
        """What is wrong with the form of its credentials, or None."""
        return describe_malformed(self.client_id, self.client_secret) if self.has_credentials else None


@dataclass(frozen=True)
class Problem:
    """What is wrong with the entry at C(place), counted from 1. The names may hold anything: quote them only where they are declared."""

    place: int
    text: str
    integration: str = ""
    grant: str = ""


def read_entries(value: Any) -> tuple[dict[int, Entry], list[Problem]]:
    """The entries that can be used, by their place, and what is wrong with the others.

    C(value) is the variable as Ansible has it. Raises L(InvalidArgument) where it is no list.
    """
    entries: dict[int, Entry] = {}
    problems: list[Problem] = []
    for place, item in enumerate(list_entries(value), start=1):
        if not isinstance(item, Mapping) or not item.get("integration") or not item.get("grant"):
            problems.append(Problem(place, "must be a dictionary with integration and grant."))
            continue
        try:
            integration, grant = _text(item, "integration"), _text(item, "grant")
        except Unfit as error:
            problems.append(Problem(place, str(error)))
            continue
        entry, wrong = _read(item, integration, grant)
        if any((other.integration, other.grant) == (integration, grant) for other in entries.values()):
            wrong.append("it is a second entry for the same grant.")
        problems += [Problem(place, text, integration, grant) for text in wrong]
        if not wrong:
            entries[place] = entry
    return entries, problems


def _read(item: Mapping[str, Any], integration: str, grant: str) -> tuple[Entry, list[str]]:
    """One entry, and all that is wrong with its values."""
    problems, meant = _unknown_keys(item)
    credentials = dict.fromkeys(_CREDENTIALS, "")
    readable = True
    for name in _CREDENTIALS:
        try:
            credentials[name] = _text(item, name)
        except Unfit as error:
            problems.append(str(error))
            readable = False
    register_credentials(credentials["client_id"], credentials["client_secret"])
    missing = [name for name in _CREDENTIALS if not credentials[name]]
    # The key that was meant is not missing as well.
    if readable and len(missing) == 1 and missing[0] not in meant:
        problems.append(f"it has no {missing[0]}: client_id and client_secret are both needed.")
    expires = addresses = None
    try:
        expires = _expires(item.get("expires"))
    except Unfit as error:
        problems.append(f"expires {error}")
    try:
        addresses = _addresses(item.get("ip_allowlist"))
    except Unfit as error:
        problems.append(f"ip_allowlist {error}")
    entry = Entry(integration, grant, **credentials, expires=expires, ip_allowlist=addresses)
    if not problems and not entry.has_credentials and expires is None and addresses is None:
        problems.append(
            "nothing is handed over in it: it needs client_id and client_secret, or expires, or ip_allowlist."
        )
    return entry, problems


def _unknown_keys(item: Mapping[str, Any]) -> tuple[list[str], set[str]]:
    """What is wrong with the keys of an entry, and the known keys that were probably meant."""
    unknown = [str(key) for key in item if str(key) not in _KEYS]
    meant = {key: near(key, _KEYS) for key in unknown}
    problems = []
    for key, known in meant.items():
        quoted = quote_wrong(key, _KEYS)
        hint = f"Did you mean {known}?" if known else f"Known are {', '.join(_KEYS)}."
        problems.append(f"{f'the key {quoted}' if quoted else 'one of its keys'} is unknown. {hint}")
    return problems, {known for known in meant.values() if known}


def _text(item: Mapping[str, Any], name: str) -> str:
    """Plain text of whatever type a variable has: tagged, decrypted on demand, a number. Raises L(Unfit)."""
    value = item.get(name)
    if value is None:
        return ""
    if isinstance(value, (Mapping, list, tuple, set, bool)):
        raise Unfit(f"{name} must be a single text.")
    try:
        return str(value).strip()
    except AnsibleError:  # its text may quote the value
        raise Unfit(f"{name} cannot be read: no vault password of this run decrypts it.") from None


def _expires(value: Any) -> str | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return read_date(value)


def _addresses(value: Any) -> tuple[str, ...] | None:
    """The addresses of a list, or of one text; an empty list is an IP allowlist without an entry."""
    if value is None:
        return None
    if isinstance(value, str):
        if not value.strip():
            return None
        value = split_list(value)
    if not isinstance(value, (list, tuple)):
        raise Unfit("must be a list of IP addresses.")
    addresses = tuple(str(address).strip() for address in value)
    try:
        for address in addresses:
            ipaddress.ip_network(address, strict=False)
    except ValueError:
        raise Unfit("must be a list of IP addresses.") from None
    return addresses


def list_entries(entries: Any) -> list[Any]:
    """The entries of the variable as a list. Raises L(InvalidArgument) where it is none.

    ansible-core 2.17 and 2.18 make text of a templated list that holds an unquoted date."""
    if isinstance(entries, str):
        quoted = re.sub(
            r"datetime\.date\((\d+), (\d+), (\d+)\)",
            lambda found: "'{:04}-{:02}-{:02}'".format(*map(int, found.groups())),
            entries,
        )
        try:
            entries = ast.literal_eval(quoted)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            entries = None
    if entries is None or not isinstance(entries, (list, tuple)):
        raise InvalidArgument("handed_over must be a list of dictionaries.")
    return list(entries)
