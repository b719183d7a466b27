"""What becomes of an order that is edited, and of the difference."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lumbung.domain.courier_quote import CourierQuote, Home
from lumbung.domain.errors import InvalidState, LimitExceeded
from lumbung.domain.order import MAX_EDITS, Order
from lumbung.domain.order_edit import Edit
from lumbung.domain.order_parts import COURIER, Fulfilment, Hold, OrderLine
from lumbung.domain.tariff import Tariff
from lumbung.domain.wave import Offer, Wave

AT = datetime(2020, 4, 7, 3, 0, tzinfo=UTC)
WAVE = Wave(
    id="wav_1", name="Gelombang", time_zone="Asia/Jakarta", opens_at=AT - timedelta(hours=1),
    closes_at=AT + timedelta(days=1), payment_due_at=AT + timedelta(days=1), payment_window_s=7_200,
    delivery_date=date(2020, 4, 10), dropoff_ids=("drp_1",), status="published",
    offers=(Offer("off_5", "prd", "B5", "Beras 5 kg", "cop_1", 5_000, 50),
            Offer("off_20", "prd", "B20", "Beras 20 kg", "cop_1", 20_000, 200)),
)  # fmt: skip
LATER = AT + timedelta(minutes=30)


def an_order(packs: int = 2, **changes: Any) -> Order:
    order = Order(
        id="ord_1", wave_id="wav_1", dropoff_id="drp_1", institution_id=None, member_id="mem", placed_by="mem",
        lines=(OrderLine("off_5", "Beras 5 kg", 5_000, packs, 50, "cop_1"),), fulfilment=Fulfilment(), courier_fee=0,
        payment_due_at=AT + timedelta(hours=2), placed_at=AT, request_hash="h", holds=(Hold("off_5", 0, packs),),
    )  # fmt: skip
    return replace(order, **changes)


def paid(order: Order, amount: int | None = None) -> Order:
    return order.pay(order.total if amount is None else amount, method="qris", at=AT, by="midtrans")


def edited(order: Order, *quantities: tuple[str, int], at: datetime = LATER, **edit: Any) -> Order:
    return Edit(quantities or None, **edit).of(order, WAVE, tariff=Tariff(), at=at, by="mem")


@pytest.mark.parametrize(
    ("before", "packs", "status", "owed", "awaits"),
    [
        pytest.param(an_order(), 1, "placed", 50, False, id="not paid, fewer"),
        pytest.param(an_order(), 3, "placed", 150, False, id="not paid, more"),
        pytest.param(paid(an_order(), 60), 1, "confirmed", -10, False, id="paid in part, that is enough now"),
        pytest.param(paid(an_order(), 60), 3, "placed", 90, False, id="paid in part, more is owed"),
        pytest.param(paid(an_order()), 1, "confirmed", -50, False, id="paid, fewer"),
        pytest.param(paid(an_order()), 2, "confirmed", 0, False, id="paid, the same"),
        pytest.param(paid(an_order()), 3, "placed", 50, True, id="paid, more"),
    ],
)
def test_what_is_kept_decides(before: Order, packs: int, status: str, owed: int, awaits: bool) -> None:
    after = edited(before, ("off_5", packs))

    assert (after.status, after.balance, after.paid_for is not None) == (status, owed, awaits)
    assert after.payment_due_at == (LATER + timedelta(hours=2) if awaits else before.payment_due_at)
    assert after.history[-1].event == "edited"


def test_while_a_difference_is_awaited_both_are_reserved_and_held_as_far_as_they_were() -> None:
    after = edited(paid(an_order(2)), ("off_5", 1), ("off_20", 1))

    assert after.reserved == {"off_5": 2, "off_20": 1}
    assert after.held == {"off_5": 2}


def test_once_it_is_paid_only_what_was_wanted_is_held() -> None:
    awaiting = replace(edited(paid(an_order(2)), ("off_20", 1)), holds=(Hold("off_5", 0, 2), Hold("off_20", 1, 1)))

    after = paid(awaiting, awaiting.balance)

    assert (after.status, after.paid_for, after.holds) == ("confirmed", None, (Hold("off_20", 1, 1),))


def test_what_is_not_paid_in_time_is_again_what_it_was() -> None:
    before = paid(an_order(2))
    awaiting = replace(edited(before, ("off_20", 1)), holds=(Hold("off_5", 0, 2), Hold("off_20", 1, 1)))

    after = awaiting.expire(at=awaiting.payment_due_at)

    assert (after.status, after.lines, after.total, after.holds) == ("confirmed", before.lines, 100, before.holds)
    assert (after.paid_for, after.history[-1].event) == (None, "edit_lapsed")
    assert awaiting.as_of(awaiting.payment_due_at) == replace(after, history=awaiting.history)


def test_what_is_no_longer_paid_for_expires_whole() -> None:
    awaiting = edited(paid(an_order(2)), ("off_20", 1)).unpay(100, method="qris", at=LATER, by="midtrans")

    after = awaiting.expire(at=awaiting.payment_due_at)

    assert (after.status, after.holds, after.paid_for) == ("expired", (), None)


def test_cancelling_forgets_what_was_paid_for() -> None:
    after = edited(paid(an_order()), ("off_5", 3)).cancel(at=LATER, by="mem")

    assert (after.holds, after.paid_for, after.kept) == ((), None, 100)


@pytest.mark.parametrize("changes", [{"status": "cancelled"}, {"status": "expired"}, {"status": "completed"},
                                     {"status": "confirmed", "fulfilment_status": "allocated"}])  # fmt: skip
def test_what_is_over_is_not_edited(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidState):
        edited(an_order(**changes), ("off_5", 1))


def test_an_order_is_not_edited_for_ever() -> None:
    order = an_order()
    for n in range(MAX_EDITS):
        order = edited(order, ("off_5", n % 2 + 1))

    with pytest.raises(LimitExceeded):
        edited(order, ("off_5", 1))


QUOTE = CourierQuote("quo_1", "drp_1", "here", 10_000, "biteship", "gojek/instant", 9_000, 1, 1, 30, LATER)


@pytest.mark.parametrize(
    ("was", "quantities", "edit", "fee"),
    [
        pytest.param((Fulfilment(), 0), [], {}, 0, id="fetched, nothing said"),
        pytest.param((Fulfilment(), 0), [], {"home": Home("here", 3_000)}, 10_200, id="brought, by the tariff"),
        pytest.param((Fulfilment(COURIER, 1, 3_000), 10_200), [], {"pickup": True}, 0, id="fetched after all"),
        pytest.param((Fulfilment(COURIER, 1, 3_000), 10_200), [("off_5", 9)], {}, 30_600, id="heavier: more trips"),
        pytest.param((Fulfilment(COURIER, 1, 3_000, "quo_1"), 9_000), [("off_5", 1)], {}, 9_000, id="quote, lighter"),
        pytest.param((Fulfilment(COURIER, 1, 3_000, "quo_1"), 9_000), [("off_5", 3)], {}, 10_200, id="quote, heavier"),
        pytest.param(
            (Fulfilment(COURIER, 2, 3_000, "quo_1"), 9_000), [("off_20", 1)], {}, 10_200, id="a quote, one full pack"
        ),
        pytest.param(
            (Fulfilment(), 0), [], {"home": Home("here", 3_000, "quo_1", QUOTE)}, 9_000, id="brought, by a quote"
        ),
    ],
)
def test_the_way_home_is_priced_anew_only_where_it_must_be(
    was: tuple[Fulfilment, int], quantities: list[tuple[str, int]], edit: dict[str, Any], fee: int
) -> None:
    before = an_order(fulfilment=was[0], courier_fee=was[1])

    assert edited(before, *quantities, at=AT, **edit).courier_fee == fee
