# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What the playbook start writes into workiva.yml and the sample of an integration until somebody replaces it: none of it is a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Path, Source, join_path

ORGANIZATION = "00000000-0000-0000-0000-000000000000"
# Only what is written, and not whatever has this domain.
WRITTEN_BY_START = frozenset(
    {
        ORGANIZATION,
        "workiva-admins@your-company.example",
        "workiva-automation@your-company.example",
        "workiva-files@your-company.example",
        "workiva-reader@your-company.example",
        "integrations@your-company.example",
        "operations@your-company.example",
        "smtp.your-company.example",
        "finance-systems@your-company.example",
        "payroll-sync@your-company.example",
        "anna.k@your-company.example",
        "etl01.your-company.example",
        "https://awx.your-company.example/#/templates/job_template/12/details",
    }
)


def find_examples(source: Source, path: Path, values: Mapping[str, Any]) -> list[str]:
    """The values below a path of a file that nobody has replaced since the playbook start, as problems with their places."""
    problems = []
    for place, value in _leaves(path, values):
        if value in WRITTEN_BY_START:
            hint = (
                " with the UUID after /o/ in the address of the Organization Admin page"
                if value == ORGANIZATION
                else ""
            )
            problems.append(
                f"{source.at(*place)}: {join_path(place)} is still the example that start wrote. Replace it{hint}."
            )
    return problems


def _leaves(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves((*path, str(key)), item)
    elif isinstance(value, (list, tuple)):
        for place, item in enumerate(value):
            yield from _leaves((*path, str(place)), item)
    elif isinstance(value, str):
        yield path, value
