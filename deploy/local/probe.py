"""Asking a unit whether it is ready, with nothing but the standard library."""

import asyncio

from deploy.local.ports import LOOPBACK

_WITHIN_S = 3.0


async def ready(port: int) -> None:
    """Return when `/readyz` answers 200; ConnectionError, OSError or TimeoutError otherwise."""
    async with asyncio.timeout(_WITHIN_S):
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        try:
            writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            status = (await reader.readline()).split()
        finally:
            writer.close()
    if status[1:2] != [b"200"]:
        raise ConnectionError(f"port {port} is not ready")
