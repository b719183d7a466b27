"""How a wave is planned in time, extended, and called off."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lumbung.domain.errors import Invalid, InvalidState
from lumbung.domain.extension import Extension, extend
from lumbung.domain.order import Order
from lumbung.domain.order_parts import Fulfilment, Hold, OrderLine
from lumbung.domain.wave import Cancellation, Offer, Wave
from lumbung.domain.wave_times import contradictions

OPENS = datetime(2020, 4, 7, 1, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=1)
DUE = CLOSES + timedelta(hours=2)
DURING, AFTER = OPENS + timedelta(hours=1), CLOSES + timedelta(minutes=1)
LATER = CLOSES + timedelta(hours=1)


def a_wave(**changes: Any) -> Wave:
    offer = Offer("off_5", "prd_1", "B5", "Beras 5 kg", "cop_1", 5_000, 55_000)
    wave = Wave(
        "wav_1", "Gelombang I", "Asia/Jakarta", OPENS, CLOSES, DUE, date(2020, 4, 10), ("drp_1",), (offer,),
        status="published",
    )  # fmt: skip
    return replace(wave, **changes)


def an_order(**changes: Any) -> Order:
    line = OrderLine("off_5", "Beras 5 kg", 5_000, 2, 55_000, "cop_1")
    order = Order(
        "ord_1", "wav_1", "drp_1", None, "mem-1", "mem-1", (line,), Fulfilment(), 0, DUE, DURING, "hash",
        holds=(Hold("off_5", 0, 2),),
    )  # fmt: skip
    return replace(order, **changes)


TIMES = {"time_zone": "Asia/Jakarta", "opens_at": OPENS, "closes_at": CLOSES, "payment_due_at": DUE,
         "delivery_date": date(2020, 4, 8)}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        pytest.param({}, [], id="delivered on the day of closing"),
        pytest.param({"payment_due_at": CLOSES}, [], id="paid by closing"),
        pytest.param({"closes_at": OPENS}, ["/closes_at"], id="closed as it opens"),
        pytest.param({"payment_due_at": CLOSES - timedelta(seconds=1)}, ["/payment_due_at"], id="paid before closing"),
        pytest.param({"delivery_date": date(2020, 4, 7)}, ["/delivery_date"], id="delivered before closing"),
        pytest.param({"time_zone": "Asia/Tokyo"}, ["/time_zone"], id="in another country"),
        pytest.param(
            {"closes_at": datetime(2020, 4, 8, 17, 30, tzinfo=UTC), "payment_due_at": datetime(2020, 4, 9, tzinfo=UTC)},
            ["/delivery_date"],
            id="closed after midnight in Jakarta",
        ),
    ],
)
def test_the_times_of_a_wave_have_one_order(changes: dict[str, Any], pointers: list[str]) -> None:
    assert [fault.pointer for fault in contradictions(**TIMES | changes)] == pointers


def test_an_open_wave_closes_later() -> None:
    wish = Extension(LATER, DUE + timedelta(hours=1), date(2020, 4, 11))

    after = extend(a_wave(), wish, at=DURING, ordered_g=0)

    assert (after.closes_at, after.payment_due_at, after.delivery_date, after.prolonged) == (
        LATER, wish.payment_due_at, date(2020, 4, 11), False,
    )  # fmt: skip
    assert extend(a_wave(), Extension(LATER), at=DURING, ordered_g=0).payment_due_at == DUE


@pytest.mark.parametrize(
    ("wish", "pointers"),
    [
        pytest.param(Extension(CLOSES), ["/closes_at"], id="no later than before"),
        pytest.param(Extension(DUE + timedelta(1)), ["/payment_due_at"], id="closed after payment is due"),
        pytest.param(Extension(LATER, DUE - timedelta(1)), ["/payment_due_at"] * 2, id="payment due earlier"),
        pytest.param(
            Extension(CLOSES, CLOSES - timedelta(1), date(2020, 4, 1)),
            ["/closes_at", "/payment_due_at", "/payment_due_at", "/delivery_date"],
            id="everything at once",
        ),
    ],
)
def test_contradictions_of_an_extension_are_told_all_at_once(wish: Extension, pointers: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        extend(a_wave(), wish, at=DURING, ordered_g=0)

    assert [fault.pointer for fault in refused.value.faults] == pointers


@pytest.mark.parametrize(
    ("wave", "at", "ordered_g"),
    [
        pytest.param(a_wave(), OPENS - timedelta(1), 0, id="it has not opened"),
        pytest.param(a_wave(), AFTER, 0, id="it closed, and had no minimum"),
        pytest.param(a_wave(minimum_weight_g=200), AFTER, 200, id="it closed and reached its minimum"),
        pytest.param(a_wave(minimum_weight_g=200, prolonged=True), AFTER, 0, id="it was opened again before"),
        pytest.param(a_wave(minimum_weight_g=200, status="frozen"), AFTER, 0, id="it is frozen"),
        pytest.param(a_wave(status="cancelled"), DURING, 0, id="it was called off"),
        pytest.param(a_wave(status="draft"), DURING, 0, id="it is a draft"),
    ],
)
def test_a_wave_is_not_extended_when(wave: Wave, at: datetime, ordered_g: int) -> None:
    with pytest.raises(InvalidState):
        extend(wave, Extension(LATER), at=at, ordered_g=ordered_g)


def test_a_closed_wave_below_its_minimum_is_opened_again_and_that_is_remembered() -> None:
    after = extend(a_wave(minimum_weight_g=200), Extension(LATER), at=AFTER, ordered_g=199)

    assert (after.state(AFTER), after.prolonged) == ("open", True)


def test_a_wave_that_is_open_again_may_be_extended_like_any_other() -> None:
    open_again = a_wave(minimum_weight_g=200, prolonged=True)

    assert extend(open_again, Extension(LATER), at=DURING, ordered_g=0).prolonged


@pytest.mark.parametrize(
    ("status", "at", "was"),
    [
        ("draft", DURING, "draft"),
        ("published", OPENS - timedelta(1), "scheduled"),
        ("published", DURING, "open"),
        ("published", AFTER, "closed"),
        ("frozen", AFTER, "closed"),
        ("allocated", AFTER, "allocated"),
    ],
)
def test_a_wave_is_called_off_from_any_state_before_delivery(status: str, at: datetime, was: str) -> None:
    after = a_wave(status=status).cancel("Banjir", at=at, by="op-1")

    assert after.state(at) == "cancelled"
    assert after.cancellation == Cancellation("Banjir", at, "op-1", was)
    assert after.is_public == (status != "draft")


@pytest.mark.parametrize("status", ["delivering", "completed", "cancelled"])
def test_a_wave_is_not_called_off_any_more_when(status: str) -> None:
    with pytest.raises(InvalidState):
        a_wave(status=status).cancel("Banjir", at=AFTER, by="op-1")


@pytest.mark.parametrize(
    ("order", "goods"),
    [
        pytest.param(an_order(), "pending", id="unpaid"),
        pytest.param(an_order(status="confirmed", paid=110_000), "pending", id="paid"),
        pytest.param(an_order(status="confirmed", fulfilment_status="allocated"), "none", id="allocated"),
        pytest.param(an_order(status="confirmed", fulfilment_status="none"), "none", id="nothing allocated"),
    ],
)
def test_an_order_is_called_off_with_its_wave(order: Order, goods: str) -> None:
    after = order.call_off(at=AFTER, by="op-1")

    assert (after.status, after.fulfilment_status, after.holds, after.owed) == ("cancelled", goods, (), 0)
    assert (after.history[-1].event, after.history[-1].by) == ("cancelled", "op-1")


@pytest.mark.parametrize(
    "order",
    [
        pytest.param(an_order(status="expired"), id="expired"),
        pytest.param(an_order(status="cancelled"), id="cancelled"),
        pytest.param(an_order(status="confirmed", fulfilment_status="at_dropoff"), id="at the drop-off"),
    ],
)
def test_an_order_is_not_called_off_when_it_is(order: Order) -> None:
    with pytest.raises(InvalidState):
        order.call_off(at=AFTER, by="op-1")
