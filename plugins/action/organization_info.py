# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action twin of the module of this name; see its documentation."""

from __future__ import annotations

from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._organization.information import CORE as _CORE
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.twin import ProjectTwin


class ActionModule(ProjectTwin):
    """Runs the core in this process where the target is the controller."""

    CORE = _CORE

    def of_project(self, project: LoadedProject, use: str) -> dict[str, Any]:
        """Raises L(InvalidArgument) where no grant of the project may read the organization."""
        if project.administration == "none":
            raise InvalidArgument(
                "Nothing in this project may read the organization: administration is work_order, and workiva.yml has no "
                "reader. Declare one (reader, with the scope organization:read), or use Workiva's own pages."
            )
        return super().of_project(project, use)
