"""The folder `.local/`: everything that one clone keeps on its machine, and what is asked of the environment."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.ports import Ports

GATEWAY_PORT = 8000
HOOKS_PORT = 8001
_LARGEST_PORT = 65_535


class WrongSettingError(Exception):
    """A variable of the environment has a value that cannot be meant."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"wrong setting {name}: {why}")


@dataclass(frozen=True, slots=True)
class Place:
    """Paths under `.local/` of one clone."""

    root: Path
    local: Path

    @classmethod
    def of(cls, root: Path) -> "Place":
        """Make `.local/` in the clone if it is missing; others may walk through it, its secrets are closed."""
        local = root / ".local"
        local.mkdir(exist_ok=True)
        if local.stat().st_uid == os.geteuid():
            local.chmod(0o755)
        place = cls(root, local)
        for folder in (place.logs, place.files, place.spool):  # what clients write may stand there
            folder.mkdir(mode=0o700, exist_ok=True)
        return place

    @property
    def ports(self) -> Ports:
        """The kept ports."""
        return Ports(self.local / "ports.json")

    @property
    def logs(self) -> Path:
        """The folder of the log files."""
        return self.local / "logs"

    @property
    def files(self) -> Path:
        """The folder of the file store."""
        return self.local / "files"

    @property
    def spool(self) -> Path:
        """The folder of messages that the broker did not take yet."""
        return self.local / "spool"

    @property
    def identity(self) -> str:
        """The random name of this `.local/`, made with it."""
        file = self.local / "identity"
        if not file.exists():
            write_private(file, secrets.token_hex(16))
        return file.read_text(encoding="utf-8")


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    part.touch(mode=0o600)
    part.chmod(0o600)
    part.write_text(text, encoding="utf-8")
    part.replace(file)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the environment asks of a run."""

    port: int
    hooks_port: int
    postgres_url: str = field(repr=False)
    amqp_url: str = field(repr=False)
    admin_password: str = field(repr=False)
    demo: bool | None
    """Whether the demo company is wanted; None means: at the first start."""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Asked":
        """Read it; WrongSettingError names the variable that is wrong."""
        port = _port(environment, "VORONKA_PORT", GATEWAY_PORT)
        hooks_port = _port(environment, "VORONKA_HOOKS_PORT", HOOKS_PORT)
        if port == hooks_port:
            raise WrongSettingError("VORONKA_HOOKS_PORT", "it is the same as VORONKA_PORT")
        for name in ("VORONKA_PUBLIC_URL", "VORONKA_HOOKS_URL"):
            _url(environment, name, ("http", "https"))
        demo = environment.get("DEMO", "")
        if demo not in {"", "0", "1"}:
            raise WrongSettingError("DEMO", "0 or 1 is expected")
        return cls(
            port=port,
            hooks_port=hooks_port,
            postgres_url=_url(environment, "VORONKA_POSTGRES_URL", ("postgresql", "postgres")),
            amqp_url=_url(environment, "VORONKA_AMQP_URL", ("amqp", "amqps")),
            admin_password=environment.get("VORONKA_ADMIN_PASSWORD", ""),
            demo=demo == "1" if demo else None,
        )


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    given = environment.get(name, "") or str(default)
    if not given.isdecimal() or not 0 < int(given) <= _LARGEST_PORT:
        raise WrongSettingError(name, f"a port from 1 to {_LARGEST_PORT} is expected, not {given!r}")
    return int(given)


def _url(environment: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    given = environment.get(name, "")
    try:
        parts = urlsplit(given)
        fits = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if given and not fits:
        raise WrongSettingError(name, f"an address that begins with {schemes[0]}:// is expected")
    return given
