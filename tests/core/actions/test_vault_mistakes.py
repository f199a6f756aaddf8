# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes with the vault password, the credentials file and the journals, which a run finds before it asks for anything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests._organization import Organization
from tests.core._actions import PASSWORD, Actions
from tests.core.actions.test_run_mistakes import Mistake, Run

pytestmark = pytest.mark.once


@pytest.fixture
def run(actions: Actions, organization: Organization, tmp_path: Path) -> Run:
    organization.clock("2026-11-24")
    return Run(actions, organization, tmp_path)


def another_vault_password(run: Run) -> str:
    run.store()
    run.actions.vault_passwords = {"default": "another password of a vault"}
    return run.check()


def no_vault_password(run: Run) -> str:
    run.actions.vault_passwords = {"prod": PASSWORD}
    run.store()
    run.actions.vault_passwords = {}
    return run.check()


def another_vault_id(run: Run) -> str:
    run.store()
    return str(run.actions("vault_secrets", {"path": str(run.credentials), "vault_id": "prodd"})["msg"])


def two_vault_ids(run: Run) -> str:
    run.store()
    run.actions.vault_passwords = {"prod": PASSWORD, "test": PASSWORD}
    return str(run.actions("vault_secrets", {"path": str(run.credentials)})["msg"])


def second_vault_id(run: Run) -> str:
    run.actions.vault_passwords = {"prod": PASSWORD}
    run.store()
    stored = run.credentials.read_bytes()
    run.actions.vault_passwords = {"test": PASSWORD}
    message = run.hand_over(**run.create())
    assert run.credentials.read_bytes() == stored
    return message


def missing_credentials(run: Run) -> str:
    run.store()
    run.credentials.unlink()
    return run.check()


def incomplete_secret(run: Run) -> str:
    run.store()
    head, secret, rest = run.credentials.read_text().partition("client_secret:")
    run.credentials.write_text(head + secret + re.sub(r"\n( +)[0-9a-f]{2}", r"\n\g<1>xy", rest, count=1))
    return run.check()


def damaged_secret(run: Run) -> str:
    run.store()
    head, secret, rest = run.credentials.read_text().partition("client_secret:")
    run.credentials.write_text(
        head + secret + re.sub(r"\n( +)[0-9a-f]{80}\n", r"\n\g<1>" + 80 * "3" + "\n", rest, count=1)
    )
    return run.check()


def damaged_file(run: Run) -> str:
    run.store()
    run.replace("credentials.yml", "    main:", "    main")
    return run.check()


MARKERS = "<<<<<<< HEAD\n=======\n>>>>>>> theirs\n"


def conflict_in_the_credentials(run: Run) -> str:
    run.store()
    run.credentials.write_text(run.credentials.read_text() + MARKERS)
    return run.check()


def conflict_in_a_journal(run: Run) -> str:
    run.store()
    journal = run.folder / "journal/payroll-sync.jsonl"
    journal.write_text(journal.read_text() + MARKERS)
    return run.check()


def damaged_journal(run: Run) -> str:
    run.store()
    journal = run.folder / "journal/payroll-sync.jsonl"
    journal.write_text("{\n" + journal.read_text())
    return run.check()


def wholly_encrypted(run: Run) -> str:
    run.store()
    run.credentials.write_text(run.actions.encrypt(run.credentials.read_text()))
    return run.check()


MISTAKES = (
    Mistake(
        "wrong vault password",
        another_vault_password,
        "The vault password for the vault id default is wrong: it does not open the check value in FOLDER/credentials.yml (line "
        "20). Nothing was asked for or written. Run again with the password that the file was written with. If the password has "
        "changed on purpose, remove workiva_vault_check.default from the file, and load the old password under another vault id. If "
        "the password is lost, rename the file, create an empty one of its name and run onboard: work orders then ask for new "
        "credentials of all grants.",
    ),
    Mistake(
        "no vault password",
        no_vault_password,
        "This run has no vault password, so that secrets can be neither read nor stored. Nothing was asked for or written. Start it "
        "with --vault-id prod@prompt.",
    ),
    Mistake(
        "wrong vault id",
        another_vault_id,
        "The vault id to encrypt with is not among those of this run: default. Nothing was asked for or written. Load it "
        "with --vault-id, or choose another one with workiva_vault_id (vault_id in a task of your own).",
    ),
    Mistake(
        "two vault ids",
        two_vault_ids,
        "Several vault ids are loaded (prod, test) and none is chosen to encrypt with. Nothing was asked for or written. Set "
        "workiva_vault_id (vault_id in a task of your own), or vault_encrypt_identity in ansible.cfg.",
    ),
    Mistake(
        "second vault id",
        second_vault_id,
        "FOLDER/credentials.yml has secrets under the vault id prod, and none under test, which this run would encrypt with. Nothing "
        "was asked for or written. Start it with --vault-id prod@prompt. To use a second vault id on purpose, set "
        "workiva_vault_id=test as well.",
    ),
    Mistake(
        "missing credentials",
        missing_credentials,
        "FOLDER/credentials.yml is missing, but the journal says that it holds the credentials of 1 grant: main of payroll-sync. "
        "Nothing was asked for, and no work order was written. Restore the file from version control or from a backup, then run "
        "again. If it is lost for good, create an empty file of this name and run again: a work order then asks to regenerate "
        "each secret.",
    ),
    Mistake(
        "damaged secret",
        damaged_secret,
        "payroll-sync.main: FOLDER/credentials.yml: workiva_credentials.payroll-sync.main.client_secret (line 11): The encrypted "
        "entry (vault id default) cannot be decrypted with any vault password of this run. It was left as it is. Restore it from "
        "version control, or load the password that it was written with.",
    ),
    Mistake(
        "incomplete secret",
        incomplete_secret,
        "payroll-sync.main: FOLDER/credentials.yml: workiva_credentials.payroll-sync.main.client_secret (line 11): The encrypted "
        "entry is damaged: it is not a complete vault text. It was left as it is. Restore it from version control.",
    ),
    Mistake(
        "damaged file",
        damaged_file,
        "FOLDER/credentials.yml is not valid YAML (line 7, column 16). It was left as it is. Correct it, or restore it from "
        "version control.",
    ),
    Mistake(
        "conflict markers in the credentials file",
        conflict_in_the_credentials,
        "FOLDER/credentials.yml line 31 is a conflict marker of git. The file was left as it is. Keep the entries of both sides, and "
        "remove the markers.",
    ),
    Mistake(
        "conflict markers in a journal",
        conflict_in_a_journal,
        "payroll-sync.main: FOLDER/journal/payroll-sync.jsonl line 8 is a conflict marker of git. Nothing was written to the file. "
        "Keep the lines of both sides, each on its own line, and remove the markers.",
    ),
    Mistake(
        "damaged journal",
        damaged_journal,
        "payroll-sync.main: FOLDER/journal/payroll-sync.jsonl line 1 is damaged: it is not one JSON object. Nothing was written to "
        "the file. Restore it from version control (a merge of two journals keeps the lines of both, each on its own line).",
    ),
    Mistake(
        "wholly encrypted file",
        wholly_encrypted,
        "FOLDER/credentials.yml is encrypted as a whole. The collection encrypts single values, so names and dates stay "
        "readable. Nothing was changed. Decrypt it with `ansible-vault decrypt`, then encrypt its secrets one by "
        "one.",
    ),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name.replace(" ", "_"))
def test_mistake_with_stored_credentials_is_answered_with_what_to_do(run: Run, mistake: Mistake) -> None:
    assert run.shorten(mistake.make(run)) == mistake.message
