# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The checks of what C(workiva.yml) says about the connection, beyond the form of each value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.network import check_proxy
from ansible_collections.integrations.workiva.plugins.module_utils._api.session import places
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.examples import find_examples
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Findings, Source


def check_connection(settings: Source, workiva: Mapping[str, Any], folder: str, out: Findings) -> None:
    """Adds the problems of the connection, and a note where this machine lacks the file of C(ca_path)."""
    given = [name for name in ("region", "api_url") if name in workiva]
    doubtful = any(settings.has_problem("workiva", name) for name in ("region", "api_url"))
    if len(given) != 1 and not doubtful:
        place = settings.at("workiva", *given[1:])
        out.problems.append(f"{place}: workiva needs either region (us, eu or apac) or api_url. Add one, and not both.")
    if workiva.get("proxy"):
        try:
            check_proxy(workiva["proxy"], "workiva.proxy")
        except InvalidArgument as error:
            out.problems.append(f"{settings.at('workiva', 'proxy')}: {error}")
    for number, entry in enumerate(workiva.get("connect_to") or ()):
        try:
            places([entry])
        except InvalidArgument:
            out.problems.append(
                f"{settings.at('workiva', 'connect_to', str(number))}: entry {number + 1} of workiva.connect_to must be "
                "HOST:PORT:ADDRESS:PORT, such as api.app.wdesk.com:443:127.0.0.1:8443. Correct it."
            )
    authorities = workiva.get("ca_path")
    if authorities and not os.path.isfile(os.path.join(folder, os.path.expanduser(authorities))):
        out.warnings.append(
            f"{settings.at('workiva', 'ca_path')}: this machine does not have the file that workiva.ca_path names. Correct it, or "
            "add the file before a run on this machine."
        )
    out.problems += find_examples(settings, ("workiva",), workiva)
