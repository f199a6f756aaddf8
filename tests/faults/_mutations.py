# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Project files that are wrong in ten ways. The n-th is always the same: n is the seed of all that is random in it."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import yaml

CANARY = "zzq"
"""No page may have an element or an attribute whose name has this in it."""
SECRET = "wk_secret:oa2c:" + "zQ7xPa93LmTrV2bK8dYw"
SETTINGS: dict[str, Any] = {
    "workiva": {
        "version": 1,
        "region": "us",
        "organization_id": "d6e178fd-4dd5-47e5-9457-68dd64b03655",
        "ca_path": "ca.pem",
        "timeout": 30,
        "retries": 2,
        "administrator": {
            "owner": "workiva-admins@example.com",
            "custodian": "workiva-admins@example.com",
            "username": "workiva-automation@example.com",
            "workspace": "SEC Filing",
            "scopes": ["organization:read", "organization:write"],
            "lifetime": "365d",
        },
        "defaults": {"sign_in": "password", "owner": "finance@example.com"},
        "certificates": {"api": {"path": "certificates/workiva.pem", "mode": "0644", "warn_before": "30d"}},
    }
}
INTEGRATION: dict[str, Any] = {
    "name": "payroll-sync",
    "owner": "finance-systems@example.com",
    "purpose": "Loads the payroll totals into the 10-K support schedule",
    "user": {
        "username": "payroll-sync@example.com",
        "email": "payroll-sync@example.com",
        "given_name": "Payroll",
        "family_name": "Sync (integration)",
        "sign_in": "password",
        "custodian": "anna.k@example.com",
        "workspaces": {"SEC Filing": {"roles": ["Professional"], "groups": ["Data loaders"]}},
    },
    "grants": {
        "main": {
            "workspace": "SEC Filing",
            "scopes": ["file:read", "file:write"],
            "expires": "2027-06-30",
            "ip_allowlist": ["203.0.113.7"],
        }
    },
    "files": {"SEC Filing": {"124efa2a142f472ba1ceab34ed18915f": {"about": "Schedules", "permission": "Editor"}}},
}
FILES = ("workiva.yml", "integrations.d/payroll-sync.yml")
Place = tuple[Any, ...]


@dataclass(frozen=True)
class Mutation:
    """One wrong project: the kind of what is wrong, and the bytes of its files."""

    kind: str
    settings: bytes
    integration: bytes


def mutation(number: int) -> Mutation:
    """The n-th project."""
    chance = random.Random(number)
    kind = list(_KINDS)[number % len(_KINDS)]
    which = chance.random() < 0.4
    documents = [deepcopy(SETTINGS), deepcopy(INTEGRATION)]
    wrong = _KINDS[kind](chance, documents[not which])
    written = [yaml.safe_dump(one, sort_keys=False, allow_unicode=True).encode() for one in documents]
    written[not which] = wrong
    return Mutation(kind, written[0], written[1])


def _places(value: Any, place: Place = ()) -> list[Place]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([place] if place else []), *(found for key, item in items for found in _places(item, (*place, key)))]


def _put(document: Any, place: Place, change: Callable[[Any], Any]) -> None:
    for key in place[:-1]:
        document = document[key]
    document[place[-1]] = change(document[place[-1]])


def _changed(chance: random.Random, document: Any, change: Callable[[Any], Any], *, scalars: bool = False) -> bytes:
    """The document with one value, or sometimes three, changed."""
    for _time in range(chance.choice((1, 1, 3))):
        places = _places(document)
        if scalars:
            places = [place for place in places if isinstance(_at(document, place), str)]
        _put(document, chance.choice(places), change)
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=chance.random() < 0.5).encode(
        "utf-8", "surrogatepass"
    )


def _at(document: Any, place: Place) -> Any:
    for key in place:
        document = document[key]
    return document


def _types(chance: random.Random, document: Any) -> bytes:
    values = (
        None,
        [],
        {},
        "",
        " ",
        0,
        -1,
        True,
        False,
        1.5,
        float("inf"),
        float("nan"),
        [None],
        {"a": {}},
        [[]],
        "null",
        {"": ""},
    )
    return _changed(chance, document, lambda _old: deepcopy(chance.choice(values)))


def _nesting(chance: random.Random, document: Any) -> bytes:
    depth = chance.choice((2, 40, 60, 400, 5000))
    opening, closing = chance.choice((("[", "]"), ("{a: ", "}")))
    place = chance.choice(_places(document))
    _put(document, place, lambda _old: CANARY)
    text = yaml.safe_dump(document, sort_keys=False)
    return text.replace(CANARY, opening * depth + "1" + closing * depth, 1).encode()


def _aliases(chance: random.Random, document: Any) -> bytes:
    text = yaml.safe_dump(document, sort_keys=False)
    width, depth = chance.choice(((9, 9), (2, 30), (100, 3), (3, 3)))
    lines = [f"a0: &a0 [{', '.join(['x'] * width)}]"]
    lines += [f"a{one}: &a{one} [{', '.join([f'*a{one - 1}'] * width)}]" for one in range(1, depth)]
    bomb = "\n".join(lines) + "\n"
    forms = (
        bomb + text,
        text + bomb,
        text + "self: &self [*self]\n",
        text + "m: &m {<<: *m, a: 1}\n",
        text + "x: *unknown\n",
        text.replace("name:", "name: &name", 1) + "y: {*name : 1}\n",
        text + "z: &z\n  <<: [&p {a: 1}, *p, *p]\n",
    )
    return chance.choice(forms).encode()


def _numbers(chance: random.Random, document: Any) -> bytes:
    words = (
        "0o777",
        "0x7fffffffffffffff",
        "1e999",
        "-.inf",
        ".nan",
        "190:20:30",
        "1_000",
        "-0",
        "9" * 5000,
        "0b1",
        "1e-999",
        "٣",
        "1.",
        "+1",
        "2027-02-30",
        "0000-00-00",
        "365d365d",
        "99999999d",
        "-1d",
        "1d" * 400,
    )
    place = chance.choice(_places(document))
    _put(document, place, lambda _old: CANARY)
    return yaml.safe_dump(document, sort_keys=False).replace(CANARY, chance.choice(words), 1).encode()


def _encodings(chance: random.Random, document: Any) -> bytes:
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    content = bytearray(text.encode())
    way = chance.randrange(6)
    if way == 0:
        return text.encode(chance.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig")))
    if way == 1:
        return content + "ü€".encode("latin-1", "replace") + b"\n"
    for _time in range(chance.choice((1, 5, 200))):
        if way in (2, 3):
            content[chance.randrange(len(content))] = chance.randrange(256)
        elif way == 4:
            content.insert(chance.randrange(len(content)), chance.choice((0x00, 0xC0, 0xFF, 0xFE, 0x85, 0x0C)))
        else:
            del content[chance.randrange(len(content))]
    return bytes(content)


def _jinja(chance: random.Random, document: Any) -> bytes:
    texts = (
        "{{ lookup('ansible.builtin.pipe', 'touch CANARY') }}",
        "{{ undefined_variable }}",
        "{% for one in range(10) %}{{ one }}{% endfor %}",
        "{{ '{{ undefined_variable }}' }}",
        "{# nothing #}",
        "{{",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% include '/etc/passwd' %}",
        "{{ lookup('ansible.builtin.file', '/etc/hostname') }}",
        "{{ omit }}",
        "{{ [1, 2] }}",
        "${7*7}",
        "#{7*7}",
    )
    return _changed(
        chance,
        document,
        lambda old: chance.choice((texts[0], f"{old} {chance.choice(texts)}", chance.choice(texts))),
        scalars=True,
    )


def _paths(chance: random.Random, document: Any) -> bytes:
    texts = (
        "../../../../tmp/zzq",
        "/etc/passwd",
        "/dev/zero",
        "/proc/self/mem",
        "~root/zzq",
        "a/" * 3000 + "b",
        "x\0y",
        ".",
        "..",
        "",
        "con:",
        "//host/share",
        "file:///etc/passwd",
        "a\nb",
        "%2e%2e/zzq",
        "-rf",
        "$(touch zzq)",
        "`touch zzq`",
        "payroll-sync/../../zzq",
    )
    return _changed(chance, document, lambda _old: chance.choice(texts), scalars=True)


def _html(chance: random.Random, document: Any) -> bytes:
    texts = (
        "<zzq>",
        '"><zzq onzzq=1>',
        "'><zzq onzzq=1 x='",
        "</script><zzq>",
        "</title><zzq>",
        "</textarea></pre><zzq>",
        "<script>zzq()</script>",
        "<img src=x onzzq=alert(1)>",
        "javascript:zzq()",
        "<!-- <zzq> -->",
        "<![CDATA[<zzq>]]>",
        "&lt;zzq&gt;",
        "&#60;zzq&#62;",
        "`</code><zzq>`",
        "[x](javascript:zzq())",
        "![x](https://zzq.example/x)",
        "a | b | <zzq>",
        "```\n<zzq>\n```",
        "\\<zzq>",
        "<zzq\n>",
    )
    return _changed(
        chance,
        document,
        lambda old: chance.choice((chance.choice(texts), f"{old}{chance.choice(texts)}")),
        scalars=True,
    )


def _controls(chance: random.Random, document: Any) -> bytes:
    texts = (
        "\x1b[31mred\x1b[0m",
        "a\x07b",
        "a\rb",
        "a\nb",
        "a\tb",
        "\u202eabc",
        "a\u200bb",
        "\ufeff",
        "\u2028",
        "a\x85b",
        "\x00",
        "\ud800",
        "e\u0301" * 300,
        "\U000e0041",
        "\u0130",
        "ß" * 2000,
    )
    return _changed(
        chance,
        document,
        lambda old: chance.choice((chance.choice(texts), f"{old}{chance.choice(texts)}")),
        scalars=True,
    )


def _keys(chance: random.Random, document: Any) -> bytes:
    """Keys that are misspelt, odd or there twice."""
    text = yaml.safe_dump(document, sort_keys=False)
    lines = text.splitlines()
    at = chance.randrange(len(lines))
    line = lines[at]
    indent = line[: len(line) - len(line.lstrip())]
    forms = (
        line,
        line.replace(":", "x:", 1),
        f"{indent}? [a, b]\n{indent}: 1",
        f"{indent}<zzq>: 1",
        f"{indent}'{{{{ x }}}}': 1",
        f"{indent}!!python/object/apply:os.system ['touch zzq']: 1",
        f"{indent}null: 1",
        f"{indent}'': 1",
        f'{indent}"\\x1b[2J": 1',
        f"{indent}x: !!python/object/apply:os.system ['touch zzq']",
        line[1:],
        f" {line}",
        "",
        "---",
        "...",
        "%YAML 9.9",
        "- 1",
        "'",
        '"',
    )
    lines.insert(at + chance.randrange(2), chance.choice(forms))
    if chance.random() < 0.3:
        del lines[chance.randrange(len(lines))]
    return ("\n".join(lines) + "\n").encode()


def _secrets(chance: random.Random, document: Any) -> bytes:
    """A secret in the wrong place, which no message may show."""
    forms = (
        SECRET,
        f"x {SECRET}",
        f"https://user:{SECRET}@proxy.example:8080",
        [SECRET],
        {SECRET: 1},
        f"{SECRET}\n",
        f"$ANSIBLE_VAULT;1.1;AES256\n{'61' * 40}",
    )
    return _changed(chance, document, lambda _old: deepcopy(chance.choice(forms)))


_KINDS: dict[str, Callable[[random.Random, Any], bytes]] = {
    "types": _types,
    "nesting": _nesting,
    "aliases": _aliases,
    "numbers": _numbers,
    "encodings": _encodings,
    "Jinja": _jinja,
    "paths": _paths,
    "HTML": _html,
    "control characters": _controls,
    "keys": _keys,
    "secrets": _secrets,
}
