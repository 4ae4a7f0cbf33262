"""Commands to the connector: translate again what was quarantined."""

import base64

import orjson
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage

from connectors.forms.bootstrap import Forms
from connectors.forms.form_channel import FormChannel
from connectors.forms.quarantine import NothingSaidError, post_of
from shared.contracts.envelope import Envelope
from shared.contracts.inquiries import Raw, TranslateFormAgain
from shared.files.errors import FileStoreAwayError
from shared.files.store import FileStore
from shared.messaging.connection import BrokerAwayError, broker_errors, consume, keep_connected
from shared.messaging.publisher import Publisher
from shared.messaging.retries import explain, park, retry_later
from shared.observability.tracing import use_traceparent
from shared.runtime.declaration import Resources

TRANSLATE_AGAIN_QUEUE = "forms.connectors.forms.translate-again.v1"
_PREFETCH = 5

log = structlog.get_logger(__name__)


async def translate_again(app: Forms, resources: Resources) -> None:
    """Take commands until cancelled."""

    async def ready(connection: AbstractConnection) -> AbstractChannel:
        async def take(message: AbstractIncomingMessage) -> None:
            await _take(app, resources.publisher, message)

        return await consume(connection, TRANSLATE_AGAIN_QUEUE, take, prefetch=_PREFETCH)

    await keep_connected(resources.settings.amqp_url, name="forms.commands", ready=ready)


async def _take(app: Forms, publisher: Publisher, message: AbstractIncomingMessage) -> None:
    """Do what one command says; it comes back later when the broker or the file store is away."""
    try:
        envelope = Envelope[TranslateFormAgain].model_validate(orjson.loads(message.body))
    except ValueError as error:
        await park(publisher, TRANSLATE_AGAIN_QUEUE, message, f"unreadable: {explain(error)}")
    else:
        try:
            with use_traceparent(envelope.traceparent):
                await translate_form_again(app, envelope.data)
        except Exception as error:  # noqa: BLE001 - a failed command waits and comes back, others go on
            await retry_later(publisher, TRANSLATE_AGAIN_QUEUE, message, error)
    try:
        with broker_errors():
            await message.ack()
    except BrokerAwayError as error:
        log.warning("acknowledgement was lost, the command will come again", error=str(error))


async def translate_form_again(app: Forms, command: TranslateFormAgain) -> None:
    """Publish the inquiry, or quarantine the form once more; a repeat changes nothing, for the ids are the same."""
    post = post_of(command, await _body(command.raw, app.files))
    channel = app.known.of(command.channel_id) or FormChannel.unknown(command.channel_id)
    try:
        read = await app.reader.read(post, channel, command.received_at, event=command.external_id)
    except FileStoreAwayError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is this time
        await app.quarantine.keep_again(command, post, error)
        return
    if read is None:
        await app.quarantine.keep_again(command, post, NothingSaidError())
        return
    await app.delivery.deliver(read.inquiry, post.body)


async def _body(raw: Raw, files: FileStore) -> bytes:
    if raw.file_key:
        return await files.get(raw.file_key)
    return base64.b64decode(raw.base64) if raw.base64 else (raw.text or "").encode()
