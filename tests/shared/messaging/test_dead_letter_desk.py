"""Dead letters go back to their queues once, are thrown away once, and both stays known."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.messaging import dead_letter_desk, topology
from shared.messaging.dead_letter_desk import (
    By,
    DeadLetterDesk,
    DeadLetterMissingError,
    DeadLetterSettledError,
    QueueGoneError,
    Wanted,
)
from shared.messaging.dead_letters import DeadLetterDrain
from shared.messaging.publisher import Publisher, PublishFailedError, message
from shared.messaging.retries import park
from shared.messaging.subscribers import Subscribers, Subscription
from tests.shared.messaging.trial import DEAD_LETTERS, INBOX, Trial, dead, doing, note, stored
from tests.shared.waiting import eventually

ANNA = By("Анна Смирнова", "7")


def desk_of(engine: AsyncEngine, publisher: Publisher) -> DeadLetterDesk:
    """Return the desk over the trial's table."""
    return DeadLetterDesk(engine, DEAD_LETTERS, publisher)


async def buried(
    trial: Trial, publisher: Publisher, engine: AsyncEngine, *bodies: bytes, queue: str = ""
) -> list[dict[str, Any]]:
    """Let messages die of the queue and return their rows."""
    before = len(await dead(engine))
    drain = DeadLetterDrain(trial.url, unit=trial.unit, engine=engine, table=DEAD_LETTERS)
    async with doing(drain.run()):
        for body in bodies:
            headers: dict[str, str | int] = {"x-attempt": 5, "tenant": "a"}
            item = message(body, message_id=uuid4(), topic=trial.contract.topic, headers=headers)
            await park(publisher, queue or trial.queue, item, "ValueError")

        async def there() -> bool:
            return len(await dead(engine)) == before + len(bodies)

        await eventually(there)
    return (await dead(engine))[before:]


async def test_a_replayed_letter_is_in_its_queue_again_as_if_it_had_never_been_tried(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    (row,) = await buried(trial, publisher, engine, b"body")
    await desk_of(engine, publisher).replay(row["id"], ANNA)
    found = await trial.take()
    assert found is not None
    assert (found.body, found.type, found.content_type) == (
        b"body",
        row["topic"],
        "application/cloudevents+json",
    )
    assert found.message_id == str(row["message_id"])
    assert dict(found.headers) == {"tenant": "a", "x-delivery-count": 0}
    (after,) = await dead(engine)
    assert after["replayed_at"] is not None
    (act,) = after["history"]["acts"]
    assert (act["kind"], act["by"], act["by_id"]) == ("replayed", "Анна Смирнова", "7")
    assert after["body"] == b"body"


async def test_a_letter_is_replayed_once_only(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    (row,) = await buried(trial, publisher, engine, b"body")
    desk = desk_of(engine, publisher)
    await desk.replay(row["id"], ANNA)
    with pytest.raises(DeadLetterSettledError):
        await desk.replay(row["id"], ANNA)
    with pytest.raises(DeadLetterSettledError):
        await desk.drop(row["id"], ANNA, "why not")
    assert await trial.count() == 1


async def test_a_letter_waits_on_while_the_broker_is_away(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    (row,) = await buried(trial, publisher, engine, b"body")
    away = desk_of(engine, Publisher("amqp://guest:guest@127.0.0.1:1/", source="voronka/trial"))
    with pytest.raises(PublishFailedError):
        await away.replay(row["id"], ANNA)
    with pytest.raises(PublishFailedError):
        await away.replay_all(Wanted(), ANNA)
    (after,) = await dead(engine)
    assert after["replayed_at"] is None
    assert after["history"]["acts"] == []


async def test_what_dies_again_after_a_replay_is_a_new_letter_tied_to_the_first(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    (row,) = await buried(trial, publisher, engine, b"no json")
    desk = desk_of(engine, publisher)
    drain = DeadLetterDrain(trial.url, unit=trial.unit, engine=engine, table=DEAD_LETTERS)
    async with doing(_subscribers(trial, publisher, engine).run(), drain.run()):
        await desk.replay(row["id"], ANNA)

        async def twice() -> bool:
            return len(await dead(engine)) == 2

        await eventually(twice)
    first, second = await dead(engine)
    assert first["message_id"] == second["message_id"]
    assert second["reason"].startswith("unreadable")
    assert second["attempts"] == 0
    _, same = await desk.read(second["id"])
    assert list(same) == [first["id"]]
    assert await desk.count(Wanted()) == 1


@pytest.mark.feature("B27")
async def test_all_letters_of_a_queue_are_replayed_and_have_their_effect_once(
    trial: Trial, publisher: Publisher, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_letter_desk, "_IN_ONE_TRANSACTION", 2)
    texts = [f"t{place}" for place in range(5)]
    async with doing(_subscribers(trial, publisher, engine).run()):
        await trial.say(publisher, texts[0])
        await eventually(lambda: stored(engine))
    await trial.say(publisher, *texts[1:])
    bodies = [found.body for _ in texts[1:] if (found := await trial.take())]
    await buried(trial, publisher, engine, *bodies)
    desk = desk_of(engine, publisher)
    nothing = await desk.replay_all(Wanted(queues=["other"]), ANNA)
    assert (nothing.replayed, nothing.left) == (0, 0)
    done = await desk.replay_all(Wanted(queues=[trial.queue], topics=[trial.contract.topic]), ANNA)
    assert (done.replayed, done.left) == (4, 0)
    async with doing(_subscribers(trial, publisher, engine).run()):

        async def all_of_them() -> bool:
            return len(await stored(engine)) == 5

        await eventually(all_of_them)
    assert sorted(await stored(engine)) == texts


async def test_one_call_replays_a_few_hundred_and_tells_how_many_are_left(
    trial: Trial, publisher: Publisher, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_letter_desk, "_IN_ONE_TRANSACTION", 2)
    monkeypatch.setattr(dead_letter_desk, "MOST_AT_ONCE", 4)
    await buried(trial, publisher, engine, *(b"%d" % place for place in range(7)))
    done = await desk_of(engine, publisher).replay_all(Wanted(), ANNA)
    assert (done.replayed, done.left) == (4, 3)
    rows = await dead(engine)
    waiting = [row for row in rows if row["replayed_at"] is None]
    assert [await trial.count(), len(waiting)] == [4, 3]
    assert max(row["died_at"] for row in rows if row["replayed_at"]) <= min(row["died_at"] for row in waiting)


async def test_a_letter_whose_queue_is_gone_stays_and_does_not_stop_the_others(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    (lost,) = await buried(trial, publisher, engine, b"1", queue=f"{trial.unit}.old")
    await buried(trial, publisher, engine, b"2")
    desk = desk_of(engine, publisher)
    done = await desk.replay_all(Wanted(), ANNA)
    assert (done.replayed, done.left) == (1, 1)
    with pytest.raises(QueueGoneError):
        await desk.replay(lost["id"], ANNA)


async def test_a_dropped_letter_loses_its_body_and_keeps_who_dropped_it_and_why(
    trial: Trial, publisher: Publisher, engine: AsyncEngine
) -> None:
    (row,) = await buried(trial, publisher, engine, b"body")
    desk = desk_of(engine, publisher)
    await desk.drop(row["id"], ANNA, "a test of ours")
    (after,) = await dead(engine)
    assert (after["body"], after["reason"]) == (b"", "ValueError")
    assert after["dropped_at"] is not None
    (act,) = after["history"]["acts"]
    assert (act["kind"], act["by"], act["reason"]) == ("dropped", "Анна Смирнова", "a test of ours")
    assert await desk.count(Wanted()) == 0


async def test_an_unknown_letter_is_missing(trial: Trial, publisher: Publisher, engine: AsyncEngine) -> None:
    assert await trial.count() == 0
    for doing_it in (
        desk_of(engine, publisher).read(UUID(int=1)),
        desk_of(engine, publisher).replay(UUID(int=1), ANNA),
    ):
        with pytest.raises(DeadLetterMissingError):
            await doing_it


def test_a_unit_keeps_its_own_dead_letters_and_one_of_the_others_those_without_a_database() -> None:
    kept = [
        unit for keeper in ("staff", "channels", "contacts", "leads") for unit in topology.kept_by(keeper)
    ]
    assert sorted(kept) == sorted(topology.units())
    assert topology.kept_by("leads") == ("leads",)


def _subscribers(trial: Trial, publisher: Publisher, engine: AsyncEngine) -> Subscribers:
    return Subscribers(
        trial.url,
        publisher,
        unit=trial.unit,
        engine=engine,
        inbox=INBOX,
        app=None,
        subscriptions=[Subscription(trial.queue, ((trial.contract, note),))],
    )
