# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which certificate goes to which machine, which services are reloaded, and what the role server_certificates returns."""

from __future__ import annotations

from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._run.certificates import (
    COPY,
    RELOAD,
    Copy,
    Reload,
    as_result,
    describe_failure,
    list_copies,
    list_reloads,
    summarize,
)

CANARY = "Canary-0123456789"
CERTIFICATES = [
    {"name": "api", "path": "/a.pem", "hosts": ["etl01", "etl02"], "reload": ["loader", "reader"]},
    {"path": "/b.pem", "hosts": [], "proxy": f"http://u:{CANARY}@proxy.example.com:3128"},
    {"name": "h", "path": "/h.pem", "hosts": ["etl01"], "reload": ["loader"]},
]


def copied(certificate: int, host: str, **more: Any) -> dict[str, Any]:
    item = {"certificate": certificate, "host": host, "label": ""}
    plain = {"name": "one", "host": host, "changed": False, "health": "ok", "findings": [], "error": None, "chain": []}
    return {**plain, COPY: item, "ansible_loop_var": COPY, **more}


def reloaded(host: str, service: str, **more: Any) -> dict[str, Any]:
    return {RELOAD: {"host": host, "service": service, "label": ""}, **more}


def test_each_certificate_is_copied_to_each_of_its_machines() -> None:
    assert list_copies(CERTIFICATES, "localhost") == [
        Copy(0, "etl01", "api on etl01"),
        Copy(0, "etl02", "api on etl02"),
        Copy(1, "localhost", "/b.pem on localhost"),
        Copy(2, "etl01", "h on etl01"),
    ]


def test_a_service_is_reloaded_once_a_machine_and_only_where_a_copy_changed() -> None:
    results = [
        copied(0, "etl01", changed=True),
        copied(0, "etl02"),
        copied(1, "localhost", changed=True),
        copied(2, "etl01", changed=True),
    ]
    assert list_reloads(CERTIFICATES, results) == [
        Reload("etl01", "loader", "loader on etl01"),
        Reload("etl01", "reader", "reader on etl01"),
    ]
    assert list_reloads(CERTIFICATES, [copied(0, "etl01")]) == []


def test_result_has_the_documented_keys_of_each_copy() -> None:
    results = [copied(0, "etl01", changed=True), copied(1, "localhost")]
    found = summarize(CERTIFICATES, results, [reloaded("etl01", "loader"), reloaded("etl01", "reader", skipped=True)])
    assert found["changed"]
    assert set(found["certificates"][0]) == {"name", "host", "changed", "health", "findings", "error"}
    assert found["reloads"] == [{"host": "etl01", "service": "loader", "failed": False, "msg": ""}]
    assert describe_failure(found) == ""
    assert not summarize(CERTIFICATES, results[1:], [])["changed"]


def test_every_failure_is_described() -> None:
    lost = copied(
        0, "etl01", error={"kind": "Unreachable"}, findings=[{"finding": "unreachable", "detail": "No answer."}]
    )
    # The task failed before its action ran: there is nothing of a result in it.
    broken = {"msg": "A variable is undefined.", COPY: {"certificate": 1, "host": "localhost", "label": ""}}
    found = summarize(
        CERTIFICATES,
        [lost, broken, copied(2, "etl01")],
        [
            reloaded("etl01", "loader", failed=True, msg="It will not."),
            reloaded("etl02", "loader", unreachable=True, msg="Gone."),
            reloaded("etl02", "reader", failed=True),
            reloaded("etl01", "reader"),
        ],
    )
    assert (found["certificates"][1]["name"], found["certificates"][1]["health"]) == ("/b.pem", "failed")
    assert [one["failed"] for one in found["reloads"]] == [True, True, True, False]
    assert describe_failure(found) == (
        "No answer. A variable is undefined. It will not. Gone. reader was not reloaded."
    )


def test_nothing_of_an_entry_is_returned() -> None:
    results = [copied(1, "localhost", error={"kind": "WorkivaError"}, findings=[{"finding": "failed", "detail": "x"}])]
    assert CANARY not in str(as_result(CERTIFICATES, "localhost", results))
    assert CANARY not in str(as_result(CERTIFICATES, "localhost", [{COPY: results[0][COPY]}]))
