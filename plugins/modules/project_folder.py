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
  - Writes the first files of a project, as far as they do not exist. These are C(workiva.yml) and a sample of an integration to fill in, a file
    for each playbook that is run in a project, an inventory, and C(.gitignore).
  - An existing file is left alone, with its content and mode. Only the schemas in C(.schema), with which editors check the files, are replaced
    by those of the installed release.
author:
  - the integrations.workiva authors (@integrations-workiva)
extends_documentation_fragment:
  - integrations.workiva.attributes
  - integrations.workiva.attributes.controller
options:
  path:
    description:
      - The folder, as an absolute path of the controller. It is created, with its parents, if it does not exist.
      - New folders get the mode V(0750), new files V(0640).
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
  description: The files that were written or, in check mode, would be written, as paths in the folder.
  returned: success
  type: list
  elements: str
  sample: [.gitignore, workiva.yml]
"""
