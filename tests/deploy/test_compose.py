"""The compose file against the declarations: each unit has what its settings require, and nothing unknown."""

import importlib
import inspect
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from deploy.docker import requirements
from deploy.docker.variables import complete
from deploy.local.units import CONNECTORS, TUNING, UNITS, Unit
from shared.runtime.settings import UnitSettings

ROOT = Path(__file__).parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?P<default>:-[^}]*)?\}")


def settings_of(unit: Unit) -> type[UnitSettings]:
    """Return the settings class of a unit."""
    module = importlib.import_module(unit.settings)
    return next(
        item
        for _, item in inspect.getmembers(module, inspect.isclass)
        if issubclass(item, UnitSettings) and item.__module__ == module.__name__
    )


def variables_of(settings: type[UnitSettings]) -> dict[str, bool]:
    """Return the variables that the class reads, and whether each is required."""
    prefix = str(settings.model_config.get("env_prefix", ""))
    return {
        str(field.validation_alias or f"{prefix}{name.upper()}"): field.is_required()
        for name, field in settings.model_fields.items()
    }


def containers_of(unit: Unit) -> list[str]:
    """Return the names of the unit's containers."""
    return [
        name
        for name, item in SERVICES.items()
        if item.get("image") == f"voronka-{unit.name}" and name != "databases"
    ]


CASES = [(unit, name) for unit in UNITS for name in containers_of(unit)]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_each_unit_has_its_containers(unit: Unit) -> None:
    expected = (
        {f"{unit.name}-{kind}" for kind in ("api", "worker", "migrate")} if unit.database else {unit.name}
    )
    assert set(containers_of(unit)) == expected


@pytest.mark.parametrize(("unit", "name"), CASES, ids=[name for _, name in CASES])
def test_each_container_has_what_is_required_and_nothing_unknown(unit: Unit, name: str) -> None:
    told = set(SERVICES[name]["environment"])
    known = variables_of(settings_of(unit))
    assert {variable for variable, required in known.items() if required} <= told
    assert told <= set(known)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_table_of_units_fits_the_settings(unit: Unit) -> None:
    known = variables_of(settings_of(unit))
    assert set(unit.secrets) <= set(known)
    assert unit.database == (f"{unit.prefix}DATABASE_URL" in known)
    everywhere = variables_of(UnitSettings)
    own = {variable for variable, required in known.items() if required and variable not in everywhere}
    assert own <= {
        *unit.secrets,
        *(f"{unit.prefix}{part}" for part in ("SIGNING_KEY", "HTTP_PORT", "DATABASE_URL")),
    }
    assert set(TUNING) <= set(known)


@pytest.mark.parametrize(("unit", "name"), CASES, ids=[name for _, name in CASES])
def test_the_owners_password_is_known_to_the_migration_only(unit: Unit, name: str) -> None:
    told = SERVICES[name]["environment"]
    assert (f"{unit.prefix}DATABASE_OWNER_URL" in told) == name.endswith("-migrate")


@pytest.mark.parametrize(("unit", "name"), CASES, ids=[name for _, name in CASES])
def test_addresses_health_and_published_ports_fit_where_units_listen(unit: Unit, name: str) -> None:
    container = SERVICES[name]
    port = container["environment"][f"{unit.prefix}HTTP_PORT"]
    for variable, value in container["environment"].items():
        if re.fullmatch(r"VORONKA_(STAFF|CHANNELS|CONTACTS|LEADS)_URL", variable):
            address = urlsplit(value)
            owner = SERVICES[str(address.hostname)]["environment"]
            assert str(address.port) == owner[f"{variable.split('_')[1]}_HTTP_PORT"]
    if name.endswith("-migrate"):
        return
    assert f":{port}/readyz" in " ".join(container["healthcheck"]["test"])
    assert all(item.endswith(f":{port}") for item in container.get("ports", ()))


def test_only_the_two_fixed_addresses_are_published() -> None:
    published = {name: item["ports"] for name, item in SERVICES.items() if "ports" in item}
    assert published == {
        "gateway": ["${VORONKA_BIND:-127.0.0.1}:${VORONKA_PORT:-8000}:8000"],
        "forms": ["${VORONKA_BIND:-127.0.0.1}:${VORONKA_HOOKS_PORT:-8001}:8000"],
    }


def test_every_variable_without_a_default_is_made_for_it() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    needed = {match["name"] for match in _VARIABLE.finditer(text) if not match["default"]}
    assert needed
    assert needed <= set(complete({}))


def test_what_a_container_waits_for_exists() -> None:
    for item in SERVICES.values():
        for name, how in item.get("depends_on", {}).items():
            finishes = how["condition"] == "service_completed_successfully"
            assert finishes == (name == "databases" or name.endswith("-migrate"))
            assert finishes or "healthcheck" in SERVICES[name]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_each_image_is_built_once_from_the_units_folder(unit: Unit) -> None:
    builds = [SERVICES[name]["build"] for name in containers_of(unit) if "build" in SERVICES[name]]
    arguments = {"UNIT": unit.name, "FOLDER": "connectors"} if unit in CONNECTORS else {"UNIT": unit.name}
    assert [build["args"] for build in builds] == [arguments]
    assert (ROOT / builds[0]["dockerfile"]).exists()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_an_image_gets_its_units_packages_and_no_tools_of_tests(unit: Unit) -> None:
    lock = requirements.LOCK.read_text(encoding="utf-8")
    part = requirements.entries(requirements.part(lock, unit.name))
    assert {"fastapi", "pydantic-core", "aiormq"} <= set(part)
    assert not {"pytest", "mypy", "playwright", "hypothesis"} & set(part)
    assert all("--hash=sha256:" in entry for entry in part.values())


def test_a_unit_without_packages_in_the_lock_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing for nobody"):
        requirements.part(requirements.LOCK.read_text(encoding="utf-8"), "nobody")
