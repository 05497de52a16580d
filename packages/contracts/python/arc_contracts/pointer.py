from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

Data = TypeVar("Data")
Replace = Callable[[str, Any], Awaitable[Any]]


def below(path: str, name: str) -> str:
    """The JSON pointer of a property or an item below another one (RFC 6901)."""
    return f"{path}/{name.replace('~', '~0').replace('/', '~1')}"


def names_of(pointer: str) -> list[str]:
    """The names that a JSON pointer consists of."""
    return [name.replace("~1", "/").replace("~0", "~") for name in pointer.split("/")[1:]]


def value_at(value: Any, pointer: str) -> Any:
    """The value that a JSON pointer leads to; None where it leads nowhere."""
    for name in names_of(pointer):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


async def replace_at(value: Data, pointers: Iterable[str], replace: Replace) -> Data:
    """A copy in which the fields that pointers lead to are replaced; `*` stands for every item of a list.

    `replace` gets a field's pointer without `*`, and its value. What is not there stays away.
    """
    copied = copy.deepcopy(value)
    for pointer in pointers:
        await _visit(copied, names_of(pointer), "", replace)
    return copied


async def _visit(holder: Any, names: Sequence[str], path: str, replace: Replace) -> None:
    name, *rest = names
    if isinstance(holder, dict):
        keys: list[Any] = [name] if name in holder else []
    elif isinstance(holder, list) and name == "*":
        keys = list(range(len(holder)))
    else:
        return
    for key in keys:
        at = below(path, str(key))
        if rest:
            await _visit(holder[key], rest, at, replace)
        else:
            holder[key] = await replace(at, holder[key])
