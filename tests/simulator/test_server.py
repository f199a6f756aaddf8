# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The server's sockets."""

from __future__ import annotations

import asyncio
import socket

from workiva_simulator.server import listen


def test_accepted_connections_send_without_delay() -> None:
    options: list[int] = []

    async def accept_one() -> None:
        seen = asyncio.Event()

        def accepted(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection: socket.socket = writer.get_extra_info("socket")
            options.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()
            seen.set()

        listening = listen(0)
        async with await asyncio.start_server(accepted, sock=listening):
            _reader, writer = await asyncio.open_connection(*listening.getsockname())
            await seen.wait()
            writer.close()

    asyncio.run(accept_one())
    assert options
    assert options[0] != 0
