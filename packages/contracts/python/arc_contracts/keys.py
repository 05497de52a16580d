from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True)
class UserKey:
    """The key of a user: 32 bytes, for AES-256-GCM."""

    id: str
    key: bytes


class Keys(Protocol):
    """Who knows the keys of users."""

    async def of_user(self, user: str) -> UserKey:
        """The user's present key; made where there is none."""
        ...

    async def by_id(self, key_id: str) -> bytes | None:
        """A key that something was encrypted with; None once it is destroyed."""
        ...


class CachedKeys:
    """Asks for each key at most once in a while.

    A key that was destroyed is forgotten here when that time is over, so it is the longest that personal data stays
    readable after `arc contract forget`. `now` counts seconds; a test passes its own.
    """

    def __init__(self, keys: Keys, seconds: float = 60, now: Callable[[], float] = time.monotonic) -> None:
        self._keys = keys
        self._seconds = seconds
        self._now = now
        self._users: dict[str, tuple[UserKey, float]] = {}
        self._ids: dict[str, tuple[bytes | None, float]] = {}

    async def of_user(self, user: str) -> UserKey:
        return await self._remembered(self._users, user, self._keys.of_user)

    async def by_id(self, key_id: str) -> bytes | None:
        return await self._remembered(self._ids, key_id, self._keys.by_id)

    async def _remembered(
        self, entries: dict[str, tuple[Value, float]], name: str, ask: Callable[[str], Awaitable[Value]]
    ) -> Value:
        now = self._now()
        for other in [other for other, (_, until) in entries.items() if until <= now]:
            del entries[other]
        if name not in entries:
            value = await ask(name)
            # Counted from the question: the answer is as old.
            entries[name] = (value, now + self._seconds)
            return value
        return entries[name][0]
