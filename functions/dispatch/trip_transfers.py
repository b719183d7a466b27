"""What the ledger says of a trip: what its courier is owed, and for what the courier answers."""

from datetime import datetime

from lumbung.domain import ids, ledger
from lumbung.domain.ledger import Transfer
from lumbung.domain.order import Order
from lumbung.domain.trip import Trip


def cost(trip: Trip, rupiah: int, at: datetime, *cause: str) -> Transfer:
    owed = ledger.courier(trip.owed_to)
    more = rupiah > 0
    return Transfer(
        id=ids.within(trip.id, "trf_", *cause),
        debit=ledger.DELIVERY_DIFFERENCE if more else owed,
        credit=owed if more else ledger.DELIVERY_DIFFERENCE,
        amount=abs(rupiah),
        at=at,
        reason="ongkos kurir",
        wave_id=trip.wave_id,
        order_id=trip.stops[0].order_id if len(trip.stops) == 1 else None,
    )


def fee(order: Order, at: datetime) -> Transfer:
    return Transfer(
        id=ids.within(order.id, "trf_", "courier_fee"),
        debit=ledger.unearned(order.wave_id),
        credit=ledger.DELIVERY_DIFFERENCE,
        amount=order.courier_fee,
        at=at,
        reason="ongkos kirim dari anggota",
        wave_id=order.wave_id,
        order_id=order.id,
    )


def claim(trip: Trip, order: Order, rupiah: int, at: datetime) -> Transfer:
    return Transfer(
        id=ids.within(trip.id, "trf_", "lost", order.id),
        debit=ledger.courier(trip.courier),
        credit=ledger.unearned(order.wave_id),
        amount=rupiah,
        at=at,
        reason="barang hilang di kurir",
        wave_id=order.wave_id,
        order_id=order.id,
    )
