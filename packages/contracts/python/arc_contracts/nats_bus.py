from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from .consume import Consuming
from .contract import Contract, Nats, Subscriber
from .counts import Counts
from .dead_letter import letter_headers
from .envelope import Envelope, Received, decode, encode
from .keys import Keys
from .listen import listen
from .problem import ContractError, as_problem
from .settle import Verdicts
from .trace import Trace, in_trace

Data = TypeVar("Data")
Reply = TypeVar("Reply")
Handle = Callable[[Received[Data]], Awaitable[None]]

# As NATS' own services name them, so that its tools show them.
_ERROR, _ERROR_CODE = "Nats-Service-Error", "Nats-Service-Error-Code"


class NatsBus:
    """A connection to NATS that speaks contracts, as a role. `connect` makes it."""

    def __init__(self, client: Client, role: str, keys: Keys | None, report: Callable[[Exception], None]) -> None:
        self.client = client
        self._stream = client.jetstream()
        self._role = role
        self._keys = keys
        self._report = report
        self._counts = Counts()
        self._consuming: list[Consuming] = []

    async def publish(
        self,
        contract: Contract[Data, Any],
        data: Data,
        *,
        id: str | None = None,
        time: datetime | None = None,
        trace: Trace | None = None,
    ) -> str:
        """Publishes a message on the subject of its contract, and returns its id.

        Where a stream keeps the subject, it has it once this returns; elsewhere delivery is at most once, as with NATS
        itself. `id` is unique unless given: whoever publishes the same again, gives the same, and a stream keeps one of
        them. Raises ContractError for what breaks the contract; what the server or the network answers.
        """
        channel, envelope = await self._prepare(contract, data, id, time, trace)
        headers = {**envelope.headers, "Nats-Msg-Id": envelope.id}
        if channel.stream is None:
            await self.client.publish(channel.subject, envelope.payload, headers=headers)
        else:
            await self._stream.publish(channel.subject, envelope.payload, headers=headers)
        self._counts.published += 1
        return envelope.id

    async def subscribe(self, contract: Contract[Data, Any], handle: Handle[Data]) -> Subscription:
        """Receives the messages of a contract, one after the other, in the queue group that the contract gives the role.

        What breaks the contract, and what `handle` fails on, goes to the dead-letter subject. It returns once the server
        knows of the subscription.
        """
        channel, subscriber = self._subscriber(contract)

        async def receive(message: Msg) -> None:
            self._counts.received += 1
            try:
                await self._handle(contract, message, handle)
            except Exception as error:  # the program's own code may raise anything
                await self._put_aside(contract, channel, message, error)

        return await listen(self.client, channel.subject, subscriber.queue, receive)

    async def consume(self, contract: Contract[Data, Any], handle: Handle[Data]) -> Consuming:
        """Receives the messages of a contract from the stream that keeps them, by this role's durable consumer.

        Each arrives at least once, one after the other, also those that were published while this program was away. A
        message is acknowledged once `handle` has returned. What `handle` fails on is delivered again after a pause, up to
        the deliveries that the contract allows. What fails then, and what breaks the contract, is a dead letter: it leaves
        the stream once another stream has it, and comes again until then.
        """
        channel, subscriber = self._subscriber(contract)
        if channel.stream is None or subscriber.durable is None or subscriber.deliveries is None:
            raise ContractError("no-channel", contract.name, f"{self._role} has no durable consumer of it")
        pulling = await self._stream.pull_subscribe_bind(subscriber.durable, channel.stream)
        ack_wait = (await pulling.consumer_info()).config.ack_wait or 30.0

        def kept(problem: ContractError) -> None:
            self._counts.dead += 1
            self._report(problem)

        verdicts = Verdicts(
            stream=self._stream,
            contract=contract,
            channel=channel,
            role=self._role,
            keys=self._keys,
            handle=handle,
            last=subscriber.deliveries,
            ack_wait=ack_wait,
            kept=kept,
            report=self._report,
        )

        async def receive(message: Msg) -> None:
            self._counts.received += 1
            await verdicts.settle(message)

        consuming = Consuming(pulling, receive, self._report)
        self._consuming.append(consuming)
        return consuming

    async def request(
        self,
        contract: Contract[Data, Reply],
        data: Data,
        *,
        timeout: float,
        id: str | None = None,
        time: datetime | None = None,
        trace: Trace | None = None,
    ) -> Received[Reply]:
        """Asks, and waits `timeout` seconds for the answer that the contract names.

        Raises ContractError `refused` where the other side answered with an error, `invalid` where question or answer
        break their contract; what NATS raises where nobody listens or nobody answers in time.
        """
        reply = _reply_of(contract)
        channel, envelope = await self._prepare(contract, data, id, time, trace)
        headers = dict(envelope.headers)
        answer = await self.client.request(channel.subject, envelope.payload, timeout=timeout, headers=headers)
        self._counts.published += 1
        self._counts.received += 1
        refusal = (answer.headers or {}).get(_ERROR)
        if refusal:
            raise ContractError("refused", contract.name, refusal)
        return await decode(reply, answer.data, _header(answer), self._keys)

    async def respond(
        self, contract: Contract[Data, Reply], handle: Callable[[Received[Data]], Awaitable[Reply]]
    ) -> Subscription:
        """Answers the requests of a contract.

        Where one breaks its contract, or `handle` fails, the asker gets an error at once, and the request becomes a
        dead letter. It returns once the server knows of the subscription.
        """
        reply = _reply_of(contract)
        channel, subscriber = self._subscriber(contract)

        async def answer(message: Msg) -> None:
            self._counts.received += 1
            try:
                received = await decode(contract, message.data, _header(message), self._keys)
                with in_trace(received.trace):
                    data = await handle(received)
                    envelope = await encode(reply, data, role=self._role, keys=self._keys)
                await self.client.publish(message.reply, envelope.payload, headers=dict(envelope.headers))
                self._counts.published += 1
            except Exception as error:
                problem = as_problem(contract.name, error)
                reason = f"{problem.code} {problem.path}".strip()
                headers = {_ERROR: reason, _ERROR_CODE: problem.code}
                await self.client.publish(message.reply, b"", headers=headers)
                await self._put_aside(contract, channel, message, error)

        return await listen(self.client, channel.subject, subscriber.queue, answer)

    @property
    def counts(self) -> Counts:
        return replace(self._counts)

    async def drain(self) -> None:
        """Handles what has arrived, sends what is still to be sent, and leaves."""
        for consuming in self._consuming:
            await consuming.drain()
        await self.client.drain()

    async def _prepare(
        self,
        contract: Contract[Data, Any],
        data: Data,
        id: str | None,
        time: datetime | None,
        trace: Trace | None,
    ) -> tuple[Nats, Envelope]:
        """Checks and encodes a message, and counts it where that fails."""
        try:
            if contract.nats is None:
                raise ContractError("no-channel", contract.name, "it has no NATS subject")
            if self._role not in contract.publishers:
                raise ContractError("not-a-publisher", contract.name, f"{self._role} does not publish it")
            envelope = await encode(
                contract, data, role=self._role, keys=self._keys, id=id, time=time, trace=trace
            )
        except Exception:
            self._counts.refused += 1
            raise
        return contract.nats, envelope

    def _subscriber(self, contract: Contract[Any, Any]) -> tuple[Nats, Subscriber]:
        if contract.nats is None:
            raise ContractError("no-channel", contract.name, "it has no NATS subject")
        for subscriber in contract.subscribers:
            if subscriber.role == self._role:
                return contract.nats, subscriber
        raise ContractError("not-a-subscriber", contract.name, f"{self._role} does not subscribe to it")

    async def _handle(self, contract: Contract[Data, Any], message: Msg, handle: Handle[Data]) -> None:
        received = await decode(contract, message.data, _header(message), self._keys)
        with in_trace(received.trace):
            await handle(received)

    async def _put_aside(
        self, contract: Contract[Any, Any], channel: Nats, message: Msg, error: Exception
    ) -> None:
        """Puts a message aside that is delivered at most once, and so is its letter: nobody could deliver it again."""
        problem = as_problem(contract.name, error)
        self._counts.dead += 1
        self._report(problem)
        headers = letter_headers(
            role=self._role, subject=message.subject, headers=message.headers, problem=problem
        )
        await self.client.publish(channel.dead, message.data, headers=headers)


@asynccontextmanager
async def connect(
    role: str,
    *,
    url: str | None = None,
    seed_file: str | None = None,
    keys: Keys | None = None,
    report: Callable[[Exception], None] | None = None,
) -> AsyncIterator[NatsBus]:
    """Connects to NATS as a role, and stays connected; leaves with `drain`.

    A lost connection is made again, for ever, and so is the first one, since the server may start later. `url` is
    `NATS_URL` unless given. `seed_file` holds the nkey's seed of the role; it is `NATS_SEED_FILE` unless given, and none
    where neither is. `report` gets what went wrong beside any call: dead letters, refusals by the server, lost
    connections.
    """
    url = url or os.environ.get("NATS_URL", "nats://localhost:4222")
    seed_file = seed_file or os.environ.get("NATS_SEED_FILE")
    tell = report or (lambda error: print(error, file=sys.stderr))

    async def failed(error: Exception) -> None:
        tell(error)

    client = await nats.connect(
        url.split(","),
        name=role,
        nkeys_seed_str=None if seed_file is None else Path(seed_file).read_text().strip(),
        inbox_prefix=_inbox_of(role),
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.25,
        error_cb=failed,
    )
    bus = NatsBus(client, role, keys, tell)
    try:
        yield bus
    finally:
        if not client.is_closed:
            await bus.drain()


def _inbox_of(role: str) -> str:
    """Where answers to a role arrive. Nobody else may listen there."""
    return f"_INBOX_{role}"


def _reply_of(contract: Contract[Any, Reply]) -> Contract[Reply, Any]:
    if contract.reply is None:
        raise ContractError("no-channel", contract.name, "it names no answer")
    return contract.reply()


def _header(message: Msg) -> Callable[[str], str | None]:
    return (message.headers or {}).get
