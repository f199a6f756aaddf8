# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the role server_certificates does on which machine, and what came of it: pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Result = Mapping[str, Any]
# The names under which the role's loops keep their items in a result.
COPY, RELOAD = "__server_certificates_copy", "__server_certificates_reload"
# What the role returns of the result of each copy.
_RETURNED = (
    *("name", "host", "server", "file", "state", "changed", "health", "findings", "differences", "certificate"),
    *("upcoming", "announcement", "backup_file", "error"),
)


@dataclass(frozen=True)
class Copy:
    """One certificate on one machine. C(certificate) is the entry's place in the list: an entry may hold the login of a proxy,
    and Ansible shows the items of a loop."""

    certificate: int
    host: str
    label: str


@dataclass(frozen=True)
class Reload:
    """One service to reload on one machine."""

    host: str
    service: str
    label: str


def list_copies(certificates: Sequence[Result], host: str) -> list[Copy]:
    """Each certificate on each of its C(hosts); on C(host), that of the play, where it names none."""
    return [
        Copy(number, machine, f"{certificate.get('name') or certificate.get('path')} on {machine}")
        for number, certificate in enumerate(certificates)
        for machine in certificate.get("hosts") or [host]
    ]


def list_reloads(certificates: Sequence[Result], copied: Sequence[Result]) -> list[Reload]:
    """The services that read a copy that changed, each once a machine. C(copied) are the results of the copies."""
    services = (
        (str(result[COPY]["host"]), str(service))
        for result in copied
        if result.get("changed")
        for service in certificates[result[COPY]["certificate"]].get("reload") or []
    )
    return [Reload(host, service, f"{service} on {host}") for host, service in dict.fromkeys(services)]


def summarize(certificates: Sequence[Result], copied: Sequence[Result], reloaded: Sequence[Result]) -> dict[str, Any]:
    """The result of the role, from the results of its copies and of its reloads."""
    results = [_summarize_copy(certificates[one[COPY]["certificate"]], one) for one in copied]
    reloads = [
        {
            "host": one[RELOAD]["host"],
            "service": one[RELOAD]["service"],
            "failed": bool(one.get("failed") or one.get("unreachable")),
            "msg": str(one.get("msg") or ""),
        }
        for one in reloaded
        if not one.get("skipped")
    ]
    changed = any(one["changed"] for one in results)
    return {"changed": changed, "certificates": results, "reloads": reloads}


def _summarize_copy(certificate: Result, result: Result) -> dict[str, Any]:
    if "health" in result:
        return {name: result[name] for name in _RETURNED if name in result}
    # The task failed before its action or module ran.
    msg = str(result.get("msg") or "The task failed without a message.")
    return {
        "name": str(certificate.get("name") or certificate.get("path")),
        "host": result[COPY]["host"],
        "changed": False,
        "health": "failed",
        "findings": [{"finding": "failed", "detail": msg}],
        "differences": [],
        "error": {"kind": "WorkivaError"},
    }


def describe_failure(result: Result) -> str:
    """Why copies or reloads failed, in sentences; empty where none did. C(result) is that of L(summarize)."""
    details = [finding["detail"] for one in result["certificates"] if one.get("error") for finding in one["findings"]]
    details += [one["msg"] or f"{one['service']} was not reloaded." for one in result["reloads"] if one["failed"]]
    return " ".join(details)


def as_result(
    certificates: Sequence[Result], host: str, copied: Sequence[Result] = (), reloaded: Sequence[Result] = ()
) -> dict[str, Any]:
    """All of this for the role, as far as its tasks have run."""
    result = summarize(certificates, copied, reloaded)
    return {
        "copies": [asdict(one) for one in list_copies(certificates, host)],
        "services": [asdict(one) for one in list_reloads(certificates, copied)],
        "result": result,
        "failure": describe_failure(result),
    }
