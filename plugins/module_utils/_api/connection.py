# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""Where an organization is and who asks: the connection options as one checked value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ansible_collections.integrations.workiva.plugins.module_utils._errors import InvalidArgument
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import (
    register_password_of,
    register_secret,
)

# Contract, servers.
API_URLS = {
    "us": "https://api.app.wdesk.com",
    "eu": "https://api.eu.wdesk.com",
    "apac": "https://api.apac.wdesk.com",
}
# Contract, components.securitySchemes: tokenUrl. It answers without a version header too.
TOKEN_PATH = "/iam/v1/oauth2/token"  # noqa: S105 - a path
# Contract, paths: tokenRequest. Which of the two an organization keeps is not published.
OTHER_TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path


@dataclass(frozen=True)
class Connection:
    """Where the organization is and who asks. Raises L(InvalidArgument) before anything is sent."""

    api_url: str
    token_endpoint: str
    organization_id: str | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    ca_path: str | None = None
    proxy: str | None = field(default=None, repr=False)
    timeout: float = 60.0
    retries: int = 5
    connect_to: tuple[str, ...] = ()
    token_cache: str | None = None

    def __post_init__(self) -> None:
        register_secret(self.client_secret)
        register_secret(self.access_token)
        register_password_of(self.proxy)

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, Any], token_cache: str | None = None) -> Connection:
        """Reads the connection options that every task of the collection shares."""
        url = arguments.get("api_url") or API_URLS.get(arguments.get("region") or "")
        if not url:
            raise InvalidArgument(
                "Set region (us, eu, apac) or api_url. One of them is required to find the organization."
            )
        endpoint = arguments.get("token_endpoint")
        proxy = split_address(arguments.get("proxy") or "http://none")
        if proxy is None or not (proxy.scheme and proxy.hostname):
            raise InvalidArgument("proxy must be an address such as http://proxy.example.com:3128.")
        api_url = _https_address("api_url", url)
        return cls(
            api_url=api_url,
            token_endpoint=_https_address("token_endpoint", endpoint) if endpoint else api_url + TOKEN_PATH,
            organization_id=arguments.get("organization_id"),
            client_id=arguments.get("client_id"),
            client_secret=arguments.get("client_secret"),
            access_token=arguments.get("access_token"),
            ca_path=arguments.get("ca_path"),
            proxy=arguments.get("proxy") or None,
            timeout=arguments.get("timeout") or cls.timeout,
            retries=cls.retries if arguments.get("retries") is None else arguments["retries"],
            connect_to=tuple(arguments.get("connect_to") or ()),
            token_cache=token_cache,
        )


def _https_address(option: str, url: str) -> str:
    """The address in its shortest form. Raises L(InvalidArgument) for one that a credential must not be sent to."""
    parts = split_address(url)
    if parts and (parts.username or parts.password):
        raise InvalidArgument(f"{option} must not hold a user or a password.")
    if parts is None or parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise InvalidArgument(
            f"{option} must be an https:// address without a query, because every request carries a credential: {safe_text(url)}"
        )
    return f"https://{parts.netloc}{parts.path.rstrip('/')}"


def split_address(url: str) -> SplitResult | None:
    """The parts of an address, or None where its host or port is malformed."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return None
    return parts
