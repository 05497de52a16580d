from __future__ import annotations

from collections.abc import Awaitable, Callable

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

_SECONDS = 5
"""How long the server may take to know of a subscription."""


async def listen(
    client: Client, subject: str, queue: str | None, receive: Callable[[Msg], Awaitable[None]]
) -> Subscription:
    """Subscribes, and returns once the server knows of it: until then a message would pass it by.

    While there is no connection, the next one brings the subscription along.
    """
    listening = await client.subscribe(subject, queue=queue or "", cb=receive)
    try:
        if client.is_connected:
            await client.flush(timeout=_SECONDS)
    except Exception:
        # A connection that is lost just now answers no more.
        if client.is_connected:
            await listening.unsubscribe()
            raise
    return listening
