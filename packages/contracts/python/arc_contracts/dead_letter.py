from __future__ import annotations

from collections.abc import Mapping

from .problem import ContractError


def letter_headers(
    *,
    role: str,
    subject: str,
    headers: Mapping[str, str] | None,
    problem: ContractError,
    unnamed: str | None = None,
) -> dict[str, str]:
    """What says of a message that it was put aside: its headers as they arrived, with the reason beside them.

    What the program's own error says stays out of headers. `unnamed` stands for the id of a message without one; where
    that is absent, the letter has none either.
    """
    arrived = headers or {}
    # What tells a server what to do with a message, was said of the message and not of the letter.
    letter = {name: value for name, value in arrived.items() if not name.lower().startswith("nats-")}
    letter |= {
        "arc-dead-code": problem.code,
        "arc-dead-path": problem.path,
        "arc-dead-role": role,
        "arc-dead-subject": subject,
    }
    message_id = arrived.get("ce-id") or unnamed
    if message_id:
        # By it a stream recognises the letter that a role sends twice, and tells it from those of other roles.
        letter["Nats-Msg-Id"] = f"dead-{role}-{message_id}"
    return letter


def again_after(deliveries: int) -> float:
    """How many seconds a message waits before it is delivered again: 1, 4, 16, then a minute.

    So five deliveries outlast a server that starts again, and a dead letter that comes again is within the time that a
    stream recognises it.
    """
    return min(4.0 ** (deliveries - 1), 60.0)
