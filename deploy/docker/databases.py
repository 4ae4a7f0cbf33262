"""The databases of the services in a given PostgreSQL: `python -m deploy.docker.databases`, safe to repeat.

`VORONKA_POSTGRES_URL` is the address of a superuser; `<SERVICE>_OWNER_PASSWORD` and `<SERVICE>_APP_PASSWORD` are the
roles' passwords. With `--sql` nothing is done: the statements are written for somebody who runs them himself.
"""

import asyncio
import os
import sys
from collections.abc import Mapping

from deploy.databases import ServiceDatabase, of_service, provision, script
from deploy.local.units import with_database


def declared(environment: Mapping[str, str]) -> list[ServiceDatabase]:
    """Return the databases of all services; KeyError names the variable that is missing."""
    passwords = {
        f"{name}_{role}": environment[f"{name.upper()}_{role.upper()}_PASSWORD"]
        for name in with_database()
        for role in ("owner", "app")
    }
    return [of_service(name, passwords) for name in with_database()]


def main(arguments: list[str]) -> int:
    """Make them, or write the statements; 2 with one line when a variable is missing."""
    try:
        items = declared(os.environ)
        if arguments == ["--sql"]:
            print(script(items), end="")
            return 0
        server = os.environ["VORONKA_POSTGRES_URL"]
    except KeyError as error:
        sys.stderr.write(f"wrong setting {error.args[0]}: Field required\n")
        return 2
    asyncio.run(provision(server, items))
    print(f"databases are there: {', '.join(item.name for item in items)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
