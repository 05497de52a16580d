from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import _pulsar
import pulsar
import pulsar.asyncio
import pulsar.schema

from .contract import Contract, Pulsar, Subscription
from .envelope import Received, decode, encode
from .keys import Keys
from .pointer import value_at
from .problem import ContractError, as_problem
from .trace import Trace, in_trace

Data = TypeVar("Data")
Handle = Callable[[Received[Data]], Awaitable[None]]


@dataclass
class Counts:
    """What became of messages since the connection was opened."""

    published: int = 0
    refused: int = 0
    received: int = 0
    failed: int = 0
    """Messages that arrived and could not be read or handled. They are delivered again, and become dead letters."""


class PulsarBus:
    """A connection to Pulsar that speaks contracts, as a role. `connect` makes it."""

    def __init__(
        self, client: pulsar.asyncio.Client, role: str, keys: Keys | None, report: Callable[[Exception], None]
    ) -> None:
        self._client = client
        self._role = role
        self._keys = keys
        self._report = report
        self._counts = Counts()
        self._producers: dict[str, asyncio.Task[pulsar.asyncio.Producer]] = {}
        self._consuming: list[PulsarConsuming] = []

    async def publish(
        self,
        contract: Contract[Data, Any],
        data: Data,
        *,
        id: str | None = None,
        time: datetime | None = None,
        trace: Trace | None = None,
    ) -> str:
        """Publishes a message on the topic of its contract, and returns its id once Pulsar keeps it.

        Raises ContractError for what breaks the contract; what the broker or the network answers.
        """
        try:
            topic = _topic_of(contract)
            if self._role not in contract.publishers:
                raise ContractError("not-a-publisher", contract.name, f"{self._role} does not publish it")
            envelope = await encode(
                contract, data, role=self._role, keys=self._keys, id=id, time=time, trace=trace
            )
        except Exception:
            self._counts.refused += 1
            raise
        producer = await self._producer(contract, topic)
        key = None if topic.key is None else value_at(data, topic.key)
        await producer.send(
            envelope.payload,
            properties=dict(envelope.headers),
            partition_key=None if key is None else str(key),
        )
        self._counts.published += 1
        return envelope.id

    async def subscribe(
        self, contract: Contract[Data, Any], handle: Handle[Data], *, subscription: str | None = None
    ) -> PulsarConsuming:
        """Receives the messages of a contract's topic, one after the other, by this role's subscription.

        A message is acknowledged once `handle` has returned. What breaks the contract, and what `handle` fails on, is
        delivered again, and becomes a dead letter where the contract says when. `subscription` names one where the role
        has several.
        """
        topic = _topic_of(contract)
        chosen = self._subscription(contract, topic, subscription)
        policy = None
        if chosen.after is not None and chosen.dead is not None:
            policy = pulsar.ConsumerDeadLetterPolicy(chosen.after, chosen.dead)
        consumer = await self._client.subscribe(
            topic.url,
            chosen.name,
            consumer_type=_TYPES[chosen.type],
            schema=_Schema(topic),
            initial_position=_STARTS[chosen.start],
            negative_ack_redelivery_delay_ms=_REDELIVERY_MILLISECONDS,
            dead_letter_policy=policy,
        )

        async def receive(message: pulsar.Message) -> None:
            self._counts.received += 1
            try:
                properties = message.properties()
                received = await decode(contract, message.data(), properties.get, self._keys)
                with in_trace(received.trace):
                    await handle(received)
            except Exception as error:  # the program's own code may raise anything
                self._counts.failed += 1
                self._report(as_problem(contract.name, error))
                await consumer.negative_acknowledge(message)
            else:
                await consumer.acknowledge(message)

        consuming = PulsarConsuming(consumer, receive, self._report)
        self._consuming.append(consuming)
        return consuming

    @property
    def counts(self) -> Counts:
        return replace(self._counts)

    async def drain(self) -> None:
        """Handles what has arrived, and leaves once Pulsar keeps what was published."""
        try:
            for consuming in self._consuming:
                await consuming.drain()
            for making in self._producers.values():
                # Whoever published has been told why there is none.
                if not (making.done() and making.exception() is not None):
                    await (await making).close()
        finally:
            # The client's own `close` for asyncio answers from a thread that may still run Python when the program ends,
            # and then aborts it. This one answers without Python, once all threads of the client have ended.
            await asyncio.to_thread(self._client._client.close)  # noqa: SLF001

    async def _producer(self, contract: Contract[Any, Any], topic: Pulsar) -> pulsar.asyncio.Producer:
        making = self._producers.get(contract.name)
        if making is None or (making.done() and making.exception() is not None):
            making = asyncio.ensure_future(
                self._client.create_producer(
                    topic.url, schema=_Schema(topic), block_if_queue_full=True, batching_max_publish_delay_ms=1
                )
            )
            self._producers[contract.name] = making
        return await making

    def _subscription(self, contract: Contract[Any, Any], topic: Pulsar, name: str | None) -> Subscription:
        for one in topic.subscriptions:
            if one.role == self._role and name in (None, one.name):
                return one
        raise ContractError("not-a-subscriber", contract.name, f"{self._role} does not subscribe to it")


class PulsarConsuming:
    """Takes messages from a subscription, until it is drained. What was taken is still handled."""

    def __init__(
        self,
        consumer: pulsar.asyncio.Consumer,
        receive: Callable[[pulsar.Message], Awaitable[None]],
        report: Callable[[Exception], None],
    ) -> None:
        self._consumer = consumer
        self._receive = receive
        self._report = report
        self._ending = asyncio.Event()
        self._is_closed = False
        self._running = asyncio.create_task(self._run())

    async def drain(self) -> None:
        if not self._ending.is_set():
            self._ending.set()
            await self._running
            await self._close()

    async def _close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            await self._consumer.close()

    async def _run(self) -> None:
        ending = asyncio.create_task(self._ending.wait())
        while not self._ending.is_set():
            taking = asyncio.ensure_future(self._consumer.receive())
            await asyncio.wait([taking, ending], return_when=asyncio.FIRST_COMPLETED)
            if not taking.done():
                # Pulsar's client answers the question once the consumer is closed. Until it has, the program must not end:
                # its threads would call into an interpreter that is gone. What it still took is not acknowledged, so
                # whoever comes next gets it.
                await self._close()
                await asyncio.wait([taking], timeout=_ANSWER_SECONDS)
                if not taking.cancel():
                    taking.exception()  # that the consumer is closed
                return
            try:
                await self._receive(taking.result())
            except (pulsar.asyncio.PulsarException, pulsar.PulsarException) as error:
                self._report(error)
                await asyncio.sleep(0.25)


@asynccontextmanager
async def connect(
    role: str,
    *,
    url: str | None = None,
    keys: Keys | None = None,
    report: Callable[[Exception], None] | None = None,
) -> AsyncIterator[PulsarBus]:
    """Connects to Pulsar as a role, and stays connected; leaves with `drain`.

    `url` is `PULSAR_URL` unless given. `report` gets what went wrong beside any call.
    """
    url = url or os.environ.get("PULSAR_URL", "pulsar://localhost:6650")
    tell = report or (lambda error: print(error, file=sys.stderr))
    logger = pulsar.ConsoleLogger(pulsar.LoggerLevel.Error)
    bus = PulsarBus(pulsar.asyncio.Client(url, logger=logger), role, keys, tell)
    try:
        yield bus
    finally:
        await bus.drain()


class _Schema(pulsar.schema.Schema):
    """The record of a contract for the broker. The payload is JSON already."""

    def __init__(self, topic: Pulsar) -> None:
        super().__init__(bytes, _pulsar.SchemaType.JSON, dict(topic.avro), "JSON")

    def encode(self, obj: bytes) -> bytes:
        return obj

    def decode(self, data: bytes) -> bytes:
        return data


_TYPES = {
    "exclusive": pulsar.ConsumerType.Exclusive,
    "failover": pulsar.ConsumerType.Failover,
    "shared": pulsar.ConsumerType.Shared,
    "key_shared": pulsar.ConsumerType.KeyShared,
}
_STARTS = {"earliest": pulsar.InitialPosition.Earliest, "latest": pulsar.InitialPosition.Latest}

_REDELIVERY_MILLISECONDS = 1000

_ANSWER_SECONDS = 5
"""How long Pulsar's client may take to answer a question for a message once the consumer is closed."""


def _topic_of(contract: Contract[Any, Any]) -> Pulsar:
    if contract.pulsar is None:
        raise ContractError("no-channel", contract.name, "it has no Pulsar topic")
    return contract.pulsar
