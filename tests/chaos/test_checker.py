"""The checker's rules, one by one, on made-up facts."""

from dataclasses import replace
from uuid import UUID

import pytest

from chaos.checker import check, slow
from chaos.facts import DeadLetter, Facts, Inquiry, Lead
from chaos.ledger import Promises, digest, promises

LEAD, OTHER = UUID(int=1), UUID(int=2)
PHONE = "phone:79210000001"


def sent(key: str, *outcomes: str, poison: bool = False) -> list[dict[str, object]]:
    """Return the journal of an event that was answered like that, its last send perhaps not at all."""
    found: list[dict[str, object]] = []
    for outcome in outcomes:
        found.append({"line": "send", "key": key, "hash": digest(key), "phone": PHONE, "poison": poison})
        if outcome != "none":
            found.append({"line": "answer", "key": key, "outcome": outcome, "id": ""})
    return found


def promised(*lines: list[dict[str, object]]) -> Promises:
    """Return what several events promise."""
    return promises(line for event in lines for line in event)


def inquiry(key: str, number: int = 1, lead: UUID = LEAD) -> Inquiry:
    """Return a stored inquiry."""
    return Inquiry(UUID(int=100 + number), key, lead, raw_rows=1, decisions=1, body_hash=digest(key))


def facts(*inquiries: Inquiry) -> Facts:
    """Return the facts of a healthy system with these inquiries in one lead."""
    lead = Lead(LEAD, "new", 1, frozenset({PHONE}), len(inquiries), len(inquiries))
    return Facts(
        inquiries=inquiries,
        leads=(lead,),
        identities={PHONE: LEAD},
        owned={("leads", str(LEAD)): 1},
        told={("leads", str(LEAD)): 1},
    )


def named(said: Promises, found: Facts) -> list[tuple[str, tuple[str, ...]]]:
    """Return invariants and keys of what is broken."""
    return [(item.invariant, item.keys) for item in check(said, found)]


def test_a_healthy_system_breaks_nothing() -> None:
    said = promised(sent("a", "doubt", "ok"), sent("b", "doubt"), sent("c", "fail"), sent("d", "none"))
    assert named(said, facts(inquiry("a", 1), inquiry("b", 2), inquiry("d", 3))) == []


def test_an_accepted_event_that_is_not_stored_is_lost() -> None:
    said = promised(sent("a", "ok"), sent("b", "ok"), sent("c", "doubt"))
    assert named(said, facts(inquiry("a"))) == [("I1", ("b",))]


def test_an_accepted_event_that_a_queue_may_still_hold_waits_and_is_not_lost() -> None:
    found = replace(facts(inquiry("a")), queues={"leads.intake": 1})
    said = promised(sent("a", "ok"), sent("b", "ok"))
    assert named(said, found) == [("I8", ("b",)), ("I8", ("leads.intake (1)",))]
    assert ("I1", ("b", "c")) in named(promised(sent("a", "ok"), sent("b", "ok"), sent("c", "ok")), found)


def test_an_accepted_event_among_the_dead_is_not_lost_but_an_innocent_is_harmed() -> None:
    found = replace(facts(inquiry("a")), dead=(DeadLetter("leads", "leads.intake", "why", "b"),))
    assert named(promised(sent("a", "ok"), sent("b", "ok")), found) == [("F12", ("b (why)",))]


def test_planted_poison_may_be_dead() -> None:
    found = replace(facts(inquiry("a")), dead=(DeadLetter("leads", "leads.intake", "why", "b"),))
    assert named(promised(sent("a", "ok"), sent("b", "ok", poison=True)), found) == []


def test_an_acknowledged_change_that_is_gone_is_lost() -> None:
    said = promised(sent("a", "ok"), [{"line": "changed", "owner": "contacts", "id": "x", "version": 2}])
    found = facts(inquiry("a"))
    found = replace(
        found,
        owned={**found.owned, ("contacts", "x"): 1},
        told={**found.told, ("contacts", "x"): 1},
        copied={("contacts", "x"): 1},
    )
    assert named(said, found) == [("I1", ("contacts x v2",))]


def test_an_event_stored_twice_is_doubled() -> None:
    found = facts(inquiry("a", 1), inquiry("a", 2))
    assert ("I2", ("a",)) in named(promised(sent("a", "ok")), found)


def test_a_lead_that_counts_an_inquiry_twice_is_doubled() -> None:
    found = facts(inquiry("a"))
    found = replace(found, leads=(replace(found.leads[0], counted=2),))
    assert named(promised(sent("a", "ok")), found) == [("I2", (f"{LEAD} counts 2, has 1",))]


@pytest.mark.parametrize(("rows", "invariant"), [(0, "I1"), (2, "I2")])
def test_an_inquiry_has_exactly_one_raw_body(rows: int, invariant: str) -> None:
    found = facts(replace(inquiry("a"), raw_rows=rows))
    assert named(promised(sent("a", "ok")), found) == [(invariant, ("a",))]


def test_one_person_with_two_open_leads_is_split() -> None:
    found = facts(inquiry("a", 1), inquiry("b", 2, OTHER))
    first = replace(found.leads[0], counted=1, attached=1)
    found = replace(
        found,
        leads=(first, replace(first, id=OTHER)),
        owned={**found.owned, ("leads", str(OTHER)): 1},
        told={**found.told, ("leads", str(OTHER)): 1},
    )
    broken = check(promised(sent("a", "ok"), sent("b", "ok")), found)
    assert {item.invariant for item in broken} == {"I3"}
    assert {item.what for item in broken} == {
        "key held by several open leads",
        "identity and open lead do not name each other",
        "one person's inquiries lie in several leads",
    }


def test_a_closed_lead_holds_no_key() -> None:
    found = facts(inquiry("a"))
    found = replace(found, leads=(replace(found.leads[0], status="rejected"),))
    assert named(promised(sent("a", "ok")), found) == [("I3", (PHONE,))]


@pytest.mark.parametrize("outcomes", [(), ("fail",)])
def test_what_was_never_sent_or_surely_refused_is_invented(outcomes: tuple[str, ...]) -> None:
    assert named(promised(sent("a", *outcomes)), facts(inquiry("a"))) == [("I4", ("a",))]


def test_an_inquiry_with_another_body_is_invented() -> None:
    found = facts(replace(inquiry("a"), body_hash=digest("b")))
    assert named(promised(sent("a", "ok")), found) == [("I4", ("a",))]


def test_an_unsent_row_an_untold_change_and_a_missing_copy_are_each_named() -> None:
    found = facts(inquiry("a"))
    owned = {**found.owned, ("contacts", "x"): 2}
    found = replace(found, outbox={"contacts": 3}, owned=owned, copied={("contacts", "x"): 1})
    assert named(promised(sent("a", "ok")), found) == [
        ("I5", ("contacts (3 rows)",)),
        ("I5", ("contacts x v2",)),
        ("I5", ("contacts x v2",)),
    ]


def test_a_message_that_is_left_in_a_queue_is_named() -> None:
    found = replace(facts(inquiry("a")), queues={"leads.intake": 2, "retry.2s": 0})
    assert named(promised(sent("a", "ok")), found) == [("I8", ("leads.intake (2)",))]


@pytest.mark.parametrize(("seconds", "broken"), [(0.5, 0), (30.0, 0), (31.0, 1), (None, 1)])
def test_recovery_has_thirty_seconds(seconds: float | None, broken: int) -> None:
    assert len(list(slow(seconds, "F1-x"))) == broken
