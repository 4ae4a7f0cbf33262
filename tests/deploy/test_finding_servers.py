"""The order in which PostgreSQL and RabbitMQ are looked for."""

from dataclasses import dataclass, field, replace

import pytest

from deploy.local.servers import POSTGRES, RABBITMQ, Kind, Machine, NoServerError, Way, choose


@dataclass
class FakeMachine:
    """A machine that has what the test says, and notes what is asked of it."""

    docker: bool = False
    root: bool = False
    programs: set[str] = field(default_factory=set)
    packages_hold: bool = True
    asked_docker: int = 0
    installed: list[str] = field(default_factory=list)

    def _engine(self) -> bool:
        self.asked_docker += 1
        return self.docker

    def _install(self, names: list[str]) -> None:
        self.installed += names
        if self.packages_hold:
            self.programs |= set(names)

    def kinds(self) -> tuple[Kind, Kind]:
        """Return the two kinds as this machine sees them."""
        return (
            replace(POSTGRES, present=lambda: POSTGRES.package in self.programs),
            replace(RABBITMQ, present=lambda: RABBITMQ.package in self.programs),
        )

    def choose(self, *, postgres: bool = False, rabbitmq: bool = False) -> list[Way]:
        """Return the ways to PostgreSQL and to RabbitMQ."""
        first, second = self.kinds()
        machine = Machine(self._engine, lambda: self.root, self._install)
        ways = choose({first: postgres, second: rabbitmq}, machine)
        return [ways[first], ways[second]]


BOTH = {"postgresql", "rabbitmq-server"}


def test_given_addresses_come_first_and_nothing_else_is_asked() -> None:
    machine = FakeMachine(docker=True, programs=set(BOTH))
    assert machine.choose(postgres=True, rabbitmq=True) == [Way.GIVEN, Way.GIVEN]
    assert machine.asked_docker == 0


def test_a_running_engine_comes_before_installed_programs() -> None:
    assert FakeMachine(docker=True, programs=set(BOTH)).choose() == [Way.DOCKER, Way.DOCKER]


def test_one_given_address_leaves_the_other_to_the_search() -> None:
    assert FakeMachine(docker=True).choose(postgres=True) == [Way.GIVEN, Way.DOCKER]
    assert FakeMachine(programs=set(BOTH)).choose(rabbitmq=True) == [Way.PROGRAMS, Way.GIVEN]


def test_installed_programs_are_used_without_an_engine() -> None:
    machine = FakeMachine(root=True, programs=set(BOTH))
    assert machine.choose() == [Way.PROGRAMS, Way.PROGRAMS]
    assert machine.installed == []


def test_root_installs_only_what_is_missing() -> None:
    machine = FakeMachine(root=True, programs={"postgresql"})
    assert machine.choose() == [Way.PROGRAMS, Way.PROGRAMS]
    assert machine.installed == ["rabbitmq-server"]


def test_without_any_way_the_error_names_them_all() -> None:
    with pytest.raises(NoServerError) as failure:
        FakeMachine().choose()
    for way in (
        "VORONKA_POSTGRES_URL",
        "VORONKA_AMQP_URL",
        "Docker",
        "postgresql",
        "rabbitmq-server",
        "root",
    ):
        assert way in str(failure.value)


def test_packages_that_are_too_old_are_an_error_too() -> None:
    machine = FakeMachine(root=True, packages_hold=False)
    with pytest.raises(NoServerError):
        machine.choose()
    assert machine.installed == ["postgresql", "rabbitmq-server"]
