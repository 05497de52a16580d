from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Data = TypeVar("Data")
Reply = TypeVar("Reply")


@dataclass(frozen=True)
class Subscriber:
    role: str
    queue: str | None = None
    """Group of which one member gets each message."""
    durable: str | None = None
    """Consumer that the role reads the stream by."""
    deliveries: int | None = None
    """Of one message to that consumer before it is a dead letter."""


@dataclass(frozen=True)
class Nats:
    subject: str
    dead: str
    """Subject of what could not be read or handled."""
    stream: str | None = None
    """Stream that keeps it: publishing waits for its acknowledgement."""


@dataclass(frozen=True)
class Subscription:
    name: str
    role: str
    type: str
    """`from` of the contract: where a new subscription begins."""
    start: str
    after: int | None = None
    """After so many redeliveries a message goes to `dead`."""
    dead: str | None = None


@dataclass(frozen=True)
class Pulsar:
    url: str
    subscriptions: tuple[Subscription, ...]
    avro: Mapping[str, Any]
    """The record that Pulsar's registry knows."""
    key: str | None = None
    """JSON pointer of the field that orders messages."""


@dataclass(frozen=True)
class Personal:
    user: str
    """JSON pointer of the user's id."""
    fields: tuple[str, ...]
    """JSON pointers of what is encrypted; `*` stands for every item of a list."""


@dataclass(frozen=True)
class Contract(Generic[Data, Reply]):
    """One message, as contracts/*.yaml declare it. Generated modules hold these."""

    name: str
    event: str
    """`ce-type` of its messages: `arc.agent.voice-track-published.v1`."""
    publishers: tuple[str, ...]
    subscribers: tuple[Subscriber, ...]
    schema: Mapping[str, Any]
    nats: Nats | None = None
    pulsar: Pulsar | None = None
    personal: Personal | None = None
    reply: Callable[[], Contract[Any, Any]] | None = None
    """The contract of the answer. A function, because it may be declared later."""

    @staticmethod
    def of(data: Mapping[str, Any], reply: Callable[[], Contract[Any, Any]] | None = None) -> Contract[Any, Any]:
        """Reads what a generated module says."""
        nats, pulsar, personal = data.get("nats"), data.get("pulsar"), data.get("personal")
        return Contract(
            name=data["name"],
            event=data["event"],
            publishers=tuple(data["publishers"]),
            subscribers=tuple(Subscriber(**one) for one in data["subscribers"]),
            schema=data["schema"],
            nats=None if nats is None else Nats(**nats),
            pulsar=None if pulsar is None else _pulsar(pulsar),
            personal=None if personal is None else Personal(personal["user"], tuple(personal["fields"])),
            reply=reply,
        )


def _pulsar(data: Mapping[str, Any]) -> Pulsar:
    subscriptions = tuple(
        Subscription(start=one["from"], **{name: value for name, value in one.items() if name != "from"})
        for one in data["subscriptions"]
    )
    return Pulsar(**{**data, "subscriptions": subscriptions})
