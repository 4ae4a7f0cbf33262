"""What a run is made of beside its checker: arguments, journal, people, recovery."""

import json
import random
from pathlib import Path

import pytest

from bench.backlog import spelled
from chaos.arguments import Asked, WrongArgumentError, read
from chaos.faults.table import acts
from chaos.ledger import Ledger, promises, read_lines
from chaos.people import People, phone_key
from chaos.posting import Post
from chaos.recovery import Look, recovery_s


def test_only_names_faults_or_the_beginnings_of_acts() -> None:
    asked = read(["only=F1-leads,F5", "seed=7"])
    assert asked == Asked(only=("F1-leads", "F5"), seed=7)
    wanted = [name for name in ("F1-leads-1-2s", "F1-staff-2s", "F5-kill", "F15-same") if asked.wants(name)]
    assert wanted == ["F1-leads-1-2s", "F5-kill"]
    assert asked.unknown(["F5-kill"]) == ["F1-leads"]


@pytest.mark.parametrize("given", ["F1", "seed=x", "speed=1", "only="])
def test_a_wrong_argument_is_refused_by_its_name(given: str) -> None:
    with pytest.raises(WrongArgumentError, match=given.partition("=")[0]):
        read([given])


def test_every_act_has_a_name_of_its_own_that_begins_with_its_fault() -> None:
    names = [fault.name for fault in acts(3, long=False)]
    assert len(names) == len(set(names))
    assert all(fault.fault in name for fault, name in zip(acts(3, long=False), names, strict=True))


def test_a_line_is_in_the_file_before_the_send_and_a_cut_last_line_is_left_out(tmp_path: Path) -> None:
    with Ledger(tmp_path / "journal.jsonl") as ledger:
        ledger.send("a", b"body", "phone:7")
        assert [line["key"] for line in read_lines(ledger.file)] == ["a"]
        assert promises(read_lines(ledger.file)).events["a"].in_doubt
        ledger.answer("a", "ok", status=202, given_id="1")
    with ledger.file.open("a", encoding="utf-8") as out:
        out.write(json.dumps({"line": "send", "key": "b"})[:-3])
    found = promises(read_lines(ledger.file)).events
    assert list(found) == ["a"]
    assert found["a"].accepted


def test_a_person_is_the_same_in_all_four_spellings() -> None:
    assert {phone_key(spelled(79_210_000_001, way)) for way in range(4)} == {"phone:79210000001"}


def test_the_town_is_the_same_for_the_same_seed_and_three_in_ten_write_again() -> None:
    first, second = (People(random.Random(5)) for _ in range(2))  # noqa: S311 - always the same town
    wrote = [first.somebody() for _ in range(2_000)]
    assert wrote == [second.somebody() for _ in range(2_000)]
    assert 0.25 < 1 - len(set(wrote)) / len(wrote) < 0.35


def test_a_post_is_the_same_bytes_however_often_it_is_sent() -> None:
    post = Post("hook", "key", 79_210_000_001, way=1)
    assert post.body == Post("hook", "key", 79_210_000_001, way=1).body
    assert post.identity == "phone:79210000001"


def looks(*states: tuple[float, bool, int, int]) -> list[Look]:
    """Return looks from (at, ready, accepted, stored)."""
    return [Look(*state) for state in states]


def test_recovery_ends_when_all_is_ready_and_the_backlog_shrinks() -> None:
    seen = looks((9, True, 10, 10), (10, False, 50, 10), (12, True, 60, 10), (13, True, 70, 40))
    assert recovery_s(seen, 10) == 3


def test_recovery_ends_when_all_is_ready_and_nothing_is_left() -> None:
    assert recovery_s(looks((10, False, 5, 5), (11, True, 5, 5)), 10) == 1


def test_there_is_no_recovery_while_the_backlog_grows_or_somebody_is_not_ready() -> None:
    assert recovery_s(looks((10, True, 20, 10), (11, True, 30, 11), (12, False, 30, 30)), 10) is None
    assert recovery_s([], 10) is None
