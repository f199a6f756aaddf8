# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One declared grant, and the arguments of the action oauth2_grants for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests._declared import FILING
from tests._organization import Organization


def arguments_of(organization: Organization, folder: Path, **more: Any) -> dict[str, Any]:
    connection = {name: organization.connection[name] for name in ("region", "ca_path", "connect_to")}
    return {
        **connection,
        "grants": [FILING],
        "credentials": str(folder / "credentials.yml"),
        "journal": str(folder / "journal"),
        "today": "2026-11-24",
        **more,
    }
