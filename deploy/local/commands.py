"""The verbs of the Makefile, inside the Python environment."""

import dataclasses
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable

from deploy.local import dead, packages, queues, servers, spool
from deploy.local.packages import InstallError
from deploy.local.progress import Progress
from deploy.local.run import run
from deploy.local.venv import ROOT

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_DOCS = "deploy.docs"
_CHECKS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("mypy",),
    ("lint-imports",),
)


def main(arguments: list[str]) -> int:
    """Do what the verb says and return its exit code; the further arguments are the verb's own."""
    verb, *rest = arguments or [""]
    if verb not in _VERBS:
        sys.stderr.write(f"usage: python3 -m deploy.local {' | '.join(_VERBS)}\n")
        return 2
    try:
        return _VERBS[verb](rest)
    except (InstallError, servers.NoServerError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _run(_: list[str]) -> int:
    return run(ROOT)


def _prepare_servers(progress: Progress) -> None:
    """See to it that tests and benchmarks find server programs or an engine; NoServerError otherwise."""
    given = {
        servers.POSTGRES: bool(os.environ.get("VORONKA_TEST_POSTGRES_URL")),
        servers.RABBITMQ: bool(os.environ.get("VORONKA_TEST_AMQP_URL")),
    }
    servers.choose(given, servers.this_machine(progress))


def _test(arguments: list[str]) -> int:
    """Prepare server programs and a browser, then run the tests."""
    progress = Progress()
    _prepare_servers(progress)
    if not any(map(shutil.which, _BROWSERS)) and packages.can_install():
        packages.install(["chromium"], progress)
    return _become(sys.executable, "-m", "pytest", *arguments)


def _check(_: list[str]) -> int:
    """Run all checks, also after one has failed; 1 if any has."""
    failed = [" ".join(command) for command in _CHECKS if _tool(*command)]
    if importlib.util.find_spec(_DOCS) and _python("-m", _DOCS, "--check"):
        failed.append("docs")
    for name in failed:
        sys.stderr.write(f"failed: {name}\n")
    return 1 if failed else 0


def _docs(arguments: list[str]) -> int:
    """Write the generated pages anew."""
    return _python("-m", _DOCS, *arguments)


def _format(_: list[str]) -> int:
    """Format the code and mend what can be mended without a thought."""
    return _tool("ruff", "check", "--fix-only", "--quiet") or _tool("ruff", "format")


def _bench(arguments: list[str]) -> int:
    _prepare_servers(Progress())
    return _become(sys.executable, "-m", "bench", *arguments)


def _chaos(arguments: list[str]) -> int:
    """Play the fault runs; they need the server programs themselves, to kill and to freeze them."""
    progress = Progress()
    machine = dataclasses.replace(servers.this_machine(progress), engine_answers=lambda: False)
    servers.choose({servers.POSTGRES: False, servers.RABBITMQ: False}, machine)
    return _become(sys.executable, "-m", "chaos", *arguments)


def _dead(arguments: list[str]) -> int:
    """Look at dead letters, give them back to their queues, throw them away."""
    return dead.main(arguments, ROOT)


def _spool(arguments: list[str]) -> int:
    """Look at what connectors keep for the broker, and bring it there."""
    return spool.main(arguments, ROOT)


def _queues(arguments: list[str]) -> int:
    """Show what waits in the queues."""
    return queues.main(arguments, ROOT)


def _vendor(_: list[str]) -> int:
    return _become(sys.executable, "-m", "services.gateway.vendor")


def _python(*arguments: str) -> int:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False).returncode


def _tool(name: str, *arguments: str) -> int:
    """Run a tool of the environment."""
    command = [f"{sys.prefix}/bin/{name}", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _become(*command: str) -> int:
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    return 0


_VERBS: dict[str, Callable[[list[str]], int]] = {
    "run": _run,
    "test": _test,
    "check": _check,
    "format": _format,
    "bench": _bench,
    "chaos": _chaos,
    "dead": _dead,
    "spool": _spool,
    "queues": _queues,
    "vendor": _vendor,
    "docs": _docs,
}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
