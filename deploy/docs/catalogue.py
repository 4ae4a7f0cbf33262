"""All messages of the product: contract, exchange, who publishes and who listens."""

import importlib
import inspect
import pkgutil
from dataclasses import dataclass

from shared import contracts
from shared.contracts.base import Contract
from shared.messaging import topology


@dataclass(frozen=True, slots=True)
class Listener:
    """A unit that takes a message, through a durable queue or a private one of each process."""

    unit: str
    queue: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """A contract with its way through the broker."""

    contract: type[Contract]
    exchange: str
    listeners: tuple[Listener, ...]

    @property
    def topic(self) -> str:
        """The wire name."""
        return self.contract.topic

    @property
    def unit(self) -> str:
        """The unit that publishes it; `connectors` stands for all of them."""
        return self.topic.partition(".")[0]

    @property
    def meaning(self) -> str:
        """What it says, in the words of its class."""
        return inspect.getdoc(self.contract) or ""


def contract_classes() -> list[type[Contract]]:
    """Return all contracts that have a topic, by topic."""
    found: dict[str, type[Contract]] = {}
    for module in pkgutil.iter_modules(contracts.__path__):
        for _, item in inspect.getmembers(importlib.import_module(f"shared.contracts.{module.name}")):
            if inspect.isclass(item) and issubclass(item, Contract) and item.topic:
                found[item.topic] = item
    return [found[topic] for topic in sorted(found)]


def catalogue() -> list[Described]:
    """Return all messages, by topic."""
    return [
        Described(contract, _exchange(contract.topic), _listeners(contract.topic))
        for contract in contract_classes()
    ]


def _exchange(topic: str) -> str:
    """Return the exchange of a topic: that of the queues that hear it, else the one of events."""
    exchanges = {item.exchange for item in topology.hearing(topic)}
    return exchanges.pop() if len(exchanges) == 1 else topology.EVENTS


def _listeners(topic: str) -> tuple[Listener, ...]:
    durable = [Listener(item.unit, item.name) for item in topology.hearing(topic)]
    live = [Listener("gateway")] if topic in topology.LIVE else []
    following = [Listener(unit) for unit, topics in topology.FOLLOWED.items() if topic in topics]
    return (*durable, *live, *following)
