# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way by which a secret enters the collection ends at ansible-core's masking, where there is one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible.parsing.vault import VaultSecret
from ansible.release import __version__

from ansible_collections.integrations.workiva.plugins.module_utils import _secrets
from ansible_collections.integrations.workiva.plugins.module_utils._api.client import Connection
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.plugin_utils._grants.handover import (
    Credentials,
    FromVariables,
    Prompt,
    Request,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._notice.mail import MailServer
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import Secret, VaultFile, VaultKey

SECRET = "wk_secret:oa2c:Canary0123456789abcd"
ID = "0d8f0c3e-1d2a-4b6c-9e59-000000000001"
GRANT = Request("payroll-sync", "filing")


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What reaches the masking, on every ansible-core."""
    found: list[str] = []
    monkeypatch.setattr(_secrets, "_masking", SimpleNamespace(register_secret=found.append))
    return found


def handed_over(client_id: str, client_secret: str) -> None:
    entry = {"integration": "payroll-sync", "grant": "filing", "client_id": client_id, "client_secret": client_secret}
    FromVariables([entry]).read_credentials(GRANT)


def typed(client_id: str, client_secret: str) -> None:
    # Where the first answer is a secret, the client ID is asked for once more: Enter skips it.
    answers = iter([client_id.encode(), *([b""] if client_id == SECRET else []), client_secret.encode(), b""])
    if Prompt(lambda _question, _private: next(answers), lambda _text: None).read_credentials(GRANT) is None:
        raise InvalidArgument("skipped")


@pytest.mark.parametrize(
    "enters",
    [
        lambda: Connection.from_arguments({"region": "eu", "client_id": ID, "client_secret": SECRET}),
        lambda: Connection.from_arguments({"region": "eu", "access_token": SECRET}),
        lambda: MailServer("mail.example.com", 587, username="ansible", password=SECRET),
        lambda: Secret(SECRET),
        lambda: Credentials(ID, SECRET),
        lambda: handed_over(ID, SECRET),
        lambda: typed(ID, SECRET),
    ],
    ids=["client_secret", "access_token", "mail", "to_encrypt", "credentials", "variable", "prompt"],
)
def test_what_enters_is_registered(enters: Callable[[], object], registered: list[str]) -> None:
    enters()
    assert set(registered) == {SECRET}


def test_a_decrypted_value_is_registered(tmp_path: Path, registered: list[str]) -> None:
    vault = VaultFile(str(tmp_path / "credentials.yml"), VaultKey([("default", VaultSecret(b"one"))], "default"))
    vault.edit({("a", "secret"): Secret(SECRET), ("a", "client_id"): ID})
    registered.clear()
    document = vault.read()
    assert (document.value(("a", "client_id")), registered) == (ID, [])
    assert (document.secret(("a", "secret")), registered) == (SECRET, [SECRET])


@pytest.mark.parametrize("enters", [handed_over, typed])
def test_rejected_credentials_are_registered_for_masking(
    enters: Callable[[str, str], None], registered: list[str]
) -> None:
    """Swapped, or with a blank in it: it is a secret all the same."""
    for credentials in ((SECRET, ID), (ID, SECRET.replace("Canary", "Can ary"))):
        registered.clear()
        with pytest.raises(InvalidArgument):
            enters(*credentials)
        assert next(word for word in credentials if word.startswith("wk_secret")) in registered


def test_the_password_of_a_proxy_is_registered_as_written_and_as_meant(registered: list[str]) -> None:
    for proxy in ("http://user:p%40ssword-of-proxy@proxy:3128", "http://proxy:3128", "http://user@proxy:3128"):
        Connection.from_arguments({"region": "eu", "proxy": proxy})
    assert registered == ["p%40ssword-of-proxy", "p@ssword-of-proxy"]


@pytest.mark.parametrize("short", [None, "", "true", "eleven char", "eleven char   \n"])
def test_what_is_short_never_reaches_the_masking(short: str | None, registered: list[str]) -> None:
    """It would be replaced in every word that happens to hold it."""
    _secrets.register_secret(short)
    Connection.from_arguments({"region": "eu", "client_secret": short, "proxy": f"http://user:{short}@proxy:1"})
    assert registered == []


def test_the_masking_of_this_core() -> None:
    """With ansible-core 2.22 and newer the value is masked from then on; older cores have nothing to call."""
    newest = f"{SECRET[:-1]}Z"
    text = f"password={newest}."
    if _secrets._masking is None:
        assert tuple(map(int, __version__.split(".")[:2])) < (2, 22)
        _secrets.register_secret(newest)
        return
    assert _secrets._masking.mask_secrets(text) == text
    _secrets.register_secret(newest)
    assert _secrets._masking.mask_secrets(text) == "password=$REDACTED$."


def test_an_older_core_has_no_masking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_secrets, "_masking", None)
    _secrets.register_secret(SECRET)
    handed_over(ID, SECRET)
