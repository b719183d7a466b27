"""The code with which a member proves at the desk that an order is theirs."""

import hmac

from lumbung.domain import ids

DIGITS = 6
TRIES = 5  # wrong ones, before the order is locked
LOCKED_S = 15 * 60


def pickup_code(secret: bytes, order_id: str) -> str:
    """Return the order's six digits: always the same, and nothing that could be worked out from the id."""
    letters = ids.derive("", secret, "pickup", order_id)
    return f"{int.from_bytes(letters.encode()) % 10**DIGITS:0{DIGITS}d}"


def is_right(secret: bytes, order_id: str, code: str) -> bool:
    return hmac.compare_digest(pickup_code(secret, order_id).encode(), code.encode())


def drawn(order_id: str, code: str) -> str:
    """Return the text of the QR that a member shows."""
    return f"LUMBUNG:{order_id}:{code}"
