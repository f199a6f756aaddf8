#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: print_lines
short_description: Print lines of text below a title
version_added: 0.1.0
description:
  - Prints lines as text, where M(ansible.builtin.debug) prints them as JSON. The playbooks of this collection use it for what is not the
    result of a run.
  - With a callback whose output is for programs, such as P(ansible.posix.json#callback), the lines go to the error output.
  - It sends nothing and changes nothing.
author:
  - the integrations.workiva authors (@integrations-workiva)
options:
  title:
    description:
      - The first line.
    type: str
    required: true
  lines:
    description:
      - The lines below it.
    type: list
    elements: str
    default: []
attributes:
  action:
    description: Runs on the controller.
    support: full
  check_mode:
    description: Changes nothing in any mode.
    support: full
  diff_mode:
    description: There is nothing to compare.
    support: none
  idempotent:
    description: A second run prints the same.
    support: full
seealso:
  - module: integrations.workiva.summary
"""

EXAMPLES = r"""
- name: Print the names of an organization
  integrations.workiva.print_lines:
    title: The organization
    lines: "{{ found | integrations.workiva.discovered }}"
"""

RETURN = r"""
lines:
  description: The lines that were printed.
  returned: success
  type: list
  elements: str
  sample: ["", "The organization", "", "workspaces:", "  SEC Filing:"]
"""
