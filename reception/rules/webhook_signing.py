"""How a message to another system is signed (Standard Webhooks 1.0): by its mark, its time, and its words."""

import base64
import hashlib
import hmac
from typing import Final

PREFIX: Final = "whsec_"
# Bytes of a secret: as many as the hash has.
SIZE: Final = 32


def secret(raw: bytes) -> str:
    """Return a secret as the administrator of the other system types it in."""
    return PREFIX + base64.b64encode(raw).decode()


def sign(secret: str, mark: str, stamp: int, body: str) -> str:
    """Return the value of `webhook-signature`; `stamp` in seconds since 1970, as `webhook-timestamp` has it."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.new(key, f"{mark}.{stamp}.{body}".encode(), hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()
