"""A lead's transitions: who, when, why; a wrong state raises."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.leads.domain.errors import (
    LeadAlreadyClaimedError,
    LeadWrongStateError,
    RejectionReasonRequiredError,
)
from services.leads.domain.lead import Actor, Lead
from services.leads.domain.snapshot import Responsible
from tests.services.leads.building import CHANNEL, T0, phone

ANNA = Actor(uuid4(), "Анна")
BORIS = Actor(uuid4(), "Борис")
ROLE = uuid4()
NOW = T0 + timedelta(minutes=5)


def lead(**changes: Any) -> Lead:
    values: dict[str, Any] = {
        "id": uuid4(),
        "number": 1284,
        "version": 3,
        "status": "new",
        "kind": "form",
        "channel_id": CHANNEL,
        "name": "Клиент",
        "phones": ("+79000000001",),
        "emails": (),
        "keys": frozenset({phone(1)}),
        "contact_id": None,
        "deal_id": None,
        "responsible": Responsible("role", ROLE),
        "pool_role_id": ROLE,
        "inquiries_count": 2,
        "unread_count": 2,
        "created_at": T0,
        "last_inquiry_at": T0,
        "waiting_since": T0,
    }
    return Lead(**{**values, **changes})


@pytest.mark.feature("S058")
def test_who_claims_first_owns_the_lead() -> None:
    claimed, entry = lead().claim(ANNA, NOW)
    assert claimed.is_claimed_by(ANNA.id)
    assert (claimed.version, claimed.unread_count, claimed.waiting_since) == (4, 0, None)
    assert (entry.kind, entry.actor, entry.at) == ("claimed", ANNA, NOW)
    with pytest.raises(LeadAlreadyClaimedError):
        claimed.claim(BORIS, NOW)


@pytest.mark.feature("S058")
def test_a_lead_given_back_is_its_roles_again_and_waits_from_its_last_inquiry() -> None:
    claimed, _ = lead().claim(ANNA, NOW)
    back, entry = claimed.give_back(ANNA, NOW, "обед")
    assert (back.status, back.responsible, back.claimed_at) == ("new", Responsible("role", ROLE), None)
    assert back.waiting_since == T0
    assert (entry.kind, entry.reason) == ("given_back", "обед")
    nobody, _ = lead(pool_role_id=None).give_back(ANNA, NOW, "")
    assert nobody.responsible is None


@pytest.mark.feature("S060")
@pytest.mark.feature("S071")
def test_a_lead_handed_to_a_person_stays_in_work_and_one_handed_to_a_role_is_new() -> None:
    claimed, _ = lead().claim(ANNA, NOW)
    other, entry = claimed.hand_over(Responsible("employee", BORIS.id), "Борис", ANNA, NOW, "его клиент")
    assert (other.status, other.responsible) == ("in_work", Responsible("employee", BORIS.id))
    assert entry.data["to"] == {"type": "employee", "id": str(BORIS.id), "name": "Борис"}
    pooled, _ = claimed.hand_over(Responsible("role", ROLE), "Розница", ANNA, NOW, "")
    assert (pooled.status, pooled.claimed_at, pooled.waiting_since) == ("new", None, T0)


@pytest.mark.feature("S066")
def test_a_channel_may_demand_a_reason() -> None:
    with pytest.raises(RejectionReasonRequiredError):
        lead().reject(ANNA, NOW, reason_id=None, reason="", comment="", required=True)


@pytest.mark.feature("S065")
@pytest.mark.feature("S069")
def test_a_rejection_keeps_its_reason_and_comment() -> None:
    reason = uuid4()
    closed, entry = lead().reject(
        ANNA, NOW, reason_id=reason, reason="Дорого", comment="ждёт скидку", required=True
    )
    assert (closed.status, closed.closed_at, closed.rejection_reason_id) == ("rejected", NOW, reason)
    assert (entry.reason, entry.data) == ("Дорого", {"comment": "ждёт скидку"})
    without, _ = lead().reject(ANNA, NOW, reason_id=None, reason="", comment="", required=False)
    assert without.status == "rejected"


def test_a_rejected_lead_opens_again_where_it_was() -> None:
    claimed, _ = lead().claim(ANNA, NOW)
    closed, _ = claimed.reject(ANNA, NOW, reason_id=None, reason="", comment="", required=False)
    again, _ = closed.reopen(ANNA, NOW, "передумал")
    assert (again.status, again.responsible) == ("in_work", claimed.responsible)
    fresh, _ = lead().reject(ANNA, NOW, reason_id=None, reason="", comment="", required=False)
    assert fresh.reopen(ANNA, NOW, "")[0].status == "new"


@pytest.mark.parametrize("status", ["converting", "converted", "rejected", "absorbed"])
def test_a_wrong_state_raises_and_names_itself(status: Any) -> None:
    closed = lead(status=status)
    with pytest.raises(LeadWrongStateError) as raised:
        closed.claim(ANNA, NOW)
    assert raised.value.extra == {"lead_status": status}
    if status != "converting":
        with pytest.raises(LeadWrongStateError):
            closed.answer(ANNA, NOW)
    with pytest.raises(LeadWrongStateError):
        closed.give_back(ANNA, NOW, "")
    with pytest.raises(LeadWrongStateError):
        closed.hand_over(Responsible("role", ROLE), "", ANNA, NOW, "")


def test_an_answer_ends_the_wait_and_only_the_first_one_is_kept_as_first() -> None:
    claimed, _ = lead().claim(ANNA, NOW)
    again = replace(claimed, waiting_since=NOW)
    done = again.answer(BORIS, NOW + timedelta(minutes=1))
    assert done is not None
    answered, entry = done
    assert (answered.waiting_since, answered.first_response_at) == (None, NOW + timedelta(minutes=1))
    assert (answered.version, entry.kind, entry.actor) == (again.version + 1, "answered", BORIS)
    assert answered.answer(ANNA, NOW + timedelta(minutes=2)) is None
    waits = replace(answered, waiting_since=NOW + timedelta(minutes=3))
    later = waits.answer(ANNA, NOW + timedelta(minutes=4))
    assert later is not None
    assert later[0].first_response_at == answered.first_response_at


def test_who_was_answered_waits_no_more_when_his_lead_is_given_back() -> None:
    done = lead().answer(ANNA, NOW)
    assert done is not None
    claimed, _ = done[0].claim(ANNA, NOW)
    assert claimed.give_back(ANNA, NOW, "")[0].waiting_since is None
    wrote_again = replace(claimed, last_inquiry_at=NOW + timedelta(minutes=1))
    assert wrote_again.give_back(ANNA, NOW, "")[0].waiting_since == NOW + timedelta(minutes=1)


def test_every_transition_raises_the_version_by_one() -> None:
    claimed, _ = lead().claim(ANNA, NOW)
    back, _ = claimed.give_back(ANNA, NOW, "")
    closed, _ = back.reject(ANNA, NOW, reason_id=None, reason="", comment="", required=False)
    again, _ = closed.reopen(ANNA, NOW, "")
    assert [item.version for item in (claimed, back, closed, again, again.read())] == [4, 5, 6, 7, 8]
