"""Reasons and logs say what went wrong and where, and repeat nothing of what people wrote."""

from collections.abc import Callable, Sequence

import pytest
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import CapturingLogger

from shared.kernel.errors import InvalidError
from shared.messaging import batch, topology
from shared.messaging.batch import BatchSubscriber
from shared.messaging.publisher import Publisher
from shared.messaging.retries import REASON, explain
from tests.shared.messaging.trial import Trial, doing
from tests.shared.waiting import eventually

PHONE = "+79214471863"


class _Number(BaseModel):
    number: int


def _invalid() -> None:
    raise InvalidError(f"no such phone: {PHONE}")


@pytest.mark.parametrize(
    ("fail", "expected"),
    [
        (lambda: int(PHONE + "x"), "ValueError"),
        (lambda: dict[str, str]()[PHONE], "KeyError"),
        (lambda: _Number.model_validate({"number": PHONE + "x"}), "ValidationError: number: int_parsing"),
        (_invalid, "InvalidError invalid-input"),
    ],
)
def test_an_error_is_explained_without_its_values(fail: Callable[[], object], expected: str) -> None:
    with pytest.raises(Exception) as failed:  # noqa: PT011 - several kinds
        fail()
    assert explain(failed.value) == expected


async def test_a_database_error_is_explained_by_its_state_and_constraint(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(
            text("create temporary table phones (phone text constraint one_phone unique)")
        )
        insert = text("insert into phones values (:phone)")
        await connection.execute(insert, {"phone": PHONE})
        with pytest.raises(DBAPIError) as failed:
            await connection.execute(insert, {"phone": PHONE})
    assert explain(failed.value) == "UniqueViolationError 23505 phones one_phone"


async def test_a_value_that_the_database_repeats_is_not_repeated(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError) as failed:
            await connection.execute(text("select cast(cast(:phone as text) as integer)"), {"phone": PHONE})
    assert PHONE in str(failed.value)
    assert explain(failed.value) == "NumericValueOutOfRangeError 22003"


async def test_a_message_that_failed_alone_leaves_no_value_in_logs_and_headers(
    trial: Trial, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    logger = CapturingLogger()  # one that was used before keeps its processors
    monkeypatch.setattr(batch, "log", logger)

    async def refuse(_: Sequence[bytes]) -> None:
        raise ValueError(f"not {PHONE}")

    subscriber = BatchSubscriber(
        trial.url, trial.queue, publisher, decode=bytes, handle=refuse, suspects=trial.suspects
    )
    async with doing(subscriber.run()):
        await trial.say(publisher, PHONE)
        await eventually(lambda: trial.count(topology.dead_queue(trial.unit)))
    found = await trial.take(topology.dead_queue(trial.unit))
    assert found is not None
    assert str(found.headers[REASON]).startswith("ValueError at ")
    alone = [call for call in logger.calls if call.args == ("message failed alone",)]
    assert alone
    assert all("exc_info" not in call.kwargs for call in alone)
    assert PHONE not in repr(logger.calls)
