"""Publishing tells the truth: confirmed, or an error within its own time limit."""

import time
from uuid import uuid4

import orjson
import pytest
from aio_pika import DeliveryMode

from shared.messaging import topology
from shared.messaging.publisher import Publisher, PublishFailedError
from tests.shared.messaging.proxy import through_proxy
from tests.shared.messaging.trial import Trial
from tests.shared.waiting import eventually


async def test_a_published_contract_is_a_persistent_cloudevent(trial: Trial, publisher: Publisher) -> None:
    message_id = uuid4()
    await publisher.publish(trial.contract(text="да"), message_id=message_id, mandatory=True, subject="s")
    found = await trial.take()
    assert found is not None
    body = orjson.loads(found.body)
    assert found.delivery_mode == DeliveryMode.PERSISTENT
    assert (found.message_id, found.type) == (str(message_id), trial.contract.topic)
    assert found.content_type == "application/cloudevents+json"
    assert body["specversion"] == "1.0"
    assert body["id"] == str(message_id)
    assert body["source"] == f"voronka/{trial.unit}"
    assert body["type"] == trial.contract.topic
    assert body["subject"] == "s"
    assert body["data"] == {"text": "да"}


async def test_a_mandatory_message_that_no_queue_takes_is_an_error(
    trial: Trial, publisher: Publisher
) -> None:
    with pytest.raises(PublishFailedError) as failed:
        await trial.say(publisher, "+79214471863", exchange=topology.COMMANDS, mandatory=True)
    assert failed.value.detail == "PublishError"  # and nothing of the message that was given back
    await trial.say(publisher, "the channel is still good")
    assert await trial.count() == 1


async def test_an_event_that_nobody_listens_to_is_no_error(trial: Trial, publisher: Publisher) -> None:
    await trial.say(publisher, "x", exchange=topology.COMMANDS, mandatory=False)
    assert publisher.connected


async def test_an_unknown_exchange_is_an_error_and_harms_nobody_else(
    trial: Trial, publisher: Publisher
) -> None:
    with pytest.raises(PublishFailedError):
        await trial.say(publisher, "x", exchange="nowhere")
    await trial.say(publisher, "still good")
    assert await trial.count() == 1


async def test_with_the_broker_away_publishing_fails_at_once(trial: Trial) -> None:
    async with Publisher("amqp://guest:guest@127.0.0.1:1/", source="voronka/trial") as lonely:
        started = time.monotonic()
        with pytest.raises(PublishFailedError):
            await trial.say(lonely, "x")
        assert time.monotonic() - started < 0.2
        assert not lonely.connected


async def test_a_frozen_broker_is_an_error_within_the_callers_limit(trial: Trial) -> None:
    async with through_proxy(trial.url) as proxy, Publisher(proxy.url, source="voronka/trial") as publisher:
        await eventually(lambda: publisher.connected)
        await trial.say(publisher, "before")
        proxy.freeze()
        started = time.monotonic()
        with pytest.raises(PublishFailedError):
            await publisher.publish(
                trial.contract(text="lost"), message_id=uuid4(), mandatory=True, timeout=0.3
            )
        assert 0.25 < time.monotonic() - started < 1.0
        await proxy.heal()
        await trial.say(publisher, "after")


async def test_a_cut_connection_comes_back_by_itself(trial: Trial) -> None:
    async with through_proxy(trial.url) as proxy, Publisher(proxy.url, source="voronka/trial") as publisher:
        await eventually(lambda: publisher.connected)
        await proxy.cut()
        await eventually(lambda: not publisher.connected)
        with pytest.raises(PublishFailedError):
            await trial.say(publisher, "while away")
        await proxy.heal()
        await eventually(lambda: publisher.connected)
        await trial.say(publisher, "back")
        assert await trial.count() == 1
