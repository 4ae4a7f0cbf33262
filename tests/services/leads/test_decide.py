"""The decision about batches: the same leads whatever the order, the batches or the repeats."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.leads.domain.inquiry import Incoming
from services.leads.domain.intake import NAMELESS, decide
from services.leads.domain.snapshot import Channel, Responsible
from tests.services.leads.building import CHANNEL, T0, World, email, incoming, phone, staff


def take_in(world: World, batches: Sequence[Sequence[Incoming]]) -> None:
    for batch in batches:
        snapshot = world.snapshot()
        world.apply(snapshot, decide(batch, snapshot, T0))


@st.composite
def posts(draw: st.DrawFn) -> list[Incoming]:
    """Draw posts of some people, each known by his phone, sometimes with an address of his own beside it."""
    people = draw(st.lists(st.integers(0, 5), min_size=1, max_size=14))
    with_mail = draw(st.lists(st.booleans(), min_size=len(people), max_size=len(people)))
    return [
        incoming(phone(person), *([email(person)] if mail else []), at=at)
        for at, (person, mail) in enumerate(zip(people, with_mail, strict=True))
    ]


@st.composite
def split(draw: st.DrawFn, items: list[Incoming]) -> list[list[Incoming]]:
    cuts = sorted(draw(st.sets(st.integers(1, max(1, len(items) - 1)), max_size=6)))
    edges = [0, *cuts, len(items)]
    return [items[start:end] for start, end in pairwise(edges)]


@pytest.mark.feature("S004")
@pytest.mark.feature("B14")
@given(posts(), st.data())
def test_any_order_and_any_split_into_batches_end_in_the_same_leads(
    items: list[Incoming], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(items))
    repeats = data.draw(st.lists(st.sampled_from(items), max_size=5))
    world = World()
    take_in(world, data.draw(split([*shuffled, *repeats])))

    by_person: dict[str, set[object]] = {}
    for item in items:
        by_person.setdefault(item.keys[0].value, set()).add(item.id)
    assert world.groups() == {frozenset(group) for group in by_person.values()}
    assert set(world.lead_of) == {item.id for item in items}


@st.composite
def tangled_posts(draw: st.DrawFn) -> list[Incoming]:
    """Draw posts that share phones and addresses in any way: one may join what was two leads."""
    points = st.one_of(st.integers(0, 3).map(phone), st.integers(0, 3).map(email))
    keys = draw(st.lists(st.sets(points, max_size=3), min_size=1, max_size=14))
    return [incoming(*sorted(some), at=at) for at, some in enumerate(keys)]


@given(tangled_posts(), st.data())
def test_the_split_into_batches_changes_no_decision(items: list[Incoming], data: st.DataObject) -> None:
    whole, parts = World(), World()
    take_in(whole, [items])
    take_in(parts, data.draw(split(items)))
    assert whole.groups() == parts.groups()


@pytest.mark.feature("B14")
def test_a_burst_of_one_person_in_one_batch_is_one_lead_that_counts_all() -> None:
    snapshot = World().snapshot()
    decisions = decide([incoming(phone(1), at=n) for n in range(20)], snapshot, T0)
    (lead,) = decisions.new_leads.values()
    assert lead.inquiries == 20
    assert lead.text == "text 19"
    assert {item.lead_id for item in decisions.decided} == {lead.id}


@pytest.mark.feature("B01")
def test_a_repeat_has_no_effect() -> None:
    world, item = World(), incoming(phone(1))
    take_in(world, [[item, item], [item]])
    assert len(world.lead_of) == 1
    decisions = decide([item], world.snapshot(), T0)
    assert not decisions.decided


@pytest.mark.feature("S049")
def test_nothing_to_reach_the_person_by_makes_a_lead_of_its_own() -> None:
    snapshot = World().snapshot()
    decisions = decide([incoming(at=1), incoming(at=2)], snapshot, T0)
    assert [lead.name for lead in decisions.new_leads.values()] == [NAMELESS, NAMELESS]
    assert {item.match.rule for item in decisions.decided} == {"no_contact"}


@pytest.mark.feature("S007")
def test_a_channel_may_open_a_lead_for_each_inquiry_and_the_newest_holds_the_keys() -> None:
    world = World(Channel(CHANNEL, repeat="new_lead"))
    first, second = incoming(phone(1), at=1), incoming(phone(1), at=2)
    take_in(world, [[first], [second]])
    assert world.lead_of[first.id] != world.lead_of[second.id]
    assert world.identities[phone(1)].open_lead_id == world.lead_of[second.id]


def test_a_new_point_on_an_open_lead_is_recognised_next_time() -> None:
    world = World()
    items = [incoming(phone(1), at=1), incoming(phone(1), email(1), at=2), incoming(email(1), at=3)]
    take_in(world, [[item] for item in items])
    assert len(world.groups()) == 1


def test_a_late_inquiry_never_turns_the_clock_of_a_lead_back() -> None:
    world = World()
    take_in(world, [[incoming(phone(1), at=100)]])
    snapshot = world.snapshot()
    decisions = decide([incoming(phone(1), at=5)], snapshot, T0)
    (growth,) = decisions.growths.values()
    world.apply(snapshot, decisions)
    assert growth.inquiries == 1
    assert next(iter(world.leads.values())).last_inquiry_at == incoming(at=100).received_at


@pytest.mark.feature("S055")
@pytest.mark.feature("B10")
@given(st.integers(1, 7), st.integers(1, 40), st.data())
def test_round_robin_is_fair_to_one_whatever_the_batches(
    people: int, leads: int, data: st.DataObject
) -> None:
    world = World()
    role, members = staff(world, people)
    world.channel = Channel(CHANNEL, responsible=Responsible("role", role), strategy="round_robin")
    take_in(world, data.draw(split([incoming(phone(n), at=n) for n in range(leads)])))
    counts = [world.assigned.count(Responsible("employee", member)) for member in members]
    assert sum(counts) == leads
    assert max(counts) - min(counts) <= 1
