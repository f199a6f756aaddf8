# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""One bearer token for the tasks of a run: kept in the run's own folder, readable only with the client secret."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import asdict
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._api.token import Token


def _cipher(client_secret: str, salt: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    key = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"integrations.workiva token")
    return AESGCM(key.derive(client_secret.encode()))


class TokenCache:
    """A file in a folder that ansible-core removes at the end of the run."""

    def __init__(self, folder: str, url: str, client_id: str, client_secret: str) -> None:
        name = hashlib.sha256(f"{url}\0{client_id}".encode()).hexdigest()[:32]
        self._path = os.path.join(folder, f"workiva-token-{name}")
        self._secret = client_secret

    def read(self) -> Token | None:
        """What was written last, or None: a missing, foreign or damaged file is no cache."""
        try:
            with open(self._path, "rb") as stream:
                content = stream.read()
            plain = _cipher(self._secret, content[:16]).decrypt(content[16:28], content[28:], None)
            kept = json.loads(plain)
            return Token(kept["value"], tuple(kept["scopes"]), kept["expires_at"], kept["workspace_id"])
        except Exception:
            return None

    def write(self, token: Token) -> None:
        """Replaces the file; a folder that cannot be written only costs the next task a token request."""
        with contextlib.suppress(OSError, ImportError):
            salt, nonce = os.urandom(16), os.urandom(12)
            content = (
                salt + nonce + _cipher(self._secret, salt).encrypt(nonce, json.dumps(asdict(token)).encode(), None)
            )
            # mkstemp creates with mode 0600.
            descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(self._path))
            try:
                with os.fdopen(descriptor, "wb") as stream:
                    stream.write(content)
                os.replace(temporary, self._path)
            except OSError:
                os.unlink(temporary)
                raise

    def drop(self) -> None:
        """Forgets a token that the server no longer takes."""
        with contextlib.suppress(OSError):
            os.unlink(self._path)
