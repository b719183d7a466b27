"""Which happenings of an order its member is told about.

Every step of an order notes what happened in its history; what one step noted together is told together. A
notice's identity is its place in that history and its kind, so that a repeat is a repeat.

happening           notice                                          together with
placed              placed, or placed_for when somebody else did
edited              edited
paid                paid; paid_cash where cash came in
partially_paid      part_paid; paid_cash where cash came in
received_unowed     unowed                                          the refund it is promised by
payment_reversed    reversed, where the order waits for money again
expired             expired
cancelled           cancelled; cancelled_refund where money goes back
allocated           wave_closed (in full), short or nothing         the refund of what is missing
shortened           arrived_short or nothing                        the refund of what is missing
lost                lost or nothing                                 the refund of what was lost
at_dropoff          ready, for orders that are fetched
pickup_instead      pickup_instead
next_courier        next_courier
delivery_planned    delivery_planned
dispatched          dispatched
failed              came_back, unless it is to be fetched           being at the drop-off again
delivered           delivered
proxy_named         proxy_named
taken_by_proxy      by_proxy
handed_offline      handed_offline
handed_partly       handed_partly
pickup_reminded     collect_soon
not_collected       not_collected; not_collected_refund where money goes back at once
sold                sold, where the member gets what it brought     the refund of it
refund_decided      refund_promised, unless another notice says it
refunded            refunded
all others          nothing: they are the office's affair, or happen before the member's eyes
"""

from collections.abc import Set
from dataclasses import dataclass

from lumbung.domain.order import Order
from lumbung.domain.order_parts import PICKUP, Happening

SAYS_REFUND = frozenset({"received_unowed", "cancelled", "allocated", "shortened", "lost", "not_collected", "sold"})
PAYMENT_DUE = "payment_due"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell about an order: `number` is its place in the history, `amount` the rupiah it is about."""

    order_id: str
    kind: str
    number: int = 0
    amount: int = 0


def notices_of(before: Order | None, after: Order) -> tuple[Notice, ...]:
    """Return what is to be told of the step that made *after* out of *before* (None: it was placed)."""
    known = len(before.history) if before else 0
    fresh = after.history[known:]
    together = {happening.event for happening in fresh}
    found = ((n, _kind(happening, together, before, after)) for n, happening in enumerate(fresh, known))
    return tuple(Notice(after.id, kind, n, _amount(kind, before, after)) for n, kind in found if kind)


def is_overtaken(notice: Notice, order: Order) -> bool:
    """Tell whether *order* has gone on so far that the notice would mislead; another one tells what has come of it.

    notice               told while the order is
    placed, edited       live
    payment_due          placed
    reversed             placed
    ready, came_back, collect_soon, handed_partly     at_dropoff
    delivery_planned     at_dropoff
    dispatched           dispatched
    next_courier         dispatched
    all others           in any state: what they tell stays true
    """
    match notice.kind:
        case "placed" | "placed_for" | "edited":
            return not order.live
        case "payment_due" | "reversed":
            return order.status != "placed"
        case "ready" | "came_back" | "collect_soon" | "handed_partly" | "delivery_planned":
            return order.fulfilment_status != "at_dropoff"
        case "dispatched" | "next_courier":
            return order.fulfilment_status != "dispatched"
    return False


def _kind(happening: Happening, together: Set[str], before: Order | None, after: Order) -> str | None:
    match happening.event:
        case "placed":
            return "placed" if happening.by == after.member_id else "placed_for"
        case "paid" | "partially_paid" as event:
            in_cash = _cash(after) > _cash(before)
            return "paid_cash" if in_cash else {"paid": "paid", "partially_paid": "part_paid"}[event]
        case "received_unowed":
            return "unowed"
        case "payment_reversed":
            return "reversed" if after.status == "placed" else None
        case "cancelled":
            return "cancelled_refund" if _promised(before, after) else "cancelled"
        case "allocated":
            in_full = all(line.allocated == line.quantity for line in after.lines)
            return "wave_closed" if in_full else _less("short", after)
        case "shortened":
            return _less("arrived_short", after)
        case "lost":
            return _less("lost", after)
        case "at_dropoff":
            return "ready" if after.fulfilment.method == PICKUP and "failed" not in together else None
        case "failed":
            return None if "pickup_instead" in together else "came_back"
        case "taken_by_proxy":
            return "by_proxy"
        case "pickup_reminded":
            return "collect_soon"
        case "not_collected":
            return "not_collected_refund" if _promised(before, after) else "not_collected"
        case "sold":
            return "sold" if _promised(before, after) else None
        case "refund_decided":
            return None if together & SAYS_REFUND else "refund_promised"
        case "proxy_named" | "handed_partly" | "handed_offline" | "delivery_planned" as told:
            return str(told)
        case "edited" | "expired" | "pickup_instead" | "next_courier" | "dispatched" | "delivered" | "refunded" as told:
            return str(told)
    return None


def _less(kind: str, after: Order) -> str:
    return kind if after.granted_packs else "nothing"


def _amount(kind: str, before: Order | None, after: Order) -> int:
    match kind:
        case "paid" | "part_paid" | "paid_cash" | "unowed":
            return after.paid - (before.paid if before else 0)
        case "refunded":
            return after.refunded - (before.refunded if before else 0)
        case "not_collected_refund" | "sold":
            return _promised(before, after)
        case "refund_promised" | "cancelled_refund" | "short" | "nothing" | "arrived_short" | "lost":
            return _promised(before, after)
    return 0


def _promised(before: Order | None, after: Order) -> int:
    return after.refund_decided - (before.refund_decided if before else 0)


def _cash(order: Order | None) -> int:
    return order.paid_by.get("cash", 0) if order else 0
