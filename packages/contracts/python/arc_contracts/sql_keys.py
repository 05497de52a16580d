from __future__ import annotations

from psycopg_pool import AsyncConnectionPool

from .keys import UserKey


class SqlKeys:
    """The keys that the stack's SQL database keeps, for `CachedKeys`.

    Its role may call two functions and read no table: see services/sql/migrations. `url` is
    `postgres://contract_keys:…@arc-sql:5432/arc`. Use it with `async with`.
    """

    def __init__(self, url: str) -> None:
        self._pool = AsyncConnectionPool(url, min_size=0, max_size=2, open=False, kwargs={"autocommit": True})

    async def __aenter__(self) -> SqlKeys:
        await self._pool.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.close()

    async def of_user(self, user: str) -> UserKey:
        async with self._pool.connection() as connection:
            found = await connection.execute("SELECT id::text, key FROM privacy.key_of_user(%s)", (user,))
            row = await found.fetchone()
        if row is None:
            raise RuntimeError("the database answered no key")
        return UserKey(row[0], bytes(row[1]))

    async def by_id(self, key_id: str) -> bytes | None:
        async with self._pool.connection() as connection:
            found = await connection.execute("SELECT privacy.key_by_id(%s)", (key_id,))
            row = await found.fetchone()
        return None if row is None or row[0] is None else bytes(row[0])
