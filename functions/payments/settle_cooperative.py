"""A cooperative is owed what a drop-off has received for good: once per consignment."""

from datetime import datetime
from typing import Protocol

from lumbung.domain import ids, ledger
from lumbung.domain.errors import AlreadyDone, Stale
from lumbung.domain.ledger import Transfer
from lumbung.domain.settlement import Received, Settlement
from payments.ports import Settlements, Write

TRIES = 8


class Post(Protocol):
    def __call__(self, transfer: Transfer) -> Write: ...


def settle_cooperative(received: Received, *, at: datetime, settlements: Settlements, post: Post) -> bool:
    """Count the consignment into its settlement and book its value; False when that was done before."""
    for _ in range(TRIES):
        before = settlements.find(received.wave_id, received.cooperative_id) or Settlement(
            received.wave_id, received.cooperative_id
        )
        after = before.add(received)
        if after is before:
            return False
        writes: list[Write] = []
        if received.value:  # nothing whole arrived: nothing is owed, but it is counted
            writes.append(post(_transfer(received, at)))
        try:
            settlements.commit(*writes, settlements.save(after))
        except AlreadyDone:
            return False
        except Stale:
            continue  # another drop-off's consignment came in between
        return True
    raise Stale(f"settlement of {received.consignment_id}")


def _transfer(received: Received, at: datetime) -> Transfer:
    return Transfer(
        id=ids.within(received.consignment_id, "trf_", "received"),
        debit=ledger.unearned(received.wave_id),
        credit=ledger.cooperative(received.cooperative_id),
        amount=received.value,
        at=at,
        reason=f"Barang diterima ({received.consignment_id})",
        wave_id=received.wave_id,
    )
