"""An order on its way home, in one trip or several."""

from dataclasses import replace
from datetime import UTC, datetime

from lumbung.domain.delivery import WAITING, Delivery, Part, after_trip
from lumbung.domain.order import Order
from lumbung.domain.order_parts import COURIER, Fulfilment, OrderLine

AT = datetime(2020, 4, 10, 3, 0, tzinfo=UTC)


def an_order(packs: int = 2) -> Order:
    return Order(
        id="ord_1",
        wave_id="wav_1",
        dropoff_id="drp_1",
        institution_id=None,
        member_id="m1",
        placed_by="m1",
        lines=(OrderLine("off_a", "Beras", 20_000, packs, 220_000, "cop_1", packs),),
        fulfilment=Fulfilment(COURIER, packs, 3_000),
        courier_fee=20_400,
        payment_due_at=AT,
        placed_at=AT,
        request_hash="",
        status="confirmed",
        fulfilment_status="dispatched",
    )


def two_trips() -> Delivery:
    return Delivery("ord_1").send([Part("trp_1", {"off_a": 1}), Part("trp_2", {"off_a": 1})])


def test_an_order_is_delivered_with_the_last_of_its_trips():
    half = two_trips().end("trp_1", "delivered")
    whole = half.end("trp_2", "delivered")

    assert after_trip(an_order(), half, at=AT, by="biteship").fulfilment_status == "dispatched"
    assert after_trip(an_order(), whole, at=AT, by="biteship").fulfilment_status == "delivered"


def test_an_order_that_has_not_left_stays_where_it_is_when_its_trip_is_called_off():
    at_desk = replace(an_order(), fulfilment_status="at_dropoff")
    planned = Delivery("ord_1").send([Part("trp_1", {"off_a": 2}, WAITING)])
    called_off = planned.end("trp_1", "cancelled")

    assert planned.waiting and not planned.under_way and not planned.left(at_desk)
    assert planned.leave("trp_1").under_way and not planned.leave("trp_1").waiting
    assert after_trip(at_desk, called_off, at=AT, by="x") is at_desk
    assert called_off.left(at_desk) == {"off_a": 2}


def test_an_order_of_which_a_part_waits_is_not_home_yet():
    half = Delivery("ord_1").send([Part("trp_1", {"off_a": 1}), Part("trp_2", {"off_a": 1}, WAITING)])

    assert after_trip(an_order(), half.end("trp_1", "delivered"), at=AT, by="x") == an_order()


def test_what_came_back_is_left_and_what_was_delivered_is_not():
    ended = two_trips().end("trp_1", "delivered").end("trp_2", "returned")

    assert ended.left(an_order()) == {"off_a": 1}
    assert after_trip(an_order(), ended, at=AT, by="biteship").fulfilment_status == "at_dropoff"


def test_an_order_that_lost_a_part_is_delivered_with_the_rest():
    order = an_order().lose({"off_a": 1}, at=AT, by="biteship")
    ended = two_trips().end("trp_1", "lost").end("trp_2", "delivered")

    assert after_trip(order, ended, at=AT, by="biteship").fulfilment_status == "delivered"


def test_an_order_that_lost_everything_has_nothing_more_to_come():
    order = an_order().lose({"off_a": 2}, at=AT, by="biteship")

    assert (order.fulfilment_status, order.total) == ("none", 0)
    assert after_trip(order, two_trips().end("trp_1", "lost").end("trp_2", "lost"), at=AT, by="b") is order


def test_a_second_try_takes_what_is_left():
    back = two_trips().end("trp_1", "delivered").end("trp_2", "no_courier")
    again = back.send([Part("trp_3", {"off_a": 1})])

    assert again.left(an_order()) == {}
    assert again.under_way and again.failed_before
    assert again.part_of("trp_3") == Part("trp_3", {"off_a": 1})
    assert not replace(again, parts=again.parts[:1]).failed_before
