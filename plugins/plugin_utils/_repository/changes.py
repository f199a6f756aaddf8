# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""What a run wrote into a project folder, as data, and how it is merged into a folder that others changed meanwhile.

The merge goes by what the files mean: a journal gains lines, a credentials file gains, changes and loses the entries of
grants. Nothing is decrypted on the way, except to tell whether two ciphertexts hold the same secret.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument, WorkivaError
from ansible_collections.integrations.workiva.plugins.plugin_utils._orders.overview import overview_names
from ansible_collections.integrations.workiva.plugins.plugin_utils._repository.journal_lines import (
    added_lines,
    appended_lines,
    merged_overview,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.check import ROOT as CHECKS
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.check import check_path
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.edit import Clear, Encrypted, Leaf, rewrite
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import (
    PREVIOUS,
    RECEIVED,
    ROOT,
    SEALING_KEYS,
    VERSION_KEY,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import NEW_FILE
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.text import VAULT_TAGS, KeyPath, VaultText

VERSION = 1
SameSecret = Callable[[str, str], bool]
GrantName = tuple[str, str]
# A value in clear is its text; an encrypted one is a mapping of one key, so that nothing takes it for text.
Entry = dict[str, Any]
_VAULT = "vault"
_PAIR = ("client_id", "client_secret")
# Before the keys of credentials beside the stored ones.
SLOTS = (RECEIVED, PREVIOUS)


class MergeConflict(WorkivaError):
    """Both sides stored something for a grant that only one of them can keep. Nothing was merged."""


@dataclass(frozen=True)
class Snapshot:
    """The files that the collection writes in a project: the credentials, and the journals and pages by file name."""

    credentials: bytes | None = None
    journals: Mapping[str, bytes] = field(default_factory=dict)
    pages: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Changes:
    """What one run added: the entries of grants (None: the entry went), the lines of journals, the pages (None: gone)."""

    entries: Mapping[GrantName, Entry | None] = field(default_factory=dict)
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pages: Mapping[str, bytes | None] = field(default_factory=dict)
    # What the entries were before, so that a change of another run can be distinguished from none.
    before: Mapping[GrantName, Entry | None] = field(default_factory=dict)
    # The new check values, encrypted, by vault id.
    checks: Mapping[str, str] = field(default_factory=dict)
    # The keys of work orders, encrypted, by number; None: the key went.
    sealing_keys: Mapping[str, str | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.entries or self.lines or self.pages or self.checks or self.sealing_keys)

    def as_data(self) -> dict[str, Any]:
        """As JSON: ciphertext, dates, client IDs and events. The pages are left out: the journal makes them again."""
        entries = [
            {
                "integration": integration,
                "grant": grant,
                "entry": _without_secrets(entry),
                "before": _without_secrets(self.before.get((integration, grant))),
            }
            for (integration, grant), entry in sorted(self.entries.items())
        ]
        return {
            "version": VERSION,
            "entries": entries,
            "journals": {name: list(lines) for name, lines in sorted(self.lines.items())},
            **({"checks": dict(sorted(self.checks.items()))} if self.checks else {}),
            **({"sealing_keys": dict(sorted(self.sealing_keys.items()))} if self.sealing_keys else {}),
        }

    @classmethod
    def of_data(cls, data: Any) -> Changes:
        """Reads what L(as_data) wrote. Raises L(InvalidArgument), without a word of what was given."""
        wrong = InvalidArgument("These are not the changes of a job of this collection. Nothing was written.")
        if not isinstance(data, Mapping) or data.get("version") != VERSION:
            raise wrong
        entries: dict[GrantName, Entry | None] = {}
        before: dict[GrantName, Entry | None] = {}
        try:
            for item in data["entries"]:
                name = (str(item["integration"]), str(item["grant"]))
                entries[name], before[name] = _entry(item["entry"]), _entry(item["before"])
            lines = {str(name): tuple(str(line) for line in found) for name, found in data["journals"].items()}
            checks = {str(name): str(text) for name, text in data.get("checks", {}).items()}
            keys = {
                str(name): None if text is None else str(text) for name, text in data.get("sealing_keys", {}).items()
            }
        except (KeyError, TypeError, AttributeError, ValueError):
            raise wrong from None
        if any("/" in name or name.startswith(".") or not name.endswith(".jsonl") for name in lines):
            raise wrong
        encrypted = [*checks.items(), *((name, text) for name, text in keys.items() if text is not None)]
        if not all(name and text.startswith("$ANSIBLE_VAULT;") for name, text in encrypted):
            raise wrong
        return cls(entries, lines, {}, before, checks, keys)


def find_changes(base: Snapshot, now: Snapshot) -> Changes:
    """What was written between two states of one folder."""
    was, is_ = _entries(base.credentials), _entries(now.credentials)
    names = [name for name in {**was, **is_} if was.get(name) != is_.get(name)]
    lines = {name: added_lines(base.journals.get(name, b""), content) for name, content in now.journals.items()}
    pages: dict[str, bytes | None] = {
        name: now.pages.get(name) for name in {**base.pages, **now.pages} if base.pages.get(name) != now.pages.get(name)
    }
    return Changes(
        {name: is_.get(name) for name in names},
        {name: added for name, added in lines.items() if added},
        pages,
        {name: was.get(name) for name in names},
        {name: text for name, text in _checks(now.credentials).items() if name not in _checks(base.credentials)},
        _changed_keys(_below(base.credentials, SEALING_KEYS), _below(now.credentials, SEALING_KEYS)),
    )


def merge_changes(made: Changes, base: Snapshot, theirs: Snapshot, same: SameSecret) -> Snapshot:
    """Their state with our changes in it. Raises L(MergeConflict) where credentials would be lost."""
    pages = dict(theirs.pages)
    journals = {**theirs.journals}
    for name, lines in made.lines.items():
        journals[name] = appended_lines(theirs.journals.get(name, b""), lines)
    for name, page in made.pages.items():
        if theirs.pages.get(name) != base.pages.get(name):
            continue  # the next run makes the page again from the merged journal
        if page is None:
            pages.pop(name, None)
        else:
            pages[name] = page
    if made.pages:
        # The pages about several orders are of neither side: they follow from the merged journals.
        pages = {name: page for name, page in pages.items() if name not in overview_names()}
        pages.update(merged_overview(journals))
    return Snapshot(_with_entries(made, theirs.credentials, same), journals, pages)


# The credentials.


def _entries(credentials: bytes | None) -> dict[GrantName, Entry]:
    text = VaultText.of_bytes(credentials, "the credentials") if credentials else None
    found: dict[GrantName, Entry] = {}
    for integration, grants in _items(text.find((ROOT,)) if text else None):
        for grant, values in _items(grants):
            found[(integration, grant)] = {
                key: {_VAULT: str(node.value)} if node.tag in VAULT_TAGS else str(node.value)
                for key, node in _items(values)
                if isinstance(node, yaml.ScalarNode)
            }
    return found


def _checks(credentials: bytes | None) -> dict[str, str]:
    return _below(credentials, CHECKS)


def _below(credentials: bytes | None, root: str) -> dict[str, str]:
    """The encrypted values below a name, by key."""
    text = VaultText.of_bytes(credentials, "the credentials") if credentials else None
    return {
        name: str(node.value)
        for name, node in _items(text.find((root,)) if text else None)
        if isinstance(node, yaml.ScalarNode) and node.tag in VAULT_TAGS
    }


def _changed_keys(was: Mapping[str, str], is_: Mapping[str, str]) -> dict[str, str | None]:
    """The keys that came and those that went. A key never changes: an order has one as long as it is open."""
    return {name: is_.get(name) for name in {**was, **is_} if (name in was) != (name in is_)}


def _merged_keys(made: Changes, theirs: bytes | None) -> dict[KeyPath, Leaf]:
    """What is to be done with the keys of theirs; an order that both wrote has the key of theirs, as its journal line."""
    present = _below(theirs, SEALING_KEYS)
    gone = [name for name, text in made.sealing_keys.items() if text is None and name in present]
    new = {name: text for name, text in made.sealing_keys.items() if text is not None and name not in present}
    if gone and not new and len(gone) == len(present):
        return {(SEALING_KEYS,): None}
    return {
        **{(SEALING_KEYS, name): None for name in gone},
        **{(SEALING_KEYS, name): Encrypted(text) for name, text in new.items()},
    }


def _items(node: yaml.Node | None) -> list[tuple[str, yaml.Node]]:
    return [(key.value, value) for key, value in node.value] if isinstance(node, yaml.MappingNode) else []


def _with_entries(made: Changes, theirs: bytes | None, same: SameSecret) -> bytes | None:
    present = _entries(theirs)
    leaves: dict[KeyPath, Leaf] = {}
    for name, entry in made.entries.items():
        there = present.get(name)
        wanted = _merged_entry(name, made.before.get(name), entry, there, same)
        leaves.update(_leaves(name, there or {}, wanted))
    known = _checks(theirs)
    leaves.update({check_path(name): Encrypted(text) for name, text in made.checks.items() if name not in known})
    leaves.update(_merged_keys(made, theirs))
    if not leaves:
        return theirs
    text = VaultText.of_bytes(theirs, "the credentials") if theirs else VaultText(NEW_FILE, "the credentials")
    if any(leaf is not None for leaf in leaves.values()) and text.find(VERSION_KEY) is None:
        leaves = {VERSION_KEY: Clear("1"), **leaves}  # first, as in a file that the vault's own edits made
    return rewrite(text, leaves).encode("utf-8")


def _merged_entry(
    name: GrantName, before: Entry | None, ours: Entry | None, theirs: Entry | None, same: SameSecret
) -> Entry | None:
    """What the entry of a grant becomes. What was stored since is newer than what this run knew of the grant."""
    if theirs is None or theirs == before:
        return ours
    if ours is None or _credentials(ours) == _credentials(before):
        return theirs
    if _alike(theirs, ours, same):
        kept = {key: value for key, value in theirs.items() if not key.startswith(SLOTS)}
        for prefix in SLOTS:
            slots = [_slot(entry, prefix) for entry in (before, ours, theirs)]
            kept.update(_merged_slot(name, prefix, slots, same))
        return kept
    if _credentials(theirs) == _credentials(before):
        return _dated(before, ours, theirs)
    for rotated, regenerated in ((ours, theirs), (theirs, ours)):
        if before and _is_rotated_beside(before, rotated, regenerated, same):
            return _regenerated(before, rotated, regenerated)
    return _beside(name, before, theirs, ours, same)


def _merged_slot(name: GrantName, prefix: str, slots: list[Entry], same: SameSecret) -> Entry:
    """Credentials beside the stored ones, which both sides have alike. Those that one side closed stay closed, although the
    other changed their date."""
    before, ours, theirs = slots
    if _pair(theirs, prefix) == _pair(before, prefix) and _pair(ours, prefix) != _pair(before, prefix):
        return ours
    if _pair(ours, prefix) == _pair(before, prefix) or not ours or _alike(_bare(theirs), _bare(ours), same):
        return theirs
    if not theirs:
        return ours
    raise _third(name)


def _dated(before: Entry | None, ours: Entry, theirs: Entry) -> Entry:
    """Our entry. A date that somebody changed meanwhile goes with the credentials that it is about, now the previous ones."""
    changed = before is not None and theirs.get("expires") != before.get("expires")
    if changed and ours.get(f"{PREVIOUS}client_id") == theirs.get("client_id") and "expires" in theirs:
        return {**ours, f"{PREVIOUS}expires": theirs["expires"]}
    return ours


def _is_rotated_beside(before: Entry, rotated: Entry, regenerated: Entry, same: SameSecret) -> bool:
    """Whether one side stored the credentials of a new grant, and the other one only a new secret of the grant before it."""
    former, kept = (_bare(_slot(entry, PREVIOUS)) for entry in (rotated, regenerated))
    is_new_grant = rotated.get("client_id") != before.get("client_id") == regenerated.get("client_id")
    has_more = bool(_slot(regenerated, RECEIVED)) or bool(kept and not _alike(kept, before, same))
    is_encrypted = isinstance(regenerated.get("client_secret"), dict)
    return is_new_grant and _alike(former, before, same) and is_encrypted and not has_more


def _regenerated(before: Entry, rotated: Entry, regenerated: Entry) -> Entry:
    """The entry after a rotation whose previous credentials got a new secret meanwhile: the older one may not work any more."""
    keys = [key for key in ("client_secret", "expires") if key in regenerated and regenerated[key] != before.get(key)]
    return {**rotated, **{f"{PREVIOUS}{key}": regenerated[key] for key in keys}}


def _alike(one: Entry, other: Entry, same: SameSecret) -> bool:
    """Whether both hold the same client ID and secret, which two jobs accepted."""
    if one.get("client_id") != other.get("client_id"):
        return False
    mine, yours = one.get("client_secret"), other.get("client_secret")
    if not isinstance(mine, dict) or not isinstance(yours, dict):
        return False
    return mine == yours or same(mine[_VAULT], yours[_VAULT])


def _beside(name: GrantName, before: Entry | None, theirs: Entry, ours: Entry, same: SameSecret) -> Entry:
    """Both sides stored credentials: what we brought is kept beside theirs as received, and the next run checks it."""
    brought = [
        {key: slot[key] for key in _PAIR if key in slot}
        for prefix in ("", *SLOTS)
        if (slot := _bare(_slot(ours, prefix)) if prefix else ours) and "client_secret" in slot
    ]
    there = [
        _bare(_slot(entry, prefix)) if prefix else entry or {} for entry in (before, theirs) for prefix in ("", *SLOTS)
    ]
    new = [slot for slot in brought if not any(_alike(slot, other, same) for other in there)]
    if not new:
        return theirs
    if len(new) > 1 or _slot(theirs, RECEIVED):
        raise _third(name)
    return {**theirs, **{f"{RECEIVED}{key}": value for key, value in new[0].items()}}


def _third(name: GrantName) -> MergeConflict:
    return MergeConflict(
        f"The grant {name[1]} of {name[0]} already has two client IDs and secrets in the repository, and this run stored a third one.",
        target=".".join(name),
    )


def _slot(entry: Entry | None, prefix: str) -> Entry:
    return {key: value for key, value in (entry or {}).items() if key.startswith(prefix)}


def _bare(slot: Entry) -> Entry:
    return {key.partition("_")[2]: value for key, value in slot.items()}


def _pair(entry: Entry | None, prefix: str) -> list[Any]:
    return [(entry or {}).get(f"{prefix}{key}") for key in _PAIR]


def _credentials(entry: Entry | None) -> list[Any]:
    """All that an entry holds of client IDs and secrets: the stored ones, those that were received, and the previous ones."""
    return [value for prefix in ("", *SLOTS) for value in _pair(entry, prefix)]


def _leaves(name: GrantName, there: Entry, wanted: Entry | None) -> dict[KeyPath, Leaf]:
    base = (ROOT, *name)
    if wanted is None:
        return {base: None}
    found: dict[KeyPath, Leaf] = {}
    for key in {**there, **wanted}:
        value = wanted.get(key)
        if there.get(key) != value:
            found[(*base, key)] = (
                None if value is None else Encrypted(value[_VAULT]) if isinstance(value, dict) else Clear(value)
            )
    return found


def _without_secrets(entry: Entry | None) -> Entry | None:
    """Without a secret that somebody wrote in clear into the file: it stays there, and goes nowhere else."""
    return entry and {key: value for key, value in entry.items() if isinstance(value, dict) or not _is_secret(key)}


def _is_secret(key: Any) -> bool:
    return "secret" in str(key)


def _entry(data: Any) -> Entry | None:
    if data is None:
        return None
    entry: Entry = {}
    for key, value in data.items():
        if isinstance(value, Mapping):
            text = str(value[_VAULT])
            if not text.startswith("$ANSIBLE_VAULT;"):
                raise ValueError
            entry[str(key)] = {_VAULT: text}
        elif _is_secret(key):
            raise ValueError
        else:
            entry[str(key)] = str(value)
    return entry
