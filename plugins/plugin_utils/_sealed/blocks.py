# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Opens the sealed blocks of a run: from a variable, an AWX survey, or files in C(work-orders), for the grants of a task.

All blocks are opened before the first is accepted, as all entries of C(workiva_handed_over) are read. An opened block is such an
entry: all checks of a handover follow, since sealing proves nobody's identity.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import register_credentials
from ansible_collections.integrations.workiva.plugins.plugin_utils._atomic_file import check_folder, read_file
from ansible_collections.integrations.workiva.plugins.plugin_utils._journal import Journal
from ansible_collections.integrations.workiva.plugins.plugin_utils._sealed.jwe import (
    Block,
    PublicKey,
    UnsealError,
    find_blocks,
    open_block,
)
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.entries import SEALING_KEYS
from ansible_collections.integrations.workiva.plugins.plugin_utils._vault.file import VaultDocument, VaultEntryError

SUFFIX = ".sealed"
# What a block is bound to: what an order asks for, and the key. Who asks, and the words of its page, may change under its number.
_BOUND = (
    *("workspace", "username", "client_name", "client_id", "client_type", "scopes", "expires", "ip_allowlist"),
    "sealing_key",
)
_LEAKED = (
    "Its page was changed by somebody: treat the client secret as leaked. Regenerate it in Workiva, and find out where the page "
    "came from."
)


@dataclass(frozen=True)
class Source:
    """A text that may hold blocks: what messages call it, and its file where it has one."""

    name: str
    text: str = field(repr=False)
    path: str | None = None


@dataclass(frozen=True)
class Opened:
    """An opened block; the repr shows no credential."""

    number: str
    integration: str
    grant: str
    content: Mapping[str, Any] = field(repr=False)

    @property
    def key(self) -> tuple[str, str]:
        """The client ID and secret."""
        return str(self.content["client_id"]), str(self.content["client_secret"])

    def as_entry(self) -> dict[str, Any]:
        """As an entry of C(workiva_handed_over)."""
        return {"integration": self.integration, "grant": self.grant, **self.content}


@dataclass(frozen=True)
class _Order:
    grant: str
    kind: str
    fields: Mapping[str, Any]
    end: str | None


def bound_fingerprint(number: str, kind: str, fields: Mapping[str, Any]) -> str:
    """The 256 bits that bind a block to what its work order asks for."""
    bound = {name: fields.get(name) for name in _BOUND}
    canonical = json.dumps([number, kind, bound], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def sealed_files(folder: str) -> list[str]:
    """The files with blocks in the folder of work orders, by name."""
    names = sorted(os.listdir(folder)) if check_folder(folder) else []
    return [os.path.join(folder, name) for name in names if name.endswith(SUFFIX) and not name.startswith(".")]


def sources_of(given: Any, folder: str) -> list[Source]:
    """The texts of an option, which is a text or a list of texts, and of the files in the folder of work orders."""
    texts = given if isinstance(given, (list, tuple)) else [given]
    flat = [part for text in texts for part in (text if isinstance(text, (list, tuple)) else [text])]
    found = [Source("workiva_sealed", str(text)) for text in flat if text is not None and str(text).strip()]
    for path in sealed_files(folder):
        content = read_file(path) or b""
        found.append(Source(os.path.join(os.path.basename(folder), os.path.basename(path)), _text(content), path))
    return found


def open_all(
    sources: Collection[Source],
    journal: str,
    subjects: Collection[tuple[str, str]],
    vault: VaultDocument,
) -> tuple[list[Opened], list[str]]:
    """The opened blocks for the grants C(subjects), and notes on those that were accepted before.

    C(journal) is the folder of the journals. Raises L(InvalidArgument) with all that is wrong; nothing was accepted then.
    """
    opened: list[Opened] = []
    notes: list[str] = []
    problems: list[str] = []
    for source in sources:
        try:
            for block in find_blocks(source.text):
                order = _find_order(journal, block.order)
                if order and (block.order.split(".")[0], order.grant) not in subjects:
                    continue
                if order and order.end == "closed" and _is_bound(block, order):
                    notes.append(
                        f"{source.name}: the work order {block.order} is closed, so that its block was accepted before or is not "
                        "needed. Nothing was done with it."
                    )
                    continue
                opened.append(_open(block, order, vault))
        except (UnsealError, VaultEntryError) as error:
            problems.append(f"{source.name}: {error}")
    seen = [(one.integration, one.grant) for one in opened]
    problems += [
        f"Two blocks are for the grant {grant} of {integration}. Keep the one that was sealed last."
        for integration, grant in dict.fromkeys(seen)
        if seen.count((integration, grant)) > 1
    ]
    if problems:
        raise InvalidArgument(f"{' '.join(problems)} Nothing was accepted.")
    return opened, notes


def finished_files(sources: Iterable[Source], journal: str, kept: Collection[str]) -> list[str]:
    """The files of which no block is needed any more: each is for an order whose credentials are in the vault now (C(kept), by
    number), or for one that is closed, whose key is gone. A run that was killed before it removed a file is completed so."""
    found = []
    for source in sources:
        if source.path and all(_is_finished(block, journal, kept) for block in find_blocks(source.text)):
            found.append(source.path)
    return found


def _is_finished(block: Block, journal: str, kept: Collection[str]) -> bool:
    order = _find_order(journal, block.order)
    return block.order in kept or bool(order and order.end == "closed" and _is_bound(block, order))


def _open(block: Block, order: _Order | None, vault: VaultDocument) -> Opened:
    number = block.order
    if order is None:
        raise UnsealError(f"The block is for the work order {number}, which this project did not write. {_LEAKED}")
    if order.end:
        raise UnsealError(
            f"The block is for the work order {number}, which was {order.end}: its key is removed, and nobody can open the block. "
            "Let the custodian use the page of the present order, and regenerate the secret."
        )
    key = order.fields.get("sealing_key") or {}
    if block.kid != key.get("kid"):
        raise UnsealError(f"The block is sealed to another key than that of the work order {number}. {_LEAKED}")
    if not _is_bound(block, order):
        raise UnsealError(
            f"The block is for another version of the work order {number}. Let the custodian seal again on its present page."
        )
    private = vault.secret((SEALING_KEYS, number))
    if private is None:
        raise UnsealError(
            f"The key of the work order {number} is not in the vault file (below {SEALING_KEYS}). Restore the file from version "
            "control, or hand over another way."
        )
    try:
        content = open_block(block, private)
    except UnsealError as error:
        fingerprint = PublicKey(str(key["x"]), str(key["y"])).fingerprint
        raise UnsealError(
            f"{error} Let the custodian seal again on the page of the work order {number}. If the key's fingerprint there is not "
            f"{fingerprint}, the page was changed by somebody: treat the client secret as leaked."
        ) from None
    register_credentials(str(content["client_id"]), str(content["client_secret"]))
    return Opened(number, number.split(".")[0], order.grant, content)


def _is_bound(block: Block, order: _Order) -> bool:
    return block.fingerprint == bound_fingerprint(block.order, order.kind, order.fields)


def _find_order(journal: str, number: str) -> _Order | None:
    """A work order as the journal has it, and how it ended."""
    found: _Order | None = None
    for event in Journal(journal, number.split(".")[0]).events():
        if event.get("order") != number:
            continue
        if event["event"] == "ordered":
            found = _Order(event["grant"], event["kind"], event["fields"], None)
        elif found and event["event"] == "reworded":
            found = _Order(found.grant, found.kind, event["fields"], found.end)
        elif found and event["event"] in ("closed", "withdrawn"):
            found = _Order(found.grant, found.kind, found.fields, event["event"])
    return found


def _text(content: bytes) -> str:
    # Editors of Windows save UTF-16 with a mark.
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return content.decode(encoding, "replace")
