"""Ports: free ones are picked once and kept; a taken one is seen."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.ports import LOOPBACK, Ports, becomes_free, free_port, is_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind((LOOPBACK, 0))
        listening.listen()
        yield int(listening.getsockname()[1])


def test_a_port_that_somebody_listens_on_is_not_free(taken: int) -> None:
    assert not is_free(taken)
    assert not becomes_free(taken, within_s=0.3)


def test_a_picked_port_can_be_listened_on() -> None:
    assert is_free(free_port())


def test_a_port_is_the_same_at_the_next_start(tmp_path: Path) -> None:
    first = Ports(tmp_path / "ports.json").get("leads")
    assert Ports(tmp_path / "ports.json").get("leads") == first


def test_names_have_different_ports(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    assert len({ports.get(name) for name in ("staff", "leads", "contacts", "channels")}) == 4


def test_a_kept_port_that_is_taken_by_now_is_replaced(tmp_path: Path, taken: int) -> None:
    file = tmp_path / "ports.json"
    file.write_text(f'{{"leads": {taken}}}')
    picked = Ports(file).get("leads")
    assert picked != taken
    assert Ports(file).get("leads") == picked
