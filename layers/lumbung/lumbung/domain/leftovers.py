"""The money of goods that nobody fetched: what a wave's rule (see `uncollected`) does to an order, and to the ledger.

    the time is over, rule `refund`       unearned → refund payable, write off → unearned
    sold to somebody else, `refund_if_sold`   unearned → refund payable, claim on the drop-off → unearned
    sold to somebody else, otherwise      claim on the drop-off → write off

Whoever is in charge of the drop-off takes the money for what is sold, and owes it: it stays on the claim until it is
paid in.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lumbung.domain import ids, ledger
from lumbung.domain.booking import Booking
from lumbung.domain.desk import SOLD, Packs, counted, give_up_waiting, left, part_with, value
from lumbung.domain.errors import Fault, Invalid
from lumbung.domain.ledger import Transfer
from lumbung.domain.uncollected import NOT_COLLECTED, REFUND, REFUND_IF_SOLD

NOT_FETCHED, SOLD_ON = "Barang tidak diambil", "Barang yang tidak diambil terjual lagi"


def give_up(booking: Booking, rule: str, *, at: datetime) -> Booking:
    """Return the order not collected; by the rule `refund` with what is left of it promised back."""
    order = give_up_waiting(booking.order, at=at)
    after = replace(booking, order=order)
    amount = min(value(order, left(order)), order.kept)
    if rule != REFUND or amount <= 0:
        return after
    return after.decide(
        amount, cause=NOT_COLLECTED, reason=NOT_FETCHED, liable="programme", bearer=ledger.WRITE_OFF, at=at, by="clock"
    )


def is_refunded(booking: Booking) -> bool:
    """Whether its money was promised back because nobody came."""
    promised = booking.refunds.get(ids.within(booking.order.id, "ref_", NOT_COLLECTED))
    return promised is not None and not promised.withdrawn


def let_go(
    booking: Booking, way: str, lines: Sequence[Packs], rule: str, *, amount: int | None, at: datetime, by: str
) -> Booking:
    """Return the order after *lines* of it went *way*. *amount*: rupiah taken for what is sold; None: their price.

    Invalid with pointers, InvalidState unless they were left.
    """
    number = len(booking.order.history)
    after = replace(booking, order=part_with(booking.order, way, lines, at=at, by=by))
    worth = value(after.order, counted(lines))
    if way != SOLD:
        if amount is not None:
            raise Invalid("Hanya yang terjual menghasilkan uang.", [Fault("/amount", "hanya untuk sold")])
        return after
    taken = worth if amount is None else amount
    if taken > worth:
        raise Invalid("Melebihi harga barangnya.", [Fault("/amount", f"Paling banyak {worth}.")])
    return _sell(after, taken, rule, number, at, by) if taken else after


def _sell(booking: Booking, taken: int, rule: str, number: int, at: datetime, by: str) -> Booking:
    claim, before = ledger.claim(booking.order.dropoff_id), booking.order
    back = min(taken, before.kept) if rule == REFUND_IF_SOLD else 0
    if back > 0:
        cause = f"sold:{number}"
        booking = booking.decide(back, cause=cause, reason=SOLD_ON, liable="pic", bearer=claim, at=at, by=by)
    rest = taken - (booking.order.borne - before.borne)
    if not rest:
        return booking
    transfer = Transfer(
        id=ids.within(before.id, "trf_", "sold", str(number)), debit=claim, credit=ledger.WRITE_OFF, amount=rest,
        at=at, reason=SOLD_ON, wave_id=before.wave_id, order_id=before.id,
    )  # fmt: skip
    return replace(booking, transfers=(*booking.transfers, transfer))
