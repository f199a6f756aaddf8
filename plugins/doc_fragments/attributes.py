# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Predicts what a run would change, and changes nothing.
  diff_mode:
    description: Shows what changed, without secrets.
  idempotent:
    description: A second run changes nothing and sends no write.
"""

    TWIN = r"""
options: {}
attributes:
  action:
    description:
      - If the target is the controller, an action of the same name runs the same code in Ansible's own process.
    support: full
  async:
    description: Can be run with C(async).
    support: none
"""

    CONTROLLER = r"""
options: {}
attributes:
  action:
    description: Runs on the controller, whatever the target.
    support: full
  async:
    description: Can be run with C(async).
    support: none
"""

    GROUP = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/integrations.workiva.workiva) in C(module_defaults) to set the connection once.
    support: full
    membership:
      - integrations.workiva.workiva
"""
