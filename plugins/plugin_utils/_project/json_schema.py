# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The description of the project's files as JSON Schemas, for editors."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.schema import (
    ADMINISTRATOR,
    CHECK,
    INTEGRATION,
    INTEGRATION_GRANT,
    TARGET,
    WORKIVA,
    WORKIVA_FILE,
    Field,
)

# What no editor can tell from single keys.
_EXTRA: dict[int, dict[str, Any]] = {
    id(WORKIVA): {"oneOf": [{"required": ["region"]}, {"required": ["api_url"]}]},
    id(INTEGRATION_GRANT): {"not": {"required": ["lifetime", "expires"]}},
    id(ADMINISTRATOR): {"not": {"required": ["lifetime", "expires"]}},
    id(TARGET): {"oneOf": [{"required": ["role"]}, {"required": ["tasks"]}]},
    id(CHECK): {"oneOf": [{"required": ["command"]}, {"required": ["tasks"]}]},
}


def schema_files() -> dict[str, str]:
    """The JSON Schemas of the project's files, by the name of each file; C(docs/schema) has the same for readers."""
    titles = {
        "workiva": ("workiva.yml of the collection integrations.workiva", WORKIVA_FILE),
        "integration": ("An integration of the collection integrations.workiva", INTEGRATION),
    }
    return {
        f"{name}.schema.json": json.dumps(json_schema(fields, title), indent=2, ensure_ascii=False) + "\n"
        for name, (title, fields) in titles.items()
    }


def json_schema(fields: dict[str, Field], title: str) -> dict[str, Any]:
    """The same as a JSON Schema, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **_object(fields)}


def _object(fields: dict[str, Field]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, item in fields.items() if item.required],
        "properties": {name: _property(item) for name, item in fields.items()},
        **_EXTRA.get(id(fields), {}),
    }


def _property(item: Field) -> dict[str, Any]:
    shapes: dict[str, dict[str, Any]] = {
        "str": {"type": "string"},
        "bool": {"type": "boolean"},
        "int": {"type": "integer", "minimum": item.least},
        "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "span": {"type": "string"},
        "list": {"type": "array", "items": {"type": "string"}},
    }
    shape = shapes.get(item.type, {})
    if item.type == "list" and item.fields:
        shape = {"type": "array", "items": _object(item.fields)}
    if item.type == "mapping":
        shape = _object(item.fields)
    if item.type == "map":
        inner = {**_object(item.fields), "type": ["object", "null"]} if item.fields else {"type": "string"}
        if item.of:
            inner = _property(item.of)
        shape = {"type": "object", "additionalProperties": inner}
        if item.pattern:
            shape["propertyNames"] = {"pattern": f"^{item.pattern}$"}
    elif item.pattern:
        shape["pattern"] = f"^{item.pattern}$"
    if item.choices == ("1",):
        return {"const": 1, "description": item.help}
    return {
        **shape,
        **({"minItems": 1} if item.type == "list" and item.required else {}),
        **({"enum": list(item.choices)} if item.choices else {}),
        **({"description": item.help} if item.help else {}),
    }
