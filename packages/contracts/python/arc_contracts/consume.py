from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from nats.aio.msg import Msg
from nats.js.client import JetStreamContext

_ASK_SECONDS = 1
"""How long one question for the next message lasts, and so how long `drain` may wait."""
_PAUSE_SECONDS = 0.25
"""Pause after a question that failed: the server or the consumer is away, and may come back."""


class Consuming:
    """Takes messages from a stream, one after the other, until it is drained. What has arrived is still handled."""

    def __init__(
        self,
        pulling: JetStreamContext.PullSubscription,
        receive: Callable[[Msg], Awaitable[None]],
        report: Callable[[Exception], None],
    ) -> None:
        self._pulling = pulling
        self._receive = receive
        self._report = report
        self._ending = asyncio.Event()
        self._running = asyncio.create_task(self._run())

    async def drain(self) -> None:
        if not self._ending.is_set():
            self._ending.set()
            await self._running
            # nats-py never marks what it fetched as done, so the client's own drain would wait for it.
            await self._pulling.unsubscribe()

    async def _run(self) -> None:
        reported = ""
        while not self._ending.is_set():
            try:
                # One at a time: more would wait here until the server takes them for lost.
                messages = await self._pulling.fetch(batch=1, timeout=_ASK_SECONDS)
                for message in messages:
                    await self._receive(message)
                reported = ""
            except TimeoutError:
                continue
            except Exception as error:
                # The same again says nothing new.
                if repr(error) != reported:
                    self._report(error)
                reported = repr(error)
                await asyncio.sleep(_PAUSE_SECONDS)
