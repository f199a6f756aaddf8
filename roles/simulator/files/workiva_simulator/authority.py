# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's own certificate authority, and its certificate for the real host names."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trustme import Blob

REGIONS = {"us": "app", "eu": "eu", "apac": "apac"}
HOSTS = [f"{prefix}{place}.wdesk.com" for place in REGIONS.values() for prefix in ("api.", "", "h.")]
NAME = "Workiva simulator CA (not Workiva)"
# How many days a server certificate lives.
LIFETIME = 390


def issue(directory: Path) -> tuple[Path, Path, Path]:
    """The files of the authority's certificate, the server's certificate and its key; made once per directory."""
    ca_path, certificate_path, key_path = directory / "ca.pem", directory / "server.pem", directory / "server.key"
    if not (ca_path.exists() and certificate_path.exists() and key_path.exists()):
        # The import takes half the time of a command, and most commands issue no certificate.
        from trustme import CA

        authority = CA(path_length=0, organization_name=NAME, organization_unit_name=NAME)
        _write_key(directory / "ca.key", authority.private_key_pem)
        authority.cert_pem.write_to_path(ca_path)
        _write_server(directory, "server", LIFETIME)
    return ca_path, certificate_path, key_path


def announce(directory: Path, lifetime: int = LIFETIME) -> Path:
    """Issues the next certificate, as the vendor does before its notice goes out; it lives so many days.

    The server goes on to show the present one. Returns the file that the notice would carry.
    """
    return _write_server(directory, "next", lifetime)


def change_over(directory: Path) -> None:
    """Makes the announced certificate the server's own, or one that nobody announced; a running server must read it again (SIGHUP)."""
    if not (directory / "next.pem").exists():
        announce(directory)
    for kind in ("key", "pem"):
        (directory / f"next.{kind}").replace(directory / f"server.{kind}")


def _write_server(directory: Path, name: str, lifetime: int) -> Path:
    """A certificate for the real host names and its key, as NAME.pem and NAME.key. Raises RuntimeError."""
    key_of_authority = directory / "ca.key"
    if not key_of_authority.exists():
        raise RuntimeError(f"the authority of {directory} has no key to sign with; use a new directory")
    from trustme import CA

    authority = CA.from_pem((directory / "ca.pem").read_bytes(), key_of_authority.read_bytes())
    start = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
    issued = authority.issue_cert(
        *(*HOSTS, "localhost", "127.0.0.1"),
        common_name=HOSTS[0],
        organization_name="Workiva simulator",
        organization_unit_name="server",
        not_before=start,
        not_after=start + datetime.timedelta(days=lifetime),
    )
    _write_key(directory / f"{name}.key", issued.private_key_pem)
    path = directory / f"{name}.pem"
    issued.cert_chain_pems[0].write_to_path(path)
    return path


def _write_key(path: Path, key: Blob) -> None:
    path.touch(mode=0o600)
    key.write_to_path(path)
