"""`make dead`: the dead letters of all units, straight from their databases and the broker, with no unit running."""

import argparse
import asyncio
import getpass
import os
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import MetaData
from sqlalchemy.exc import SQLAlchemyError

from deploy.local.addresses import Addresses, NotKnownError
from deploy.local.dead_words import lines_of, whole
from deploy.local.operator import SOURCE, Say, connected, print_line, refuse
from deploy.local.units import with_database
from shared.database.engine import open_engine
from shared.kernel.errors import VoronkaError
from shared.messaging.dead_letter_desk import By, DeadLetterDesk, DeadLetterMissingError, Wanted
from shared.messaging.dead_letters import dead_letters_table
from shared.messaging.publisher import Publisher
from shared.observability.logs import configure


class DatabaseAwayError(Exception):
    """The database of a unit does not answer."""

    def __init__(self, unit: str, error: Exception) -> None:
        super().__init__(f"{unit}: its database does not answer ({type(error).__name__}): is it running?")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Understand the command line; SystemExit 2 with the usage when it is none."""
    parser = argparse.ArgumentParser(prog="dead", description="Dead letters of all units.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    listing = verbs.add_parser("list", help="what waits, newest first")
    show = verbs.add_parser("show", help="one letter with its body, headers and history")
    replay = verbs.add_parser("replay", help="give one letter back to its queue, or all that are meant")
    drop = verbs.add_parser("drop", help="throw bodies away for good: of one letter, or of a queue or topic")
    show.add_argument("id", type=UUID)
    which = replay.add_mutually_exclusive_group(required=True)
    which.add_argument("id", type=UUID, nargs="?")
    which.add_argument("--all", action="store_true", help="all that wait, narrowed by the other options")
    drop.add_argument("id", type=UUID, nargs="?")
    drop.add_argument("--reason", required=True, help="why; it is kept")
    for verb in (listing, replay, drop):
        verb.add_argument("--unit", choices=with_database(), help="of this unit only")
        verb.add_argument("--queue", action="append", default=[], help="of this queue only")
        verb.add_argument("--topic", action="append", default=[], help="of this topic only")
    listing.add_argument("--most", type=int, default=50, help="how many of each unit are shown (50)")
    asked = parser.parse_args(arguments)
    if asked.verb == "drop" and bool(asked.id) == bool(asked.queue or asked.topic):
        drop.error("give the id of one letter, or the queue or topic of those that are meant")
    return asked


def main(arguments: Sequence[str], root: Path) -> int:
    """Do it and return the exit code: 0 done, 1 not done, 2 wrong call."""
    asked = parse(arguments)
    configure("dead", fmt="console", level="error")
    try:
        addresses = Addresses.load(root / ".local", os.environ)
        return asyncio.run(work(asked, addresses, print_line))
    except (NotKnownError, DatabaseAwayError) as error:
        return refuse(error)
    except VoronkaError as error:
        return refuse(error.detail)


async def work(asked: argparse.Namespace, addresses: Addresses, say: Say) -> int:
    """Do what was asked for; NotKnownError, DatabaseAwayError or VoronkaError when it cannot be done.

    What is asked of all units is done where a database answers; the others are named, and the exit code is 1.
    """
    async with AsyncExitStack() as stack:
        publisher = None
        if asked.verb == "replay":
            publisher = await stack.enter_async_context(Publisher(addresses.broker(), source=SOURCE))
            await connected(publisher)
        desks: dict[str, DeadLetterDesk] = {}
        for unit, url in addresses.of_databases().items():
            if getattr(asked, "unit", None) in {None, unit}:
                with _of(unit):
                    engine = open_engine(url, name="dead")
                stack.push_async_callback(engine.dispose)
                desks[unit] = DeadLetterDesk(engine, dead_letters_table(MetaData()), publisher)
        if asked.verb == "list":
            return await _list(desks, asked, say)
        if getattr(asked, "id", None):
            return await _one(desks, asked, say)
        return await _all(desks, asked, say)


async def _list(desks: dict[str, DeadLetterDesk], asked: argparse.Namespace, say: Say) -> int:
    total, code = 0, 0
    for unit, desk in desks.items():
        try:
            with _of(unit):
                count = await desk.count(_wanted(asked))
                rows = await desk.newest(_wanted(asked), asked.most) if count else ()
        except DatabaseAwayError as error:
            code = refuse(error)
            continue
        total += count
        if count:
            say(f"{unit}: {count}")
        for line in lines_of(rows):
            say(line)
        if count > len(rows):
            say(f"  and {count - len(rows)} older: make dead most={count}")
    if not total and not code:
        say("no dead letters")
    return code


async def _all(desks: dict[str, DeadLetterDesk], asked: argparse.Namespace, say: Say) -> int:
    """Replay or drop the letters that are meant in each unit; 1 when any of them still waits."""
    code = 0
    for unit, desk in desks.items():
        try:
            with _of(unit):
                if asked.verb == "drop":
                    say(f"{unit}: {await desk.drop_all(_wanted(asked), _by(), asked.reason)} dropped")
                else:
                    code = await _replay_all(unit, desk, _wanted(asked), say) or code
        except DatabaseAwayError as error:
            code = refuse(error)
    return code


async def _replay_all(unit: str, desk: DeadLetterDesk, wanted: Wanted, say: Say) -> int:
    replayed = 0
    while (done := await desk.replay_all(wanted, _by())).replayed:
        replayed += done.replayed
    rest = f", {done.left} left" if done.left else ""
    why = f": {done.gone} of them have no queue any more" if done.gone else ""
    say(f"{unit}: {replayed} replayed{rest}{why}")
    return 1 if done.left else 0


async def _one(desks: dict[str, DeadLetterDesk], asked: argparse.Namespace, say: Say) -> int:
    away: DatabaseAwayError | None = None
    for unit, desk in desks.items():
        try:
            with _of(unit):
                row, same = await desk.read(asked.id)
                if asked.verb == "show":
                    say(whole(unit, row, same))
                elif asked.verb == "replay":
                    await desk.replay(asked.id, _by())
                    say(f"{unit}: replayed to {row['queue']}")
                else:
                    await desk.drop(asked.id, _by(), asked.reason)
                    say(f"{unit}: dropped")
        except DeadLetterMissingError:
            continue
        except DatabaseAwayError as error:
            away = error
            continue
        return 0
    raise away or DeadLetterMissingError


@contextmanager
def _of(unit: str) -> Iterator[None]:
    """Name the unit whose database does not answer inside the block."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseAwayError(unit, error) from error


def _wanted(asked: argparse.Namespace) -> Wanted:
    return Wanted(asked.queue, asked.topic)


def _by() -> By:
    return By(f"{getpass.getuser()} (make dead)")
