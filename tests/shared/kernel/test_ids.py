"""Identifiers: ordered by time where made here, the same for the same event where derived."""

import time
from uuid import RFC_4122, UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.ids import inquiry_id, new_id

CHANNEL = UUID("0190a1b2-0000-7000-8000-000000000001")


def test_a_new_id_is_a_version_7_uuid_with_the_time_in_front() -> None:
    before = time.time_ns() // 1_000_000
    found = new_id()
    after = time.time_ns() // 1_000_000
    assert (found.version, found.variant) == (7, RFC_4122)
    assert before <= found.int >> 80 <= after


def test_later_ids_are_greater() -> None:
    earlier = new_id()
    time.sleep(0.002)
    assert earlier < new_id()


def test_ids_do_not_repeat() -> None:
    assert len({new_id() for _ in range(20_000)}) == 20_000


def test_the_id_of_an_inquiry_never_changes_between_releases() -> None:
    assert inquiry_id(CHANNEL, "tran-1") == UUID("74a7e265-058c-55db-996f-88feff1c1c51")


@given(st.text(max_size=50), st.text(max_size=50))
def test_the_same_event_has_the_same_id_and_another_one_another(one: str, other: str) -> None:
    try:
        (one + other).encode()
    except UnicodeEncodeError:
        return
    assert inquiry_id(CHANNEL, one) == inquiry_id(CHANNEL, one)
    assert (inquiry_id(CHANNEL, one) == inquiry_id(CHANNEL, other)) == (one == other)
    assert inquiry_id(CHANNEL, one) != inquiry_id(uuid4(), one)
