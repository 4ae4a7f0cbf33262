"""`make dead`: the dead letters of all units, straight from their databases and the broker, with no unit running."""

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

from sqlalchemy import MetaData
from sqlalchemy.exc import SQLAlchemyError

from deploy.local.addresses import Addresses, NotKnownError
from deploy.local.dead_words import lines_of, whole
from deploy.local.units import with_database
from shared.database.engine import open_engine
from shared.kernel.errors import VoronkaError
from shared.messaging.dead_letter_desk import By, DeadLetterDesk, DeadLetterMissingError, Wanted
from shared.messaging.dead_letters import dead_letters_table
from shared.messaging.publisher import Publisher
from shared.observability.logs import configure

_BROKER_WITHIN_S = 10.0

Say = Callable[[str], None]


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Understand the command line; SystemExit 2 with the usage when it is none."""
    parser = argparse.ArgumentParser(prog="dead", description="Dead letters of all units.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    listing = verbs.add_parser("list", help="what waits, newest first")
    show = verbs.add_parser("show", help="one letter with its body, headers and history")
    replay = verbs.add_parser("replay", help="give one letter back to its queue, or all that are meant")
    drop = verbs.add_parser("drop", help="throw the body of one letter away for good")
    for verb in (show, drop):
        verb.add_argument("id", type=UUID)
    which = replay.add_mutually_exclusive_group(required=True)
    which.add_argument("id", type=UUID, nargs="?")
    which.add_argument("--all", action="store_true", help="all that wait, narrowed by the other options")
    drop.add_argument("--reason", required=True, help="why; it is kept")
    for verb in (listing, replay):
        verb.add_argument("--unit", choices=with_database(), help="of this unit only")
        verb.add_argument("--queue", action="append", default=[], help="of this queue only")
        verb.add_argument("--topic", action="append", default=[], help="of this topic only")
    listing.add_argument("--most", type=int, default=50, help="how many of each unit are shown (50)")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str], root: Path) -> int:
    """Do it and return the exit code: 0 done, 1 not done, 2 wrong call."""
    asked = parse(arguments)
    configure("dead", fmt="console", level="error")
    try:
        addresses = Addresses.load(root / ".local", os.environ)
        return asyncio.run(work(asked, addresses, _say))
    except NotKnownError as error:
        sys.stderr.write(f"{error}\n")
    except VoronkaError as error:
        sys.stderr.write(f"{error.detail}\n")
    except (SQLAlchemyError, OSError) as error:
        sys.stderr.write(f"the database does not answer ({type(error).__name__}): is it running?\n")
    return 1


async def work(asked: argparse.Namespace, addresses: Addresses, say: Say) -> int:
    """Do what was asked for; VoronkaError when it cannot be done, the errors of SQLAlchemy when a database is away."""
    async with AsyncExitStack() as stack:
        publisher = None
        if asked.verb == "replay":
            publisher = await stack.enter_async_context(
                Publisher(addresses.amqp_url, source="voronka/operator")
            )
            await connected(publisher)
        desks: dict[str, DeadLetterDesk] = {}
        for unit, url in addresses.databases.items():
            if getattr(asked, "unit", None) in {None, unit}:
                engine = open_engine(url, name="dead")
                stack.push_async_callback(engine.dispose)
                desks[unit] = DeadLetterDesk(engine, dead_letters_table(MetaData()), publisher)
        if asked.verb == "list":
            await _list(desks, asked, say)
        elif asked.verb == "replay" and asked.all:
            return await _replay_all(desks, _wanted(asked), say)
        else:
            await _one(desks, asked, say)
        return 0


async def _list(desks: dict[str, DeadLetterDesk], asked: argparse.Namespace, say: Say) -> None:
    total = 0
    for unit, desk in desks.items():
        count = await desk.count(_wanted(asked))
        total += count
        if count:
            say(f"{unit}: {count}")
            for line in lines_of(await desk.newest(_wanted(asked), asked.most)):
                say(line)
    if not total:
        say("no dead letters")


async def _replay_all(desks: dict[str, DeadLetterDesk], wanted: Wanted, say: Say) -> int:
    left = 0
    for unit, desk in desks.items():
        replayed = 0
        while (done := await desk.replay_all(wanted, _by())).replayed:
            replayed += done.replayed
        left += done.left
        rest = f", {done.left} left: their queues are gone" if done.left else ""
        say(f"{unit}: {replayed} replayed{rest}")
    return 1 if left else 0


async def _one(desks: dict[str, DeadLetterDesk], asked: argparse.Namespace, say: Say) -> None:
    for unit, desk in desks.items():
        try:
            row, same = await desk.read(asked.id)
        except DeadLetterMissingError:
            continue
        if asked.verb == "show":
            say(whole(unit, row, same))
        elif asked.verb == "replay":
            await desk.replay(asked.id, _by())
            say(f"{unit}: replayed to {row['queue']}")
        else:
            await desk.drop(asked.id, _by(), asked.reason)
            say(f"{unit}: dropped")
        return
    raise DeadLetterMissingError


def _wanted(asked: argparse.Namespace) -> Wanted:
    return Wanted(asked.queue, asked.topic)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _by() -> By:
    return By(f"{getpass.getuser()} (make dead)")


async def connected(publisher: Publisher) -> None:
    """Wait for the broker a while; without it, publishing says that it is away."""
    for _ in range(int(_BROKER_WITHIN_S / 0.05)):
        if publisher.connected:
            return
        await asyncio.sleep(0.05)
