"""The streams of a process: order, overflow, replay, and who is put out."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.gateway.application.streams import (
    QUEUE_MOST,
    REMEMBERED,
    STREAMS_PER_SESSION,
    Change,
    Streams,
    TooManyStreamsError,
)
from services.gateway.domain.audience import Audience, Listener
from services.gateway.entrypoints.live_stream import events, moment_of
from shared.kernel.errors import BusyError, UnauthorizedError

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
ME = uuid4()


def changed(seconds: float = 0, **audience: bool) -> Change:
    given = Audience(**audience) if audience else Audience(everyone=True)  # type: ignore[arg-type]
    return Change("lead", uuid4(), 1, "leads.lead-created.v1", START + timedelta(seconds=seconds), given)


@pytest.fixture
def streams() -> Streams:
    found = Streams(lambda: START)
    found.gap()
    return found


def listener(scope: str | None = "own", employee_id: UUID = ME) -> Listener:
    return Listener(employee_id, scope)  # type: ignore[arg-type]


def test_changes_wait_in_the_order_in_which_they_came(streams: Streams) -> None:
    first, second = changed(1), changed(2)
    with streams.open("t", listener()) as stream:
        streams.publish(first)
        streams.publish(second)
        assert list(stream.waiting) == [first, second]


def test_what_is_for_others_does_not_wait(streams: Streams) -> None:
    with streams.open("t", listener()) as stream:
        streams.publish(changed(everyone=False))
        assert not stream.waiting


def test_a_page_that_does_not_keep_up_reads_everything_anew_once(streams: Streams) -> None:
    with streams.open("t", listener()) as stream:
        for _ in range(QUEUE_MOST + 5):
            streams.publish(changed())
        assert stream.resync
        assert not stream.waiting


def test_a_page_that_comes_back_gets_what_it_missed(streams: Streams) -> None:
    missed = changed(30)
    streams.publish(missed)
    with streams.open("t", listener(), START + timedelta(seconds=10)) as stream:
        assert list(stream.waiting) == [missed]
        assert not stream.resync


def test_a_page_that_comes_back_late_reads_everything_anew(streams: Streams) -> None:
    with streams.open("t", listener(), START - timedelta(minutes=5)) as stream:
        assert stream.resync


@pytest.mark.parametrize(
    "since", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:01+23:59", "0001-01-01T00:00:00-23:59"]
)
def test_a_page_that_comes_from_the_beginning_of_time_reads_everything_anew(
    streams: Streams, since: str
) -> None:
    with streams.open("t", listener(), moment_of(since)) as stream:
        assert stream.resync


@pytest.mark.parametrize("since", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59"])
def test_a_page_that_comes_from_the_end_of_time_has_missed_nothing(streams: Streams, since: str) -> None:
    streams.publish(changed(30))
    with streams.open("t", listener(), moment_of(since)) as stream:
        assert not stream.waiting
        assert not stream.resync


def test_only_the_last_changes_are_remembered(streams: Streams) -> None:
    for number in range(REMEMBERED + 1):
        streams.publish(changed(number))
    with streams.open("t", listener(), START + timedelta(seconds=1)) as stream:
        assert stream.resync


def test_before_the_link_is_up_nothing_can_be_replayed() -> None:
    with Streams(lambda: START).open("t", listener(), START + timedelta(seconds=10)) as stream:
        assert stream.resync


def test_after_a_gap_everybody_reads_anew_and_proves_his_rights_again(streams: Streams) -> None:
    with streams.open("t", listener()) as stream:
        streams.publish(changed())
        streams.gap()
        assert stream.resync
        assert stream.renew
        assert not stream.waiting


def test_a_closed_stream_hears_nothing_more(streams: Streams) -> None:
    with streams.open("t", listener()) as stream:
        assert len(streams) == 1
    streams.publish(changed())
    assert len(streams) == 0
    assert not stream.waiting


def test_a_session_has_a_limited_number_of_streams(streams: Streams) -> None:
    with ExitStack() as stack:
        for _ in range(STREAMS_PER_SESSION):
            stack.enter_context(streams.open("t", listener()))
        with pytest.raises(TooManyStreamsError):
            stack.enter_context(streams.open("t", listener()))
        stack.enter_context(streams.open("another", listener()))
    assert len(streams) == 0


@pytest.mark.parametrize("active", [True, False])
def test_an_employee_who_changed_proves_himself_again_or_is_out(streams: Streams, *, active: bool) -> None:
    with streams.open("t", listener()) as mine, streams.open("o", listener(employee_id=uuid4())) as other:
        streams.employee_changed(ME, frozenset(), active=active)
        assert (mine.renew, mine.ended, mine.signed_out) == (active, not active, not active)
        assert not other.renew
        assert not other.ended


def test_a_head_finds_out_again_when_somebody_joins_his_team(streams: Streams) -> None:
    role, newcomer = uuid4(), uuid4()
    head = Listener(ME, "team", frozenset(), frozenset({role}), frozenset())
    with streams.open("t", head) as stream:
        streams.employee_changed(newcomer, frozenset({role}), active=True)
        assert stream.renew


def test_the_end_of_the_process_ends_open_and_coming_streams(streams: Streams) -> None:
    with streams.open("t", listener()) as stream:
        streams.end_all()
        assert stream.ended
        assert not stream.signed_out
    with streams.open("t", listener()) as later:
        assert later.ended


async def _told(streams: Streams, act: Callable[[], None], answer: Listener | Exception) -> list[str]:
    async def renew() -> Listener:
        if isinstance(answer, Exception):
            raise answer
        return answer

    said: list[str] = []
    with streams.open("t", listener()) as stream:
        act()
        async for event in events(stream, renew):
            said.append(event.event or "open")
            if len(said) == 1:
                continue
            streams.end_all()
    return said


async def test_a_stream_tells_changes_and_ends_with_the_process(streams: Streams) -> None:
    assert await _told(streams, lambda: streams.publish(changed()), listener()) == ["open", "change"]


async def test_a_stream_ends_when_its_session_is_over(streams: Streams) -> None:
    def act() -> None:
        streams.employee_changed(ME, frozenset(), active=True)

    assert await _told(streams, act, UnauthorizedError()) == ["open", "end"]


async def test_a_stream_with_new_rights_reads_everything_anew(streams: Streams) -> None:
    def act() -> None:
        streams.employee_changed(ME, frozenset(), active=True)

    assert await _told(streams, act, listener("all")) == ["open", "resync"]


async def test_a_stream_goes_on_while_staff_is_away(streams: Streams) -> None:
    def act() -> None:
        streams.employee_changed(ME, frozenset(), active=True)
        streams.publish(changed())

    assert await _told(streams, act, BusyError()) == ["open", "change"]


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("1764000000500", datetime(2025, 11, 24, 16, 0, 0, 500_000, UTC)),
        ("2026-11-24T12:00:00+00:00", START),
        ("2026-11-24T12:00:00 00:00", START),
        ("2026-11-24T12:00:00", None),
        ("9" * 40, None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_the_moment_from_which_a_page_missed_something(value: str | None, moment: datetime | None) -> None:
    assert moment_of(value) == moment
