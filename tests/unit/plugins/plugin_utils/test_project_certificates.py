# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Declared certificates and the declared notice: every problem at its place, and the shape that the tasks take."""

from __future__ import annotations

from pathlib import Path

import yaml

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.certificates import (
    Inventory,
    build_certificate_notice,
    build_certificates,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.checks import check_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.declared import (
    DeclaredCertificate,
    DeclaredNotice,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.schema import WORKIVA_FILE
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Findings, read_source
from tests.tls import authority, issued

GROUPS = {"groups": {"all": ["etl01", "etl02"], "etl": ["etl01", "etl02"], "empty": []}}
NOTICE = {
    "to": "a@example.com",
    "from": "b@example.com",
    "addresses": ["c@example.com"],
    "smtp_server": "smtp.example.com",
}


def load(folder: Path, text: str) -> tuple[list[DeclaredCertificate], DeclaredNotice | None, list[str]]:
    head = "workiva:\n  region: eu\n  organization_id: d6e178fd-4dd5-47e5-9457-68dd64b03655\n"
    (folder / "workiva.yml").write_text(head + text)
    out = Findings()
    source = read_source(str(folder / "workiva.yml"), "workiva.yml", out)
    assert source
    workiva = check_file(source, WORKIVA_FILE, out).get("workiva") or {}
    found = build_certificates(source, workiva, str(folder), Inventory.of(GROUPS), out)
    return found, build_certificate_notice(source, workiva, str(folder), out), out.problems


def test_the_shape_that_the_module_takes(tmp_path: Path) -> None:
    (tmp_path / "next.pem").write_text(issued().pem)
    found, notice, problems = load(
        tmp_path,
        "  ca_path: ca.pem\n"
        "  certificates:\n"
        "    api: {path: ../etl/workiva.pem, mode: 0640}\n"
        "    h:\n      server: h.eu.wdesk.com\n      path: /etc/h.pem\n      hosts: etl\n      upcoming: next.pem\n"
        "      reload: [loader]\n      content: leaf\n      port: 8443\n",
    )
    assert problems == []
    assert notice is None
    api, services = found
    assert api.as_result() == {
        **{"name": "api", "region": "eu", "path": str(tmp_path.parent / "etl/workiva.pem"), "mode": "0640"},
        **{"hosts": [], "reload": [], "ca_path": str(tmp_path / "ca.pem")},
    }
    assert services.as_result() == {
        **{"name": "h", "server": "h.eu.wdesk.com", "port": 8443, "path": "/etc/h.pem", "content": "leaf"},
        **{"upcoming": str(tmp_path / "next.pem"), "hosts": ["etl01", "etl02"], "reload": ["loader"]},
    }


def test_all_problems_at_once(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(authority().pem)
    _found, _notice, problems = load(
        tmp_path,
        "  certificates:\n"
        "    one: {path: /etc/one.pem, hosts: etk}\n"
        "    two: {path: two.pem, hosts: etl01}\n"
        "    three: {path: /etc/3.pem, hosts: empty}\n"
        "    four: {path: /etc/4.pem, hosts: etl}\n"
        "    five: {path: /etc/4.pem, hosts: etl02}\n"
        "    six: {path: /etc/6.pem, trusted_fingerprints: [abc]}\n"
        "    seven: {path: /etc/7.pem, upcoming: none.pem}\n"
        "    eight: {path: /etc/8.pem, upcoming: ca.pem}\n"
        "    nine: {path: /etc/9.pem, mode: rw, content: all, server: 'https://x'}\n"
        "    ten: {paht: /etc/10.pem}\n"
        "    eleven: {path: /etc/11.pem, hosts: etl, ca_path: ca.pem}\n"
        "  certificate_notice:\n"
        "    from: nobody\n    addresses: [x]\n    smtp_server: s\n    username: u\n    tls: none\n    password: hunter2hunter2\n",
    )
    for said in (
        "workiva.yml:5: the inventory has no group or host etk. Did you mean etl?",
        "workiva.yml:6: path must be absolute, since the copy is on another machine.",
        "workiva.yml:7: the group empty of the inventory has no host.",
        "workiva.yml:9: this path on etl02 is the copy of four already.",
        "workiva.yml:10: entry 1 of trusted_fingerprints must be a SHA-256 fingerprint (64 hexadecimal digits).",
        "workiva.yml:11: there is no such file.",
        "workiva.yml:12: content is leaf, and upcoming holds no server certificate.",
        "workiva.yml:13: workiva.certificates.nine.mode takes octal digits like 0644.",
        "workiva.yml:13: workiva.certificates.nine.content must be leaf, chain or issuers.",
        "workiva.yml:13: workiva.certificates.nine.server takes a host.",
        "workiva.yml:14: the key paht is unknown. Did you mean path?",
        "workiva.yml:15: ca_path must be absolute, since the copy is on another machine.",
        "workiva.yml:16: workiva.certificate_notice needs to.",
        "workiva.yml:17: workiva.certificate_notice.from takes an e-mail address. Correct it.",
        "workiva.yml:18: entry 1 of addresses must be an e-mail address. Correct it.",
        "workiva.yml:16: a login needs username and password_variable. Add the other one.",
        "workiva.yml:21: a login needs TLS.",
    ):
        assert any(problem.startswith(said) for problem in problems), (said, problems)
    assert "hunter2" not in "".join(problems)


def test_a_notice(tmp_path: Path) -> None:
    declared = {**NOTICE, "ca_path": "mail-ca.pem", "username": "u", "password_variable": "smtp_password"}
    text = yaml.safe_dump({"certificate_notice": declared}, sort_keys=False)
    _found, notice, problems = load(tmp_path, "".join(f"  {line}\n" for line in text.splitlines()))
    assert problems == []
    assert notice
    assert notice.as_result() == {**declared, "ca_path": str(tmp_path / "mail-ca.pem")}


def test_an_address_instead_of_a_region_has_no_server(tmp_path: Path) -> None:
    text = "  certificates: {api: {path: /etc/x.pem}}\n"
    (tmp_path / "workiva.yml").write_text(
        "workiva:\n  api_url: https://x.example.com\n  organization_id: d6e178fd-4dd5-47e5-9457-68dd64b03655\n" + text
    )
    out = Findings()
    source = read_source(str(tmp_path / "workiva.yml"), "workiva.yml", out)
    assert source
    workiva = check_file(source, WORKIVA_FILE, out)["workiva"]
    build_certificates(source, workiva, str(tmp_path), Inventory.of({}), out)
    assert out.problems == [
        "workiva.yml:4: api needs server: with api_url there is no region whose API is meant. Add it."
    ]
