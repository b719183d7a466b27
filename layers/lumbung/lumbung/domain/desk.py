"""At the desk: packs of an order change hands, some now and some later, are refused, or are not fetched at all.

An order that goes over the desk at once needs no book-keeping. Any other notes which of its packs have `gone`:

    way         where they are                                                          who pays
    handed      with the member, or whom they sent, while others are still there        -
    delivered   brought by a courier before the rest came back to the desk              -
    refused     the member would not take them; written off                             who is liable
    sold        not fetched, and sold to somebody else                                  see `uncollected`
    given       not fetched, and given away                                             see `uncollected`
    spoiled     not fetched, and no good any more; written off                          see `uncollected`
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lumbung.domain.errors import Fault, Invalid, InvalidState
from lumbung.domain.order import Order
from lumbung.domain.order_parts import PICKUP, Happening
from lumbung.domain.uncollected import NOT_COLLECTED, REMINDED

HANDED, DELIVERED, REFUSED = "handed", "delivered", "refused"
SOLD, GIVEN, SPOILED = LEFTOVER_WAYS = ("sold", "given", "spoiled")
AT_THE_DESK = ("at_dropoff", NOT_COLLECTED)


@dataclass(frozen=True, slots=True)
class Packs:
    offer_id: str
    packs: int


@dataclass(frozen=True, slots=True)
class Refused(Packs):
    """Packs that a member would not take, why, and who is liable: cooperative, courier, pic or programme."""

    reason: str
    liable: str


@dataclass(frozen=True, slots=True)
class Taking:
    """What is taken over the desk; `lines` None: all that is left and not refused. `offline`: a device told of it."""

    lines: tuple[Packs, ...] | None = None
    refused: tuple[Refused, ...] = ()
    proxy: bool = False
    offline: bool = False


def left(order: Order) -> Counter[str]:
    """Return the packs by offer that have not gone anywhere; of an order that has reached its member: none."""
    if order.fulfilment_status in ("collected", "delivered"):
        return Counter()
    packs = Counter(order.granted_by_offer)
    for gone in order.gone.values():
        packs.subtract(gone)
    return +packs


def to_fetch(order: Order) -> Counter[str]:
    """Return the packs by offer that lie at the desk for whoever fetches them."""
    fetched = order.fulfilment.method == PICKUP and order.fulfilment_status in AT_THE_DESK
    return left(order) if fetched else Counter()


def with_member(order: Order) -> Counter[str]:
    """Return the packs by offer that the member has in hands."""
    if order.fulfilment_status not in ("collected", "delivered"):
        return Counter(order.gone.get(HANDED, {})) + Counter(order.gone.get(DELIVERED, {}))
    packs = Counter(order.granted_by_offer)
    for way in (REFUSED, *LEFTOVER_WAYS):
        packs.subtract(order.gone.get(way, {}))
    return +packs


def ended(order: Order) -> bool:
    """Whether nothing of the order lies at the drop-off or is under way any more."""
    if order.fulfilment_status == NOT_COLLECTED:
        return not left(order)
    return order.fulfilment_status in ("collected", "delivered", "none")


def hand_out(order: Order, taking: Taking, *, at: datetime, by: str) -> Order:
    """Return the order after *taking*; Invalid with pointers, InvalidState unless its goods are at the desk.

    left    taken    refused    then
    2 kg    all      -          collected
    2 kg    1        -          at the desk as before, one handed
    2 kg    all      1          collected, one refused
    2 kg    2        1          Invalid
    """
    if order.fulfilment_status not in AT_THE_DESK:
        raise InvalidState(f"Pesanan ini berstatus {order.fulfilment_status}.")
    handed, refused = split(left(order), taking)
    after = _send(_send(order, HANDED, handed), REFUSED, refused)
    if refused:
        after = _note(after, "refused", at, by)
    if taking.proxy:
        after = _note(after, "taken_by_proxy", at, by)
    if taking.offline:
        after = _note(after, "handed_offline", at, by)
    if left(after):
        return _note(after, "handed_partly", at, by)
    gone = {way: packs for way, packs in after.gone.items() if way != HANDED}  # whatever has not gone was handed
    return replace(after, gone=gone).collect(at=at, by=by)


def split(there: Counter[str], taking: Taking) -> tuple[Counter[str], Counter[str]]:
    """Return what is handed over of the packs that are *there*, and what is refused; Invalid with pointers."""
    refused = _within(there, taking.refused, "refused")
    handed = +(there - refused) if taking.lines is None else _within(there - refused, taking.lines, "lines")
    if not handed and not refused:
        raise Invalid("Tidak ada yang diserahkan.", [Fault("/lines", "Minimal satu kemasan.")])
    return handed, refused


def remind(order: Order, *, at: datetime) -> Order:
    return _note(order, REMINDED, at, "clock")


def give_up_waiting(order: Order, *, at: datetime) -> Order:
    """The member's time to fetch it is over; what is left is on offer to others."""
    if order.fulfilment_status != "at_dropoff":
        raise InvalidState(f"Pesanan ini berstatus {order.fulfilment_status}.")
    return _note(replace(order, fulfilment_status=NOT_COLLECTED), NOT_COLLECTED, at, "clock")


def part_with(order: Order, way: str, lines: Sequence[Packs], *, at: datetime, by: str) -> Order:
    """Let packs that were not fetched go *way*; Invalid, InvalidState unless they were left."""
    if order.fulfilment_status != NOT_COLLECTED:
        raise InvalidState(f"Pesanan ini berstatus {order.fulfilment_status}.")
    after = _send(order, way, _within(left(order), lines, "lines"))
    return _note(after if left(after) else replace(after, status="completed"), way, at, by)


def note_delivered(order: Order, still_there: Mapping[str, int]) -> Order:
    """Note that all but what is *still_there* had been brought before the order came back to the desk."""
    brought = left(order)
    brought.subtract(still_there)
    return _send(order, DELIVERED, +brought)


def value(order: Order, lines: Mapping[str, int]) -> int:
    """Return the rupiah that packs of the order cost its member, by offer."""
    prices = {line.offer_id: line.price for line in order.lines}
    return sum(prices[offer_id] * packs for offer_id, packs in lines.items())


def counted(lines: Sequence[Packs]) -> Counter[str]:
    packs: Counter[str] = Counter()
    for line in lines:
        packs[line.offer_id] += line.packs
    return packs


def _within(there: Mapping[str, int], lines: Sequence[Packs], name: str) -> Counter[str]:
    packs, faults = counted(lines), []
    for n, line in enumerate(lines):
        if line.offer_id not in there:
            faults.append(Fault(f"/{name}/{n}/offer_id", "Tidak ada kemasan penawaran ini yang tersisa."))
        elif packs[line.offer_id] > there[line.offer_id]:
            faults.append(Fault(f"/{name}/{n}/packs", f"Tersisa {there[line.offer_id]} kemasan."))
    if faults:
        raise Invalid("Melebihi yang tersisa dari pesanan ini.", faults)
    return packs


def _send(order: Order, way: str, packs: Mapping[str, int]) -> Order:
    if not packs:
        return order
    gone = dict(Counter(order.gone.get(way, {})) + Counter(packs))
    return replace(order, gone={**order.gone, way: gone})


def _note(order: Order, event: str, at: datetime, by: str) -> Order:
    return replace(order, history=(*order.history, Happening(at, event, by)))
