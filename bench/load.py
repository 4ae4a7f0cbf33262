"""Posting forms as fast as they are accepted, from some keep-alive connections.

`python -m bench.load <url> <seconds> <connections> <seed>` prints what came of it as one line of JSON.
"""

import asyncio
import json
import sys
from urllib.parse import urlsplit

import uvloop

from bench.backlog import phones, spelled

_CONTACTS = 100_000
_PREPARED = 200_000
_ACCEPTED = b" 202"


def bodies(seed: int) -> list[bytes]:
    """Return the posts of a run: the same people as in a backlog."""
    found = []
    for number, phone in enumerate(phones(_PREPARED, contacts=_CONTACTS, seed=seed)):
        post = {
            "name": f"Клиент {phone % 100_000}",
            "phone": spelled(phone, number),
            "comment": "Нужен расчёт кровли: дом 9×11, металлочерепица, доставка в Токсово",
            "utm_source": "yandex",
            "page": "https://site.example/raschet",
        }
        found.append(json.dumps(post, ensure_ascii=False).encode())
    return found


async def post(url: str, seconds: float, connections: int, seed: int) -> dict[str, float]:
    """Post for some seconds; return how many were accepted, how many not, and the latencies in ms."""
    place = urlsplit(url)
    waiting = iter(bodies(seed))
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    latencies: list[float] = []
    refused = 0

    async def work() -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        head = f"POST {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json\r\nContent-Length: "
        for body in waiting:
            if loop.time() >= until:
                break
            started = loop.time()
            writer.write(f"{head}{len(body)}\r\n\r\n".encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            length = int(answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
            if _ACCEPTED in answer[:16]:
                latencies.append(loop.time() - started)
            else:
                refused += 1
        writer.close()

    started = loop.time()
    await asyncio.gather(*(work() for _ in range(connections)))
    took = loop.time() - started
    latencies.sort()
    p99 = 1000 * latencies[int(len(latencies) * 0.99)] if latencies else 0.0
    return {"accepted": len(latencies), "refused": refused, "seconds": took, "p99_ms": p99}


if __name__ == "__main__":
    result = uvloop.run(post(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
    sys.stdout.write(json.dumps(result) + "\n")
