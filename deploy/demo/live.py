"""Inquiries through the real hooks, as site visitors send them."""

import random
import time
from typing import Any

import httpx2

from deploy.demo.history import person
from deploy.demo.wishes import AGAIN, WISHES

AT_ONCE = 9
LATER = 21
_PAUSE_S = (6.0, 24.0)
_WAYS = ("site", "roof", "offer")


def _post(http: httpx2.Client, hook_url: str, way: str, chance: random.Random) -> None:
    name, phone, email = person(way, chance)
    text = chance.choice(WISHES[way] if chance.random() < 0.8 else AGAIN)  # noqa: PLR2004 - now and then one writes again
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
    with httpx2.Client(timeout=10, trust_env=False) as http:
        for _ in range(count):
            way = chance.choice(_WAYS)
            _post(http, channels[way]["hook_url"], way, chance)
            if pause:
                time.sleep(chance.uniform(*_PAUSE_S))
    return count
