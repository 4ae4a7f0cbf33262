"""Who answers for a new lead, and why not the others."""

from dataclasses import replace
from uuid import uuid4

import pytest

from services.leads.domain.assignment import assign
from services.leads.domain.snapshot import Channel, Contact, Responsible
from tests.services.leads.building import CHANNEL, World, staff


@pytest.mark.feature("S061")
def test_a_channel_without_responsible_shows_its_leads_to_everybody() -> None:
    found = assign(Channel(CHANNEL), None, World().snapshot())
    assert (found.strategy, found.responsible, found.escalated) == ("everyone", None, False)


@pytest.mark.feature("S056")
def test_the_employee_of_the_channel_gets_its_leads() -> None:
    world = World()
    _, (member,) = staff(world, 1)
    channel = Channel(CHANNEL, responsible=Responsible("employee", member))
    assert assign(channel, None, world.snapshot()).responsible == Responsible("employee", member)


@pytest.mark.feature("S057")
@pytest.mark.feature("S058")
@pytest.mark.feature("S059")
def test_everyone_of_a_role_sees_the_lead() -> None:
    world = World()
    role, members = staff(world, 3)
    found = assign(Channel(CHANNEL, responsible=Responsible("role", role)), None, world.snapshot())
    assert found.responsible == Responsible("role", role)
    assert [item["id"] for item in found.candidates] == [str(member) for member in members]


@pytest.mark.feature("B10")
def test_each_exclusion_has_its_reason_in_the_record() -> None:
    world = World()
    role, (gone, helper, taker) = staff(world, 3)
    stranger = uuid4()
    world.roles[role] = (gone, helper, stranger, taker)
    world.employees[gone] = replace(world.employees[gone], is_active=False)
    world.employees[helper] = replace(world.employees[helper], takes_leads=False)
    channel = Channel(CHANNEL, responsible=Responsible("role", role), strategy="round_robin")
    found = assign(channel, None, world.snapshot())
    assert found.responsible == Responsible("employee", taker)
    reasons = {item["id"]: item["excluded"] for item in found.candidates}
    assert reasons == {
        str(gone): "inactive",
        str(helper): "no_right",
        str(stranger): "unknown",
        str(taker): None,
    }


@pytest.mark.feature("B10")
def test_nobody_available_is_told_and_shown_to_everybody() -> None:
    world = World()
    role, (gone,) = staff(world, 1)
    world.employees[gone] = replace(world.employees[gone], is_active=False)
    for target in (Responsible("role", role), Responsible("employee", gone)):
        found = assign(Channel(CHANNEL, responsible=target, strategy="round_robin"), None, world.snapshot())
        assert (found.responsible, found.escalated) == (None, True)


@pytest.mark.feature("B10")
def test_a_newcomer_starts_at_the_others_minimum() -> None:
    world = World()
    role, (veteran, newcomer) = staff(world, 2)
    world.cursors[role, CHANNEL] = {veteran: 100}
    snapshot = world.snapshot()
    channel = Channel(CHANNEL, responsible=Responsible("role", role), strategy="round_robin")
    chosen = [assign(channel, None, snapshot).responsible for _ in range(10)]
    assert chosen.count(Responsible("employee", newcomer)) == 5
    assert chosen.count(Responsible("employee", veteran)) == 5


def test_the_least_loaded_gets_the_next_lead_and_equals_go_in_turn() -> None:
    world = World()
    role, (busy, idle) = staff(world, 2)
    snapshot = world.snapshot()
    snapshot.load = {busy: 3, idle: 1}
    channel = Channel(CHANNEL, responsible=Responsible("role", role), strategy="least_loaded")
    chosen = [assign(channel, None, snapshot).responsible for _ in range(4)]
    assert chosen[:2] == [Responsible("employee", idle)] * 2
    assert set(chosen[2:]) == {Responsible("employee", busy), Responsible("employee", idle)}


def test_a_sticky_channel_goes_to_the_contacts_own_responsible() -> None:
    world = World()
    role, (own, other) = staff(world, 2)
    channel = Channel(CHANNEL, responsible=Responsible("role", role), strategy="round_robin", sticky=True)
    contact = Contact(uuid4(), "Клиент", own)
    snapshot = world.snapshot()
    found = assign(channel, contact, snapshot)
    assert (found.strategy, found.responsible) == ("sticky", Responsible("employee", own))
    snapshot.employees[own] = replace(snapshot.employees[own], is_active=False)
    assert assign(channel, contact, snapshot).responsible == Responsible("employee", other)
