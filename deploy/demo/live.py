"""Inquiries through the real hooks, as site visitors send them, and the first work of the day with them."""

import random
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import httpx2

from deploy.demo.client import Api
from deploy.demo.history import person
from deploy.demo.wishes import Wishes

AT_ONCE = 24
LATER = 16
_KNOWN = 0.2
_PAUSE_S = (6.0, 24.0)
_WAYS = ("site", "site", "site", "roof", "offer")
_EARLY = {"lanskoy": 3, "rogova": 2, "belova": 1}


def _post(http: httpx2.Client, hook_url: str, way: str, chance: random.Random, wishes: Wishes) -> None:
    name, phone, email = person(way, chance, known=_KNOWN)
    text = wishes.next(way, phone)
    if way == "roof":
        form = {
            "Name": name,
            "Phone": phone,
            "Comments": text,
            "formid": "form7",
            "tranid": f"{chance.random()}",
        }
        http.post(hook_url, data=form).raise_for_status()
        return
    body = {
        "name": name,
        "phone": f"8 ({phone[2:5]}) {phone[5:8]}-{phone[8:10]}-{phone[10:]}",
        "email": email,
        "comment": text,
        "page": "https://krovikamen.example/raschet?utm_source=yandex&utm_medium=cpc",
    }
    http.post(hook_url, json=body).raise_for_status()


def send(channels: dict[str, Any], count: int, *, pause: bool, seed: int) -> int:
    """Post so many inquiries, with pauses as they come in life if asked for; return how many were accepted."""
    chance = random.Random(seed)  # noqa: S311 - the demo is the same everywhere
    wishes = Wishes(chance)
    with httpx2.Client(timeout=10, trust_env=False) as http:
        for _ in range(count):
            way = chance.choice(_WAYS)
            _post(http, channels[way]["hook_url"], way, chance, wishes)
            if pause:
                time.sleep(chance.uniform(*_PAUSE_S))
    return count


def begin_the_day(api_of: Callable[[str], Api]) -> None:
    """Let some managers take a few of the new leads into work, so that today's column is not empty at any hour."""
    for login, wanted in _EARLY.items():
        with closing(api_of(login)) as api:
            for lead in api.get("/leads", status="new", sort="-created_at", limit=wanted)["items"]:
                api.post(f"/leads/{lead['id']}/claim", {})
