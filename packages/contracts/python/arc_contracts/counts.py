from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Counts:
    """What became of messages since the connection was opened."""

    published: int = 0
    refused: int = 0
    """Messages that the own program was not allowed to publish, or that broke their contract."""
    received: int = 0
    dead: int = 0
    """Messages that arrived and were put aside, on their dead-letter subject."""
