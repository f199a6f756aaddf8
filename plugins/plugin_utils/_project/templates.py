# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The templates in a project's files, rendered with the variables of a task, on every supported core."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleError, AnsibleUndefinedVariable

from ansible_collections.integrations.workiva.plugins.plugin_utils._project.sources import Untemplatable

try:
    from ansible.template import trust_as_template  # core 2.19 and newer
except ImportError:

    def trust_as_template(value: str) -> str:
        """Older cores template every string."""
        return value


try:
    from ansible.errors import AnsibleValueOmittedError  # core 2.19 and newer
except ImportError:

    class AnsibleValueOmittedError(Exception):  # type: ignore[no-redef]
        """Older cores have a word for what is omitted."""


def make_renderer(templar: Any, variables: Mapping[str, Any]) -> Callable[[str], Any]:
    """Returns a function that renders one string, which raises L(Untemplatable) with the reason and without a value."""
    omitted = variables.get("omit")

    def render(text: str) -> Any:
        try:
            value = plain(templar.template(trust_as_template(text)))
        except AnsibleValueOmittedError:
            return None
        except AnsibleUndefinedVariable as error:
            name = re.search(r"'([A-Za-z_]\w*)' is undefined", str(error))
            raise Untemplatable(
                f"the variable {name[1] if name else 'of this template'} is undefined. Define it, or write the value."
            ) from None
        except (AnsibleError, ValueError, TypeError):
            raise Untemplatable("this template cannot be rendered. Correct it, or write the value.") from None
        return None if isinstance(omitted, str) and value == omitted else value

    return render


def plain(value: Any) -> Any:
    """Plain values: dates as the text that they are, tagged strings as strings."""
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
