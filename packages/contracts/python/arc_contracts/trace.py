from __future__ import annotations

import secrets
from contextlib import contextmanager
from contextvars import ContextVar
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Trace:
    """The context of a trace, as W3C Trace Context writes it in headers."""

    traceparent: str
    tracestate: str | None = None


_current: ContextVar[Trace | None] = ContextVar("arc_contracts_trace", default=None)


def current_trace() -> Trace | None:
    """The trace of the message that is being handled; None outside of a handler."""
    return _current.get()


def new_trace() -> Trace:
    """A trace that begins here. It is sampled."""
    return Trace(f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01")


@contextmanager
def in_trace(trace: Trace) -> Iterator[None]:
    """What is published inside belongs to a trace."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)
