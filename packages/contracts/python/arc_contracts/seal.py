from __future__ import annotations

import base64
import binascii
import json
import os
from typing import Any

from .contract import Contract
from .keys import Keys, UserKey
from .pointer import replace_at, value_at
from .problem import ContractError

# An encrypted field is a text: `arc:sealed:v1:<key id>:<base64url>`, of 12 bytes nonce, the encrypted UTF-8 of
# the field's text, and 16 bytes tag (AES-256-GCM). What is authenticated beside it, is where it belongs: message, field and user.
_MARK = "arc:sealed:v1:"
_NONCE_BYTES = 12


class Damaged(Exception):
    """A field or its place was changed after it was encrypted."""


def seal_text(text: str, key: UserKey, context: bytes, nonce: bytes | None = None) -> str:
    """The text that takes the place of a field's. The nonce is random unless a test gives one."""
    # Only programs with personal fields need the library.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE_BYTES) if nonce is None else nonce
    sealed = nonce + AESGCM(key.key).encrypt(nonce, text.encode(), context)
    return f"{_MARK}{key.id}:{base64.urlsafe_b64encode(sealed).rstrip(b'=').decode()}"


async def open_text(text: str, keys: Keys, context: bytes) -> str | None:
    """The text that was encrypted; None where its key is destroyed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key_id, _, encoded = text.removeprefix(_MARK).partition(":")
    key = await keys.by_id(key_id)
    if key is None:
        return None
    try:
        sealed = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        opened = AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
    except (InvalidTag, ValueError, binascii.Error) as error:
        raise Damaged from error
    return opened.decode()


def seal_context(contract: str, path: str, user: str) -> bytes:
    """What is authenticated with a field, so that it is worth nothing in another place."""
    return to_json([contract, path, user])


async def seal_personal(contract: Contract[Any, Any], data: Any, keys: Keys | None) -> Any:
    """The data with its personal fields encrypted. Raises ContractError `no-keys`, `invalid` without a user."""
    personal = contract.personal
    if personal is None:
        return data
    if keys is None:
        raise ContractError("no-keys", contract.name, "it has personal fields, which need keys")
    user = value_at(data, personal.user)
    if not isinstance(user, str) or user == "":
        raise ContractError("invalid", contract.name, "it names no user", personal.user)
    key = await keys.of_user(user)

    async def seal(path: str, value: str) -> str:
        return seal_text(value, key, seal_context(contract.name, path, user))

    return await replace_at(data, personal.fields, seal)


async def open_personal(contract: Contract[Any, Any], data: Any, keys: Keys | None) -> tuple[Any, tuple[str, ...]]:
    """The data decrypted as far as there are keys, and the JSON pointers of the fields that stay encrypted."""
    personal = contract.personal
    if personal is None:
        return data, ()
    user = value_at(data, personal.user)
    unreadable: list[str] = []

    async def unseal(path: str, value: Any) -> Any:
        if not isinstance(value, str) or not value.startswith(_MARK):
            return value
        if keys is not None:
            try:
                opened = await open_text(value, keys, seal_context(contract.name, path, str(user)))
            except Damaged as error:
                message = "it was changed after it was encrypted"
                raise ContractError("damaged", contract.name, message, path) from error
            if opened is not None:
                return opened
        unreadable.append(path)
        return value

    return await replace_at(data, personal.fields, unseal), tuple(unreadable)


def to_json(value: object) -> bytes:
    """JSON as every other language writes it: without spaces, and not escaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
