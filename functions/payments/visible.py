"""What a caller may see and touch: other people's things are not there."""

from typing import Protocol

from lumbung.domain.errors import NotFound
from lumbung.domain.order import Order
from lumbung.domain.people import OPERATOR, PIC, Caller
from lumbung.domain.registry import Cooperative, Dropoff


class Orders(Protocol):
    def get(self, order_id: str) -> Order: ...


class Dropoffs(Protocol):
    def get(self, id_: str) -> Dropoff: ...


class Cooperatives(Protocol):
    def get(self, id_: str) -> Cooperative: ...


def order_to_pay(caller: Caller, order_id: str, *, orders: Orders, dropoffs: Dropoffs) -> Order:
    """Return an order of the caller's own, or of a drop-off that they are in charge of; NotFound."""
    order = orders.get(order_id)
    if caller.owns(order.member_id) or is_in_charge(caller, dropoffs.get(order.dropoff_id)):
        return order
    raise NotFound(f"Pesanan {order_id} tidak ditemukan.")


def order_to_see(caller: Caller, order_id: str, *, orders: Orders, dropoffs: Dropoffs) -> Order:
    """As `order_to_pay`, or any order for an operator."""
    if caller.has(OPERATOR):
        return orders.get(order_id)
    return order_to_pay(caller, order_id, orders=orders, dropoffs=dropoffs)


def own_dropoff(caller: Caller, dropoff_id: str, *, dropoffs: Dropoffs) -> Dropoff:
    """Return a drop-off that the caller is in charge of; NotFound."""
    dropoff = dropoffs.get(dropoff_id)
    if not is_in_charge(caller, dropoff):
        raise NotFound(f"Titik ambil {dropoff_id} tidak ditemukan.")
    return dropoff


def order_at_desk(caller: Caller, order_id: str, *, orders: Orders, dropoffs: Dropoffs) -> tuple[Order, Dropoff]:
    """Return an order of a drop-off that the caller is in charge of, and that drop-off; NotFound."""
    order = orders.get(order_id)
    dropoff = dropoffs.get(order.dropoff_id)
    if not is_in_charge(caller, dropoff):
        raise NotFound(f"Pesanan {order_id} tidak ditemukan.")
    return order, dropoff


def cooperative_to_see(caller: Caller, cooperative_id: str, *, cooperatives: Cooperatives) -> Cooperative:
    """Return a cooperative that the caller speaks for, or any for an operator; NotFound."""
    cooperative = cooperatives.get(cooperative_id)
    if may_see(caller, cooperative):
        return cooperative
    raise NotFound(f"Koperasi {cooperative_id} tidak ditemukan.")


def may_see(caller: Caller, cooperative: Cooperative) -> bool:
    return caller.has(OPERATOR) or caller.id in cooperative.operator_ids


def is_in_charge(caller: Caller, dropoff: Dropoff) -> bool:
    return caller.has(PIC) and caller.id in dropoff.pic_ids
