# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action twin of the module of this name; see its documentation."""

from __future__ import annotations

from ansible_collections.integrations.workiva.plugins.module_utils._files.permissions import CORE as _CORE
from ansible_collections.integrations.workiva.plugins.plugin_utils._in_process import InProcessAction


class ActionModule(InProcessAction):
    """Runs the core in this process where the target is the controller."""

    CORE = _CORE
