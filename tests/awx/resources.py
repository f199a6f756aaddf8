# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The resources of AWX 24 that the stand-in for its REST API knows, with their fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Item = dict[str, Any]


@dataclass(frozen=True)
class Resource:
    """What a collection of the API takes: fields with what holds where none is sent, and what can be attached."""

    type: str
    fields: dict[str, Any]
    required: tuple[str, ...] = ("name",)
    attached: dict[str, str] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    unique: tuple[str, ...] = ("name", "organization")


NOTIFIED = {f"notification_templates_{when}": "notification_templates" for when in ("started", "success", "error")}
NAMED = {"name": "", "description": ""}
OWNED = {**NAMED, "organization": None}
ASKED = {
    f"ask_{what}_on_launch": False
    for what in (
        "variables",
        "limit",
        "tags",
        "skip_tags",
        "job_type",
        "inventory",
        "credential",
        "scm_branch",
        "labels",
    )
}
PROMPTED = {
    **{"job_type": None, "limit": None, "inventory": None, "scm_branch": None, "job_tags": None, "skip_tags": None},
    **{"extra_data": {}, "diff_mode": None, "verbosity": None, "execution_environment": None, "forks": None},
}
RESOURCES = {
    "organizations": Resource("organization", {**NAMED, "max_hosts": 0, "default_environment": None}, unique=("name",)),
    "teams": Resource("team", OWNED, ("name", "organization")),
    "users": Resource("user", {"username": ""}, ("username",), unique=("username",)),
    "instance_groups": Resource("instance_group", NAMED, unique=("name",)),
    "credential_types": Resource(
        "credential_type",
        {**NAMED, "kind": "", "inputs": {}, "injectors": {}, "managed": False},
        ("name", "kind"),
        unique=("name", "kind"),
    ),
    "credentials": Resource(
        "credential",
        {**OWNED, "credential_type": None, "inputs": {}, "user": None, "team": None},
        ("name", "credential_type"),
        unique=("name", "organization", "credential_type"),
    ),
    "execution_environments": Resource(
        "execution_environment",
        {**OWNED, "image": "", "credential": None, "pull": ""},
        ("name", "image"),
        unique=("name",),
    ),
    "inventories": Resource(
        "inventory", {**OWNED, "kind": "", "host_filter": None, "variables": ""}, ("name", "organization")
    ),
    "inventory_sources": Resource(
        "inventory_source",
        {
            **NAMED,
            **{"inventory": None, "source": "", "source_path": "", "source_vars": "", "source_project": None},
            **{"overwrite": False, "overwrite_vars": False, "update_on_launch": False, "update_cache_timeout": 0},
            **{"credential": None, "execution_environment": None, "limit": "", "scm_branch": "", "verbosity": 1},
        },
        ("name", "inventory", "source"),
        NOTIFIED,
        unique=("name", "inventory"),
    ),
    "projects": Resource(
        "project",
        {
            **OWNED,
            **{"scm_type": "", "scm_url": "", "scm_branch": "", "scm_refspec": "", "credential": None},
            **{"scm_clean": False, "scm_delete_on_update": False, "scm_track_submodules": False, "timeout": 0},
            **{"scm_update_on_launch": False, "scm_update_cache_timeout": 0, "allow_override": False},
            **{"default_environment": None, "scm_revision": "", "local_path": ""},
        },
        ("name", "organization"),
        NOTIFIED,
    ),
    "job_templates": Resource(
        "job_template",
        {
            **OWNED,
            **ASKED,
            **{"job_type": "run", "inventory": None, "project": None, "playbook": "", "scm_branch": "", "forks": 0},
            **{"limit": "", "verbosity": 0, "extra_vars": "", "job_tags": "", "skip_tags": "", "timeout": 0},
            **{"execution_environment": None, "survey_enabled": False, "diff_mode": False, "become_enabled": False},
            **{"allow_simultaneous": False, "job_slice_count": 1, "prevent_instance_group_fallback": False},
        },
        ("name", "project", "playbook", "inventory"),
        {**NOTIFIED, "credentials": "credentials", "instance_groups": "instance_groups"},
        ("admin_role", "execute_role", "read_role"),
    ),
    "workflow_job_templates": Resource(
        "workflow_job_template",
        {
            **OWNED,
            **ASKED,
            **{
                "extra_vars": "",
                "survey_enabled": False,
                "allow_simultaneous": False,
                "inventory": None,
                "limit": None,
            },
        },
        attached={**NOTIFIED, "notification_templates_approvals": "notification_templates"},
        roles=("admin_role", "execute_role", "read_role", "approval_role"),
    ),
    "workflow_job_template_nodes": Resource(
        "workflow_job_template_node",
        {
            **PROMPTED,
            **{"identifier": "", "workflow_job_template": None, "unified_job_template": None},
            "all_parents_must_converge": False,
        },
        ("workflow_job_template",),
        dict.fromkeys(("success_nodes", "failure_nodes", "always_nodes"), "workflow_job_template_nodes"),
        unique=("identifier", "workflow_job_template"),
    ),
    "workflow_approval_templates": Resource("workflow_approval_template", {**NAMED, "timeout": 0}, unique=()),
    "schedules": Resource(
        "schedule",
        {**PROMPTED, **NAMED, "unified_job_template": None, "rrule": "", "enabled": True, "timeout": None},
        ("name", "unified_job_template", "rrule"),
        {"credentials": "credentials"},
        unique=("name", "unified_job_template"),
    ),
    "notification_templates": Resource(
        "notification_template",
        {**OWNED, "notification_type": "", "notification_configuration": {}, "messages": {}},
        ("name", "organization", "notification_type", "notification_configuration"),
    ),
    "project_updates": Resource(
        "project_update",
        {"project": None, "status": "successful", "failed": False, "finished": "now", "scm_revision": ""},
        (),
    ),
    "jobs": Resource("job", {**NAMED, "job_template": None, "stdout": ""}, (), unique=()),
    "workflow_jobs": Resource("workflow_job", {**NAMED, "workflow_job_template": None}, (), unique=()),
}
# What has a template's name where only "a template" is asked for; approvals are no part of it.
UNIFIED = ("job_templates", "workflow_job_templates", "projects", "inventory_sources")
POINTS_TO = {
    **{"organization": "organizations", "credential_type": "credential_types", "inventory": "inventories"},
    **{
        "project": "projects",
        "source_project": "projects",
        "credential": "credentials",
        "team": "teams",
        "user": "users",
    },
    **{"execution_environment": "execution_environments", "workflow_job_template": "workflow_job_templates"},
}
BUILT_IN = {
    "Vault": ("vault", [("vault_password", True), ("vault_id", False)]),
    "Source Control": (
        "scm",
        [("username", False), ("password", True), ("ssh_key_data", True), ("ssh_key_unlock", True)],
    ),
    "Machine": ("ssh", [("username", False), ("password", True), ("ssh_key_data", True)]),
}
