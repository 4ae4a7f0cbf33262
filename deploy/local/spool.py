"""`make spool`: what connectors keep on disk for the broker, and how it gets there when its process does not come back."""

import argparse
import asyncio
import os
import re
import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local.addresses import Addresses, NotKnownError
from deploy.local.operator import SOURCE, Say, connected, print_line, refuse
from deploy.local.place import Place
from deploy.local.units import UNITS
from shared.messaging.edge import bring
from shared.messaging.publisher import Publisher
from shared.messaging.spool_file import SpoolFile, SpoolTakenError, is_held, peek, spools_in, take_slot
from shared.observability.logs import configure

_CHUNK = 500
_NAME = re.compile(r"(?P<unit>[a-z]+)\.[0-9]+\.spool")
_BESIDE = ("", "-wal", "-shm", ".reserve", ".lock")


class NoSpoolError(Exception):
    """What was named is no spool, or no folder of spools."""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Understand the command line; SystemExit 2 with the usage when it is none."""
    parser = argparse.ArgumentParser(prog="spool", description="What the broker did not take yet.")
    parser.add_argument(
        "--folder",
        type=Path,
        help="where the spools are (the folder that the unit is told, else .local/spool)",
    )
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
    try:
        folder = _existing(asked.folder or _told(os.environ) or Place.of(root).spool)
        if asked.verb == "show":
            return show(folder, print_line)
        if asked.verb == "adopt":
            return take_in(asked.file, folder, print_line)
        broker = Addresses.load(root / ".local", os.environ).broker()
        return asyncio.run(drain(folder, broker, print_line))
    except (NotKnownError, NoSpoolError) as error:
        return refuse(error)
    except SpoolTakenError as error:
        return refuse(f"a process holds the spool: {error}")
    except (sqlite3.Error, OSError) as error:
        return refuse(f"the spool cannot be read or written: {error}")


def _told(given: Mapping[str, str]) -> Path | None:
    """Return the folder that the units with a spool are told of by their variables."""
    told = [given.get(f"{unit.prefix}SPOOL_DIR") for unit in UNITS if unit.spool]
    return next((Path(folder) for folder in told if folder), None)


def _existing(folder: Path) -> Path:
    if not folder.is_dir():
        raise NoSpoolError(f"there is no folder {folder}")
    return folder


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
    """Move what lies in a spool from elsewhere into one of the folder that is free and empty, and remove that spool.

    Each message is here before it is gone there: broken off in the middle, it can be done again. NoSpoolError,
    SpoolTakenError while a process holds it.
    """
    name = _NAME.fullmatch(file.name)
    if not file.is_file() or not name:
        raise NoSpoolError(f"{file} is no spool: an existing <unit>.<number>.spool is expected")
    if name["unit"] not in {unit.name for unit in UNITS if unit.spool}:
        raise NoSpoolError(f"{file}: no unit {name['unit']} has spools")
    if file.resolve().parent == folder.resolve():
        raise NoSpoolError(f"{file} lies in the folder already")
    moved = 0
    with SpoolFile(file) as left:
        left.check()
        free, _ = take_slot(folder, name["unit"], empty=True)
        with free:
            while rows := left.oldest(_CHUNK):
                free.add([item for _, item in rows])
                left.remove([place for place, _ in rows])
                moved += len(rows)
    for beside in _BESIDE:
        file.with_name(f"{file.name}{beside}").unlink(missing_ok=True)
    say(
        f"{file.name} is {free.path.name} now: {moved} messages; `make spool do=drain` brings them to the broker"
    )
    return 0


async def drain(folder: Path, amqp_url: str, say: Say) -> int:
    """Bring to the broker what lies in spools that no process holds; 1 when it did not take all of it."""
    left = 0
    async with Publisher(amqp_url, source=SOURCE) as publisher:
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
