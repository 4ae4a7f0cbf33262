"""The variables of docker-compose.yml: passwords and keys, made once and kept in `.env`."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from deploy.local.keys import key_ring, new_key
from deploy.local.place import write_private
from deploy.local.units import UNITS, with_database

ENVIRONMENT_FILE = Path(__file__).parent.parent.parent / ".env"


def complete(known: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with everything made that was missing; what is there stays as it is."""
    values = dict(known)
    names = ["POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "VORONKA_ADMIN_PASSWORD"]
    names += [f"{unit.upper()}_{role}_PASSWORD" for unit in with_database() for role in ("OWNER", "APP")]
    for name in names:
        values.setdefault(name, secrets.token_urlsafe(24))
    for unit in UNITS:
        values.setdefault(f"{unit.prefix}SIGNING_KEY", new_key())
    values.setdefault("VORONKA_SECRET_KEYS", f"first:{new_key()}")
    values["VORONKA_PUBLIC_KEYS"] = key_ring(
        {unit.name: values[f"{unit.prefix}SIGNING_KEY"] for unit in UNITS}
    )
    return values


def read(file: Path) -> dict[str, str]:
    """Read `NAME=value` lines; nothing when the file is not there."""
    if not file.exists():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if "=" in line and not line.lstrip().startswith("#")]
    return {name.strip(): value.strip() for name, _, value in pairs}


def write(file: Path, values: Mapping[str, str]) -> None:
    """Write the variables, readable by the owner only."""
    write_private(file, "".join(f"{name}={value}\n" for name, value in values.items()))


def main(file: Path = ENVIRONMENT_FILE) -> None:
    """Complete `.env` and say where it is."""
    known = read(file)
    values = complete(known)
    write(file, values)
    print(f"{file.name}: {len(values) - len(known)} made, {len(known)} kept; the administrator is admin")


if __name__ == "__main__":
    main()
