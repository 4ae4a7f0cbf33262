"""F2: death at the worst moments: after a commit and before its acknowledgement, after a publish and before its mark."""

from collections.abc import Awaitable, Callable
from typing import Any

from chaos.failpoints.trigger import Trigger, around, die
from connectors.forms.delivery import Delivery
from shared.messaging import edge
from shared.messaging.batch import BatchSubscriber
from shared.messaging.relay import Relay
from shared.messaging.subscribers import Subscribers

Work = Callable[..., Awaitable[Any]]


def _dying_after(trigger: Trigger) -> Callable[[Work], Work]:
    """Return what makes a function die when it has done its work."""

    def make(original: Work) -> Work:
        async def work(*arguments: Any) -> Any:
            done = await original(*arguments)
            if done != [] and trigger.fires():  # an empty list: nothing was done
                die()
            return done

        return work

    return make


def after_batch_commit(trigger: Trigger) -> None:
    """Die when a batch of intake is committed and not acknowledged."""
    around(BatchSubscriber, "_handle_all", _dying_after(trigger))


def after_subscriber_commit(trigger: Trigger) -> None:
    """Die when an event of another unit has taken effect and is not acknowledged."""
    around(Subscribers, "_apply", _dying_after(trigger))


def before_answer(trigger: Trigger) -> None:
    """Die when an inquiry is durable and its sender has no answer."""
    around(Delivery, "deliver", _dying_after(trigger))


def before_outbox_mark(trigger: Trigger) -> None:
    """Die when events are published and their rows still stand in the outbox."""
    around(Relay, "_publish", _dying_after(trigger))


def before_spool_removal(trigger: Trigger) -> None:
    """Die when messages of the spool are published and still lie in it."""
    around(edge, "bring", _dying_after(trigger))


POINTS = {
    "after-batch-commit": after_batch_commit,
    "after-subscriber-commit": after_subscriber_commit,
    "before-answer": before_answer,
    "before-outbox-mark": before_outbox_mark,
    "before-spool-removal": before_spool_removal,
}
