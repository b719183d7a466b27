"""At the desk: an order changes hands against its member's code.

An order that a courier was to bring may be fetched too, also after its delivery failed: it falls back to
pick-up, and the courier's fee is given back whole.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from dispatch.give_fee_back import give_fee_back
from dispatch.ports import Decide, Deliveries, Finish, Handovers, Orders, Refunds, Remember, Write
from lumbung.domain.errors import Forbidden
from lumbung.domain.once import Once
from lumbung.domain.order import COURIER, Order


def hand_over(
    order_id: str, *, code: str, is_right: Callable[[str, str], bool], at: datetime, by: str, once: Once,
    remember: Remember, decide: Decide, orders: Orders, handovers: Handovers, deliveries: Deliveries,
    refunds: Refunds, finish: Finish,
) -> Order:  # fmt: skip
    """Hand the order over. Forbidden for a wrong code, TooMany after five, InvalidState unless it is there."""
    handovers.count_try(order_id, at=at)
    if not is_right(order_id, code):
        raise Forbidden("Kode pengambilan tidak cocok.")

    def step() -> tuple[Order, Sequence[Write]]:
        order = orders.get(order_id)
        after, writes = _fetched_instead(order, at=at, by=by, deliveries=deliveries, refunds=refunds)
        after = after.collect(at=at, by=by)
        record = handovers.add(after, at=at, by=by)
        done = finish(order.wave_id, order.dropoff_id, orders=1)
        tries = handovers.forget_tries(order_id)
        return after, [remember(once, order_id), orders.save(after), record, *writes, done, tries]

    try:
        return decide(step, once)
    except Exception:
        handovers.forgive(order_id)  # the code was right: it is not held against the member
        raise


def _fetched_instead(
    order: Order, *, at: datetime, by: str, deliveries: Deliveries, refunds: Refunds
) -> tuple[Order, list[Write]]:
    """Return the order fallen back to pick-up if a courier was to bring it, and its fee's refund."""
    if order.fulfilment.method != COURIER or order.fulfilment_status != "at_dropoff":
        return order, []
    after = order.fall_back_to_pickup(at=at, by=by)
    return give_fee_back(order, after, deliveries.of_order(order.id), at=at, by=by, refunds=refunds)
