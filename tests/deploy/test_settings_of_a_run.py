"""What a run is asked by its environment, and what each unit is told."""

import subprocess
import sys
from pathlib import Path

import pytest

from deploy import databases
from deploy.local.environment import Wiring, choose_ports
from deploy.local.place import Asked, WrongSettingError
from deploy.local.ports import Ports
from deploy.local.units import UNITS, processes, with_database

ROOT = Path(__file__).parent.parent.parent


def test_the_ports_are_the_fixed_ones_unless_moved() -> None:
    assert (Asked.read({}).port, Asked.read({}).hooks_port) == (8000, 8001)
    assert Asked.read({"VORONKA_PORT": "9000"}).port == 9000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VORONKA_PORT", "http"),
        ("VORONKA_PORT", "70000"),
        ("VORONKA_HOOKS_PORT", "8000"),
        ("VORONKA_POSTGRES_URL", "mysql://localhost/"),
        ("VORONKA_AMQP_URL", "localhost:5672"),
        ("VORONKA_AMQP_URL", "amqp://localhost:port/"),
        ("DEMO", "yes"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(WrongSettingError, match=f"^wrong setting {name}: "):
        Asked.read({name: value})


def test_a_wrong_setting_ends_the_run_with_one_line_and_code_2() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.local.commands", "run"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "VORONKA_PORT": "zero"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "VORONKA_PORT" in done.stderr


def _wiring(tmp_path: Path, **given: str) -> Wiring:
    passwords: dict[str, str] = {}
    return Wiring(
        given=given,
        ports=choose_ports(
            given, {"VORONKA_PORT": 8000, "VORONKA_HOOKS_PORT": 8001}, Ports(tmp_path / "ports.json")
        ),
        signing_keys={unit.name: "A" * 43 + "=" for unit in UNITS},
        sealing_keys="first:key",
        databases={name: databases.of_service(name, passwords) for name in with_database()},
        postgres_url="postgresql://postgres:root@127.0.0.1:5000/postgres",
        amqp_url="amqp://127.0.0.1:5001/",
        files=tmp_path,
        spool=tmp_path,
        admin_password="the administrator's",
    )


def _environments(wiring: Wiring) -> dict[str, dict[str, str]]:
    return {process.name: wiring.for_process(process) for process in processes()}


def test_each_unit_is_told_its_own_secrets_and_nobody_elses(tmp_path: Path) -> None:
    given = {"VORONKA_POSTGRES_URL": "postgresql://root@h/", "VORONKA_ADMIN_PASSWORD": "x", "HOME": "/root"}
    told = _environments(_wiring(tmp_path, **given))
    assert told["leads"]["LEADS_SIGNING_KEY"]
    assert told["leads"]["HOME"] == "/root"
    for name, values in told.items():
        others = [unit.prefix for unit in UNITS if name not in {unit.name, "connectors"}]
        assert not [key for key in values if key.startswith(tuple(others))]
        assert "VORONKA_POSTGRES_URL" not in values
        assert ("VORONKA_ADMIN_PASSWORD" in values) == (name == "staff")
        assert not [key for key in values if key.endswith("_OWNER_URL")]


def test_the_connectors_listen_where_the_hooks_are_expected(tmp_path: Path) -> None:
    told = _environments(_wiring(tmp_path))
    assert told["connectors"]["VORONKA_HOOKS_PORT"] == told["connectors"]["FORMS_HTTP_PORT"] == "8001"
    assert told["gateway"]["VORONKA_HOOKS_URL"] == "http://127.0.0.1:8001"


def test_what_the_environment_says_about_a_unit_wins(tmp_path: Path) -> None:
    wiring = _wiring(
        tmp_path, LEADS_HTTP_PORT="9123", LEADS_BATCH_SIZE="7", VORONKA_PUBLIC_URL="https://v.example"
    )
    told = _environments(wiring)
    assert told["leads"]["LEADS_HTTP_PORT"] == "9123"
    assert told["leads"]["LEADS_BATCH_SIZE"] == "7"
    assert told["gateway"]["VORONKA_LEADS_URL"] == "http://127.0.0.1:9123"
    assert told["channels"]["VORONKA_PUBLIC_URL"] == wiring.public_url == "https://v.example"


def test_tools_find_the_data_where_the_units_have_it(tmp_path: Path) -> None:
    wiring = _wiring(tmp_path, LEADS_DATABASE_URL="postgresql://elsewhere/leads")
    environments = _environments(wiring)
    found = wiring.addresses()
    assert found.databases == {
        name: environments[name][f"{name.upper()}_DATABASE_URL"] for name in with_database()
    }
    assert found.databases["leads"] == "postgresql://elsewhere/leads"
    assert found.amqp_url == environments["leads"]["VORONKA_AMQP_URL"]
