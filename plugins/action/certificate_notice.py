# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks, once, for a notice before the certificate changes; see the documentation of the module of this name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from ansible.errors import AnsibleError

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._controller_action import (
    ControllerAction,
    to_plain_types,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._notice.mail import MailServer, make_message_id
from ansible_collections.integrations.workiva.plugins.plugin_utils._notice.receipts import (
    Receipts,
    Request,
    is_needed,
    write_message,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._paths import check_own_path
from ansible_collections.integrations.workiva.plugins.plugin_utils._place import find_job_variables
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.certificates import PORTS
from ansible_collections.integrations.workiva.plugins.plugin_utils._project.loaded import LoadedProject

# What a project gives in their place.
_NEEDED = ("to", "from", "addresses", "smtp_server", "journal")
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


class ActionModule(ControllerAction):
    """The receipts are the controller's, and so is the connection to the mail server."""

    SPECIFICATION: ClassVar[Mapping[str, Any]] = {
        "argument_spec": {
            "project": {"type": "raw"},
            "to": {"type": "str"},
            "from": {"type": "str"},
            "addresses": {"type": "list", "elements": "str"},
            "smtp_server": {"type": "str"},
            "smtp_port": {"type": "int"},
            "tls": {"type": "str", "choices": list(PORTS), "default": "starttls"},
            "username": {"type": "str"},
            "password": {"type": "str", "no_log": True},
            "ca_path": {"type": "path"},
            "timeout": {"type": "float", "default": 30.0},
            "journal": {"type": "str"},
            "organization_id": {"type": "str"},
            "servers": {"type": "list", "elements": "str", "default": []},
            "certificates": {"type": "list", "elements": "dict", "default": []},
            "ephemeral_project_ok": {"type": "bool", "default": False},
        },
    }

    def given(self) -> dict[str, Any]:
        """The options, and those that the project declares; one that is given wins."""
        given = super().given()
        project = given.pop("project", None)
        return given if project is None else {**self._of_project(LoadedProject.of(to_plain_types(project))), **given}

    def _of_project(self, project: LoadedProject) -> dict[str, Any]:
        notice = project.certificate_notice
        if notice is None:
            raise InvalidArgument("The project declares no certificate_notice, so there is nothing to request.")
        declared = notice.as_result()
        variable = declared.pop("password_variable", None)
        if variable in self.variables:
            declared["password"] = self._password(variable)
        return {**declared, "journal": project.journal, "organization_id": project.connection.organization_id}

    def _password(self, variable: str) -> str:
        """Raises L(InvalidArgument) without the text of the error, which may quote a value."""
        try:
            return str(self._templar.template(self.variables[variable]))
        except (AnsibleError, TypeError, ValueError):
            raise InvalidArgument(
                f"The variable {variable} cannot be read: a template in it fails, or no vault password of this run decrypts it."
            ) from None

    def act(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Sends the request, unless it was sent before."""
        missing = [name for name in _NEEDED if arguments[name] is None]
        if missing:
            raise InvalidArgument(f"{', '.join(missing)} must be given, or a project that declares certificate_notice.")
        arguments["servers"] = servers_of(arguments["servers"], arguments["certificates"])
        return _ask(arguments, check_mode=self.check_mode)


def servers_of(named: Sequence[str], copies: Iterable[Mapping[str, Any]]) -> list[str]:
    """The servers that are named, and those of which copies are kept, each once."""
    return list(dict.fromkeys([*named, *(str(copy["server"]) for copy in copies if copy.get("server"))]))


def _ask(arguments: dict[str, Any], *, check_mode: bool) -> dict[str, Any]:
    request = Request(arguments["to"], tuple(arguments["addresses"]))
    for option, address in [
        *(("to", request.to), ("from", arguments["from"])),
        *(("addresses", address) for address in request.addresses),
    ]:
        if not _ADDRESS.fullmatch(address):
            raise InvalidArgument(f"{option} must be an e-mail address, such as name@example.com. Correct it.")
    if not request.addresses:
        raise InvalidArgument("addresses must have at least one address.")
    server = MailServer(
        host=arguments["smtp_server"],
        port=arguments["smtp_port"] or PORTS[arguments["tls"]],
        tls=arguments["tls"],
        username=arguments["username"] or None,
        password=arguments["password"] or None,
        ca_path=arguments["ca_path"] or None,
        timeout=arguments["timeout"],
    )
    server.check()
    receipts = Receipts(check_own_path("journal", arguments["journal"]))
    standing = receipts.standing()
    send = is_needed(standing, request)
    words = (arguments["organization_id"], arguments["servers"])
    text = write_message(arguments["from"], request, *words, again=standing.accepted is not None and send)
    result: dict[str, Any] = {
        "changed": send,
        "message": text,
        "accepted_at": standing.accepted_at,
        "to": request.to,
        "addresses": list(request.addresses),
        "error": None,
    }
    if not send:
        return result
    before = write_message(arguments["from"], standing.accepted, *words, again=False) if standing.accepted else ""
    result["diff"] = {"before_header": "sent before", "after_header": "to send", "before": before, "after": text}
    short_lived = find_job_variables()
    if short_lived and not arguments["ephemeral_project_ok"]:
        raise InvalidArgument(
            f"This looks like a job ({', '.join(short_lived)} is set) that works in a temporary copy of "
            "the project. The receipt would be deleted with it, and every "
            "run would send the mail again. Nothing was sent. Run on a machine that keeps the project folder, or set "
            "ephemeral_project_ok if the job keeps it."
        )
    if check_mode:
        return result
    message_id = standing.open_message_id
    if message_id is None or standing.open is None or standing.open.same_as != request.same_as:
        message_id = make_message_id(arguments["from"])
        event = {"event": "requested", "message_id": message_id}
        receipts.append({**event, "to": request.to, "addresses": list(request.addresses)})
    # A run that is killed from here on has sent it or not: the next one sends it again under the same Message-ID.
    server.send(text, message_id)
    receipts.append({"event": "accepted", "message_id": message_id, "smtp_server": str(server)})
    return {**result, "accepted_at": receipts.standing().accepted_at}
