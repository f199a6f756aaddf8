# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs an action of the collection as a task does, in this process: Ansible's own task, connection, loader and templar, and no
playbook. What only a playbook can show (templating of arguments, other hosts, callbacks) belongs to C(tests/integration)."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible import constants as C
from ansible.errors import AnsibleActionFail, AnsiblePromptNoninteractive
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import PromptVaultSecret, VaultLib, VaultSecret
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import connection_loader
from ansible.template import Templar
from ansible.utils.display import Display

from tests._organization import Organization

PASSWORD = "a vault password of the tests"


@dataclass
class Actions:
    """Call it to run an action; C(actions("vault_secrets", {"path": ...}, check_mode=True)) returns the task's result.

    C(vault_passwords): the run's vault ids and passwords. C(typed): Ansible prompted for them. C(answers): what a person types at the prompts; without
    one left nobody is at the terminal. C(questions): the prompts that were shown. C(displayed): what the action displayed.
    C(warnings): a warning fails the test, unless the test empties this list.
    """

    folder: Path
    organization: Organization | None = None
    vault_passwords: dict[str, str] = field(default_factory=lambda: {"default": PASSWORD})
    typed: bool = False
    answers: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    displayed: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    def __call__(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        check_mode: bool = False,
        diff: bool = False,
        variables: Mapping[str, Any] | None = None,
        delegate_to: str | None = None,
    ) -> dict[str, Any]:
        """Runs the action and returns its result in the plain types of JSON. Fails where a secret is in it."""
        loader = DataLoader()
        loader.set_basedir(str(self.folder))
        kind = PromptVaultSecret if self.typed else VaultSecret
        loader.set_vault_secrets([(vault_id, kind(text.encode())) for vault_id, text in self.vault_passwords.items()])
        task_vars = {"inventory_hostname": "localhost", "hostvars": {}, **(variables or {})}
        task = Task()
        task.action = f"integrations.workiva.{name}"
        # As a task has its own: validation adds the defaults of options to what it is given.
        task.args = _own(arguments)
        task.check_mode, task.diff, task.delegate_to = check_mode, diff, delegate_to
        context = PlayContext()
        connection = connection_loader.get("local", context, "/dev/null")
        module = importlib.import_module(f"ansible_collections.integrations.workiva.plugins.action.{name}")
        action = module.ActionModule(task, connection, context, loader, Templar(loader, variables=task_vars), None)
        try:
            outcome = action.run(task_vars=task_vars)
        except AnsibleActionFail as error:
            outcome = {"failed": True, **error.result, "msg": str(error)}
        text = json.dumps(outcome)
        self.assert_no_secret(text)
        result: dict[str, Any] = json.loads(text)
        return result

    def assert_no_secret(self, *texts: str) -> None:
        """Fails where one of these texts, or anything displayed so far, holds a secret of C(secrets) or of the organization."""
        for secret in [*self.secrets, *(self.organization.secrets if self.organization else [])]:
            for text in (*texts, *self.displayed, *self.questions, *self.warnings):
                assert secret not in text, f"a secret is in: {text}"

    def encrypt(self, text: str, vault_id: str = "default") -> str:
        """The vaulttext of a text, as ansible-vault writes it."""
        secret = VaultSecret(self.vault_passwords[vault_id].encode())
        return str(VaultLib([(vault_id, secret)]).encrypt(text, vault_id=vault_id).decode())

    def decrypted(self, path: Path | str) -> Any:
        """The content of a vars file with every inline vault value decrypted by ansible-core's own code."""
        secrets = [(vault_id, VaultSecret(text.encode())) for vault_id, text in self.vault_passwords.items()]

        class Loader(yaml.SafeLoader):
            pass

        Loader.add_constructor("!vault", lambda _loader, node: VaultLib(secrets).decrypt(node.value).decode())
        return yaml.load(Path(path).read_text(encoding="utf-8"), Loader)  # a safe loader


def _own(value: Any) -> Any:
    """The same value in containers of its own, each of them once."""
    if isinstance(value, Mapping):
        return {name: _own(item) for name, item in value.items()}
    return [_own(item) for item in value] if isinstance(value, (list, tuple)) else value


def connected(monkeypatch: pytest.MonkeyPatch, actions: Actions, token_cache: Path) -> None:
    """Lets this process's display and prompts be those of C(actions)."""

    def prompt(_display: Display, question: str, **_options: Any) -> bytes:
        actions.questions.append(question)
        if not actions.answers:
            raise AnsiblePromptNoninteractive("nobody is at the terminal")
        return actions.answers.pop(0).encode()

    def collect(to: list[str]) -> Any:
        return lambda _display, message, *_rest, **_options: to.append(str(message))

    monkeypatch.setattr(Display, "prompt_until", prompt)
    monkeypatch.setattr(Display, "display", collect(actions.displayed))
    for name in ("warning", "deprecated", "error"):
        monkeypatch.setattr(Display, name, collect(actions.warnings))
    monkeypatch.setattr(C, "DEFAULT_LOCAL_TMP", str(token_cache))
