# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The declared copies of server certificates, and the declared request for notices of changes."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.connection import API_URLS
from ansible_collections.integrations.workiva.plugins.module_utils._certificates.certificate import (
    read_allowed,
    read_announced,
    select_announced,
)
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, MissingLibrary
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import quote_wrong
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import FileTrouble, read_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import (
    DeclaredCertificate,
    DeclaredNotice,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Findings, Path, Source

_ALLOW_LISTS = ("trusted_fingerprints", "trusted_public_key_fingerprints")
_AS_DECLARED = ("server", "port", "state", "content", "warn_before", "mode", "owner", "group", "backup")
PORTS = {"starttls": 587, "implicit": 465, "none": 25}


@dataclass(frozen=True)
class Inventory:
    """The groups of the inventory with their hosts; a host is a group of its own."""

    groups: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, variables: Mapping[str, Any]) -> Inventory:
        """Reads it from a task's variables."""
        groups = {str(name): tuple(map(str, hosts)) for name, hosts in (variables.get("groups") or {}).items()}
        hosts = {host: (host,) for host in [*groups.get("all", ()), "localhost"]}
        return cls({**hosts, **groups})

    def has_host(self, name: str) -> bool:
        """Whether a name is one of a host, and not of a group."""
        return name in (*self.groups.get("all", ()), "localhost")

    def advise(self, name: str) -> str:
        """What to do about a name that the inventory does not have."""
        if not self.groups.get("all"):
            return "This run has no inventory with hosts: run in the project folder, or name the inventory with -i."
        near = difflib.get_close_matches(name, self.groups, n=1)
        return f"Did you mean {near[0]}?" if near else "Add it to the inventory, or correct the name."


def build_certificates(
    settings: Source, workiva: Mapping[str, Any], folder: str, inventory: Inventory | None, out: Findings
) -> list[DeclaredCertificate]:
    """The declared copies; what is wrong is a problem with its place."""
    taken: dict[tuple[str, str], str] = {}
    found = []
    for name, values in (workiva.get("certificates") or {}).items():
        check = _Check(settings, ("workiva", "certificates", name), folder, out)
        hosts = check.hosts(values.get("hosts"), inventory)
        here = not hosts or hosts == ["localhost"]
        path = check.path("path", values.get("path"), here=here)
        # That of the project is a file of this machine.
        authorities = check.path(
            "ca_path", values.get("ca_path") or (workiva.get("ca_path") if here else ""), here=here
        )
        region = None
        if "server" not in values:
            if workiva.get("region") in API_URLS:
                region = workiva["region"]
            elif workiva.get("api_url") and values.get("state") != "absent":
                check.problem((), f"{name} needs server: with api_url there is no region whose API is meant. Add it.")
        for option in _ALLOW_LISTS:
            check.allowed(option, values.get(option) or [])
        upcoming = values.get("upcoming")
        if upcoming is not None:
            upcoming = check.upcoming(upcoming, values.get("content") or "leaf")
        for host in hosts or ["localhost"]:
            if path and (host, path) in taken:
                check.problem(
                    ("path",),
                    f"this path on {host} is the copy of {taken[(host, path)]} already. Give each copy a path of its own.",
                )
            taken.setdefault((host, path), name)
        found.append(
            DeclaredCertificate(
                name=name,
                path=path,
                hosts=tuple(hosts),
                reload=tuple(values.get("reload") or ()),
                region=region,
                upcoming=upcoming,
                ca_path=authorities or None,
                trusted_fingerprints=_tuple(values.get("trusted_fingerprints")),
                trusted_public_key_fingerprints=_tuple(values.get("trusted_public_key_fingerprints")),
                **{option: values[option] for option in _AS_DECLARED if option in values},
            )
        )
    return found


def build_certificate_notice(
    settings: Source, workiva: Mapping[str, Any], folder: str, out: Findings
) -> DeclaredNotice | None:
    """The declared request, or None."""
    if not isinstance(workiva.get("certificate_notice"), dict):
        return None
    values = workiva["certificate_notice"]
    check = _Check(settings, ("workiva", "certificate_notice"), folder, out)
    for number, address in enumerate(values.get("addresses") or []):
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
            check.problem(
                ("addresses", str(number)), f"entry {number + 1} of addresses must be an e-mail address. Correct it."
            )
    if bool(values.get("username")) != bool(values.get("password_variable")):
        check.problem((), "a login needs username and password_variable. Add the other one.")
    if values.get("username") and values.get("tls") == "none":
        check.problem(("tls",), "a login needs TLS. Set tls to starttls or tls, or remove the login.")
    authorities = values.get("ca_path")
    return DeclaredNotice(
        to=values.get("to", ""),
        sender=values.get("from", ""),
        addresses=tuple(values.get("addresses") or ()),
        smtp_server=values.get("smtp_server", ""),
        smtp_port=values.get("smtp_port"),
        tls=values.get("tls"),
        username=values.get("username"),
        password_variable=values.get("password_variable"),
        ca_path=os.path.join(folder, os.path.expanduser(authorities)) if authorities else None,
    )


class _Check:
    """The values of one declaration, and the problems with their places."""

    def __init__(self, settings: Source, path: Path, folder: str, out: Findings) -> None:
        self._settings = settings
        self._path = path
        self._folder = folder
        self._out = out

    def problem(self, path: Path, text: str) -> None:
        whole = (*self._path, *path)
        if not self._settings.has_problem(*whole):
            self._out.problems.append(f"{self._settings.at(*whole)}: {text}")

    def hosts(self, pattern: str | None, inventory: Inventory | None) -> list[str]:
        """The hosts that keep the copy; none where it is the controller that does. Without an inventory the name is not checked."""
        if not pattern:
            return []
        if inventory is None:
            return [pattern]
        if pattern not in inventory.groups:
            quoted = quote_wrong(pattern, inventory.groups) or "of this name"
            text = f"the inventory has no group or host {quoted}. {inventory.advise(pattern)}"
            self.problem(("hosts",), text)
        elif not inventory.groups[pattern]:
            self.problem(
                ("hosts",),
                f"the group {pattern} of the inventory has no host. Add one to the inventory, or correct hosts.",
            )
        return list(inventory.groups.get(pattern, ()))

    def path(self, option: str, path: str | None, *, here: bool) -> str:
        """Absolute; on the controller a relative one is meant from the project folder."""
        if not path or os.path.isabs(path):
            return path or ""
        if not here:
            self.problem(
                (option,), f"{option} must be absolute, since the copy is on another machine. Write the whole path."
            )
            return path
        return os.path.normpath(os.path.join(self._folder, os.path.expanduser(path)))

    def allowed(self, option: str, entries: list[str]) -> None:
        for number, entry in enumerate(entries):
            try:
                read_allowed([entry], option)
            except InvalidArgument:
                text = f"entry {number + 1} of {option} must be a SHA-256 fingerprint (64 hexadecimal digits)."
                self.problem((option, str(number)), text)

    def upcoming(self, name: str, content: str) -> str:
        path = os.path.join(self._folder, os.path.expanduser(name))
        try:
            pem = read_file(path)
            if pem is None:
                self.problem(("upcoming",), "there is no such file. Add it, or remove upcoming.")
            else:
                select_announced(read_announced(pem.decode("utf-8")), content)
        except UnicodeDecodeError:
            self.problem(("upcoming",), "the file that it names is not UTF-8 text. Save the certificate in PEM.")
        except (FileTrouble, InvalidArgument, MissingLibrary) as error:
            self.problem(("upcoming",), str(error).replace(path, "the file that it names", 1))
        return path


def _tuple(entries: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if entries is None else tuple(entries)
