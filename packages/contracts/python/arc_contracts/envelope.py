from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from .contract import Contract
from .keys import Keys
from .problem import ContractError
from .seal import open_personal, seal_personal, to_json
from .trace import Trace, current_trace, new_trace
from .validate import first_violation

Data = TypeVar("Data")


@dataclass(frozen=True)
class Envelope:
    """A message as it travels: the JSON of its data, and CloudEvents' attributes as headers (binary mode)."""

    id: str
    headers: Mapping[str, str]
    payload: bytes


@dataclass(frozen=True)
class Received(Generic[Data]):
    """A message that arrived, checked against its contract."""

    data: Data
    id: str
    """Unique; a message that is delivered again has the same."""
    source: str
    """Who sent it: `/arc/webhooks`."""
    time: str
    """When it happened, as RFC 3339."""
    trace: Trace
    unreadable: tuple[str, ...] = ()
    """JSON pointers of personal fields that hold encrypted text: the key was destroyed, or this program has none."""


async def encode(
    contract: Contract[Data, Any],
    data: Data,
    *,
    role: str,
    keys: Keys | None = None,
    id: str | None = None,
    time: datetime | None = None,
    trace: Trace | None = None,
) -> Envelope:
    """The message that says `data`.

    `id` is unique unless given; whoever sends the same again, gives the same. Raises ContractError `invalid` with the
    path of the field, `no-keys`.
    """
    found = first_violation(contract.schema, data, "publish")
    if found is not None:
        raise ContractError("invalid", contract.name, found.message, found.path)
    sealed = await seal_personal(contract, data, keys)
    id = id or str(uuid.uuid4())
    trace = trace or current_trace() or new_trace()
    happened = (time or datetime.now(UTC)).astimezone(UTC)
    headers = {
        "ce-specversion": "1.0",
        "ce-id": id,
        "ce-type": contract.event,
        "ce-source": f"/arc/{role}",
        "ce-time": happened.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "ce-datacontenttype": "application/json",
        "traceparent": trace.traceparent,
    }
    if trace.tracestate:
        headers["tracestate"] = trace.tracestate
    return Envelope(id, headers, to_json(sealed))


async def decode(
    contract: Contract[Data, Any], payload: bytes, header: Callable[[str], str | None], keys: Keys | None = None
) -> Received[Data]:
    """Reads a message. Raises ContractError `invalid` with the path of the field, `damaged`."""
    try:
        parsed = json.loads(payload.decode(), parse_constant=_no_constant)
    except ValueError as error:
        raise ContractError("invalid", contract.name, "it is not JSON") from error
    data, unreadable = await open_personal(contract, parsed, keys)
    found = first_violation(contract.schema, data, "receive")
    if found is not None:
        raise ContractError("invalid", contract.name, found.message, found.path)
    traceparent = header("traceparent")
    return Received(
        data=data,
        id=header("ce-id") or str(uuid.uuid4()),
        source=header("ce-source") or "",
        time=header("ce-time") or "",
        trace=Trace(traceparent, header("tracestate") or None) if traceparent else new_trace(),
        unreadable=unreadable,
    )


def _no_constant(name: str) -> None:
    """Python reads NaN and Infinity, which are not JSON."""
    raise ValueError(name)
