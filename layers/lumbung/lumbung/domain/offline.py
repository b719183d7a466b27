"""Hand-overs without a network: a list that a device takes along, and what it tells afterwards.

The list holds no code but a slow, salted hash of each, so that a glance shows none. Six digits can be tried out by
whoever has the list and an hour. So nothing rests on it alone: who was in charge and which device are on record, and
the member is told of each such hand-over. Online, five tries lock an order.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumbung.domain import ids
from lumbung.domain.desk import AT_THE_DESK, Taking, left
from lumbung.domain.errors import Fault
from lumbung.domain.order import Order
from lumbung.domain.pickup_code import pickup_code

HASH, ROUNDS = "pbkdf2-hmac-sha256", 10_000
VALID_FOR = timedelta(days=3)
AHEAD = timedelta(minutes=5)  # by how much a device's clock may be fast
EXPECTED = ("allocated", *AT_THE_DESK)


@dataclass(frozen=True, slots=True)
class Listed:
    """An order on a device's list; lines: offer, name, packs that are left."""

    order_id: str
    salt: str
    code_hash: str
    lines: tuple[tuple[str, str, int], ...]
    proxy: bool


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What a device says of one hand-over, under a `number` of its own; `hash`: of all that it says."""

    number: int
    order_id: str
    code: str
    at: datetime
    taking: Taking
    hash: str


@dataclass(frozen=True, slots=True)
class Told:
    """The record of it: `outcome` is collected, partly or conflict; ids only."""

    dropoff_id: str
    device: str
    number: int
    hash: str
    outcome: str
    order_id: str
    at: datetime
    by: str


def listed(secret: bytes, orders: Sequence[Order], proxies: frozenset[str]) -> list[Listed]:
    """Return what a device needs to know of *orders*, of those that are or will be fetched at the desk."""
    found = []
    for order in orders:
        there = left(order)
        if order.fulfilment_status in EXPECTED and there:
            names = {line.offer_id: line.name for line in order.lines}
            salt = ids.derive("", secret, "pickup-salt", order.id)
            lines = tuple((offer_id, names[offer_id], packs) for offer_id, packs in sorted(there.items()))
            hashed = code_hash(pickup_code(secret, order.id), salt)
            found.append(Listed(order.id, salt, hashed, lines, order.id in proxies))
    return found


def code_hash(code: str, salt: str) -> str:
    """Return what a device compares a shown code with: PBKDF2 as every browser has it, in hex."""
    return hashlib.pbkdf2_hmac("sha256", code.encode(), salt.encode(), ROUNDS).hex()


def from_the_future(entries: Sequence[HandedOver], now: datetime) -> list[Fault]:
    return [
        Fault(f"/entries/{n}/at", "Waktu penyerahan belum tiba; periksa jam perangkat.")
        for n, entry in enumerate(entries)
        if entry.at > now + AHEAD
    ]
