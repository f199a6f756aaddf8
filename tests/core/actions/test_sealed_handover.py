# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sealed handover from the order to the vault: the key comes with the order and goes with it, and no file holds the secret."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.integrations.workiva.plugins.plugin_utils._sealed.jwe import create_key
from tests._organization import Organization
from tests._sealer import as_mail, seal, sealing_of, with_header
from tests.core._actions import Actions
from tests.core.actions._filing import FILING, arguments_of
from tests.core.actions.test_killed_runs import Killed, die_at

pytestmark = pytest.mark.once

NUMBER = "payroll-sync.filing.1"
BUDGET = {**FILING, "grant": "budget", "workspace": "ESG Reporting", "username": "olivia.admin@example.com"}


class Project:
    """A project whose pages can seal, and runs of the action on it."""

    def __init__(self, organization: Organization, actions: Actions, folder: Path) -> None:
        self.organization = organization
        self.actions = actions
        self.folder = folder
        self.pages = folder / "work-orders"
        self.credentials = folder / "credentials.yml"
        folder.mkdir()

    def run(
        self, *, check_mode: bool = False, handover: str = "prompt", seals: bool = True, **more: Any
    ) -> dict[str, Any]:
        arguments = arguments_of(self.organization, self.folder, **more)
        arguments["project"]["sealed_handover"] = seals
        return self.actions("oauth2_grants", {**arguments, "handover": handover}, check_mode=check_mode)

    def order(self, **more: Any) -> dict[str, str]:
        """Opens the order; what its page says of its key."""
        done = self.run(handover="defer", **more)
        assert not done.get("failed"), done
        return self.sealing()

    def sealing(self, number: str = NUMBER) -> dict[str, str]:
        return sealing_of((self.pages / f"{number}.html").read_text("utf-8"))

    def made(self, **fields: Any) -> dict[str, str]:
        """The credentials of a grant that was created as ordered, as the page seals them."""
        wanted = {name: FILING[name] for name in ("username", "scopes", "expires", "workspace")}
        created = self.organization.create_grant(**{**wanted, **fields})
        return {**{name: created[name] for name in ("client_id", "client_secret")}, "expires": "2027-06-30"}

    def vault(self) -> dict[str, Any]:
        return dict(self.actions.decrypted(self.credentials)) if self.credentials.exists() else {}

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()
        }


@pytest.fixture
def project(tmp_path: Path, organization: Organization, actions: Actions) -> Project:
    organization.clock("2026-11-24")
    return Project(organization, actions, tmp_path / "project")


def test_order_has_a_key_whose_private_half_is_in_the_vault_alone(project: Project) -> None:
    predicted = project.run(check_mode=True, handover="defer")
    assert predicted["changed"]
    assert project.files() == {}
    sealing = project.order()
    (private,) = project.vault()["workiva_sealing_keys"].values()
    files = project.files()
    assert not [name for name, content in files.items() if private.encode() in content]
    (event,) = [json.loads(line) for line in files["journal/payroll-sync.jsonl"].splitlines()]
    assert event["fields"]["sealing_key"]["kid"] == sealing["kid"]
    assert event["fields"]["sealing_key"]["fingerprint"] in (project.pages / f"{NUMBER}.html").read_text("utf-8")
    again = project.run(handover="defer")
    assert not again["changed"]
    assert project.files() == files


@pytest.mark.parametrize("way", ["option", "file"])
def test_sealed_credentials_are_stored_and_the_key_is_removed(project: Project, actions: Actions, way: str) -> None:
    text = as_mail(seal(project.order(), project.made()))
    options: dict[str, Any] = {"sealed": ["", [text]]} if way == "option" else {}
    if way == "file":
        (project.pages / "from-anna.sealed").write_text(text, encoding="utf-8", newline="")
    files = project.files()
    predicted = project.run(check_mode=True, **options)
    assert predicted["changed"]
    assert predicted["grants"][0]["stage"] == "stored"
    assert project.files() == files
    done = project.run(**options)
    (grant,) = done["grants"]
    assert (grant["stage"], grant["health"], done["closed"]) == ("stored", "ok", [NUMBER])
    stored = project.vault()
    assert stored["workiva_credentials"]["payroll-sync"]["filing"]["client_secret"] in project.organization.secrets
    assert stored["workiva_credentials"]["payroll-sync"]["filing"]["expires"] == "2027-06-30"
    assert "workiva_sealing_keys" not in stored
    assert list(project.pages.iterdir()) == []
    # The canary: no file has the secret, and C(actions) looks for it in all results and all that was displayed.
    for secret in project.organization.secrets:
        assert not [name for name, content in project.files().items() if secret.encode() in content]
    assert actions.questions == []
    if way == "file":
        assert not project.run()["changed"]
        return
    again = project.run(**options)
    assert not again["changed"]
    assert "is closed, so that its block was accepted before" in again["warnings"][0]
    actions.warnings.clear()


def test_blocks_of_other_grants_are_left_to_their_turn(project: Project) -> None:
    project.run(handover="defer", grants=[FILING, BUDGET])
    text = seal(
        project.sealing("payroll-sync.budget.1"), project.made(workspace="ESG Reporting", username=BUDGET["username"])
    )
    done = project.run(grants=[FILING], sealed=text)
    assert not done.get("failed"), done
    assert not done["changed"]
    done = project.run(grants=[FILING, BUDGET], sealed=text)
    assert [grant["stage"] for grant in done["grants"]] == ["requested", "stored"]
    assert list(project.vault()["workiva_sealing_keys"]) == [NUMBER]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("other order", "altered or damaged on its way, or it was sealed to another key"),
        ("header", "altered or damaged on its way"),
        ("foreign key", "sealed to another key than that of the work order payroll-sync.filing.1"),
        ("foreign key with our name", "the page was changed by somebody: treat the client secret as leaked"),
        ("version", "another version of the work order"),
        ("unknown order", "which this project did not write"),
        ("cut", "not complete"),
        ("nothing", "holds no sealed text"),
        ("twice", "Two blocks are for the grant filing of payroll-sync"),
        ("no key", "is not in the vault file"),
    ],
)
def test_block_that_is_not_for_this_order_is_refused_and_nothing_is_stored(
    project: Project, change: str, message: str
) -> None:
    sealing = project.order(grants=[FILING, BUDGET])
    made = project.made()
    block = seal(sealing, made)
    stranger = {**sealing, **_other_key()}
    blocks = {
        "other order": with_header(seal(project.sealing("payroll-sync.budget.1"), made), **_bound(sealing)),
        "header": with_header(block, more="1"),
        "foreign key": seal(stranger, made),
        "foreign key with our name": seal({**stranger, "kid": sealing["kid"]}, made),
        "version": seal({**sealing, "fingerprint": "0" * 64}, made),
        "unknown order": seal({**sealing, "order": "payroll-sync.filing.7"}, made),
        "cut": block[:-9],
        "nothing": made["client_id"],
        "twice": f"{block}\n{seal(sealing, made)}",
        "no key": block,
    }
    if change == "no key":
        project.credentials.write_text("---\n")
    files = project.files()
    refused = project.run(grants=[FILING, BUDGET], sealed=blocks[change])
    assert refused["failed"]
    assert message in refused["msg"]
    assert "Nothing was accepted." in refused["msg"]
    assert project.files() == files


def test_file_with_blocks_for_two_tasks_is_kept_until_both_are_done(project: Project) -> None:
    project.run(handover="defer", grants=[FILING, BUDGET])
    other = project.made(workspace="ESG Reporting", username=BUDGET["username"])
    file = project.pages / "both.sealed"
    numbers = (NUMBER, "payroll-sync.budget.1")
    texts = [seal(project.sealing(number), made) for number, made in zip(numbers, (project.made(), other))]
    file.write_text("\n".join(texts), encoding="utf-8")
    assert project.run(grants=[FILING])["grants"][0]["stage"] == "stored"
    assert file.exists()
    assert project.run(grants=[BUDGET])["grants"][0]["stage"] == "stored"
    assert not file.exists()


@pytest.mark.parametrize("step", range(1, 13))
def test_run_killed_while_it_writes_an_order_leaves_a_key_that_opens(
    project: Project, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    with monkeypatch.context() as patch:
        reached = die_at(step, patch)
        with contextlib.suppress(Killed):
            project.run(handover="defer")
        assert reached()
    done = project.run(sealed=seal(project.order(), project.made()))
    assert (done["grants"][0]["stage"], done["closed"]) == ("stored", [NUMBER])
    assert "workiva_sealing_keys" not in project.vault()


@pytest.mark.parametrize("step", range(1, 13))
def test_run_killed_while_it_accepts_a_file_is_completed(
    project: Project, actions: Actions, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    file = project.pages / "from-anna.sealed"
    file.write_text(seal(project.order(), project.made()), encoding="utf-8")
    with monkeypatch.context() as patch:
        die_at(step, patch)
        with contextlib.suppress(Killed):
            project.run()
    # The file is there until its credentials are: the second run finishes what is left, and a third has nothing to do.
    done = project.run()
    assert not done.get("failed"), done
    actions.warnings.clear()
    assert done["grants"][0]["stage"] == "stored"
    assert not file.exists()
    assert not project.run()["changed"]
    assert "workiva_sealing_keys" not in project.vault()
    assert project.pages.exists()
    assert list(project.pages.iterdir()) == []


def test_block_of_a_withdrawn_order_cannot_be_opened(project: Project) -> None:
    block = seal(project.order(), project.made())
    changed = {**FILING, "scopes": ["file:read"]}
    project.run(handover="defer", grants=[changed])
    assert list(project.vault()["workiva_sealing_keys"]) == ["payroll-sync.filing.2"]
    refused = project.run(grants=[changed], sealed=block)
    assert "which was withdrawn: its key is removed" in refused["msg"]


def test_wrong_credentials_in_a_block_are_rejected_and_the_file_is_kept(project: Project) -> None:
    made = project.made()
    made["client_secret"] = made["client_secret"][:-4] + "wxyz"
    file = project.pages / "from-anna.sealed"
    text = seal(project.order(), made)
    file.write_text(text, encoding="utf-8")
    done = project.run()
    assert done["grants"][0]["stage"] == "requested"
    assert file.exists()
    assert list(project.vault()["workiva_sealing_keys"]) == [NUMBER]


def test_open_order_gets_a_key_when_the_project_wants_it(project: Project) -> None:
    project.run(handover="defer", seals=False)
    assert 'id="seal"' not in (project.pages / f"{NUMBER}.html").read_text("utf-8")
    sealing = project.order()
    assert sealing["order"] == NUMBER
    # An order keeps its key as long as it is open, and a lost key is replaced.
    assert not project.run(handover="defer", seals=False)["changed"]
    project.credentials.unlink()
    renewed = project.order()
    assert renewed["kid"] != sealing["kid"]
    refused = project.run(sealed=seal(sealing, project.made()))
    assert "sealed to another key" in refused["msg"]


def test_reworded_order_still_opens_its_block(project: Project) -> None:
    block = seal(project.order(), project.made())
    project.run(handover="defer", grants=[{**FILING, "owner": "others@example.com"}])
    done = project.run(sealed=block, grants=[{**FILING, "owner": "others@example.com"}])
    assert done["grants"][0]["stage"] == "stored"


def _other_key() -> dict[str, str]:
    public = create_key()[1]
    return {"x": public.x, "y": public.y, "kid": public.kid}


def _bound(sealing: dict[str, str]) -> dict[str, str]:
    return {name: sealing[name] for name in ("kid", "order", "fingerprint")}
