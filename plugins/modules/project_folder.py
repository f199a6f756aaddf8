#!/usr/bin/python
# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: project_folder
short_description: Write a new project folder
version_added: 0.1.0
description:
  - Writes the files that a project begins with, where they are not there yet. C(workiva.yml) and the sample of an integration to fill in,
    a playbook file for each playbook of the collection that is run in a project, an inventory, and what version control should leave out.
  - A file that is there is the user's, and is left alone with its content and mode. The schemas in C(.schema), by which editors check
    the files, are those of the installed release and follow it.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
options:
  path:
    description:
      - The folder, as an absolute path of the controller. It is made where it is not there, with its parents.
      - New folders have the mode V(0750), new files V(0640).
      - The default is the folder C(workiva) in the current folder.
    type: str
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: integrations.workiva.integrations
"""

EXAMPLES = r"""
- name: Write a project folder
  integrations.workiva.project_folder:
    path: /srv/workiva
"""

RETURN = r"""
path:
  description: The folder.
  returned: success
  type: str
  sample: /srv/workiva
written:
  description: The files that were written, or would be in check mode, as paths in the folder.
  returned: success
  type: list
  elements: str
  sample: [.gitignore, workiva.yml]
"""
