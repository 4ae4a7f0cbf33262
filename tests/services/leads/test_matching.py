"""Whose inquiry it is: each rule on its own, and which of two that fit goes first."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from services.leads.domain.inquiry import Key, contact_key
from services.leads.domain.intake import decide
from services.leads.domain.matching import Match, match
from services.leads.domain.snapshot import Channel, Contact, Identity, OpenLead, Point, Snapshot
from tests.services.leads.building import CHANNEL, T0, World, email, incoming, phone


def known(world: World, *keys: Key, shared: bool = False, spam: bool = False) -> UUID:
    """Put a contact with these keys into the world."""
    contact_id = uuid4()
    world.contacts[contact_id] = Contact(contact_id, "Ирина Власова", spam=spam)
    for key in keys:
        world.points[key] = (*world.points.get(key, ()), Point(contact_id, shared))
    return contact_id


def open_lead(world: World, *keys: Key, at: int = 0, contact_id: UUID | None = None) -> UUID:
    """Put an open lead that holds these keys into the world."""
    lead_id = uuid4()
    moment = incoming(at=at).received_at
    world.leads[lead_id] = OpenLead(lead_id, moment, contact_id, frozenset(keys))
    world.identities |= {key: Identity(lead_id) for key in keys}
    return lead_id


def decided(world: World, *keys: Key, channel: Channel | None = None, suspected: bool = False) -> Match:
    snapshot: Snapshot = world.snapshot()
    return match(incoming(*keys, suspected_spam=suspected), channel or world.channel, snapshot)


def test_a_colleague_is_kept_without_a_lead() -> None:
    world, employee = World(), uuid4()
    snapshot = world.snapshot()
    snapshot.employee_keys[phone(1)] = employee
    found = match(incoming(phone(1)), world.channel, snapshot)
    assert (found.rule, found.outcome) == ("employee", "keep")
    assert found.matched == [{"kind": "phone", "value": phone(1).value, "target": str(employee)}]


@pytest.mark.feature("S008")
def test_a_key_marked_as_spam_is_kept_and_counted_but_opens_nothing() -> None:
    world = World()
    world.identities[phone(1)] = Identity(spam=True)
    assert decided(world, phone(1)).rule == "spam"
    known(world, phone(2), spam=True)
    assert decided(world, phone(2)).rule == "spam"


def test_suspected_spam_is_kept_without_assignment() -> None:
    world = World()
    snapshot = world.snapshot()
    decisions = decide([incoming(phone(1), suspected_spam=True)], snapshot, T0)
    assert not decisions.new_leads
    assert decisions.decided[0].assignment is None
    assert decisions.decided[0].match.rule == "suspected_spam"


@pytest.mark.feature("S014")
def test_a_channel_that_is_no_source_of_leads_keeps_its_inquiries() -> None:
    found = decided(World(), phone(1), channel=Channel(CHANNEL, lead_source=False))
    assert (found.rule, found.outcome) == ("not_a_source", "keep")


@pytest.mark.feature("S009")
def test_a_known_contact_with_nothing_open_gets_a_lead_tied_to_him() -> None:
    world = World()
    contact = known(world, phone(1))
    found = decided(world, phone(1), email(7))
    assert (found.rule, found.outcome, found.contact_id) == ("known_contact", "open", contact)
    assert contact_key(contact) in found.keys
    assert found.matched == [{"kind": "phone", "value": phone(1).value, "target": str(contact)}]


@pytest.mark.feature("S004")
def test_another_point_of_a_known_contact_finds_his_open_lead() -> None:
    world = World()
    contact = known(world, phone(1), email(1))
    lead = open_lead(world, phone(1), contact_key(contact), contact_id=contact)
    found = decided(world, email(1))
    assert (found.rule, found.lead_id, found.contact_id) == ("contact_lead", lead, contact)


@pytest.mark.feature("S004")
def test_an_unknown_person_with_an_open_lead_is_attached_by_the_same_key() -> None:
    world = World()
    lead = open_lead(world, phone(1))
    found = decided(world, phone(1), email(9))
    assert (found.rule, found.lead_id) == ("same_key", lead)
    assert email(9) in found.keys


@pytest.mark.feature("B06")
def test_of_several_leads_the_latest_wins_and_the_others_stand_as_candidates() -> None:
    world = World()
    older, newer = open_lead(world, phone(1), at=1), open_lead(world, email(1), at=2)
    found = decided(world, phone(1), email(1))
    assert found.lead_id == newer
    assert found.candidates == [{"type": "lead", "id": str(older)}]


@pytest.mark.feature("B06")
def test_of_several_contacts_the_one_with_more_points_wins() -> None:
    world = World()
    one, two = known(world, phone(1)), known(world, phone(1), email(1))
    found = decided(world, phone(1), email(1))
    assert found.contact_id == two
    assert found.candidates == [{"type": "contact", "id": str(one)}]


def test_a_shared_point_never_names_a_person() -> None:
    world = World()
    known(world, phone(1), shared=True)
    found = decided(world, phone(1))
    assert (found.rule, found.contact_id) == ("new", None)
    assert decided(world, phone(1), email(2)).keys == (email(2),)


@pytest.mark.feature("B09")
def test_a_shared_point_joins_what_nobody_is_known_for() -> None:
    world = World()
    known(world, phone(1), shared=True)
    lead = open_lead(world, phone(1))
    found = decided(world, phone(1))
    assert (found.rule, found.lead_id, found.contact_id) == ("same_key", lead, None)
    assert decided(world, phone(1), email(2)).rule == "new"


@pytest.mark.feature("B09")
def test_a_point_that_was_marked_as_shared_later_leads_to_nobody_s_lead() -> None:
    world = World()
    contact = known(world, phone(1), shared=True)
    open_lead(world, phone(1), contact_key(contact), contact_id=contact)
    found = decided(world, phone(1))
    assert (found.rule, found.outcome, found.contact_id) == ("new", "open", None)


@pytest.mark.feature("B09")
def test_one_owner_is_enough_to_make_a_point_shared() -> None:
    world = World()
    known(world, phone(1), shared=True)
    known(world, phone(1))
    assert decided(world, phone(1)).contact_id is None


@pytest.mark.feature("B09")
def test_a_spammer_s_switchboard_is_not_spam_but_a_key_marked_by_itself_is() -> None:
    world = World()
    known(world, phone(1), shared=True, spam=True)
    assert decided(world, phone(1)).rule == "new"
    world.identities[phone(1)] = Identity(spam=True)
    assert decided(world, phone(1)).rule == "spam"


def test_a_contact_of_a_lead_that_was_closed_does_not_attract_inquiries() -> None:
    world = World()
    contact = known(world, phone(1))
    lead = open_lead(world, phone(1), contact_key(contact))
    del world.leads[lead]
    assert decided(world, phone(1)).rule == "known_contact"


def test_the_rules_never_change_the_snapshot() -> None:
    world = World()
    known(world, phone(1))
    open_lead(world, email(1))
    snapshot = world.snapshot()
    before = replace(snapshot, identities=dict(snapshot.identities), leads=dict(snapshot.leads))
    match(incoming(phone(1), email(1)), world.channel, snapshot)
    assert (snapshot.identities, snapshot.leads) == (before.identities, before.leads)
