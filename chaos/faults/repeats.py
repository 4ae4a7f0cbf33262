"""F13 and F15: the same event at once a thousand times or with two bodies, one person through every door at once."""

import asyncio

import asyncpg

from chaos.checker import Violation
from chaos.facts import Facts
from chaos.faults.fault import Fault
from chaos.posting import Post
from chaos.stage import Stage

_DUPLICATES = 1_000
_CONFLICTS = 5
_ROUNDS = 40
_CONTACTS = 15
_COPIED_WITHIN_S = 20.0


class Duplicates(Fault):
    """F13: a thousand posts of one key at the same time."""

    loaded = False

    def __init__(self) -> None:
        super().__init__("F13-duplicates", f"{_DUPLICATES} posts of one key at the same time")

    async def strike(self, stage: Stage, prefix: str) -> None:
        """Send them."""
        post = Post(stage.hooks[0], f"{prefix}one", stage.people.stranger())
        await asyncio.gather(*(stage.poster.send(post) for _ in range(_DUPLICATES)))


class TwoBodies(Fault):
    """F13: one key with two bodies, at once and one after the other: one row, and the conflict is recorded."""

    loaded = False

    def __init__(self) -> None:
        super().__init__(
            "F13-two-bodies", "one key with two bodies: at the same time, and one after the other"
        )

    async def strike(self, stage: Stage, prefix: str) -> None:
        """Send them."""
        for number in range(_CONFLICTS):
            phone = stage.people.stranger()
            bodies = [
                Post(stage.hooks[0], f"{prefix}{number}", phone, text=f"{name}-{number}-body")
                for name in ("first", "second")
            ]
            if number % 2:
                await asyncio.gather(*(stage.poster.send(post) for post in bodies))
            else:
                for post in bodies:
                    await stage.poster.send(post)

    async def further(self, stage: Stage, _facts: Facts, prefix: str) -> list[Violation]:
        """Return the keys of which only one body can be found anywhere in the database of leads."""
        silent = []
        for number in range(_CONFLICTS):
            found = [await mentions(stage, f"{name}-{number}-body") for name in ("first", "second")]
            if not all(found):
                silent.append(f"{prefix}{number}")
        return [Violation("F13", "conflict of two bodies is not recorded", tuple(silent))] if silent else []


async def mentions(stage: Stage, text: str) -> list[str]:
    """Return the tables of leads in which a text stands."""
    connection = await asyncpg.connect(stage.urls["leads"])
    try:
        tables = await connection.fetch(
            "select relname from pg_class where relkind in ('r', 'p') and not relispartition "
            "and relnamespace = 'public'::regnamespace"
        )
        found = []
        for row in tables:
            statement = (
                f'select exists (select from "{row["relname"]}" t where t::text like $1 or t::text like $2)'  # noqa: S608 - names from the catalogue
            )
            if await connection.fetchval(statement, f"%{text}%", f"%{text.encode().hex()}%"):
                found.append(row["relname"])
        return found
    finally:
        await connection.close()


class EveryDoor(Fault):
    """F15: one stranger through three channels at the same moment."""

    loaded = False

    def __init__(self) -> None:
        super().__init__("F15-channels", f"one person through three channels at once, {_ROUNDS} times")

    async def strike(self, stage: Stage, prefix: str) -> None:
        """Send them, each in another spelling."""
        for number in range(_ROUNDS):
            phone = stage.people.stranger()
            posts = [
                Post(hook, f"{prefix}{number}-{way}", phone, way=way) for way, hook in enumerate(stage.hooks)
            ]
            await asyncio.gather(*(stage.poster.send(post) for post in posts))


class TwoKeys(Fault):
    """F15: a contact writes by phone and by e-mail at the same moment, so that two workers may have one of each."""

    loaded = False

    def __init__(self) -> None:
        super().__init__("F15-two-keys", f"phone and e-mail of one contact at once, {_CONTACTS} times")

    async def strike(self, stage: Stage, prefix: str) -> None:
        """Create the contacts, wait until leads knows them, send."""
        known = []
        for number in range(_CONTACTS):
            phone, email = stage.people.stranger(), f"two-keys-{number}@example.ru"
            await stage.company.contact(f"Контакт {number}", phone=f"+{phone}", email=email)
            known.append((phone, email))
        await _copied(stage, [email for _, email in known])
        for number, (phone, email) in enumerate(known):
            posts = (
                Post(stage.hooks[0], f"{prefix}{number}-phone", phone),
                Post(stage.hooks[1], f"{prefix}{number}-email", phone, email=email),
            )
            await asyncio.gather(*(stage.poster.send(post) for post in posts))

    async def further(self, _stage: Stage, facts: Facts, prefix: str) -> list[Violation]:
        """Return the contacts whose two inquiries lie in two leads."""
        lead = {item.key: item.lead_id for item in facts.inquiries if item.key.startswith(prefix)}
        apart = tuple(
            f"{prefix}{number}"
            for number in range(_CONTACTS)
            if lead.get(f"{prefix}{number}-phone") != lead.get(f"{prefix}{number}-email")
        )
        return [Violation("I3", "two keys of one contact lie in two leads", apart)] if apart else []


async def _copied(stage: Stage, emails: list[str]) -> None:
    """Wait until leads has a copy of all these points; TimeoutError otherwise."""
    connection = await asyncpg.connect(stage.urls["leads"])
    count = "select count(*) from known_points where kind = 'email' and value = any($1::text[])"
    try:
        async with asyncio.timeout(_COPIED_WITHIN_S):
            while await connection.fetchval(count, emails) < len(emails):  # noqa: ASYNC110 - another process writes
                await asyncio.sleep(0.1)
    finally:
        await connection.close()


def faults() -> list[Fault]:
    """Return all of them."""
    return [Duplicates(), TwoBodies(), EveryDoor(), TwoKeys()]
