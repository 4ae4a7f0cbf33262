"""The checker: what was promised against what is there; each broken invariant is named with its keys."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from chaos.facts import Facts
from chaos.ledger import Promises

RECOVERS_WITHIN_S = 30.0
COPIED = frozenset({"channels", "contacts", "employees", "roles"})
"""Whose records leads keeps copies of."""
_SHOWN = 8

Versions = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken invariant and where it is broken."""

    invariant: str
    what: str
    keys: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(self.keys[:_SHOWN])
        more = f" and {len(self.keys) - _SHOWN} more" if len(self.keys) > _SHOWN else ""
        return f"{self.invariant} {self.what}: {shown}{more}"


def _violation(invariant: str, what: str, keys: Iterable[str]) -> Iterator[Violation]:
    """Yield one violation for all keys, or none without keys."""
    found = tuple(sorted(keys))
    if found:
        yield Violation(invariant, what, found)


def lost(promised: Promises, facts: Facts) -> Iterator[Violation]:
    """I1: what was accepted is stored or lies where a person sees it; an acknowledged change is still there."""
    stored = set(facts.by_key()) | {letter.key for letter in facts.dead}
    missing = [key for key, event in promised.events.items() if event.accepted and key not in stored]
    if len(missing) <= sum(facts.queues.values()):
        yield from _violation("I8", "accepted and still waiting in a queue", missing)
    else:
        yield from _violation("I1", "accepted and not stored", missing)
    yield from _violation(
        "I1",
        "acknowledged change is gone",
        (
            f"{owner} {record} v{version}"
            for (owner, record), version in promised.versions.items()
            if facts.owned.get((owner, record), 0) < version
        ),
    )
    yield from _violation(
        "I1", "stored without its raw body or its decision", _keys(facts, lambda n, m: n == 0 or m == 0)
    )


def doubled(_: Promises, facts: Facts) -> Iterator[Violation]:
    """I2: one event is one inquiry, with one raw body, counted once by its lead."""
    by_key = facts.by_key()
    yield from _violation(
        "I2", "stored more than once", (key for key, rows in by_key.items() if len(rows) > 1)
    )
    yield from _violation("I2", "kept more than one raw body", _keys(facts, lambda n, _: n > 1))
    yield from _violation(
        "I2",
        "lead counts another number of inquiries than it has",
        (
            f"{lead.id} counts {lead.counted}, has {lead.attached}"
            for lead in facts.leads
            if lead.counted != lead.attached
        ),
    )


def _keys(facts: Facts, wrong: Callable[[int, int], bool]) -> Iterator[str]:
    return (item.key for item in facts.inquiries if wrong(item.raw_rows, item.decisions))


def split(promised: Promises, facts: Facts) -> Iterator[Violation]:
    """I3: a key is held by one open lead, the one that its identity names, and one person has one lead."""
    holders: dict[str, set[str]] = {}
    for lead in facts.leads:
        for key in lead.keys if lead.open else ():
            holders.setdefault(key, set()).add(str(lead.id))
    yield from _violation(
        "I3", "key held by several open leads", (key for key, leads in holders.items() if len(leads) > 1)
    )
    named = {key: {str(lead)} for key, lead in facts.identities.items()}
    differing = (key for key in holders.keys() | named.keys() if holders.get(key) != named.get(key))
    yield from _violation("I3", "identity and open lead do not name each other", differing)
    of_person: dict[str, set[str]] = {}
    for key, rows in facts.by_key().items():
        event = promised.events.get(key)
        if event and event.phone:
            of_person.setdefault(event.phone, set()).update(str(row.lead_id) for row in rows)
    yield from _violation(
        "I3", "one person's inquiries lie in several leads", (k for k, v in of_person.items() if len(v) > 1)
    )


def invented(promised: Promises, facts: Facts) -> Iterator[Violation]:
    """I4: what is stored was accepted or in doubt, and says what was sent."""
    unknown, altered, renamed = [], [], []
    for inquiry in facts.inquiries:
        event = promised.events.get(inquiry.key)
        if event is None or not (event.accepted or event.in_doubt):
            unknown.append(inquiry.key)
            continue
        if inquiry.body_hash and inquiry.body_hash not in event.hashes:
            altered.append(inquiry.key)
        if event.answered_ids - {str(inquiry.id)}:
            renamed.append(inquiry.key)
    yield from _violation("I4", "stored and never sent, or surely refused", unknown)
    yield from _violation("I4", "stored with a body that nobody sent", altered)
    yield from _violation("I4", "answered with another id than it has", renamed)


def untold(_: Promises, facts: Facts) -> Iterator[Violation]:
    """I5: every change was told, and its event took effect where it is listened to."""
    rows = (f"{unit} ({count} rows)" for unit, count in facts.outbox.items() if count)
    yield from _violation("I5", "outbox rows were not sent", rows)
    yield from _violation("I5", "change that no event told of", _behind(facts.owned, facts.told))
    listened = {record: version for record, version in facts.owned.items() if record[0] in COPIED}
    yield from _violation("I5", "event without effect in the copy", _behind(listened, facts.copied))


def _behind(owned: Versions, known: Versions) -> Iterator[str]:
    for record, version in owned.items():
        if known.get(record, 0) != version:
            yield f"{record[0]} {record[1]} v{version}"


def dead(promised: Promises, facts: Facts) -> Iterator[Violation]:
    """Neighbours unharmed: dead letters hold nothing but planted poison."""
    innocent = []
    for letter in facts.dead:
        event = promised.events.get(letter.key)
        if event is None or not event.poison:
            innocent.append(f"{letter.key or letter.queue} ({letter.reason})")
    yield from _violation("F12", "innocent message is dead", innocent)


def stuck(_: Promises, facts: Facts) -> Iterator[Violation]:
    """I8: nothing is left behind in a queue."""
    left = (f"{queue} ({count})" for queue, count in facts.queues.items() if count)
    yield from _violation("I8", "messages still lie in a queue", left)


def slow(seconds: float | None, name: str) -> Iterator[Violation]:
    """I8: ready again, and the backlog shrinking, within 30 s."""
    if seconds is None:
        yield Violation("I8", "did not recover by itself", (name,))
    elif seconds > RECOVERS_WITHIN_S:
        yield Violation("I8", f"needed {seconds:.0f} s to recover", (name,))


CHECKS = (lost, doubled, split, invented, untold, dead, stuck)


def check(promised: Promises, facts: Facts) -> list[Violation]:
    """Return every violation."""
    return [found for look in CHECKS for found in look(promised, facts)]
