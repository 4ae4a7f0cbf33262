"""`python -m deploy.demo` fills a fresh installation; `python -m deploy.demo later` sends some more while one looks."""

import asyncio
import os
import sys
import time
from contextlib import closing
from typing import Any

from deploy.demo.client import Api
from deploy.demo.company import make_company
from deploy.demo.live import AT_ONCE, LATER, begin_the_day, send
from deploy.demo.people import CHANNELS, COLLEAGUES, ROLES
from deploy.demo.replay import Expected, tell

_STORED_WITHIN_S = 10.0


def _public_url() -> str:
    return os.environ.get("VORONKA_PUBLIC_URL", "http://127.0.0.1:8000")


def _channels(api: Api) -> dict[str, Any]:
    """Return the demo's channels by their demo keys."""
    by_name = {item["name"]: item for item in api.get("/channels", limit=200)["items"]}
    return {way.key: by_name[way.name] for way in CHANNELS if way.name in by_name}


def main(arguments: list[str]) -> int:
    """Fill the installation, or send more; 0 when it is done."""
    password = os.environ["VORONKA_ADMIN_PASSWORD"]
    api = Api(_public_url(), "admin", password)
    with closing(api):
        return _do(arguments, api, password)


def _do(arguments: list[str], api: Api, password: str) -> int:
    if arguments == ["later"]:
        send(_channels(api), LATER, pause=True, seed=2)
        return 0
    if _channels(api):
        print("the demo company is here already")
        return 0
    channels = make_company(api, password)
    told = 0
    if database_url := os.environ.get("LEADS_DATABASE_URL"):
        expected = Expected(len(CHANNELS), len(COLLEAGUES), len(ROLES), 1)
        told = asyncio.run(tell(database_url, channels, expected))
    sent = send(channels, AT_ONCE, pause=False, seed=1)
    until = time.monotonic() + _STORED_WITHIN_S
    while api.get("/leads/count", status="new")["count"] < sent // 2 and time.monotonic() < until:
        time.sleep(0.2)
    begin_the_day(lambda login: Api(_public_url(), login, password))
    print(
        f"demo company: {len(COLLEAGUES)} people, {len(channels)} channels, {told} inquiries of the past, {sent} new"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
