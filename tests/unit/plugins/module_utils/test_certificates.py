# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a copy shall hold: the laws of the plan, and what is read and reported of certificates."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.integrations.workiva.plugins.module_utils._certificates import file as _certificate_file
from ansible_collections.integrations.workiva.plugins.module_utils._certificates.certificate import (
    CONTENTS,
    Certificate,
    Copy,
    of_der,
    plan,
    read_allowed,
    read_announced,
    read_copy,
    render,
    select,
)
from ansible_collections.integrations.workiva.plugins.module_utils._certificates.file import CopyTrouble, Rights
from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from tests.tls import Pair, authority, issued, now


def read(pair: Pair) -> Certificate:
    return of_der(pair.certificate.public_bytes(serialization.Encoding.DER))


ROOT = authority()
BETWEEN = ROOT.issue("An issuer between", authority=True)
OTHER = authority("Another authority")
LEAVES = [read(BETWEEN.issue(end=end)) for end in (20, 200, 400)] + [read(OTHER.issue(end=300))]
ABOVE = (read(BETWEEN), read(ROOT))
FOREIGN = read(OTHER)

stored_copies = st.none() | st.builds(
    Copy, st.lists(st.sampled_from([*LEAVES, *ABOVE, FOREIGN]), max_size=4, unique=True).map(tuple), st.booleans()
)
plans = {
    "stored": stored_copies,
    "leaf": st.sampled_from(LEAVES),
    "announced": st.none() | st.sampled_from(LEAVES),
    "content": st.sampled_from(CONTENTS),
    "days": st.integers(0, 500),
}


def planned(stored: Copy | None, leaf: Certificate, announced: Certificate | None, content: str, days: int) -> Any:
    coming: tuple[Certificate, ...] = (announced,) if announced else ()
    if content != "leaf":
        coming = (*coming, FOREIGN) if announced else ()
    return plan(stored, (leaf, *ABOVE), coming, content, now(), days)


@given(**plans)
def test_a_second_run_changes_nothing(**arguments: Any) -> None:
    first = planned(**arguments)
    again = planned(**{**arguments, "stored": read_copy(render(first.wanted))})
    assert (again.wanted, again.differences) == (first.wanted, ())
    assert not {one.finding for one in again.findings} & {"missing", "changed", "differs"}


@given(**plans)
def test_differences_are_listed_exactly_where_there_are_some(**arguments: Any) -> None:
    found = planned(**arguments)
    stored = arguments["stored"]
    same = stored is not None and stored.certificates == found.wanted and not stored.damaged
    assert bool(found.differences) == (not same)
    assert not any("BEGIN" in text for text in found.differences)


@given(**plans)
def test_the_announced_one_is_kept_until_it_is_shown(**arguments: Any) -> None:
    found = planned(**arguments)
    present = select((arguments["leaf"], *ABOVE), arguments["content"])
    assert found.wanted[: len(present)] == present
    shown = arguments["announced"] == arguments["leaf"]
    if arguments["announced"] is None or (shown and arguments["content"] != "issuers"):
        assert found.wanted == present
    else:
        assert found.announcement == "waiting"
        assert len(found.wanted) > len(present)


@given(**plans)
def test_whatever_the_copy_held_the_wish_is_the_same(**arguments: Any) -> None:
    assert planned(**arguments).wanted == planned(**{**arguments, "stored": None}).wanted


@given(st.binary(min_size=32, max_size=32), st.booleans(), st.booleans())
def test_fingerprints_in_every_spelling(raw: bytes, upper: bool, colons: bool) -> None:
    text = raw.hex().upper() if upper else raw.hex()
    text = ":".join(re.findall("..", text)) if colons else text
    for spelled in (text, f"SHA256:{text}", f" {text} ", "sha256//" + base64.b64encode(raw).decode()):
        assert read_allowed([spelled], "trusted_fingerprints") == {raw.hex()}


@pytest.mark.parametrize("wrong", ["", "abc", "gg" * 32, "ab" * 20, "sha256//AAAA"])
def test_what_is_no_fingerprint(wrong: str) -> None:
    with pytest.raises(InvalidArgument, match="trusted_public_key_fingerprints accepts SHA-256"):
        read_allowed([wrong], "trusted_public_key_fingerprints")


def test_reading_a_copy() -> None:
    whole = render([LEAVES[0], *ABOVE])
    assert read_copy(whole) == Copy((LEAVES[0], *ABOVE))
    # Comments and other line ends say nothing.
    assert read_copy(b"# a comment\r\n" + whole.replace(b"\n", b"\r\n")) == Copy((LEAVES[0], *ABOVE))
    assert read_copy(b"") == Copy((), damaged=True)
    assert read_copy(whole[:-30]) == Copy((LEAVES[0], ABOVE[0]), damaged=True)
    for text in (b"anything", whole + b"-----BEGIN RSA PRIVATE KEY-----\n"):
        with pytest.raises(InvalidArgument):
            read_copy(text)


def test_what_a_notice_must_hold() -> None:
    assert read_announced(LEAVES[0].pem) == (LEAVES[0],)
    for text in ("", "nothing", LEAVES[0].pem[:100]):
        with pytest.raises(InvalidArgument, match="upcoming must be"):
            read_announced(text)
    for content, coming, said in (("leaf", ABOVE, "no server certificate"), ("issuers", LEAVES[:1], "no issuer")):
        with pytest.raises(InvalidArgument, match=said):
            plan(None, (LEAVES[1], *ABOVE), coming, content, now(), 30)


def test_weak_and_strong_keys() -> None:
    assert [read(issued(bits=bits)).weak for bits in (1024, 2048)] == [True, False]
    assert read(issued()).public_key_type == "EC secp256r1"


def test_serial_number_is_written_in_hexadecimal_bytes() -> None:
    own = issued()
    text = read(own).as_result(now())["serial_number"]
    assert re.fullmatch("[0-9A-F]{2}(:[0-9A-F]{2})*", text)
    assert int(text.replace(":", ""), 16) == own.certificate.serial_number


def test_when_an_announced_one_is_overdue() -> None:
    def found(own: Certificate, coming: Pair, days: int = 30) -> list[str]:
        return [one.finding for one in plan(None, (own, *ABOVE), (read(coming),), "leaf", now(), days).findings]

    fresh, long_valid = BETWEEN.issue(start=-5, end=500), BETWEEN.issue(start=-40, end=500)
    assert found(LEAVES[1], fresh) == ["missing"]
    assert found(LEAVES[1], long_valid) == ["missing", "overdue"]
    assert found(LEAVES[0], fresh) == ["missing", "overdue", "expiring"]
    assert found(LEAVES[0], fresh, days=5) == ["missing"]


def test_days_left() -> None:
    one = LEAVES[0]
    assert one.days_left(one.not_after) == 0
    assert one.days_left(one.not_after + timedelta(seconds=1)) == -1
    assert one.days_left(one.not_after - timedelta(days=2)) == 2


# The file.


def test_a_fault_leaves_the_old_or_the_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "copy.pem"
    path.write_bytes(b"old")
    for step in ("os.fsync", "os.replace", "os.fchmod"):
        with monkeypatch.context() as patch:

            def fail(*_arguments: Any, **_options: Any) -> None:
                raise OSError(28, "No space left on device")

            patch.setattr(f"{_certificate_file.__name__}.{step}", fail)
            with pytest.raises(CopyTrouble, match=r"No space left on device. It was not changed"):
                _certificate_file.replace(str(path), b"new", Rights(0o600))
        assert path.read_bytes() == b"old"
        assert [one.name for one in tmp_path.iterdir()] == ["copy.pem"]
    _certificate_file.replace(str(path), b"new", Rights(0o600))
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("there", [True, False])
def test_the_selinux_context_is_set_before_the_file_appears(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    import sys
    import types

    path = tmp_path / "copy.pem"
    if there:
        path.write_bytes(b"old")
    calls: list[tuple[Any, ...]] = []

    class Library(types.ModuleType):
        """Stands in for libselinux, which answers on a machine with SELinux only."""

        def is_selinux_enabled(self) -> int:
            return 1

        def lgetfilecon_raw(self, name: str) -> list[Any]:
            return [0, f"context of {name}"]

        def matchpathcon(self, name: str, mode: int) -> list[Any]:
            return [0, f"default of {name} {mode:o}"]

        def lsetfilecon(self, name: str, context: str) -> int:
            calls.append((Path(name).read_bytes(), context, path.exists() and path.read_bytes()))
            return 0

    library = Library("selinux")
    from ansible.module_utils import compat

    monkeypatch.setitem(sys.modules, "ansible.module_utils.compat.selinux", library)
    monkeypatch.setattr(compat, "selinux", library, raising=False)
    _certificate_file.replace(str(path), b"new", Rights(0o640))
    context = f"context of {path}" if there else f"default of {path} 100640"
    assert calls == [(b"new", context, b"old" if there else False)]
