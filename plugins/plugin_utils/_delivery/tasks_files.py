# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Mistakes in the form of a file of tasks: Ansible ends the whole run for one, instead of failing the task that includes it."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.playbook.helpers import load_list_of_tasks
from ansible.playbook.play import Play

from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text


def find_mistake(path: str, loader: Any) -> str:
    """What is wrong with a file of tasks, in words; empty where nothing is, or where only the run can show it."""
    try:
        tasks = loader.load_from_file(path)
        if not isinstance(tasks, list):
            return "it is no list of tasks"
        load_list_of_tasks(tasks, play=Play(), loader=loader)
    except AnsibleParserError as error:
        return safe_text(error.message, limit=200)
    except (AnsibleError, AttributeError, TypeError):
        # A file that imports another one needs the variables of the run.
        return ""
    return ""
