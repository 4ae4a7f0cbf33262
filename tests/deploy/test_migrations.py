"""Migrations at a start: done when something has changed, told, and left alone otherwise."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from deploy.local import migrations
from deploy.local.place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place.of(tmp_path)
    for service in ("staff", "leads"):
        folder = tmp_path / "services" / service / "migrations" / "versions"
        folder.mkdir(parents=True)
        (folder / "0001_pre_first.py").write_text("revision = '0001'")
    return made


class FakeDatabases:
    """Revisions by address; migrating brings them to what the test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.revisions = {"staff": "", "leads": ""}
        self.head = "0001"
        self.migrated: list[str] = []
        monkeypatch.setattr(migrations, "revision", self._revision)
        monkeypatch.setattr(migrations, "run_module", self._run)

    async def _revision(self, url: str) -> str:
        return self.revisions[url]

    async def _run(self, _: str, services: Sequence[str], **__: Any) -> list[str]:
        lines = ["a warning that is no row"]
        for service in services:
            row = {"service": service, "before": self.revisions[service], "after": self.head}
            self.revisions[service] = self.head
            lines.append(json.dumps(row))
        self.migrated += services
        return lines


OWNERS = {"staff": "staff", "leads": "leads"}


async def test_the_first_start_migrates_everything_and_the_next_one_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = FakeDatabases(monkeypatch)
    assert await migrations.bring_up(OWNERS, place) == ["staff to 0001", "leads to 0001"]
    assert await migrations.bring_up(OWNERS, place) == []
    assert machine.migrated == ["staff", "leads"]


async def test_an_update_migrates_the_service_that_has_changed(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = FakeDatabases(monkeypatch)
    await migrations.bring_up(OWNERS, place)
    new = place.root / "services" / "leads" / "migrations" / "versions" / "0002_pre_second.py"
    new.write_text("revision = '0002'")
    machine.head = "0002"
    assert await migrations.bring_up(OWNERS, place) == ["leads to 0002"]


async def test_a_database_that_is_not_where_it_was_left_is_migrated(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = FakeDatabases(monkeypatch)
    await migrations.bring_up(OWNERS, place)
    machine.revisions["staff"] = ""
    assert await migrations.bring_up(OWNERS, place) == ["staff to 0001"]
