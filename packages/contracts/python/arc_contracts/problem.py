from __future__ import annotations

from typing import Literal

Code = Literal[
    "invalid", "not-a-publisher", "not-a-subscriber", "no-channel", "no-keys", "damaged", "handler", "refused"
]
"""
- `invalid`: the data breaks the contract's schema
- `not-a-publisher`, `not-a-subscriber`: the contract does not name this role
- `no-channel`: the contract does not go this way
- `no-keys`: it has personal fields, and the connection has no keys
- `damaged`: an encrypted field was changed after it was encrypted
- `handler`: the program's own code failed
- `refused`: whoever was asked answered with an error
"""


class ContractError(Exception):
    """What stands between a program and its message. It never holds a value of the message."""

    def __init__(self, code: Code, contract: str, message: str, path: str = "") -> None:
        super().__init__(f"{contract}{f' {path}' if path else ''}: {message}")
        self.code = code
        self.contract = contract
        self.path = path
        """JSON pointer of the field; empty for the whole message."""

    @property
    def never_readable(self) -> bool:
        """Whether another delivery of the same bytes would fail as well."""
        return self.code in ("invalid", "damaged")


def as_problem(contract: str, error: Exception) -> ContractError:
    """An error as a problem; one of the program's own becomes `handler`."""
    if isinstance(error, ContractError):
        return error
    problem = ContractError("handler", contract, str(error))
    problem.__cause__ = error
    return problem
