# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""The keys to which credentials are sealed: one for each work order, encrypted in the vault file until the order is closed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import read_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._sealed.jwe import create_key, public_key
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import SEALING_KEYS
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import Change, KeyPath, Secret, VaultFile
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.secrets import VaultEntryError, VaultKeyError


class SealingKeys:
    """The keys in a vault file. C(creates): orders that have none get one. C(file) opens the vault file, and C(check) raises
    L(CannotStore) where nothing could be stored in it."""

    def __init__(
        self, file: Callable[[], VaultFile], check: Callable[[], None], path: str, *, creates: bool, check_mode: bool
    ) -> None:
        self._file = file
        self._check = check
        self._path = path
        self.creates = creates
        self._check_mode = check_mode
        self._new: dict[str, str] = {}
        self.diffs: list[dict[str, str]] = []
        """What was changed in the file, by name."""

    def key_of(self, number: str, present: Mapping[str, str] | None) -> Mapping[str, str] | None:
        """The public key of a work order, as its fields: C(present) while the vault file has its private key, else a new one,
        which lasts when C(save) stores it. None where an entry of the vault file cannot be read and the order has no key.

        A new key cannot be predicted: in check mode its place is taken by words.
        """
        try:
            stored = self._file().read().secret((SEALING_KEYS, number))
        except VaultEntryError:
            return present
        if stored:
            # Also of a run that was killed before it wrote the order.
            return public_key(stored).as_fields()
        if self._check_mode:
            return {"x": "", "y": "", "kid": "created when the order is written"}
        self._check()
        private, public = create_key()
        self._new[number] = private
        return public.as_fields()

    def save(self) -> None:
        """Stores the new keys: before the orders that name them, since a page without its key would seal for nobody."""
        if self._new:
            self._edit({(SEALING_KEYS, number): Secret(private) for number, private in self._new.items()})
            self._new = {}

    def remove_closed(self, open_numbers: Collection[str], unread: Collection[str]) -> None:
        """Removes the keys of work orders that are not open any more; C(unread) are the integrations of which nobody knows."""
        if SEALING_KEYS.encode() not in (read_file(self._path) or b""):
            return
        try:
            stored = self._file().read().keys((SEALING_KEYS,))
        except VaultKeyError:
            return  # the next run with a vault password does it
        closed = [number for number in stored if number not in open_numbers and number.split(".")[0] not in unread]
        if closed and len(closed) == len(stored):
            self._edit({(SEALING_KEYS,): None})
        elif closed:
            self._edit({(SEALING_KEYS, number): None for number in closed})

    def _edit(self, changes: Mapping[KeyPath, Change]) -> None:
        result = self._file().edit(changes, check_mode=self._check_mode)
        if result.changed:
            self.diffs.append(result.diff)
