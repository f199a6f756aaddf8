# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project with declared grants, and the arguments of the action oauth2_grants for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests._declared import FILING, loaded_project
from tests._organization import Organization


def arguments_of(organization: Organization, folder: Path, **more: Any) -> dict[str, Any]:
    """C(grants), C(absent), C(connection), C(today) and C(vault_id), where they are in C(more), are those of the project; the
    rest are options of the action."""
    connection = {name: organization.connection[name] for name in ("region", "ca_path", "connect_to")}
    connection.update(more.pop("connection", {}))
    declared = {"grants": more.pop("grants", [FILING]), "absent": more.pop("absent", [])}
    run = {"today": more.pop("today", "2026-11-24"), "vault_id": more.pop("vault_id", None)}
    return {"project": loaded_project(folder, connection, run=run, **declared), **more}
