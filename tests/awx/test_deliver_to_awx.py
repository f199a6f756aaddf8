# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The example awx_credential of the role deliver, by the real module of awx.awx on a stand-in for the controller's API, over HTTPS."""

from __future__ import annotations

from pathlib import Path

from tests._deliveries import IDS, SECRETS, Deliveries
from tests.awx.controller import Controller
from tests.awx.serving import TOKEN, served

TYPE = {
    "name": "Payroll application",
    "kind": "cloud",
    "inputs": {
        "fields": [
            {"id": "client", "type": "string", "label": "Client"},
            {"id": "key", "type": "string", "label": "Key", "secret": True},
            {"id": "pin", "type": "string", "label": "PIN", "secret": True},
            {"id": "tenant", "type": "string", "label": "Tenant"},
        ]
    },
}


def test_credential_of_awx_gets_new_credentials_and_keeps_its_other_fields(tmp_path: Path) -> None:
    project = Deliveries(tmp_path)
    with served(Controller("onboard.yml"), tmp_path) as there:
        controller = there.controller
        organization = controller.make("organizations", {"name": "Finance"})["id"]
        kind = controller.make("credential_types", TYPE)["id"]
        environment = {
            "CONTROLLER_HOST": there.url,
            "CONTROLLER_OAUTH_TOKEN": TOKEN,
            "SSL_CERT_FILE": str(there.authority),
        }
        values = {
            **{"name": "Payroll", "organization": "Finance", "credential_type": TYPE["name"]},
            **{"client_id_field": "client", "client_secret_field": "key", "inputs": {"tenant": "t1"}},
        }
        project.declare({"name": "awx", "tasks": "awx_credential", "vars": values})
        project.play("-vvvvv", **environment)
        (credential,) = controller.items["credentials"].values()
        wanted = {"client": IDS[1], "key": SECRETS[1], "tenant": "t1"}
        assert (credential["organization"], credential["credential_type"]) == (organization, kind)
        assert credential["inputs"] == wanted
        assert project.delivered() == [("awx", "localhost", 1, "read_back")]
        # What somebody else keeps there is not emptied.
        credential["inputs"]["pin"] = "1234"
        project.store()
        project.play("-vvvvv", **environment)
        assert credential["inputs"] == {"client": IDS[2], "key": SECRETS[2], "tenant": "t1", "pin": "1234"}
        assert credential["description"] == f"Client ID {IDS[2]}, credentials 2"
        assert [number for *_target, number, _how in project.delivered()] == [1, 2]
