"""What a private RabbitMQ node reads: its settings, its definitions, its environment."""

import base64
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

from deploy.local.accounts import Account
from deploy.local.ports import LOOPBACK

USER = "voronka"


def forget_other_nodes(mnesia: Path, name: str) -> None:
    """Remove the data of nodes that had other names in this private folder: tests name theirs anew each time."""
    for path in mnesia.glob("*@localhost*"):
        if not path.name.startswith(f"{name}@"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def write(file: Path, text: str, owner: Account) -> None:
    """Write a file that only the node's user may read."""
    file.write_text(text, encoding="utf-8")
    owner.own(file, 0o600)


def password_of(folder: Path, owner: Account) -> str:
    """Return the password of our user, made with the folder."""
    file = folder / "password"
    if not file.exists():
        write(file, secrets.token_urlsafe(24), owner)
    return file.read_text(encoding="utf-8")


def settings(folder: Path, port: int, memory: str) -> str:
    """Return the settings file."""
    values = {
        "listeners.tcp.1": f"{LOOPBACK}:{port}",
        "vm_memory_high_watermark.absolute": memory,
        "disk_free_limit.absolute": "512MB",
        "load_definitions": str(folder / "definitions.json"),
        "log.console": "true",
        "log.console.level": "warning",
        "log.file": "false",
    }
    return "".join(f"{name} = {value}\n" for name, value in values.items())


def definitions(password: str, vhosts: Sequence[str]) -> str:
    """Return users, virtual hosts and rights; read at each start, so a changed password takes effect."""
    salt = os.urandom(4)
    digest = salt + hashlib.sha256(salt + password.encode()).digest()
    user = {
        "name": USER,
        "password_hash": base64.b64encode(digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": "administrator",
    }
    everything = {"user": USER, "configure": ".*", "write": ".*", "read": ".*"}
    return json.dumps(
        {
            "users": [user],
            "vhosts": [{"name": name} for name in vhosts],
            "permissions": [{**everything, "vhost": name} for name in vhosts],
        }
    )


def environment(folder: Path, *, name: str, mapping: int, distribution: int) -> dict[str, str]:
    """Return the variables that give the node a name, ports and folders of its own."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "HOME": str(folder),  # the node's secret for its command line lies there
        "ERL_EPMD_PORT": str(mapping),
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "RABBITMQ_NODENAME": f"{name}@localhost",
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),  # the machine's own settings are not ours
        # Together these make the script become the server instead of waiting for it, so that signals reach it.
        "RABBITMQ_ALLOW_INPUT": "1",
        "RABBITMQ_SERVER_START_ARGS": "-noinput",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+sbwt none -kernel inet_dist_use_interface {127,0,0,1}",
    }
