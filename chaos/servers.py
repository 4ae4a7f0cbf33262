"""PostgreSQL and RabbitMQ of a run alone, with all their durability on."""

import asyncio
import secrets
import subprocess
from dataclasses import dataclass
from typing import Self

import asyncpg

from chaos.victim import Fall, Victim
from deploy.local import postgres, rabbitmq
from deploy.local.accounts import server_folder
from deploy.local.logs import LogFile
from deploy.local.place import Place
from deploy.local.processes import Program

_VHOSTS = 60


@dataclass(slots=True)
class Servers:
    """The two servers and the port mapper, as victims."""

    postgres: Victim
    postgres_url: str
    mapper: Victim
    broker: Victim
    private: rabbitmq.PrivateRabbit
    vhosts: list[str]

    @classmethod
    async def prepare(cls, place: Place, falls: list[Fall]) -> Self:
        """Make what they need; PostgresSetupError or RabbitSetupError when the programs are missing."""
        folder = server_folder(place.local, f"chaos {place.local}")
        data = await postgres.prepare(folder / "postgres", place.ports, durable=True)
        vhosts = [f"chaos-{number}" for number in range(1, _VHOSTS + 1)]
        private = await rabbitmq.prepare(
            folder / "rabbitmq", place.ports, name=f"chaos-{secrets.token_hex(4)}", vhosts=vhosts
        )

        def victim(program: Program) -> Victim:
            return Victim(program, LogFile(place.logs / f"{program.name}.log"), falls)

        return cls(
            postgres=victim(data.program),
            postgres_url=data.url,
            mapper=victim(private.mapper),
            broker=victim(private.program),
            private=private,
            vhosts=vhosts,
        )

    async def mend(self) -> None:
        """Start what is down, wake what is frozen, take back what was set: an act may have ended in the middle."""
        for victim in (self.postgres, self.mapper, self.broker):
            if victim.held_down:
                await victim.start()
            else:
                victim.thaw()
        writing = {"default_transaction_read_only": "off"}  # a run that was ended may have left the other
        connection = await asyncpg.connect(self.postgres_url, server_settings=writing)
        try:
            await connection.execute("alter system reset all")
            await connection.execute("select pg_reload_conf()")
        finally:
            await connection.close()
        for arguments in (
            ("set_vm_memory_high_watermark", "absolute", "512MB"),
            ("set_disk_free_limit", "512MB"),
        ):
            await asyncio.to_thread(self.private.control.run, *arguments)

    async def start(self) -> None:
        """Start both and forget the databases of earlier runs."""
        await self.mend()
        connection = await asyncpg.connect(self.postgres_url)
        try:
            for row in await connection.fetch(r"select datname from pg_database where datname like 'chaos%'"):
                await connection.execute(f'drop database "{row["datname"]}" with (force)')
        finally:
            await connection.close()

    def unacknowledged(self, vhost: str) -> dict[str, int]:
        """Return how many messages consumers hold, by queue; takes seconds. Empty when the broker does not say."""
        control = self.private.control
        user = {"user": control.owner.ids[0], "group": control.owner.ids[1]} if control.owner.name else {}
        done = subprocess.run(  # noqa: S603 - the broker's own command line
            [
                *(control.binaries.folder / "rabbitmqctl", "-q", "list_queues", "-p", vhost),
                *("name", "messages_unacknowledged", "--no-table-headers"),
            ],
            env=control.environment,
            cwd=control.environment["HOME"],
            capture_output=True,
            text=True,
            check=False,
            **user,  # type: ignore[call-overload]
        )
        rows = (line.split("\t") for line in done.stdout.splitlines())
        return {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdecimal()}  # noqa: PLR2004

    async def stop(self) -> None:
        """Stop both."""
        for victim in (self.broker, self.mapper, self.postgres):
            await victim.stop()
