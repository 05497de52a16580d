from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from nats.aio.msg import Msg
from nats.errors import Error
from nats.js.client import JetStreamContext

from .contract import Contract, Nats
from .dead_letter import again_after, letter_headers
from .envelope import Received, decode
from .keys import Keys
from .problem import ContractError, as_problem
from .trace import in_trace

_LETTER_SECONDS = 5.0
"""How long a stream may take to keep a dead letter."""


@dataclass(frozen=True)
class Verdicts:
    """Handles messages of a stream, and tells the server what became of each.

    `last` is the last delivery of a message before it is a dead letter. The server has no such limit: what it has given up
    nobody gets, and a dead letter that no stream takes has to come again. `ack_wait` is how many seconds the server waits
    for a word. `kept` is called for each dead letter that a stream has.
    """

    stream: JetStreamContext
    contract: Contract[Any, Any]
    channel: Nats
    role: str
    keys: Keys | None
    handle: Callable[[Received[Any]], Awaitable[None]]
    last: int
    ack_wait: float
    kept: Callable[[ContractError], None]
    report: Callable[[Exception], None]

    async def settle(self, message: Msg) -> None:
        deliveries = message.metadata.num_delivered
        async with _working(message, self.ack_wait / 3):
            problem = await self._problem_of(message, deliveries)
            if problem is None:
                await message.ack()
            elif (problem.never_readable or deliveries >= self.last) and await self._is_kept(message, problem):
                await message.term()
            else:
                await message.nak(again_after(deliveries))

    async def _problem_of(self, message: Msg, deliveries: int) -> ContractError | None:
        name = self.contract.name
        try:
            received = await decode(self.contract, message.data, (message.headers or {}).get, self.keys)
        except Exception as error:  # keys may fail with anything
            return as_problem(name, error)
        if deliveries > self.last:
            # Its deliveries are used up: a handler failed each time, or ended with its program.
            return ContractError("handler", name, f"it was delivered {self.last} times, and never acknowledged")
        try:
            with in_trace(received.trace):
                await self.handle(received)
        except Exception as error:  # the program's own code may raise anything, of its own messages too
            failed = ContractError("handler", name, str(error))
            failed.__cause__ = error
            return failed
        return None

    async def _is_kept(self, message: Msg, problem: ContractError) -> bool:
        """Puts a message aside, and says whether a stream has it now."""
        sequence = message.metadata.sequence.stream
        headers = letter_headers(
            role=self.role,
            subject=message.subject,
            headers=message.headers,
            problem=problem,
            unnamed=f"{message.metadata.stream}-{sequence}",
        )
        try:
            await self.stream.publish(self.channel.dead, message.data, timeout=_LETTER_SECONDS, headers=headers)
        except Exception as error:  # a refusal, no answer, no server
            self.report(
                RuntimeError(
                    f"{self.contract.name}: a dead letter could not be kept, so the message comes again: {error!r}"
                )
            )
            return False
        self.kept(problem)
        return True


@asynccontextmanager
async def _working(message: Msg, every: float) -> AsyncIterator[None]:
    """Tells the server again and again that a message is still worked on."""

    async def tell() -> None:
        with suppress(Error):  # a closed connection; without a word, the server delivers the message again
            while True:
                await asyncio.sleep(every)
                await message.in_progress()

    telling = asyncio.create_task(tell())
    try:
        yield
    finally:
        telling.cancel()
