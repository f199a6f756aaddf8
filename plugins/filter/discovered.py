# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: discovered
short_description: Render what an organization has as YAML to paste
version_added: 0.1.0
description:
  - Renders the roles, workspaces and groups in a result of M(integrations.workiva.organization_info). Users that look like integrations are
    rendered as files of C(integrations.d), with their last login and licences.
  - It shows which current roles correspond to the Creator or Manager of Workiva's setup guide, with a confidence.
author:
  - the integrations.workiva authors (@integrations-workiva)
options:
  _input:
    description: The result of the module.
    type: dict
    required: true
  names_only:
    description:
      - Whether only the names of workspaces, roles and groups are rendered, without users, as a YAML document for a file.
    type: bool
    default: false
  project:
    description:
      - The loaded project, RV(integrations.workiva.integrations#module:workiva). Users that it declares are named only, so that nobody declares them again.
    type: dict
"""

EXAMPLES = r"""
- name: Print the organization
  integrations.workiva.print_lines:
    title: The organization
    lines: "{{ found | integrations.workiva.discovered }}"
"""

RETURN = r"""
_value:
  description: Lines of YAML.
  type: list
  elements: str
  sample: ["workspaces:", "  SEC Filing:", "    roles: [Professional, Workspace Owner]"]
"""

import re
from collections.abc import Iterable
from typing import Any

import yaml

from ansible_collections.integrations.workiva.plugins.module_utils._names import IMPLICIT_GROUPS, fold_name
from ansible_collections.integrations.workiva.plugins.plugin_utils._advice import access_facts as _access_facts
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import to_plain_types
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject

# How sure a role corresponds, in words that need no explanation.
_SURE = {"published": "published", "inferred": "likely", "unknown": "uncertain"}


def discovered(found: dict[str, Any], names_only: bool = False, project: dict[str, Any] | None = None) -> list[str]:
    """The lines to print, or those of a file with names alone."""
    found = to_plain_types(found)
    declared = _declared(LoadedProject.of(project)) if project else {}
    workspaces = found.get("workspaces") or []
    known = {
        "organization_roles": [role["name"] for role in found.get("organization_roles") or []],
        "workspaces": {
            workspace["name"]: {
                "roles": [role["name"] for role in workspace.get("roles") or []],
                "groups": _groups(group["name"] for group in workspace.get("groups") or []),
            }
            for workspace in workspaces
        },
    }
    names = ["# Names to use in integrations.d", *_lines(known)]
    if names_only:
        return ["---", *names]
    lines = [*names, "", *_roles()]
    for user in found.get("users") or []:
        place = declared.get(fold_name(str(user.get("username") or "")))
        if place:
            lines += ["", f"# {user['username']}: {place}"]
        elif user.get("looks_like_integration"):
            lines += [
                "",
                f"# integrations.d/{_name(user)}.yml - looks like an integration",
                *_seen(user),
                *_lines(_integration(user)),
            ]
    return lines


def _declared(project: LoadedProject) -> dict[str, str]:
    """The users that a project declares, by name: what each is there."""
    administrators = (*project.administrator_grants, *project.file_administrator_grants)
    return {
        **{fold_name(user.username): f"declared in integrations.d/{user.integration}.yml" for user in project.users},
        **{fold_name(grant.username): "the user of an administrator grant in workiva.yml" for grant in administrators},
    }


def _roles() -> list[str]:
    """Today's roles in place of those of the setup guide, each with how sure that is."""
    roles_today = [
        f"#   {name}: {fact['stands_for']} ({_SURE[fact['confidence']]}; {fact['source']})"
        for name, fact in _access_facts.roles().items()
    ]
    return [
        "# Workiva's setup guide asks for a Creator or Manager. These of today's roles correspond, where a workspace has them:",
        *roles_today,
    ]


def _seen(user: dict[str, Any]) -> list[str]:
    """What helps to decide whether the user is still needed."""
    licenses = user.get("licenses")
    lines = [f"# last login: {user.get('last_login') or 'never, or not known'}"]
    lines += [f"# licences: {', '.join(licenses) or 'none'}"] if licenses is not None else []
    reported = [place["name"] for place in user.get("workspaces") or [] if place.get("roles_source") == "report"]
    lines += ["# its roles are those of the report over all users, which may be late"] if reported else []
    return lines + ([f"# {user['suspended_because']}"] if user.get("suspended_because") else [])


def _name(user: dict[str, Any]) -> str:
    return re.sub(r"[^a-z0-9]+", "-", str(user["username"]).split("@", maxsplit=1)[0].lower()).strip("-")


def _integration(user: dict[str, Any]) -> dict[str, Any]:
    first, _space, rest = str(user.get("display_name") or "").partition(" ")
    return {
        "name": _name(user),
        "user": {
            "username": user["username"],
            "email": user.get("email") or user["username"],
            "given_name": user.get("given_name") or first,
            "family_name": user.get("family_name") or rest,
            "workspaces": {workspace["name"]: _access(workspace) for workspace in user.get("workspaces") or []},
        },
    }


def _access(workspace: dict[str, Any]) -> dict[str, Any]:
    found = {name: workspace[name] for name in ("roles", "groups") if workspace.get(name) is not None}
    return {**found, "groups": _groups(found["groups"])} if "groups" in found else found


def _groups(names: Iterable[str]) -> list[str]:
    """Without those that everybody is in: they can be neither given nor taken."""
    return [name for name in names if fold_name(name) not in IMPLICIT_GROUPS]


def _lines(value: dict[str, Any]) -> list[str]:
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)
    return text.rstrip("\n").split("\n")


class FilterModule:
    """See DOCUMENTATION."""

    def filters(self) -> dict[str, Any]:
        return {"discovered": discovered}
