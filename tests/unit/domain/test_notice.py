"""Which steps of an order its member is told about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lumbung.domain.desk import Packs, Taking, give_up_waiting, hand_out, part_with, remind
from lumbung.domain.notice import Notice, is_overtaken, notices_of
from lumbung.domain.notice_texts import TEMPLATES
from lumbung.domain.order import Order
from lumbung.domain.order_parts import COURIER, Fulfilment, Happening, OrderLine

AT = datetime(2020, 4, 7, 3, 0, tzinfo=UTC)


def an_order(**changes: object) -> Order:
    """Two packs of rice for Rp110.000, just placed by their member."""
    order = Order(
        id="ord_1", wave_id="wav_1", dropoff_id="drp_1", institution_id=None, member_id="mem-1", placed_by="mem-1",
        lines=(OrderLine("off_a", "Beras 5 kg", 5_000, 2, 55_000, "cop_1"),), fulfilment=Fulfilment(), courier_fee=0,
        payment_due_at=AT + timedelta(hours=2), placed_at=AT, request_hash="",
        history=(Happening(AT, "placed", "mem-1"),),
    )  # fmt: skip
    return replace(order, **changes)


def paid(order: Order | None = None, method: str = "qris") -> Order:
    return (order or an_order()).pay(110_000, method=method, at=AT, by="clock")


def allocated(packs: int = 2, order: Order | None = None) -> Order:
    return paid(order).allocate({"off_a": packs}, at=AT)


def arrived(order: Order | None = None) -> Order:
    return allocated(order=order).arrive(at=AT)


def by_courier() -> Order:
    return an_order(fulfilment=Fulfilment(COURIER, 1, 3_000))


def noting(order: Order, event: str) -> Order:
    return replace(order, history=(*order.history, Happening(AT, event, "mem-1")))


def edited(order: Order) -> Order:
    return noting(order, "edited")


PART = (Packs("off_a", 1),)


def sold(order: Order) -> Order:
    return part_with(order, "sold", PART, at=AT, by="pic-1")


def refunding(order: Order, amount: int) -> Order:
    return order.decide_refund(amount, at=AT, by="clock")


def told(before: Order | None, step: Callable[[Order], Order]) -> list[tuple[str, int, int]]:
    after = step(before or an_order())
    return [(notice.kind, notice.number, notice.amount) for notice in notices_of(before, after)]


def test_whoever_orders_is_told_and_so_is_whoever_is_ordered_for():
    by_pic = an_order(placed_by="pic-1", history=(Happening(AT, "placed", "pic-1"),))

    assert notices_of(None, an_order()) == (Notice("ord_1", "placed", 0, 0),)
    assert notices_of(None, by_pic) == (Notice("ord_1", "placed_for", 0, 0),)


@pytest.mark.parametrize(
    ("before", "step", "notices"),
    [
        pytest.param(an_order(), edited, [("edited", 1, 0)], id="edited"),
        pytest.param(an_order(), paid, [("paid", 1, 110_000)], id="paid"),
        pytest.param(an_order(), lambda o: paid(o, "cash"), [("paid_cash", 1, 110_000)], id="paid in cash"),
        pytest.param(an_order(), lambda o: o.pay(60_000, method="qris", at=AT, by="x"), [("part_paid", 1, 60_000)],
                     id="paid in part"),
        pytest.param(an_order(), lambda o: refunding(o.pay(150_000, method="qris", at=AT, by="x"), 40_000),
                     [("paid", 1, 150_000), ("refund_promised", 2, 40_000)], id="paid too much"),
        pytest.param(an_order().expire(at=AT), lambda o: refunding(
            o.receive_unowed(110_000, method="qris", at=AT, by="x"), 110_000), [("unowed", 2, 110_000)],
            id="paid too late: one notice says both"),
        pytest.param(paid(), lambda o: o.unpay(110_000, method="qris", at=AT, by="x"), [("reversed", 2, 0)],
                     id="a payment taken back before it is due"),
        pytest.param(paid(), lambda o: o.unpay(110_000, method="qris", at=AT + timedelta(hours=3), by="x"),
                     [("expired", 3, 0)], id="a payment taken back when it is too late to pay again"),
        pytest.param(an_order(), lambda o: o.expire(at=AT), [("expired", 1, 0)], id="expired"),
        pytest.param(an_order(), lambda o: o.cancel(at=AT, by="mem-1"), [("cancelled", 1, 0)],
                     id="cancelled before it was paid"),
        pytest.param(paid(), lambda o: refunding(o.cancel(at=AT, by="mem-1"), 110_000),
                     [("cancelled_refund", 2, 110_000)], id="cancelled when it was paid: one notice says both"),
        pytest.param(paid(), lambda o: o.allocate({"off_a": 2}, at=AT), [("wave_closed", 2, 0)],
                     id="allocated in full"),
        pytest.param(paid(), lambda o: refunding(o.allocate({"off_a": 1}, at=AT), 55_000), [("short", 2, 55_000)],
                     id="allocated in part"),
        pytest.param(paid(), lambda o: refunding(o.allocate({}, at=AT), 110_000), [("nothing", 2, 110_000)],
                     id="allocated nothing"),
        pytest.param(allocated(), lambda o: o.arrive(at=AT), [("ready", 3, 0)], id="ready to be fetched"),
        pytest.param(allocated(order=by_courier()), lambda o: o.arrive(at=AT), [], id="a courier fetches it"),
        pytest.param(allocated(), lambda o: refunding(o.shorten({"off_a": 1}, at=AT), 55_000).arrive(at=AT),
                     [("arrived_short", 3, 55_000), ("ready", 5, 0)], id="arrived short, and ready"),
        pytest.param(allocated(), lambda o: refunding(o.shorten({"off_a": 2}, at=AT), 110_000),
                     [("nothing", 3, 110_000)], id="nothing of it arrived whole"),
        pytest.param(arrived(by_courier()), lambda o: o.dispatch(at=AT, by="biteship"), [("dispatched", 4, 0)],
                     id="on its way"),
        pytest.param(arrived(by_courier()), lambda o: o.plan_delivery(at=AT, by="pic-1"),
                     [("delivery_planned", 4, 0)], id="to be brought later"),
        pytest.param(arrived(by_courier()).dispatch(at=AT, by="x"), lambda o: o.come_back(at=AT, by="x"),
                     [("came_back", 5, 0)], id="brought back"),
        pytest.param(arrived(by_courier()).dispatch(at=AT, by="x"), lambda o: o.seek_another_courier(at=AT, by="x"),
                     [("next_courier", 5, 0)], id="another courier is asked"),
        pytest.param(arrived(by_courier()).dispatch(at=AT, by="x"),
                     lambda o: o.come_back(at=AT, by="x").fall_back_to_pickup(at=AT, by="x"),
                     [("pickup_instead", 7, 0)], id="no courier is left to ask"),
        pytest.param(arrived(by_courier()).dispatch(at=AT, by="x"),
                     lambda o: refunding(o.lose({"off_a": 1}, at=AT, by="x"), 55_000), [("lost", 5, 55_000)],
                     id="lost in part"),
        pytest.param(arrived(by_courier()).dispatch(at=AT, by="x"), lambda o: o.deliver(at=AT, by="x"),
                     [("delivered", 5, 0)], id="brought home"),
        pytest.param(arrived(by_courier()), lambda o: o.fall_back_to_pickup(at=AT, by="x"),
                     [("pickup_instead", 4, 0)], id="no courier"),
        pytest.param(arrived(), lambda o: o.collect(at=AT, by="pic-1"), [], id="handed over face to face"),
        pytest.param(arrived(), lambda o: hand_out(o, Taking(PART), at=AT, by="pic-1"), [("handed_partly", 4, 0)],
                     id="handed over in part"),
        pytest.param(arrived(), lambda o: hand_out(o, Taking(offline=True), at=AT, by="pic-1"),
                     [("handed_offline", 4, 0)], id="told by a device"),
        pytest.param(arrived(), lambda o: hand_out(o, Taking(proxy=True), at=AT, by="pic-1"), [("by_proxy", 4, 0)],
                     id="handed over to somebody else"),
        pytest.param(arrived(), lambda o: noting(o, "proxy_named"), [("proxy_named", 4, 0)], id="a proxy was named"),
        pytest.param(arrived(), lambda o: noting(o, "proxy_withdrawn"), [], id="a proxy is one no longer"),
        pytest.param(arrived(), lambda o: remind(o, at=AT), [("collect_soon", 4, 0)], id="not fetched yet"),
        pytest.param(arrived(), lambda o: give_up_waiting(o, at=AT), [("not_collected", 4, 0)], id="not fetched"),
        pytest.param(arrived(), lambda o: refunding(give_up_waiting(o, at=AT), 110_000),
                     [("not_collected_refund", 4, 110_000)], id="not fetched, and refunded"),
        pytest.param(give_up_waiting(arrived(), at=AT), lambda o: refunding(sold(o), 55_000), [("sold", 5, 55_000)],
                     id="sold for the member"),
        pytest.param(give_up_waiting(arrived(), at=AT), lambda o: sold(o), [], id="sold for the programme"),
        pytest.param(paid(), lambda o: refunding(o, 10_000), [("refund_promised", 2, 10_000)],
                     id="a refund by the office"),
        pytest.param(refunding(paid(), 10_000), lambda o: o.refund(10_000, at=AT, by="x"), [("refunded", 3, 10_000)],
                     id="a refund that has arrived"),
        pytest.param(paid(), lambda o: o, [], id="nothing happened"),
        pytest.param(paid(), lambda o: replace(o, history=(*o.history, Happening(AT, "looked_at", "x"))), [],
                     id="a happening nobody is told about"),
    ],
)  # fmt: skip
def test_a_step_is_told_by(before: Order, step: Callable[[Order], Order], notices: list[tuple[str, int, int]]):
    assert told(before, step) == notices


@pytest.mark.parametrize(
    ("kind", "order", "overtaken"),
    [
        pytest.param("placed", an_order(), False, id="placed, while it waits for its money"),
        pytest.param("placed", paid(), False, id="placed, when it is paid already: both are told"),
        pytest.param("placed", an_order().cancel(at=AT, by="x"), True, id="placed, when it is cancelled"),
        pytest.param("placed_for", an_order().expire(at=AT), True, id="ordered for, when it is expired"),
        pytest.param("edited", an_order().expire(at=AT), True, id="edited, when it is expired"),
        pytest.param("payment_due", an_order(), False, id="unpaid"),
        pytest.param("payment_due", paid(), True, id="paid meanwhile"),
        pytest.param("reversed", paid(), True, id="paid anew after a reversal"),
        pytest.param("ready", arrived(), False, id="ready"),
        pytest.param("ready", arrived().collect(at=AT, by="x"), True, id="fetched meanwhile"),
        pytest.param("collect_soon", arrived(), False, id="still waiting"),
        pytest.param("collect_soon", give_up_waiting(arrived(), at=AT), True, id="waited for no longer"),
        pytest.param("handed_partly", arrived().collect(at=AT, by="x"), True, id="all of it fetched meanwhile"),
        pytest.param("came_back", arrived().dispatch(at=AT, by="x"), True, id="on its way again"),
        pytest.param("delivery_planned", arrived(), False, id="planned, while it waits for its trip"),
        pytest.param("delivery_planned", arrived().dispatch(at=AT, by="x"), True, id="planned, when it is on its way"),
        pytest.param("dispatched", arrived().dispatch(at=AT, by="x"), False, id="on its way"),
        pytest.param("dispatched", arrived().dispatch(at=AT, by="x").deliver(at=AT, by="x"), True, id="brought home"),
        pytest.param("next_courier", arrived().dispatch(at=AT, by="x"), False, id="another courier, while it is asked"),
        pytest.param("next_courier", arrived(), True, id="another courier, when none is left"),
        pytest.param("paid", paid().cancel(at=AT, by="x"), False, id="a receipt stays one"),
    ],
)
def test_what_would_mislead_is_not_told_any_more(kind: str, order: Order, overtaken: bool):
    assert is_overtaken(Notice("ord_1", kind), order) is overtaken


def test_there_is_a_text_for_every_kind():
    kinds = {kind for mark in test_a_step_is_told_by.pytestmark for case in mark.args[1] for kind, *_ in case.values[2]}

    assert kinds | {"placed", "placed_for", "payment_due"} == TEMPLATES.keys()
