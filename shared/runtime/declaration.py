"""The declaration of a unit: what it is called and made of; the runtime knows how to run it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from sqlalchemy import MetaData, Table
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.http.app import BODY_LIMIT
from shared.http.plain import PlainRoute
from shared.http.tokens import KeyRing, SigningKey
from shared.kernel.clock import Clock
from shared.messaging.edge import Edge
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import Publisher
from shared.messaging.relay import Relay
from shared.messaging.subscribers import Subscription
from shared.runtime.settings import UnitSettings


@dataclass(frozen=True, slots=True)
class Database:
    """The unit's tables and where its migrations lie; the metadata holds inbox, outbox and dead letters."""

    metadata: MetaData
    versions: Path

    @property
    def outbox(self) -> Table:
        """The outbox table."""
        return self.metadata.tables["outbox"]

    @property
    def inbox(self) -> Table:
        """The inbox table."""
        return self.metadata.tables["inbox"]

    @property
    def dead_letters(self) -> Table:
        """The dead letters table."""
        return self.metadata.tables["dead_letters"]


@dataclass(slots=True)
class Resources:
    """What the runtime opens before the unit's bootstrap composes its application."""

    settings: Any
    clock: Clock
    publisher: Publisher
    signer: SigningKey
    keys: KeyRing
    engine: AsyncEngine | None = None
    outbox: Outbox | None = None
    relay: Relay | None = None
    edge: Edge | None = None
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the process begins to end: answers that would never end by themselves end then."""

    def database(self) -> tuple[AsyncEngine, Outbox]:
        """Return engine and outbox of a unit that was declared with a database."""
        if self.engine is None or self.outbox is None:
            raise RuntimeError("the unit was declared without a database")
        return self.engine, self.outbox

    def door(self) -> Edge:
        """Return the edge of a unit whose settings are those of one that answers providers."""
        if self.edge is None:
            raise RuntimeError("the unit was declared without an edge")
        return self.edge


Build = Callable[[Resources], AbstractAsyncContextManager[Any]]
Background = Callable[[Any, Resources], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A service or a connector.

    `build` composes the application from resources; it is put into `app.state.app` and into each delivery.
    `workers` run in the worker process until cancelled (batch subscribers, timers); `always` in every process.
    """

    name: str
    settings: type[UnitSettings]
    build: Build
    routers: Sequence[APIRouter] = ()
    routes: Sequence[PlainRoute] = ()
    """Plain routes, tried before the routers: for addresses so busy that a router's own work counts."""
    subscriptions: tuple[Subscription, ...] = ()
    queues: tuple[str, ...] = ()
    """Queues consumed by the unit's own workers, watched like those of the subscriptions."""
    database: Database | None = None
    workers: tuple[Background, ...] = ()
    always: tuple[Background, ...] = ()
    customize: Callable[[FastAPI, Any], None] | None = field(default=None)
    title: str = ""
    body_limit: int = BODY_LIMIT
    """The largest body of a request, in bytes; one with files may have more than the ordinary limit."""
