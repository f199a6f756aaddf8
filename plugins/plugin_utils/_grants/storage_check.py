# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Whether credentials can be stored, which is checked before any are accepted: a secret may be shown only once."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from typing import Any

from ansible import constants as C

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import check_folder
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal_state import fold
from ansible_collections.integrations.workiva.plugins.plugin_utils._place import can_prompt, find_job_variables
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import (
    VaultFile,
    VaultKey,
    read_vault_ids,
)


class CannotStore(WorkivaError):
    """No credentials can be accepted by this task."""


class MissingCredentials(WorkivaError):
    """The credentials file is not there, and the journals say that it holds credentials."""


class StorageCheck:
    """The vault file and the journals of a project. C(loader) has the vault passwords of the run, C(ask) asks a person for one
    without an echo (None in a run that asks nothing), and C(outlives_job) says that the project folder is kept although the job looks short-lived."""

    def __init__(
        self,
        loader: Any,
        credentials: str,
        journal: str,
        *,
        vault_id: str | None,
        ask: Callable[[str], bytes] | None,
        outlives_job: bool,
        check_mode: bool,
    ) -> None:
        self._loader = loader
        self._credentials = credentials
        self._journal = journal
        self._vault_id = vault_id
        self._ask = ask
        self._outlives_job = outlives_job
        self._check_mode = check_mode
        self._passed = False

    def file(self) -> VaultFile:
        """The vault file. Raises L(VaultKeyError) in a run without a vault password to encrypt with."""
        return VaultFile(
            self._credentials, VaultKey.of_run(self._loader, self._vault_id, lambda: read_vault_ids(self._credentials))
        )

    def check(self) -> None:
        """Raises L(CannotStore) where credentials could not be encrypted and written, or would not outlive this job."""
        if self._passed:
            return
        short_lived = find_job_variables()
        if short_lived and not self._outlives_job:
            raise CannotStore(
                f"This looks like a job ({', '.join(short_lived)} is set) that works in a temporary copy "
                "of the project. All credentials that it accepts would be deleted with it, "
                "so none were accepted. Run on a machine that keeps the project folder, let the playbook save the changes "
                "(workiva_repository_url or workiva_artifact), or set ephemeral_project_ok if the job saves them."
            )
        try:
            file = self.file()
            file.key.check()
            if not (self._vault_id or C.DEFAULT_VAULT_ENCRYPT_IDENTITY):
                file.check_known_id()
            file.check_writable(check_mode=self._check_mode)
            if can_prompt():
                file.confirm_password(self._ask)
        except WorkivaError as error:
            raise CannotStore(str(error)) from None
        parent = self._journal if os.path.isdir(self._journal) else os.path.dirname(self._journal)
        if not os.access(parent, os.W_OK | os.X_OK):
            raise CannotStore(
                f"The journal's folder {self._journal} is not writable. No credentials were accepted. Make it writable for the user who runs Ansible, then run "
                "again."
            )
        self._passed = True


def recorded_grants(journals: str) -> list[tuple[str, str]]:
    """The grants (integration, grant) whose credentials are stored, as the journals in a folder say."""
    found: list[tuple[str, str]] = []
    for file in sorted(os.listdir(journals)) if check_folder(journals) else ():
        if file.endswith(".jsonl") and not file.startswith("."):
            integration = file[: -len(".jsonl")]
            with contextlib.suppress(InvalidArgument):  # a damaged one is reported in its own turn
                states = fold(Journal(journals, integration).events())
                found += [(integration, grant) for grant, state in states.items() if state.exists]
    return found


def assert_not_missing(credentials: str, journals: str) -> None:
    """Raises L(MissingCredentials) where the file is not there although journals say that it holds credentials.

    Without this a run would ask for a new secret of every grant, and a new file would hide that the old one is lost.
    """
    if os.path.lexists(credentials):
        return
    held = [f"{grant} of {integration}" for integration, grant in recorded_grants(journals)]
    if held:
        listing = ", ".join(held[:5]) + (f" and {len(held) - 5} more" if len(held) > 5 else "")
        raise MissingCredentials(
            f"{credentials} is missing, but the journal says that it holds the credentials of "
            f"{len(held)} {'grant' if len(held) == 1 else 'grants'}: {listing}. Nothing was asked for, and no work order was "
            "written. Restore the file from version control or from a backup, then run again. If it is lost for good, "
            "create an empty file of this name and run again: a work order then asks to regenerate each secret.",
            target=credentials,
        )
