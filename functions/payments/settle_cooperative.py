"""A cooperative is owed what a drop-off has received for good: once per consignment."""

from lumbung.domain import ids, ledger
from lumbung.domain.errors import AlreadyDone, Stale
from lumbung.domain.ledger import Transfer
from lumbung.domain.settlement import Received, Settlement
from payments.ports import Post, Settlements, Write

TRIES = 8


def settle_cooperative(received: Received, *, fee_bp: int, settlements: Settlements, post: Post) -> bool:
    """Count the consignment into its settlement and book its value; False when that was done before.

    *fee_bp*: the programme's fee in hundredths of a per cent; a wave keeps the one that it began with.
    """
    for _ in range(TRIES):
        before = settlements.find(received.wave_id, received.cooperative_id) or Settlement(
            received.wave_id, received.cooperative_id, received.at, fee_bp
        )
        after = before.add(received)
        if after is before:
            return False
        writes: list[Write] = []
        if received.value:  # nothing whole arrived: nothing is owed, but it is counted
            writes.append(post(_value(received)))
        if fee := after.fee - before.fee:
            writes.append(post(_fee(received, fee)))
        try:
            settlements.commit(*writes, settlements.save(after))
        except AlreadyDone:
            return False
        except Stale:
            continue  # another drop-off's consignment came in between
        return True
    raise Stale(f"settlement of {received.consignment_id}")


def _value(received: Received) -> Transfer:
    return Transfer(
        id=ids.within(received.consignment_id, "trf_", "received"),
        debit=ledger.unearned(received.wave_id),
        credit=ledger.cooperative(received.cooperative_id),
        amount=received.value,
        at=received.at,
        reason=f"Barang diterima ({received.consignment_id})",
        wave_id=received.wave_id,
    )


def _fee(received: Received, rupiah: int) -> Transfer:
    return Transfer(
        id=ids.within(received.consignment_id, "trf_", "programme_fee"),
        debit=ledger.cooperative(received.cooperative_id),
        credit=ledger.PROGRAMME_FEE,
        amount=rupiah,
        at=received.at,
        reason="Biaya program",
        wave_id=received.wave_id,
    )
