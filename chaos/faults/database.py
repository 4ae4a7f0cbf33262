"""F8: PostgreSQL killed, ended at once, its connections terminated or used up, read-only."""

import asyncio
import signal

import asyncpg

from chaos.faults.fault import Fault
from chaos.stage import Stage

_AWAY_S = 3
_MOST_CONNECTIONS = 250
_TERMINATE = """
select pg_terminate_backend(pid) from pg_stat_activity
where pid <> pg_backend_pid() and backend_type = 'client backend' and application_name <> $1::text
"""
_OURS = "chaos.occupier"
_WRITING = {"default_transaction_read_only": "off"}


class DatabaseDown(Fault):
    """The server ends without a checkpoint and comes back through recovery."""

    def __init__(self, name: str, number: signal.Signals) -> None:
        super().__init__(f"F8-{name}", f"{number.name} to PostgreSQL, started again after {_AWAY_S} s")
        self._signal = number
        self.hold_s = _AWAY_S

    async def strike(self, stage: Stage, _: str) -> None:
        """End it."""
        await stage.servers.postgres.kill(self._signal)

    async def restore(self, stage: Stage) -> None:
        """Start it and wait until it takes logins: the fault ends with that."""
        await stage.servers.postgres.start()


class ConnectionsTerminated(Fault):
    """All connections are ended by an administrator, three times in a row."""

    def __init__(self) -> None:
        super().__init__("F8-terminate", "pg_terminate_backend of every connection, three times")

    async def strike(self, stage: Stage, _: str) -> None:
        """End them."""
        connection = await asyncpg.connect(stage.servers.postgres_url)
        try:
            for _again in range(3):
                await connection.execute(_TERMINATE, "")
                await asyncio.sleep(1)
        finally:
            await connection.close()


class ConnectionsUsedUp(Fault):
    """Somebody else holds every connection that the server gives, and the product's own are ended."""

    hold_s = 8

    def __init__(self) -> None:
        super().__init__("F8-exhausted", f"all connections held by somebody else for {self.hold_s} s")
        self._held: list[asyncpg.Connection] = []

    async def strike(self, stage: Stage, _: str) -> None:
        """Take what is free, end what the product has, take that too."""
        await self._occupy(stage)
        connection = await asyncpg.connect(stage.servers.postgres_url)
        await connection.execute(_TERMINATE, _OURS)
        await connection.close()
        await self._occupy(stage)

    async def _occupy(self, stage: Stage) -> None:
        """Connect as an ordinary role until the server refuses."""
        while len(self._held) < _MOST_CONNECTIONS:
            try:
                self._held.append(
                    await asyncpg.connect(
                        stage.urls["contacts"], timeout=5, server_settings={"application_name": _OURS}
                    )
                )
            except (asyncpg.PostgresError, OSError, TimeoutError):
                return

    async def restore(self, _: Stage) -> None:
        """Give them back."""
        held, self._held = self._held, []
        await asyncio.gather(*(connection.close(timeout=2) for connection in held), return_exceptions=True)


class ReadOnly(Fault):
    """The server refuses to write, as a standby does that was promoted too late."""

    hold_s = 8

    def __init__(self) -> None:
        super().__init__("F8-read-only", f"default_transaction_read_only for {self.hold_s} s")

    async def strike(self, stage: Stage, _: str) -> None:
        """Set it for everybody."""
        await alter(stage.servers.postgres_url, "alter system set default_transaction_read_only = on")

    async def restore(self, stage: Stage) -> None:
        """Take it back."""
        await alter(stage.servers.postgres_url, "alter system reset default_transaction_read_only")


async def alter(url: str, statement: str) -> None:
    """Change a setting of the server for all of its connections."""
    connection = await asyncpg.connect(url, server_settings=_WRITING)
    try:
        await connection.execute(statement)
        await connection.execute("select pg_reload_conf()")
    finally:
        await connection.close()


def faults() -> list[Fault]:
    """Return all of them."""
    return [
        DatabaseDown("kill", signal.SIGKILL),
        DatabaseDown("immediate", signal.SIGQUIT),
        ConnectionsTerminated(),
        ConnectionsUsedUp(),
        ReadOnly(),
    ]
