"""`make spool`: what connectors keep on disk for the broker, and how it gets there when its process does not come back."""

import argparse
import asyncio
import os
import re
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.local.addresses import Addresses, NotKnownError
from deploy.local.dead import connected
from deploy.local.place import Place
from shared.messaging.edge import bring
from shared.messaging.publisher import Publisher
from shared.messaging.spool_file import SpoolFile, SpoolTakenError, is_held, peek, spools_in, take_slot
from shared.observability.logs import configure

_CHUNK = 500
_NAME = re.compile(r"[a-z]+\.[0-9]+\.spool")

Say = Callable[[str], None]


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Understand the command line; SystemExit 2 with the usage when it is none."""
    parser = argparse.ArgumentParser(prog="spool", description="What the broker did not take yet.")
    parser.add_argument("--folder", type=Path, help="where the spools are (.local/spool)")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("show", help="each spool, who holds it and what lies in it")
    adopt = verbs.add_parser("adopt", help="take in a spool that another machine left")
    adopt.add_argument("file", type=Path)
    verbs.add_parser("drain", help="bring to the broker whatever lies in spools that no process holds")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str], root: Path) -> int:
    """Do it and return the exit code: 0 done, 1 not done, 2 wrong call."""
    asked = parse(arguments)
    configure("spool", fmt="console", level="error")
    folder = asked.folder or Place.of(root).spool
    try:
        if asked.verb == "show":
            return show(folder, _say)
        if asked.verb == "adopt":
            return take_in(asked.file, folder, _say)
        addresses = Addresses.load(root / ".local", os.environ)
        return asyncio.run(drain(folder, addresses.amqp_url, _say))
    except (NotKnownError, SpoolTakenError) as error:
        sys.stderr.write(f"{error}\n")
    except (sqlite3.Error, OSError) as error:
        sys.stderr.write(f"the spool cannot be read: {error}\n")
    return 1


def show(folder: Path, say: Say) -> int:
    """Say what lies in each spool; 0."""
    found = False
    for path in spools_in(folder):
        found = True
        contents = peek(path)
        holder = "held by its process" if is_held(path) else "held by nobody"
        age = f", oldest {time.time() - contents.oldest_at:.0f} s" if contents.oldest_at else ""
        say(f"{path.name}  {contents.messages} messages, {contents.size} bytes{age}  ({holder})")
    if not found:
        say("no spools")
    return 0


def take_in(file: Path, folder: Path, say: Say) -> int:
    """Move a spool into the folder under a name that is free; SpoolTakenError while a process holds it."""
    if not file.is_file() or not _NAME.fullmatch(file.name):
        raise FileNotFoundError(f"{file} is not a spool (unit.number.spool)")
    unit = file.name.partition(".")[0]
    with SpoolFile(file) as left:
        messages = left.check().messages
        left.tidy()  # what its log still holds goes into the file itself
    free, _ = take_slot(folder, unit, empty=True)
    with free:  # nobody else takes the place meanwhile
        for suffix in ("", "-wal", "-shm"):
            free.path.with_name(f"{free.path.name}{suffix}").unlink(missing_ok=True)
        shutil.move(file, free.path)
    for suffix in ("-wal", "-shm", ".reserve", ".lock"):
        file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)
    say(
        f"{file.name} is {free.path.name} now: {messages} messages; `make spool do=drain` brings them to the broker"
    )
    return 0


async def drain(folder: Path, amqp_url: str, say: Say) -> int:
    """Bring to the broker what lies in spools that no process holds; 1 when it did not take all of it."""
    left = 0
    async with Publisher(amqp_url, source="voronka/operator") as publisher:
        await connected(publisher)
        for path in spools_in(folder):
            try:
                with SpoolFile(path) as spool:
                    brought = await _empty(spool, publisher)
                    left += spool.contents().messages
                    say(f"{path.name}: {brought} brought to the broker, {spool.contents().messages} left")
            except SpoolTakenError:
                say(f"{path.name}: its process holds it and brings it by itself")
    return 1 if left else 0


async def _empty(spool: SpoolFile, publisher: Publisher) -> int:
    brought = 0
    while rows := spool.oldest(_CHUNK):
        taken = await bring(rows, publisher)
        spool.remove([place for place, _ in taken])
        brought += len(taken)
        if not taken:
            return brought
    spool.tidy()
    return brought


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
