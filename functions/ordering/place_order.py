"""A member takes packs from an open wave."""

from dataclasses import replace
from datetime import datetime

from lumbung.domain.courier_quote import Home
from lumbung.domain.errors import KeyReused, LumbungError
from lumbung.domain.order import Order
from lumbung.domain.people import OrderPrivate, Person
from lumbung.domain.tariff import Tariff
from lumbung.domain.wave import Draft
from ordering.ports import Orders, Waves


def place_order(
    draft: Draft,
    *,
    at: datetime,
    tariff: Tariff,
    waves: Waves,
    orders: Orders,
    home: Home | None = None,
    private: OrderPrivate | None = None,
    person: Person | None = None,
    name: str | None = None,
    phone: str | None = None,
    email: str | None = None,
) -> tuple[Order, bool]:
    """Reserve the packs and return (the new, unpaid order, False); a repeat returns (the same order, True).

    The order's id follows from caller and key, so the order is its own idempotency record, for ever: also
    after the wave has closed, when the wave itself would refuse.
    """
    try:
        wave = waves.recent(draft.wave_id)
        order = wave.take_order(draft, at=at)
        if home:
            fulfilment, fee = home.bring(
                order.lines, order.dropoff_id, instead_g=wave.instead_g(order.lines), tariff=tariff, at=at
            )
            order = replace(order, fulfilment=fulfilment, courier_fee=fee)
        placed = orders.add(order, wave, private=private, person=person, name=name, phone=phone, email=email)
        return placed, False
    except LumbungError:
        if earlier := orders.find(draft.order_id):
            return _same(earlier, draft), True
        raise


def _same(earlier: Order, draft: Draft) -> Order:
    if earlier.request_hash != draft.request_hash:
        raise KeyReused("Idempotency-Key ini sudah dipakai untuk permintaan lain.")
    return earlier
