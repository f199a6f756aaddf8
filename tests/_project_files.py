# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project folder as people write one: with variables, dates in three forms, and a list of integrations in a variable."""

from __future__ import annotations

from pathlib import Path

SETTINGS = """\
workiva:
  version: 1
  region: "{{ where }}"
  organization_id: d6e178fd-4dd5-47e5-9457-68dd64b03655
  ca_path: ca.pem
  retries: "{{ 2 + 1 }}"
  timeout: "{{ omit }}"
  administrator:
    username: automation@example.com
    custodian: admins@example.com
    workspace: Plan
    scopes: [organization:read, organization:write]
  defaults: {owner: finance@example.com}
"""
# Three ways to write one date: as YAML's date, as text, and by a variable that holds YAML's date.
HR = """\
name: hr
user:
  username: hr@example.com
  email: "{{ mail }}"
  given_name: H
  family_name: R
  welcome_email: "{{ welcome }}"
  workspaces: {Plan: {roles: "{{ wanted }}"}}
grants:
  one: &grant {workspace: plan, scopes: [file:read, "Spreadsheets (Read)"], expires: 2027-06-30}
  two: {<<: *grant, expires: "2027-06-30"}
  three: {<<: *grant, expires: "{{ day }}"}
  four: {workspace: Plan, scopes: [custom:scope], lifetime: 30d, ip_allowlist: [203.0.113.0/24]}
"""
VARIABLES = """\
where: eu
mail: hr@example.com
welcome: true
wanted: [Standard]
day: 2027-06-30
given:
  - name: listed
    state: absent
    user: {username: listed@example.com, email: "{{ mail }}", given_name: L, family_name: D}
    grants: {one: {workspace: Plan, scopes: [file:read], expires: 2027-06-30}}
"""


def write_project(project: Path) -> None:
    """The settings and one integration; C(VARIABLES) are those that its templates want."""
    (project / "integrations.d").mkdir(parents=True)
    (project / "workiva.yml").write_text(SETTINGS)
    (project / "integrations.d/hr.yml").write_text(HR)
