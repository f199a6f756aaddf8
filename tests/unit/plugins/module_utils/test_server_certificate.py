# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The core of server_certificate: what is a finding although a handshake succeeded, and what is refused."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.integrations.workiva.plugins.module_utils._arguments import Run
from ansible_collections.integrations.workiva.plugins.module_utils._certificates import apply as _server_certificate
from ansible_collections.integrations.workiva.plugins.module_utils._certificates.apply import CORE
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from tests.tls import HOST, Pair, Server, authority, bundle, serving


class Site:
    """A server, the copy of its certificate, and the warnings of the runs."""

    def __init__(self, folder: Path, top: Pair, server: Server) -> None:
        self.copy = folder / "copy.pem"
        self.warnings: list[str] = []
        self._given = {
            "server": HOST,
            "path": str(self.copy),
            "ca_path": bundle(folder, top),
            "connect_to": [server.connect_to()],
        }

    def run(self, *, check_mode: bool = False, **more: Any) -> dict[str, Any]:
        specification = {key: value for key, value in CORE.specification.items() if key != "supports_check_mode"}
        found = ArgumentSpecValidator(**specification).validate({**self._given, **more})
        assert not found.error_messages
        return CORE.run(found.validated_parameters, Run(check_mode=check_mode, warn=self.warnings.append))


@pytest.fixture(scope="module")
def top() -> Pair:
    return authority()


@pytest.fixture
def server(top: Pair) -> Iterator[Server]:
    with serving(top.issue()) as found:
        yield found


@pytest.fixture
def site(tmp_path: Path, top: Pair, server: Server) -> Site:
    return Site(tmp_path, top, server)


def in_turn(monkeypatch: pytest.MonkeyPatch, server: Server, *pairs: Pair) -> None:
    """The server shows another certificate at each handshake, as one behind a load balancer does."""
    turns, real = itertools.cycle(pairs), _server_certificate.fetch_chain

    def fetch_chain(whom: Any) -> Any:
        server.show(next(turns))
        return real(whom)

    monkeypatch.setattr(_server_certificate, "fetch_chain", fetch_chain)


def test_two_certificates_in_turn_are_a_finding_and_replace_nothing(
    site: Site, top: Pair, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = top.issue(), top.issue()
    server.show(first)
    assert site.run()["changed"]
    kept = site.copy.read_bytes()
    in_turn(monkeypatch, server, second, first)
    for check_mode in (True, False):
        result = site.run(check_mode=check_mode)
        assert (result["changed"], result["health"]) == (False, "alternating")
        assert site.copy.read_bytes() == kept
        assert first.fingerprint_sha256 in result["findings"][0]["detail"]
        assert second.fingerprint_sha256 in result["findings"][0]["detail"]
    assert "in turn, as one behind a load balancer may" in site.warnings[0]


def test_upcoming_keeps_both_of_two_certificates_in_turn(
    site: Site, top: Pair, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = top.issue(), top.issue()
    server.show(first)
    assert site.run(upcoming=second.pem)["changed"]
    both = site.copy.read_text()
    assert both == first.pem + second.pem
    in_turn(monkeypatch, server, second, first)
    result = site.run(upcoming=second.pem)
    assert (result["changed"], result["health"]) == (False, "alternating")
    assert site.copy.read_text() == both


def test_certificate_that_was_changed_is_replaced_after_more_looks(site: Site, top: Pair, server: Server) -> None:
    assert site.run()["changed"]
    new = top.issue()
    server.show(new)
    before = server.connections
    result = site.run()
    assert (result["changed"], result["health"]) == (True, "ok")
    assert site.copy.read_text() == new.pem
    assert server.connections == before + 5
    assert site.warnings == []


@pytest.mark.parametrize("upcoming", ["", "  \n", "see the mail"])
def test_upcoming_that_is_given_and_no_certificate_is_refused(site: Site, top: Pair, upcoming: str) -> None:
    assert site.run(upcoming=top.issue().pem)["changed"]
    kept = site.copy.read_bytes()
    with pytest.raises(InvalidArgument, match="upcoming must be the announced certificate in PEM"):
        site.run(upcoming=upcoming)
    assert site.copy.read_bytes() == kept


def test_copy_that_cannot_be_read_is_a_finding_and_replaced_with_a_warning(site: Site) -> None:
    site.copy.write_text("-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n")
    predicted = site.run(check_mode=True)
    assert (predicted["changed"], predicted["health"]) == (True, "differs")
    assert predicted["findings"][0]["detail"] == "the copy cannot be read as a certificate"
    done = site.run()
    assert (done["changed"], done["health"]) == (True, "ok")
    assert "could not be read as certificates, and was replaced" in site.warnings[0]


@pytest.mark.parametrize(
    "value",
    ["http://robot:Canary-pw/x@127.0.0.1:9", "http://robot:Canary-pw\\x@127.0.0.1:9", "socks5://u:Canary-pw@h:1"],
)
def test_proxy_that_cannot_be_read_is_refused_and_not_quoted(site: Site, value: str) -> None:
    with pytest.raises(
        InvalidArgument, match=r"proxy must be an address such as http://proxy\.example\.com:3128"
    ) as caught:
        site.run(proxy=value)
    assert "Canary" not in str(caught.value)
