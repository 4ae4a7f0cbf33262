"""The checker catches what it is for: a worker that acknowledges too early, a relay that skips a row."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import aio_pika
import asyncpg
import httpx2

from bench.backlog import spelled
from chaos.checker import Violation, check
from chaos.failpoints.trigger import Trigger
from chaos.ledger import Ledger, promises, read_lines
from chaos.people import phone_key
from chaos.reading import read_facts
from chaos.tap import Tap, depths
from services.contacts.service import SERVICE as CONTACTS
from services.leads.service import SERVICE as LEADS
from shared.contracts.envelope import encode
from shared.contracts.inquiries import InquiryReceived, Raw, Sender
from shared.kernel.ids import inquiry_id
from shared.messaging import topology
from shared.messaging.declare import declare_topology
from tests.keys import TestKeys
from tests.servers import NewVhost
from tests.shared.waiting import eventually
from tests.system.processes import NewDatabase, System, system

CHANNEL = UUID("3b1f9e54-77d6-4c5e-9d53-0a4de5b0e9a1")
AT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


async def accept(amqp_url: str, ledger: Ledger, keys: range) -> None:
    """Publish inquiries as an edge does that has accepted them, and write it into the journal."""
    async with await aio_pika.connect(amqp_url) as connection:
        await declare_topology(connection)
        channel = await connection.channel(publisher_confirms=True)
        exchange = await channel.get_exchange(topology.INQUIRIES, ensure=False)
        for number in keys:
            key, phone, body = f"caught:{number}", spelled(79_000_000_000 + number, number), f"body {number}"
            ledger.send(key, body.encode(), phone_key(phone))
            received = InquiryReceived(
                inquiry_id=inquiry_id(CHANNEL, key),
                channel_id=CHANNEL,
                kind="form",
                external_id=key,
                occurred_at=AT,
                received_at=AT,
                sender=Sender(name="Клиент", phones=(phone,)),
                raw=Raw(content_type="text/plain", text=body),
            )
            message = encode(received, message_id=received.inquiry_id, source="test", time=AT)
            sent = aio_pika.Message(message, message_id=str(received.inquiry_id), type=received.topic)
            await exchange.publish(sent, received.topic, mandatory=True)
            ledger.answer(key, "ok", given_id=str(received.inquiry_id))


async def judged(running: System, tap: Tap, ledger: Ledger) -> list[Violation]:
    """Return what the checker says of a system."""
    async with await aio_pika.connect(running.amqp_url) as connection:
        queues = await depths(connection)
    urls = {name: database.url for name, database in running.databases.items()}
    facts = await read_facts(urls, await tap.collect(), queues)
    return check(promises(read_lines(ledger.file)), facts)


async def sound(running: System, tap: Tap, ledger: Ledger) -> bool:
    """Say whether nothing is broken."""
    return not await judged(running, tap, ledger)


async def ask(running: System, unit: str, statement: str) -> int:
    """Return a number from a unit's database."""
    connection = await asyncpg.connect(running.databases[unit].url)
    try:
        return int(await connection.fetchval(statement))
    finally:
        await connection.close()


async def test_a_worker_that_acknowledges_before_it_stores_is_caught_with_every_key_that_it_lost(
    keys: TestKeys, fresh_vhost: NewVhost, database: NewDatabase, tmp_path: Path
) -> None:
    trigger = Trigger(tmp_path / "armed")
    async with system(keys, await fresh_vhost(), tmp_path, database) as running:
        ledger = running.stack.enter_context(Ledger(tmp_path / "journal.jsonl"))
        tap = Tap(running.amqp_url)
        await tap.open()
        await accept(running.amqp_url, ledger, range(30))
        liar = await running.start(
            LEADS,
            "chaos.afflicted",
            "services.leads worker",
            CHAOS_FAILPOINTS=f"acknowledge-early={trigger.path}",
        )
        await eventually(lambda: sound(running, tap, ledger), within_s=15)
        trigger.arm()
        await accept(running.amqp_url, ledger, range(30, 40))
        await liar.process.wait()
        await running.start(LEADS, "services.leads", "worker")
        await accept(running.amqp_url, ledger, range(40, 45))

        async def quiet() -> bool:
            stored = await ask(
                running, "leads", "select count(*) from inquiries where external_id = 'caught:44'"
            )
            return bool(stored) and not await ask(running, "leads", "select count(*) from outbox")

        await eventually(quiet, within_s=15)
        found = await judged(running, tap, ledger)
    assert [(item.invariant, item.what) for item in found] == [("I1", "accepted and not stored")]
    assert 0 < len(found[0].keys) <= 10
    assert set(found[0].keys) <= {f"caught:{number}" for number in range(30, 40)}


async def test_a_relay_that_skips_a_row_is_caught_with_the_record_that_nobody_heard_of(
    keys: TestKeys, fresh_vhost: NewVhost, database: NewDatabase, tmp_path: Path
) -> None:
    trigger = Trigger(tmp_path / "armed")
    who = keys.employee(uuid4(), grants={"contacts.edit": "all"})
    async with system(keys, await fresh_vhost(), tmp_path, database) as running:
        ledger = running.stack.enter_context(Ledger(tmp_path / "journal.jsonl"))
        tap = Tap(running.amqp_url)
        await tap.open()
        contacts = await running.start(
            CONTACTS, "chaos.afflicted", "services.contacts all", CHAOS_FAILPOINTS=f"skip-row={trigger.path}"
        )
        await running.start(LEADS, "services.leads", "worker")

        async def create(name: str) -> str:
            async with httpx2.AsyncClient(base_url=contacts.url) as http:
                answer = await http.post("/api/v1/contacts", json={"name": name}, headers=who)
            made = answer.raise_for_status().json()
            ledger.changed("contacts", made["id"], made["version"])
            return str(made["id"])

        async def copied(count: int) -> bool:
            known = await ask(running, "leads", "select count(*) from known_contacts")
            return known == count and not await ask(running, "contacts", "select count(*) from outbox")

        await create("Первый")
        await eventually(lambda: copied(1), within_s=15)
        await eventually(lambda: sound(running, tap, ledger), within_s=15)
        trigger.arm()
        skipped = await create("Второй")
        await eventually(lambda: not trigger.armed, within_s=15)
        await create("Третий")
        await eventually(lambda: copied(2), within_s=15)
        found = await judged(running, tap, ledger)
    record = (f"contacts {skipped} v1",)
    assert found == [
        Violation("I5", "change that no event told of", record),
        Violation("I5", "event without effect in the copy", record),
    ]
