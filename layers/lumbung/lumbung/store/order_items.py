"""An order as an item of the orders table: under 1 KB, ids only, people elsewhere."""

from collections.abc import Sequence
from typing import Any

from lumbung.domain.hours import Window
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.order import Order
from lumbung.domain.order_parts import PICKUP, Fulfilment, Happening, Hold, OrderLine, PaidFor, Tolerance
from lumbung.store import keys
from lumbung.store.table import Item

PLAIN = 7  # values of a line that says nothing about tolerance, as nearly all do


def to_item(order: Order) -> Item:
    item: Item = {
        **keys.order(order.id),
        "kind": "ORDER",
        "dropoff_key": keys.dropoff_orders(order.wave_id, order.dropoff_id),
        "member_key": order.member_id,
        "placed": to_ms(order.placed_at),
        "institution": order.institution_id,
        "placed_by": order.placed_by if order.placed_by != order.member_id else None,
        "lines": _lines_to_item(order.lines),
        "courier": _courier_to_item(order.fulfilment),
        "fee": order.courier_fee or None,
        "pay_by": to_ms(order.payment_due_at),
        "hash": order.request_hash,
        "status": order.status,
        "fulfilment": order.fulfilment_status,
        "paid_by": dict(order.paid_by) or None,
        "promised": order.refund_decided or None,
        "refunded": order.refunded or None,
        "borne": order.borne or None,
        "holds": [[h.offer_id, h.shard, h.packs] for h in order.holds] or None,
        "private": order.private or None,
        "person": order.person_id,
        "paid_for": _paid_for_to_item(order.paid_for) if order.paid_for else None,
        "gone": {way: dict(packs) for way, packs in order.gone.items()} or None,
        "history": [[to_ms(h.at), h.event, h.by] for h in order.history],
        "version": order.version,
    }
    if order.status == "placed":
        item |= {"due_key": keys.due_bucket(order.id, keys.ORDERS_DUE), "due": to_ms(order.payment_due_at)}
    return {name: value for name, value in item.items() if value is not None}


def from_item(item: Item) -> Order:
    wave_id, _, dropoff_id = item["dropoff_key"].partition("#")
    paid_by = item.get("paid_by", {})
    return Order(
        id=item["pk"].partition("#")[2],
        wave_id=wave_id,
        dropoff_id=dropoff_id,
        institution_id=item.get("institution"),
        member_id=item["member_key"],
        placed_by=item.get("placed_by") or item["member_key"],
        lines=tuple(_line_from_item(line) for line in item["lines"]),
        fulfilment=_courier_from_item(item.get("courier")),
        courier_fee=item.get("fee", 0),
        payment_due_at=from_ms(item["pay_by"]),
        placed_at=from_ms(item["placed"]),
        request_hash=item["hash"],
        status=item["status"],
        fulfilment_status=item["fulfilment"],
        paid=sum(paid_by.values()),
        paid_by=paid_by,
        refund_decided=item.get("promised", 0),
        refunded=item.get("refunded", 0),
        borne=item.get("borne", 0),
        holds=tuple(Hold(*hold) for hold in item.get("holds", ())),
        private=item.get("private", False),
        person_id=item.get("person"),
        paid_for=_paid_for_from_item(item["paid_for"]) if "paid_for" in item else None,
        gone=item.get("gone", {}),
        history=tuple(Happening(from_ms(at), event, by) for at, event, by in item["history"]),
        version=item["version"],
    )


def _lines_to_item(lines: Sequence[OrderLine]) -> list[list[Any]]:
    return [_line_to_item(line) for line in lines]


def _line_to_item(li: OrderLine) -> list[Any]:
    item: list[Any] = [li.offer_id, li.name, li.weight_g, li.quantity, li.price, li.cooperative_id, li.allocated]
    if li.tolerance:
        item.append({"instead": [list(one) for one in li.tolerance.instead], "more": li.tolerance.more})
    return item


def _line_from_item(item: list[Any]) -> OrderLine:
    tolerance = [Tolerance(tuple((o, n) for o, n in said["instead"]), said["more"]) for said in item[PLAIN:]]
    return OrderLine(*item[:PLAIN], *tolerance)


def _courier_to_item(f: Fulfilment) -> list[Any] | None:
    if f.method == PICKUP:
        return None
    item: list[Any] = [f.method, f.trips, f.distance_m, f.quote_id]
    return [*item, f.window.begin, f.window.end] if f.window else item


def _courier_from_item(courier: list[Any] | None) -> Fulfilment:
    if not courier:
        return Fulfilment()
    method, trips, distance_m, quote_id, *window = courier
    return Fulfilment(method, trips, distance_m, quote_id, Window(*window) if window else None)


def _paid_for_to_item(was: PaidFor) -> list[Any]:
    return [_lines_to_item(was.lines), _courier_to_item(was.fulfilment), was.courier_fee, was.kept]


def _paid_for_from_item(was: list[Any]) -> PaidFor:
    lines, courier, fee, kept = was
    return PaidFor(tuple(_line_from_item(line) for line in lines), _courier_from_item(courier), fee, kept)
