# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Where the vault passwords of a run come from: the options of its command line, and the settings of Ansible. No password is read."""

from __future__ import annotations

import configparser
import os
from collections.abc import Mapping
from typing import Any

from ansible import constants as C
from ansible import context
from ansible.utils.path import unfrackpath

_PROMPTS = ("prompt", "prompt_ask_vault_pass")
_SETTINGS = ("vault_identity_list", "vault_password_file")
# What a shell opens for one command is not there for the next one.
_OF_ONE_COMMAND = ("/dev/", "/proc/")


def options_again(folder: str) -> tuple[str, ...] | None:
    """The options with which a run in a project's folder gets the vault passwords of this run: none where the settings of Ansible
    give them there too. None where neither the command line nor the settings gave this run one."""
    ids, files, asks = _given(context.CLIARGS)
    from_settings = _vault_ids_of_settings()
    if not (ids or files or asks or from_settings):
        return None
    if not _has_these_settings(folder):
        ids = [*from_settings, *ids]
    options = [word for one in dict.fromkeys(ids) for word in ("--vault-id", _again(one, folder))]
    for file in dict.fromkeys(files):
        usable = _usable(file, folder)
        options += ["--vault-password-file", usable] if usable else ["--vault-id", f"{C.DEFAULT_VAULT_IDENTITY}@prompt"]
    return (*options, *(("--ask-vault-pass",) if asks else ()))


def password_source() -> str:
    """The file or script with the only vault password of this run, as it can follow C(NAME@) where the run was started; else C(prompt)."""
    ids, files, asks = _given(context.CLIARGS)
    sources = {*files, *(one.rpartition("@")[2] for one in (*ids, *_vault_ids_of_settings()))}
    only = sources.pop() if len(sources) == 1 and not asks else "prompt"
    return "prompt" if only in _PROMPTS else _usable(only, os.getcwd()) or "prompt"


def has_vault_settings(folder: str) -> bool:
    """Whether the C(ansible.cfg) of a project says where its vault password is: its commands need no option then."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read(os.path.join(folder, "ansible.cfg"), encoding="utf-8")
    except (OSError, UnicodeDecodeError, configparser.Error):
        return False
    return any(parser.get("defaults", name, fallback="").strip() for name in _SETTINGS)


def _given(options: Mapping[str, Any]) -> tuple[list[str], list[str], bool]:
    """The vault ids and the password files of a command line, and whether it asks for a password."""
    ids, files = (list(map(str, options.get(name) or ())) for name in ("vault_ids", "vault_password_files"))
    return ids, files, bool(options.get("ask_vault_pass"))


def _vault_ids_of_settings() -> list[str]:
    """The vault ids of C(ansible.cfg) or the environment, with their sources; a file without an id has the one of Ansible."""
    file = C.DEFAULT_VAULT_PASSWORD_FILE
    return [*map(str, C.DEFAULT_VAULT_IDENTITY_LIST or ()), *([f"{C.DEFAULT_VAULT_IDENTITY}@{file}"] if file else [])]


def _has_these_settings(folder: str) -> bool:
    """Whether a run in the folder reads the same C(ansible.cfg) as this one: that of the folder where a run is started comes first."""
    if os.environ.get("ANSIBLE_CONFIG") or _is_here(folder):
        return True
    return not any(os.path.exists(os.path.join(place, "ansible.cfg")) for place in (os.getcwd(), folder))


def _is_here(folder: str) -> bool:
    """Whether this run was started in the folder."""
    return os.path.realpath(os.getcwd()) == os.path.realpath(folder)


def _again(vault_id: str, folder: str) -> str:
    """A vault id with its source, as it works in the folder: C(NAME@FILE), or C(NAME@prompt)."""
    name, at, source = vault_id.partition("@") if "@" in vault_id else ("", "", vault_id)
    if source in _PROMPTS:
        return f"{name}{at}prompt"
    return f"{name}{at}{_usable(source, folder) or 'prompt'}"


def _usable(file: str, folder: str) -> str | None:
    """A file with a password, or a script that prints it, as a run in the folder names it; None for one of this command only."""
    path = str(unfrackpath(file, follow=False))
    if path.startswith(_OF_ONE_COMMAND):
        return None
    if not os.path.isabs(file) and _is_here(folder):
        return file
    inside = os.path.relpath(path, folder)
    return path if inside.startswith(os.pardir) else inside
