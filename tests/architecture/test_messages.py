"""The table of the topology and the code agree: every queue has its subscriber, every topic its listener or a reason."""

import ast

import pytest

from deploy.docs.catalogue import contract_classes
from shared.messaging import topology
from tests.architecture.tree import ROOT, modules, unit_folders, units

TOPICS = {contract.topic for contract in contract_classes()}


def test_every_topic_of_the_table_has_a_contract() -> None:
    named = {
        topic for queue in topology.QUEUES for topic in queue.topics if "*" not in topic and "#" not in topic
    }
    named |= topology.UNHEARD | set(topology.LIVE)
    named |= {topic for topics in topology.FOLLOWED.values() for topic in topics}
    assert named <= TOPICS


def test_every_pattern_of_the_table_fits_a_contract() -> None:
    for queue in topology.QUEUES:
        for pattern in queue.topics:
            assert any(topology.matches(pattern, topic) for topic in TOPICS), pattern


def test_every_topic_is_heard_or_known_to_be_unheard() -> None:
    heard = {topic for topic in TOPICS if topology.hearing(topic)}
    heard |= set(topology.LIVE) | {topic for topics in topology.FOLLOWED.values() for topic in topics}
    assert TOPICS - heard == topology.UNHEARD


def test_every_queue_belongs_to_a_unit_that_consumes_it_and_to_no_other() -> None:
    consumed = {unit.name: {*(item.queue for item in unit.subscriptions), *unit.queues} for unit in units()}
    declared: dict[str, set[str]] = {}
    for queue in topology.QUEUES:
        declared.setdefault(queue.unit, set()).add(queue.name)
    assert {unit: queues for unit, queues in consumed.items() if queues} == declared


def test_a_queue_of_a_unit_without_a_database_has_somebody_who_keeps_its_dead_letters() -> None:
    without = {unit.name for unit in units() if unit.database is None and unit.name in topology.units()}
    assert set(topology.DEAD_LETTERS_KEPT_BY) == without
    keepers = {unit.name for unit in units() if unit.database is not None}
    assert set(topology.DEAD_LETTERS_KEPT_BY.values()) <= keepers


def test_every_subscription_handles_exactly_the_topics_of_its_queue() -> None:
    for unit in units():
        for subscription in unit.subscriptions:
            queue = topology.queue(subscription.queue)
            wanted = {topic for topic in TOPICS if any(topology.matches(one, topic) for one in queue.topics)}
            assert set(subscription.by_topic) == wanted, queue.name


def test_the_names_of_queues_exchanges_and_delays_are_taken_once() -> None:
    queues = [queue.name for queue in topology.QUEUES]
    queues += [delay.name for delay in topology.DELAYS] + [
        topology.dead_queue(unit) for unit in topology.units()
    ]
    assert len(queues) == len(set(queues))
    assert len(topology.EXCHANGES) == len(set(topology.EXCHANGES))
    assert {queue.exchange for queue in topology.QUEUES} <= set(topology.EXCHANGES)


def test_a_queue_of_one_topic_is_named_after_it() -> None:
    for queue in topology.QUEUES:
        if len(queue.topics) == 1 and "*" not in queue.topics[0]:
            assert queue.name == f"{queue.unit}.{queue.topics[0]}"


def test_names_of_the_broker_stand_in_the_topology_and_with_their_unit_only() -> None:
    places = {folder.name: f"{folder.parent.name}/{folder.name}/" for folder in unit_folders()}
    own = {queue.name: places[queue.unit] for queue in topology.QUEUES}
    names = {
        *topology.EXCHANGES,
        *(queue.name for queue in topology.QUEUES),
        *(delay.name for delay in topology.DELAYS),
    }
    wrong = []
    for module in modules("shared", "services", "connectors"):
        if module.name == "shared/messaging/topology.py" or "migrations" in module.path.parts:
            continue
        strings = [item for item in ast.walk(module.tree) if isinstance(item, ast.Constant)]
        wrong += [
            f"{module.name}:{item.lineno} {item.value}"
            for item in strings
            if item.value in names and not module.name.startswith(own.get(str(item.value), "?"))
        ]
    assert wrong == []


@pytest.mark.parametrize("unit", sorted(topology.FOLLOWED))
def test_a_connector_that_follows_a_topic_binds_a_private_queue_to_its_contract(unit: str) -> None:
    source = "".join(module.path.read_text() for module in modules(f"connectors/{unit}"))
    by_topic = {contract.topic: contract.__name__ for contract in contract_classes()}
    for topic in topology.FOLLOWED[unit]:
        assert f"{by_topic[topic]}.topic" in source


def test_who_binds_a_private_queue_is_in_the_table() -> None:
    private = {
        module.path.relative_to(ROOT).parts[1]
        for module in modules("services", "connectors")
        if "exclusive=True" in module.path.read_text()
    }
    assert private == {*topology.FOLLOWED, "gateway"}


@pytest.mark.parametrize(
    ("pattern", "topic", "fits"),
    [
        ("a.b.v1", "a.b.v1", True),
        ("a.b.v1", "a.b.v2", False),
        ("*.b.v1", "a.b.v1", True),
        ("*.b.v1", "b.v1", False),
        ("*.b.v1", "x.a.b.v1", False),
        ("a.#", "a.b.v1", True),
        ("a.#", "a", True),
        ("#", "a.b.v1", True),
        ("#.v1", "a.b.v1", True),
        ("#.v1", "a.b.v2", False),
        ("a.*", "a.b.v1", False),
    ],
)
def test_patterns_fit_as_in_a_topic_exchange(pattern: str, topic: str, fits: bool) -> None:  # noqa: FBT001
    assert topology.matches(pattern, topic) is fits
