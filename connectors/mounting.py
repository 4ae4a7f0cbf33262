"""All connectors in one process: one address for every hook, one health, all of their jobs."""

import sys
from collections.abc import Sequence

import uvloop
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from connectors.forms.connector import CONNECTOR as FORMS
from shared.observability.logs import configure
from shared.runtime.declaration import Unit
from shared.runtime.process import serve
from shared.runtime.settings import Port, UnitSettings, load
from shared.runtime.together import assemble_together

CONNECTORS: tuple[Unit, ...] = (FORMS,)

Configured = Sequence[tuple[Unit, UnitSettings]]


class HooksSettings(BaseSettings):
    """Where the connectors listen when they run together."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    host: str = Field("127.0.0.1", validation_alias="VORONKA_HOOKS_HOST")
    port: Port = Field(8001, validation_alias="VORONKA_HOOKS_PORT")


def run_all(arguments: Sequence[str] | None = None) -> int:
    """Run all connectors and return the exit code: 0 ended, 1 failed, 2 wrong call or setting."""
    if sys.argv[1:] if arguments is None else arguments:
        sys.stderr.write("usage: python -m connectors\n")
        return 2
    hooks = load(HooksSettings)
    units = [(unit, load(unit.settings)) for unit in CONNECTORS]
    first = units[0][1]
    configure("connectors", fmt=first.log_format, level=first.log_level)
    return uvloop.run(_serve(units, hooks))


async def _serve(units: Configured, hooks: HooksSettings) -> int:
    async with assemble_together("Коннекторы", units, "all") as assembled:
        return await serve(
            assembled.app,
            assembled.jobs,
            host=hooks.host,
            port=hooks.port,
            most_connections=units[0][1].most_connections,
        )
