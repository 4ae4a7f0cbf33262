"""The live stream over the real broker: to the right pages only, and nothing lost without a word."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from services.gateway.adapters import live_queue
from services.gateway.application.streams import CLOCKS_DIFFER
from services.gateway.service import SERVICE
from shared.contracts.leads import Audience, LeadClaimed, LeadCreated, LeadEvent
from shared.contracts.staff import EmployeeChanged, SessionClosed
from shared.kernel.clock import utc_now
from shared.kernel.ids import new_id
from shared.messaging.publisher import Publisher
from tests.booting import Boot, Running
from tests.services.gateway.browser import Browser
from tests.services.gateway.company import Person
from tests.services.gateway.conftest import NewBrowser
from tests.services.gateway.live_page import WITHIN_S, open_page
from tests.services.gateway.owners import Owners
from tests.shared.waiting import eventually


@pytest.fixture
async def publisher(amqp_url: str, gateway: Running) -> AsyncIterator[Publisher]:
    """Yield what the owners publish with; the gateway listens."""
    async with Publisher(amqp_url, source="voronka/leads") as found:
        await eventually(lambda: gateway.app.live.connected and found.connected)
        yield found


def happened(kind: type[LeadEvent] = LeadCreated, **audience: Any) -> LeadEvent:
    now = utc_now()
    return kind(
        lead_id=new_id(),
        version=3,
        number=1,
        status="new",
        kind="form",
        channel_id=uuid4(),
        name="Секретное имя",
        created_at=now,
        last_inquiry_at=now,
        audience=Audience(**audience),
    )


async def publish(publisher: Publisher, event: LeadEvent | EmployeeChanged | SessionClosed) -> None:
    await publisher.publish(event, message_id=new_id())


@pytest.fixture
async def ivan(owners: Owners, new_browser: NewBrowser) -> tuple[Person, Browser]:
    """Return a manager who sees only his own, and his browser."""
    person = owners.employ(Person("ivan", "Иван Петров", roles=(uuid4(),)).scoped("own"))
    browser = await new_browser()
    await browser.log_in("ivan")
    return person, browser


@pytest.mark.feature("B24")
async def test_an_open_page_is_told_only_what_changed_and_never_its_content(
    publisher: Publisher, browser: Browser
) -> None:
    event = happened(everyone=True)
    async with open_page(browser) as page:
        await publish(publisher, event)
        told = await page.next()
    assert told["event"] == "change"
    assert told["data"] == {
        "type": "lead",
        "id": str(event.lead_id),
        "version": 3,
        "topic": "leads.lead-created.v1",
    }
    assert told["id"].isdigit()


@pytest.mark.feature("B24", "S058")
async def test_a_change_reaches_the_right_person_only(
    publisher: Publisher,
    browser: Browser,
    ivan: tuple[Person, Browser],
    new_browser: NewBrowser,
    owners: Owners,
) -> None:
    person, his = ivan
    other = owners.employ(Person("olga", "Ольга").scoped("own"))
    hers = await new_browser()
    await hers.log_in(other.login)
    mine = happened(LeadClaimed, employees=(person.id,))
    of_role = happened(roles=person.roles)
    foreign = happened(employees=(uuid4(),), roles=(uuid4(),))
    async with open_page(his) as page, open_page(hers) as her_page, open_page(browser) as all_page:
        for event in (foreign, mine, of_role):
            await publish(publisher, event)
        assert [(await page.next())["data"]["id"] for _ in range(2)] == [
            str(mine.lead_id),
            str(of_role.lead_id),
        ]
        assert await page.silent()
        assert await her_page.silent()
        assert len([await all_page.next() for _ in range(3)]) == 3


async def test_a_head_hears_of_his_team(
    publisher: Publisher, owners: Owners, anna: Person, browser: Browser
) -> None:
    role, member = uuid4(), uuid4()
    owners.roles.append({"id": str(role), "member_ids": [str(member)]})
    anna.scoped("team").heads = (role,)
    await browser.log_in("anna")
    event = happened(employees=(member,))
    async with open_page(browser) as page:
        await publish(publisher, happened(employees=(uuid4(),)))
        await publish(publisher, event)
        assert (await page.next())["data"]["id"] == str(event.lead_id)


async def test_a_page_that_connects_after_it_was_drawn_gets_what_came_between(
    publisher: Publisher, gateway: Running, browser: Browser
) -> None:
    drawn, event = utc_now() + CLOCKS_DIFFER, happened(everyone=True)
    await publish(publisher, event)
    async with open_page(browser, f"/live?since={quote(drawn.isoformat())}") as page:
        ids = {(await page.next())["data"]["id"]}
        while str(event.lead_id) not in ids:
            ids.add((await page.next())["data"]["id"])
    assert str(event.lead_id) in ids
    await eventually(lambda: len(gateway.app.streams) == 0)


async def test_a_page_that_comes_back_too_late_reads_everything_anew(
    publisher: Publisher, browser: Browser
) -> None:
    assert publisher.connected
    async with open_page(browser, last_event_id="1") as page:
        assert (await page.next())["event"] == "resync"


async def test_a_page_from_the_beginning_of_time_reads_everything_anew(
    publisher: Publisher, browser: Browser
) -> None:
    assert publisher.connected
    async with open_page(browser, "/live?since=0001-01-01T00:00:00Z") as page:
        assert (await page.next())["event"] == "resync"


async def test_a_disabled_employee_is_put_out_of_his_stream(
    publisher: Publisher, ivan: tuple[Person, Browser]
) -> None:
    person, his = ivan
    async with open_page(his) as page:
        person.is_active = False
        event = EmployeeChanged(employee_id=person.id, version=2, number=1, name=person.name, is_active=False)
        await publish(publisher, event)
        told = await page.next()
        assert (told["event"], told["data"]) == ("end", {"reason": "signed-out"})
        async with asyncio.timeout(WITHIN_S):
            await page.closed.wait()
    assert (await his.part("/board/cards?ids=")).status_code == 401


async def test_an_employee_with_new_rights_hears_by_them_at_once(
    publisher: Publisher, ivan: tuple[Person, Browser]
) -> None:
    person, his = ivan
    foreign = happened(employees=(uuid4(),))
    async with open_page(his) as page:
        person.scoped("all")
        changed = EmployeeChanged(employee_id=person.id, version=2, number=1, name=person.name)
        await publish(publisher, changed)
        assert (await page.next())["event"] == "resync"
        await publish(publisher, foreign)
        assert (await page.next())["data"]["id"] == str(foreign.lead_id)


async def test_logging_out_ends_the_streams_of_the_session(browser: Browser, new_browser: NewBrowser) -> None:
    second = await new_browser()
    second.http.cookies.set("voronka", browser.token)
    async with open_page(second) as page:
        await browser.send("/logout")
        assert (await page.next())["event"] == "end"


async def test_logging_out_elsewhere_ends_the_session_here_too(
    publisher: Publisher, browser: Browser, new_browser: NewBrowser, owners: Owners
) -> None:
    other = await new_browser()
    await other.log_in("anna")
    token = browser.token
    async with open_page(browser) as page, open_page(other) as hers:
        del owners.sessions[token]
        assert (await browser.part("/board/cards?ids=")).status_code == 200
        await publish(publisher, SessionClosed(token_hash=hashlib.sha256(token.encode()).hexdigest()))
        told = await page.next()
        assert (told["event"], told["data"]) == ("end", {"reason": "signed-out"})
        assert await hers.silent()
    assert (await browser.part("/board/cards?ids=")).status_code == 401
    assert (await other.part("/board/cards?ids=")).status_code == 200


async def test_without_a_session_there_is_no_stream(stranger: Browser) -> None:
    assert (await stranger.get("/live")).status_code == 401


async def test_an_unreadable_event_disturbs_nobody(
    publisher: Publisher, gateway: Running, browser: Browser
) -> None:
    live, event = gateway.app.live, happened(everyone=True)
    async with open_page(browser) as page:
        for body in (b"{", b"{}", b'{"type":"leads.lead-created.v1","data":{}}'):
            await live._take(_Raw(body))
        live.hear("unknown.topic.v1", {})
        await publish(publisher, event)
        assert (await page.next())["data"]["id"] == str(event.lead_id)


class _Raw:
    """A message with a body that nobody can use."""

    routing_key = "leads.lead-created.v1"

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def ack(self) -> None:
        """Be done with it."""


async def test_a_lost_connection_comes_back_and_everybody_reads_anew(
    publisher: Publisher, gateway: Running, browser: Browser, owners: Owners
) -> None:
    live = gateway.app.live
    await browser.part("/board/cards?ids=")
    async with open_page(browser) as page:
        await live._connection.close()
        async with asyncio.timeout(WITHIN_S):
            while (told := await page.next())["event"] != "resync":
                continue
        assert told["data"] == {}
        event = happened(everyone=True)
        await publish(publisher, event)
        assert (await page.next())["data"]["id"] == str(event.lead_id)
    assert owners.count("/internal/token-exchange") >= 2


async def test_a_queue_that_may_have_dropped_something_lets_everybody_read_anew(
    publisher: Publisher, gateway: Running, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert publisher.connected
    monkeypatch.setattr(live_queue, "_LOOK_EVERY_S", 0.2)
    monkeypatch.setattr(live_queue, "LENGTH_MOST", -2)
    async with open_page(browser) as page:
        looking = asyncio.create_task(gateway.app.live._look())
        assert (await page.next())["event"] == "resync"
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def test_the_end_of_the_process_ends_open_streams_quickly(
    boot: Boot, units: dict[str, str], owners: Owners, anna: Person
) -> None:
    assert anna.login in owners.people
    async with boot(SERVICE, settings=units) as running:
        running.http.state.ending.set()
        await asyncio.sleep(0.05)
        with running.app.streams.open("t", _listener(anna.id)) as stream:
            assert stream.ended
            assert not stream.signed_out


def _listener(employee_id: UUID) -> Any:
    from services.gateway.domain.audience import Listener  # noqa: PLC0415 - only here

    return Listener(employee_id, "all")
