"""Who hears of a change: exactly those who could see the lead before or can see it now."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.domain.audience import Audience, Listener, hears
from services.leads.application.published import audience
from services.leads.domain.access import Viewer, may_see
from services.leads.domain.snapshot import Responsible

_IDS = [UUID(int=number) for number in range(1, 6)]
_ID = st.sampled_from(_IDS)
_SET = st.frozensets(_ID)
_RESPONSIBLE = st.none() | st.builds(Responsible, st.sampled_from(("employee", "role")), _ID)


@pytest.mark.feature("B24")
@given(
    scope=st.sampled_from(("own", "team", "all")),
    me=_ID,
    roles=_SET,
    heads=_SET,
    team=_SET,
    before=_RESPONSIBLE,
    after=_RESPONSIBLE,
)
def test_a_change_is_heard_by_exactly_those_who_saw_the_lead_or_see_it_now(
    scope: str,
    me: UUID,
    roles: frozenset[UUID],
    heads: frozenset[UUID],
    team: frozenset[UUID],
    before: Responsible | None,
    after: Responsible | None,
) -> None:
    viewer = Viewer(me, roles, scope, heads, team)  # type: ignore[arg-type]
    listener = Listener(me, scope, roles, heads, team)  # type: ignore[arg-type]
    told = audience(before, after)
    heard = hears(listener, Audience(frozenset(told.employees), frozenset(told.roles), told.everyone))
    assert heard == (may_see(viewer, before) or may_see(viewer, after))


def test_who_may_not_read_leads_hears_nothing() -> None:
    assert not hears(Listener(_IDS[0], None, frozenset(_IDS)), Audience(frozenset(_IDS), everyone=True))
