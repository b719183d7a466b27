"""Opaque ids: a prefix that names the kind, and 26 letters that nothing can be read from."""

import base64
import hashlib
import hmac

LETTERS = 26


def derive(prefix: str, secret: bytes, *parts: str) -> str:
    """Return the one id that *parts* always lead to, e.g. ``ord_2kq…``.

    Parts are length-prefixed, so that ("ab", "c") and ("a", "bc") differ.
    """
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return prefix + _letters(hmac.new(secret, message, hashlib.sha256).digest())


def within(parent: str, prefix: str, *parts: str) -> str:
    """Return the id of a thing that exists once within *parent*: no secret is needed, *parent* holds one."""
    return derive(prefix, parent.encode(), *parts)


def tie_break(order_id: str) -> int:
    """Return the order's place among equals, 0 ≤ n < 2**64: fixed for ever, and unrelated to time."""
    return int.from_bytes(hashlib.sha256(order_id.encode()).digest()[:8], "big")


def _letters(digest: bytes) -> str:
    return base64.b32encode(digest).decode().lower()[:LETTERS]
