"""The one table of names in the broker: exchanges, queues, which topics feed them, delays."""

from dataclasses import dataclass

INQUIRIES = "voronka.inquiries"
EVENTS = "voronka.events"
COMMANDS = "voronka.commands"
DEAD_LETTERS = "voronka.dead-letters"
STRAIGHT = ""
"""The default exchange of every broker, which routes by the name of the queue."""

EXCHANGES = (INQUIRIES, EVENTS, COMMANDS, DEAD_LETTERS)

DELIVERY_LIMIT = 20  # each restart of a consumer counts once for all it had prefetched


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable quorum queue of one consumer, fed by the topics of one exchange."""

    name: str
    exchange: str
    topics: tuple[str, ...]

    @property
    def unit(self) -> str:
        """The unit that consumes the queue."""
        return self.name.split(".", 1)[0]


@dataclass(frozen=True, slots=True)
class Delay:
    """A waiting room that every queue shares: a fanout exchange and a queue of the same name with a TTL."""

    name: str
    milliseconds: int


QUEUES = (
    Queue("leads.intake", INQUIRIES, ("*.inquiry-received.v1",)),
    Queue(
        "leads.staff",
        EVENTS,
        ("staff.employee-changed.v1", "staff.role-changed.v1", "staff.company-changed.v1"),
    ),
    Queue("leads.channels.channel-changed.v1", EVENTS, ("channels.channel-changed.v1",)),
    Queue("leads.contacts.contact-changed.v1", EVENTS, ("contacts.contact-changed.v1",)),
    Queue("leads.connectors.event-quarantined.v1", EVENTS, ("connectors.event-quarantined.v1",)),
    Queue("forms.connectors.forms.translate-again.v1", COMMANDS, ("connectors.forms.translate-again.v1",)),
)

DELAYS = (
    Delay("retry.2s", 2_000),
    Delay("retry.10s", 10_000),
    Delay("retry.1m", 60_000),
    Delay("retry.10m", 600_000),
    Delay("retry.1h", 3_600_000),
)

UNHEARD = frozenset({"leads.inquiry-kept.v1"})
"""Events that nobody listens to yet; a test compares this with the table above."""

LIVE = (
    "leads.lead-created.v1",
    "leads.inquiry-attached.v1",
    "leads.lead-assigned.v1",
    "leads.lead-claimed.v1",
    "leads.lead-rejected.v1",
    "leads.lead-reopened.v1",
    "leads.lead-changed.v1",
    "staff.employee-changed.v1",
    "staff.session-closed.v1",
)
"""Topics that the gateway's private queues take for open pages."""

FOLLOWED = {"forms": ("channels.channel-changed.v1",)}
"""Topics that connectors without a database take through private queues into what they remember."""

DEAD_LETTERS_KEPT_BY = {"forms": "channels"}
"""Units without a database and the unit that keeps their dead letters among its own."""


def queue(name: str) -> Queue:
    """Return the queue of that name; KeyError if the table does not have it."""
    for candidate in QUEUES:
        if candidate.name == name:
            return candidate
    raise KeyError(name)


def matches(pattern: str, topic: str) -> bool:
    """Say whether a topic exchange routes the topic to a queue bound by the pattern: `*` one word, `#` any number."""
    return _matches(pattern.split("."), topic.split("."))


def _matches(pattern: list[str], words: list[str]) -> bool:
    if not pattern:
        return not words
    first, rest = pattern[0], pattern[1:]
    if first == "#":
        return any(_matches(rest, words[skipped:]) for skipped in range(len(words) + 1))
    return bool(words) and first in {"*", words[0]} and _matches(rest, words[1:])


def hearing(topic: str) -> tuple[Queue, ...]:
    """Return the durable queues that a topic reaches."""
    return tuple(item for item in QUEUES if any(matches(pattern, topic) for pattern in item.topics))


def dead_queue(unit: str) -> str:
    """Return the name of the unit's dead-letter queue."""
    return f"{unit}.dead"


def units() -> tuple[str, ...]:
    """Return the units that consume anything, in the order of the table."""
    return tuple(dict.fromkeys(item.unit for item in QUEUES))


def kept_by(unit: str) -> tuple[str, ...]:
    """Return the units whose dead letters this unit keeps: its own if it consumes, and those of others."""
    return tuple(item for item in units() if DEAD_LETTERS_KEPT_BY.get(item, item) == unit)
