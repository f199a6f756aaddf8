# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The base of the twins that can be given a loaded project in place of the options of their connection."""

from __future__ import annotations

from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import to_plain_types
from ansible_collections.integrations.workiva.plugins.plugin_utils._in_process import (
    InProcessAction,
    is_on_controller,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.connection import (
    assert_has_grant,
    make_administrator_connection,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject

OPTIONS = ("project", "use")


class ProjectTwin(InProcessAction):
    """With the option C(project) the connection and the stored credentials are the project's; an option that is given wins.

    The project itself is sent to no target: C(given) has the options that it gives.
    """

    USE = "read"
    """Which administrator grant is used where C(use) is not given."""
    USES: tuple[str, ...] = ("read", "write")
    """The values of C(use). Without a grant the credentials of the environment would be used, so that not every twin takes none."""

    _completed_args: dict[str, Any] | None = None
    project: LoadedProject | None = None

    def given(self) -> dict[str, Any]:
        """The task's options, and those that its project gives."""
        if self._completed_args is None:
            given = {name: value for name, value in super().given().items() if name not in OPTIONS}
            project, use = (self._task.args.get(name) for name in OPTIONS)
            if project in (None, ""):
                return given
            self.project = LoadedProject.of(to_plain_types(project))
            use = str(use or self.USE)
            if use not in self.USES:
                raise InvalidArgument(f"use must be {', '.join(self.USES[:-1])} or {self.USES[-1]}.")
            self._completed_args = {**self.of_project(self.project, use), **given}
        return dict(self._completed_args)

    def of_project(self, project: LoadedProject, use: str) -> dict[str, Any]:
        """The options that the project gives. Raises L(WorkivaError) where its credentials cannot be read."""
        return make_administrator_connection(self, project, use)

    def refuse(self, arguments: dict[str, Any], variables: dict[str, Any]) -> None:
        """Raises L(InvalidArgument) where the administrator grant of the project has no credentials yet, and no others are given."""
        names = [name for name in ("client_id", "client_secret", "access_token") if name in arguments]
        # The environment of another target may have some.
        if not names or any(arguments[name] for name in names) or not is_on_controller(self, variables):
            return
        if self.project is not None:
            assert_has_grant(self.project, str(self._task.args.get("use") or self.USE))
