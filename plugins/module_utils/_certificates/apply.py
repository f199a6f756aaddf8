# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The local copy of a server certificate: one verified handshake, the stored copy, a plan, and at most one write."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.integrations.workiva.plugins.module_utils._api.connection import API_URLS
from ansible_collections.integrations.workiva.plugins.module_utils._api.network import check_proxy
from ansible_collections.integrations.workiva.plugins.module_utils._api.session import places
from ansible_collections.integrations.workiva.plugins.module_utils._arguments import CONNECTION, PROJECT, Core, Run
from ansible_collections.integrations.workiva.plugins.module_utils._certificates import file
from ansible_collections.integrations.workiva.plugins.module_utils._certificates.certificate import (
    CONTENTS,
    Certificate,
    Copy,
    Finding,
    Plan,
    plan,
    read_allowed,
    read_announced,
    read_copy,
    render,
    select_announced,
)
from ansible_collections.integrations.workiva.plugins.module_utils._certificates.copy_status import (
    CopyDifference,
    CopyStatus,
)
from ansible_collections.integrations.workiva.plugins.module_utils._certificates.file import Rights
from ansible_collections.integrations.workiva.plugins.module_utils._certificates.handshake import (
    Server,
    fetch_chain,
    refuse_weak_keys,
    require_chain,
)
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    TLSFailure,
    Unreachable,
    WorkivaError,
)
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import (
    make_visible,
    safe_text,
)
from ansible_collections.integrations.workiva.plugins.module_utils._spans import read_days

# What a run puts right, so that it no longer holds at its end.
_PUT_RIGHT = ("missing", "changed", "differs")
# How often the server is looked at again before a copy is replaced.
_LOOKS = 4
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*")


@dataclass(frozen=True)
class Wanted:
    """The arguments, checked: nothing was dialled and nothing read yet."""

    name: str
    path: str
    present: bool
    content: str
    server: Server
    rights: Rights
    announced: tuple[Certificate, ...]
    trusted: frozenset[str]
    pinned: bool
    warn_before: int  # days
    backup: bool

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> Wanted:
        """Raises L(InvalidArgument) and L(MissingLibrary)."""
        present = arguments["state"] == "present"
        path = arguments["path"]
        if not os.path.isabs(path) or path.endswith("/"):
            raise InvalidArgument(f"path must be the absolute path of a file: {safe_text(path)}")
        if present and arguments["content"] != "leaf":
            require_chain()
        server = _server(arguments) if present else Server("none")
        # An empty text is given too: of a file that is empty, or a variable that was not set.
        announced = read_announced(arguments["upcoming"]) if present and arguments["upcoming"] is not None else ()
        trusted = {
            option: read_allowed(arguments[option] or (), option)
            for option in ("trusted_fingerprints", "trusted_public_key_fingerprints")
        }
        select_announced(announced, arguments["content"])
        return cls(
            name=arguments["name"] or (server.host if present else path),
            path=path,
            present=present,
            content=arguments["content"],
            server=server,
            rights=Rights.wanted(arguments["mode"], arguments["owner"], arguments["group"]),
            announced=announced,
            trusted=frozenset().union(*trusted.values()),
            pinned=any(arguments[option] is not None for option in trusted),
            warn_before=read_days(arguments["warn_before"], "warn_before"),
            backup=arguments["backup"],
        )


def _server(arguments: Mapping[str, Any]) -> Server:
    host = arguments["server"] or ""
    if not host and arguments["region"]:
        host = urlsplit(API_URLS[arguments["region"]]).hostname or ""
    if not host:
        raise InvalidArgument("Set server or region (us, eu, apac). One of them is required to find the server.")
    if not HOST.fullmatch(host):
        raise InvalidArgument("server must be a host name, without https:// and without a port (see port). Correct it.")
    if not 0 < arguments["port"] < 65536 or arguments["timeout"] <= 0:
        raise InvalidArgument("port must be from 1 to 65535, and timeout more than 0 seconds.")
    proxy = arguments["proxy"] or None
    if proxy:
        check_proxy(proxy)
    return Server(
        host=host,
        port=arguments["port"],
        ca_path=arguments["ca_path"] or None,
        proxy=proxy,
        timeout=arguments["timeout"],
        elsewhere=places(arguments["connect_to"]),
    )


def _run(arguments: dict[str, Any], how: Run) -> dict[str, Any]:
    wanted = Wanted.of(arguments)
    status = CopyStatus(
        name=wanted.name,
        server=str(wanted.server) if wanted.present else None,
        file=wanted.path,
        state="present" if wanted.present else "absent",
        seen_at=datetime.now(timezone.utc),
    )
    if not how.check_mode:
        file.remove_temporaries(wanted.path)
    try:
        status = _present(wanted, status, how) if wanted.present else _absent(wanted, status, how)
    except WorkivaError as error:
        status = replace(status, findings=(_failure(wanted, error),), error=error)
    return status.as_result()


def _present(wanted: Wanted, status: CopyStatus, how: Run) -> CopyStatus:
    now = status.seen_at
    chain = fetch_chain(wanted.server)
    refuse_weak_keys(wanted.server, chain)
    _refuse_untrusted(wanted, chain[0])
    if wanted.content == "issuers" and len(chain) < 2:
        raise InvalidArgument(
            f"{wanted.server} is trusted by itself and has no issuer, so content: issuers would be an empty file."
        )
    found = file.read(wanted.path)
    stored = _copy(wanted.path, found[0]) if found else None
    planned, chain, alternating = _settled(wanted, stored, chain, now)
    rights = wanted.rights.over(found[1] if found else None)
    about_rights = wanted.rights.differences(found[1]) if found else []
    findings = [*planned.findings, *alternating]
    if about_rights and not planned.differences:
        findings.insert(0, Finding("differs", "; ".join(about_rights)))
    changed = bool(planned.differences or about_rights)
    content = render(planned.wanted)
    backup = None
    if planned.differences:
        file.check_writable(wanted.path)
        if not how.check_mode:
            if wanted.backup and found:
                backup = file.back_up(wanted.path, *found)
            lost = file.replace(wanted.path, content, rights, keep_mode=wanted.rights.mode is not None)
            for sentence in lost:
                how.warn(make_visible(f"{wanted.name}: {sentence}"))
    elif about_rights and not how.check_mode:
        file.set_rights(wanted.path, wanted.rights)
    if not how.check_mode:
        findings = [one for one in findings if one.finding not in _PUT_RIGHT]
    for one in findings:
        if one.finding in ("overdue", "alternating"):
            how.warn(make_visible(f"{wanted.name}: {one.detail}."))
    if stored and stored.damaged and not how.check_mode:
        how.warn(make_visible(f"{wanted.name}: {wanted.path} could not be read as certificates, and was replaced."))
    return replace(
        status,
        changed=changed,
        findings=tuple(findings),
        differences=(*planned.differences, *about_rights),
        chain=chain,
        upcoming=wanted.announced[0] if wanted.announced else None,
        announcement=planned.announcement,
        backup_file=backup,
        diff=CopyDifference(
            wanted.path,
            before=_lines(stored, found, now),
            after=(*_written(planned.wanted, now), *rights.as_lines()),
        ),
    )


def _settled(
    wanted: Wanted, stored: Copy | None, chain: tuple[Certificate, ...], now: datetime
) -> tuple[Plan, tuple[Certificate, ...], list[Finding]]:
    """What is to be done; before a copy is replaced, whether the server shows what it holds as well, in turn."""
    planned = plan(stored, chain, wanted.announced, wanted.content, now, wanted.warn_before)
    if not planned.differences or stored is None or stored.damaged:
        return planned, chain, []
    for _look in range(_LOOKS):
        try:
            again = fetch_chain(wanted.server)
            _refuse_untrusted(wanted, again[0])
        except WorkivaError:
            continue
        other = plan(stored, again, wanted.announced, wanted.content, now, wanted.warn_before)
        if again[0] != chain[0] and not other.differences:
            detail = (
                f"the server shows 2 valid certificates in turn, as one behind a load balancer may: SHA-256 {chain[0].fingerprint_sha256} "
                f"and {again[0].fingerprint_sha256}. The copy holds the second one and was not changed. To keep both in it, save the "
                "first one as a PEM file and name that file in upcoming"
            )
            return other, again, [Finding("alternating", detail)]
    return planned, chain, []


def _absent(wanted: Wanted, status: CopyStatus, how: Run) -> CopyStatus:
    found = file.read(wanted.path)
    if not found:
        return status
    stored = _copy(wanted.path, found[0])
    file.check_writable(wanted.path)
    backup = None
    if not how.check_mode:
        if wanted.backup:
            backup = file.back_up(wanted.path, *found)
        file.remove(wanted.path)
    return replace(
        status,
        changed=True,
        findings=(Finding("differs", "the copy exists"),) if how.check_mode else (),
        differences=("the copy is removed",),
        backup_file=backup,
        diff=CopyDifference(wanted.path, before=_lines(stored, found, status.seen_at), after=()),
    )


def _refuse_untrusted(wanted: Wanted, own: Certificate) -> None:
    """The allow list. What was announced is declared in full, and thereby allowed."""
    allowed = wanted.trusted | {one.fingerprint_sha256 for one in wanted.announced}
    if not wanted.pinned or own.fingerprint_sha256 in allowed or own.public_key_fingerprint_sha256 in allowed:
        return
    raise TLSFailure(
        f"The certificate of {wanted.server} is verified, but it is not in the allow list (trusted_fingerprints, "
        f"trusted_public_key_fingerprints). It has SHA-256 {own.fingerprint_sha256}, public key SHA-256 {own.public_key_fingerprint_sha256}, was issued by "
        f"{own.issuer} and is valid until {own.not_after:%Y-%m-%d}. If Workiva changed it, add one of the two to the list.",
        code="not_allowed",
        target=str(wanted.server),
    )


def _copy(path: str, content: bytes) -> Copy:
    try:
        return read_copy(content)
    except InvalidArgument as error:
        raise file.CopyTrouble(
            f"{path} is not a copy of a certificate: {error}. It was not changed. Set another path, or move the file away.",
            target=path,
        ) from None


def _failure(wanted: Wanted, error: WorkivaError) -> Finding:
    if isinstance(error, TLSFailure):
        finding = "untrusted"
    elif isinstance(error, Unreachable):
        finding = "unreachable"
    else:
        return Finding("failed", str(error))
    return Finding(finding, f"{error} The copy {wanted.path} was not changed.")


def _lines(stored: Copy | None, found: tuple[bytes, Rights] | None, now: datetime) -> tuple[str, ...]:
    if stored is None or found is None:
        return ()
    damaged = ["(a part that cannot be read as a certificate)"] if stored.damaged else []
    return (*_written(stored.certificates, now), *damaged, *found[1].as_lines())


def _written(certificates: tuple[Certificate, ...], now: datetime) -> list[str]:
    return [line for one in certificates for line in one.as_lines(now)]


CORE = Core(
    specification={
        "argument_spec": {
            "name": {"type": "str"},
            "server": {"type": "str"},
            "region": {"type": "str", "choices": list(API_URLS)},
            "port": {"type": "int", "default": 443},
            "path": {"type": "path", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "content": {"type": "str", "choices": list(CONTENTS), "default": "leaf"},
            "trusted_fingerprints": {"type": "list", "elements": "str"},
            "trusted_public_key_fingerprints": {"type": "list", "elements": "str", "no_log": False},
            "upcoming": {"type": "str"},
            "warn_before": {"type": "str", "default": "30d"},
            "mode": {"type": "raw"},
            "owner": {"type": "str"},
            "group": {"type": "str"},
            "backup": {"type": "bool", "default": False},
            "ephemeral_target_ok": {"type": "bool", "default": False},
            "ca_path": CONNECTION["ca_path"],
            "proxy": CONNECTION["proxy"],
            "timeout": {"type": "float", "default": 30.0},
            "connect_to": CONNECTION["connect_to"],
            "project": PROJECT["project"],
        },
        "mutually_exclusive": [["server", "region"]],
        "supports_check_mode": True,
    },
    run=_run,
)
