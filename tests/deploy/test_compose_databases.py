"""The job that makes the databases in a given PostgreSQL."""

from pathlib import Path

import pytest
import yaml

from deploy.docker import databases as job
from deploy.docker.variables import complete

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    made = {
        name: value
        for name, value in complete({}).items()
        if name.endswith(("_OWNER_PASSWORD", "_APP_PASSWORD"))
    }
    for name, value in made.items():
        monkeypatch.setenv(name, value)
    return made


def test_a_missing_variable_is_named_with_code_2(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = next(iter(variables))
    monkeypatch.delenv(missing)
    assert job.main([]) == 2
    assert capsys.readouterr().err == f"wrong setting {missing}: Field required\n"


def test_the_statements_can_be_had_without_a_server(
    variables: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert job.main(["--sql"]) == 0
    written = capsys.readouterr().out
    assert written.count("create database") == 4
    assert all(value in written for value in variables.values())


def test_the_compose_file_gives_the_job_what_it_needs(variables: dict[str, str]) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert set(compose["services"]["databases"]["environment"]) == {"VORONKA_POSTGRES_URL", *variables}


def test_there_is_one_database_for_each_service(variables: dict[str, str]) -> None:
    items = job.declared(variables)
    assert [item.name for item in items] == [
        "voronka_staff",
        "voronka_channels",
        "voronka_contacts",
        "voronka_leads",
    ]
    assert items[0].app_password == variables["STAFF_APP_PASSWORD"]
