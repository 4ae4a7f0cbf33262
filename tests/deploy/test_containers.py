"""The two servers in Docker, with a client that only notes what it is told."""

import os
from pathlib import Path

import pytest

from deploy.local.containers import ContainerError, Containers, compose_answers, engine_answers
from deploy.local.place import Place

_CLIENT = """#!/bin/sh
echo "$@" >> "$0.calls"
case "$*" in
  info*) {info} ;;
  "compose version"*) {compose} ;;
  *" ps "*) cat "$0.ps" 2>/dev/null ;;
  *" up "*) {up} ;;
esac
"""


class FakeDocker:
    """A client on the path whose answers the test chooses."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "docker"
        self.answer()

    def answer(self, *, info: str = "echo 28.0", compose: str = "echo 2.30", up: str = "true") -> None:
        """Choose what it does for each question."""
        self.file.write_text(_CLIENT.format(info=info, compose=compose, up=up))
        self.file.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        """What it was told."""
        return self.file.with_name("docker.calls").read_text().splitlines()


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDocker:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.defpath}")
    return FakeDocker(folder)


@pytest.fixture
def containers(client: FakeDocker, tmp_path: Path) -> Containers:
    assert client.file.exists()
    return Containers(Place.of(tmp_path), "voronka-test")


def test_an_engine_with_compose_answers(client: FakeDocker) -> None:
    assert engine_answers()
    assert compose_answers()
    assert client.calls[0].startswith("info")


@pytest.mark.parametrize("info", ["exit 1", "true"])
def test_a_client_without_an_engine_is_no_way(client: FakeDocker, info: str) -> None:
    client.answer(info=info)  # some releases end with 0 and say nothing of a server
    assert not engine_answers()
    assert not compose_answers()


def test_an_engine_without_compose_is_no_way_for_a_run(client: FakeDocker) -> None:
    client.answer(compose="exit 1")
    assert engine_answers()
    assert not compose_answers()


def test_without_a_client_there_is_no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not engine_answers()


async def test_the_servers_come_up_published_at_the_loopback_and_are_stopped(
    containers: Containers, client: FakeDocker
) -> None:
    containers.prepare()
    await containers.up(["postgres", "rabbitmq"])
    await containers.stop()
    assert containers.postgres_url.startswith("postgresql://postgres:")
    assert "@127.0.0.1:" in containers.amqp_url
    up, stop = client.calls[-2:]
    assert "--project-name voronka-test" in up
    assert "-f docker-compose.yml -f deploy/docker/servers.yml" in up
    assert up.endswith("up --detach postgres rabbitmq")
    assert stop.endswith(" stop")


def test_ports_and_passwords_stay_from_start_to_start(containers: Containers, tmp_path: Path) -> None:
    containers.prepare()
    again = Containers(Place.of(tmp_path), "voronka-test")
    again.prepare()
    assert (again.postgres_url, again.amqp_url) == (containers.postgres_url, containers.amqp_url)
    assert (tmp_path / ".local" / "containers.env").stat().st_mode & 0o777 == 0o600


def test_the_ports_of_running_containers_are_taken_over(containers: Containers, client: FakeDocker) -> None:
    client.file.with_name("docker.ps").write_text(
        '{"Service": "postgres", "Publishers": [{"PublishedPort": 0}, {"PublishedPort": 23456}]}\n'
    )
    containers.prepare()
    assert ":23456/" in containers.postgres_url


async def test_what_docker_says_is_told(containers: Containers, client: FakeDocker) -> None:
    client.answer(up="echo no space left; exit 1")
    containers.prepare()
    with pytest.raises(ContainerError, match="docker compose up: no space left"):
        await containers.up(["postgres"])
