"""What money does to an order, its refunds and the ledger."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lumbung.domain.booking import Booking, Money
from lumbung.domain.errors import AmountMismatch, InvalidState
from lumbung.domain.order import Order
from lumbung.domain.order_parts import Fulfilment, Hold, OrderLine
from lumbung.domain.reconciliation import check_order

AT = datetime(2020, 4, 7, 3, 0, tzinfo=UTC)
HOLDS = (Hold("off_1", 0, 2),)


def an_order(**changes: Any) -> Order:
    order = Order(
        id="ord_1", wave_id="wav_1", dropoff_id="drp_1", institution_id=None, member_id="mem", placed_by="mem",
        lines=(OrderLine("off_1", "Beras 5 kg", 5_000, 2, 50, "cop_1"),), fulfilment=Fulfilment(), courier_fee=0,
        payment_due_at=AT + timedelta(hours=2), placed_at=AT, request_hash="h", holds=HOLDS,
    )  # fmt: skip
    return replace(order, **changes)


def money(amount: int = 100, cause: str = "pay_1:1", at: datetime = AT) -> Money:
    return Money(amount, "gateway:midtrans", "qris", cause, at, "midtrans")


def balances(booking: Booking) -> dict[str, int]:
    """Debits less credits, without what is zero."""
    sums: Counter[str] = Counter()
    for transfer in booking.transfers:
        sums[transfer.debit] += transfer.amount
        sums[transfer.credit] -= transfer.amount
    return {account: amount for account, amount in sums.items() if amount}


def consistent(booking: Booking) -> bool:
    transfers = [transfer for transfer in booking.transfers if transfer.order_id]
    return not check_order(booking.order, transfers, list(booking.refunds.values()))


def statuses(booking: Booking) -> list[tuple[int, str, bool]]:
    return [(r.amount, r.status, r.withdrawn) for r in booking.refunds.values()]


PAID = Booking(an_order()).pay(money())
ALLOCATED = replace(PAID, order=PAID.order.allocate({"off_1": 2}, at=AT))


def test_money_that_was_waited_for_confirms_the_order() -> None:
    assert PAID.order.status == "confirmed"
    assert balances(PAID) == {"gateway:midtrans": 100, "unearned:wav_1": -100}
    assert consistent(PAID)


def test_too_much_money_confirms_the_order_and_the_rest_is_promised_back() -> None:
    booking = Booking(an_order()).pay(money(160))

    assert (booking.order.status, booking.order.payment_status) == ("confirmed", "refund_due")
    assert balances(booking) == {"gateway:midtrans": 160, "unearned:wav_1": -100, "refund_payable": -60}
    assert consistent(booking)


def test_too_little_money_leaves_the_order_waiting() -> None:
    booking = Booking(an_order()).pay(money(60))

    assert (booking.order.status, booking.order.balance) == ("placed", 40)
    assert consistent(booking)


@pytest.mark.parametrize("status", ["expired", "cancelled"])
def test_money_for_an_order_that_is_over_is_promised_back_whole(status: str) -> None:
    booking = Booking(an_order(status=status, holds=())).refuse(money())

    assert booking.order.status == status
    assert balances(booking) == {"gateway:midtrans": 100, "refund_payable": -100}
    assert statuses(booking) == [(100, "decided", False)]
    assert consistent(booking)


def test_late_money_revives_an_order_whose_packs_were_there() -> None:
    booking = Booking(an_order(status="expired", holds=())).revive(money(), HOLDS)

    assert (booking.order.status, booking.order.holds) == ("confirmed", HOLDS)
    assert consistent(booking)


def test_paying_twice_is_credited_to_the_member_and_promised_back() -> None:
    booking = PAID.credit(money(cause="pay_2:1"))

    assert booking.order.status == "confirmed"
    assert balances(booking) == {"gateway:midtrans": 200, "unearned:wav_1": -100, "refund_payable": -100}
    assert "member_credit:mem" in {transfer.credit for transfer in booking.transfers}
    assert consistent(booking)


def test_another_amount_is_held_in_suspense_and_the_order_is_not_paid() -> None:
    booking = Booking(an_order()).suspend(money(90), "pay_1", 100)

    assert booking.order == an_order()
    assert balances(booking) == {"gateway:midtrans": 90, "suspense": -90}
    assert [incident.kind for incident in booking.incidents] == ["amount_differs"]


def test_a_reversal_lets_the_order_wait_until_it_is_due() -> None:
    booking = PAID.reverse(money(cause="pay_1:2", at=AT + timedelta(minutes=5)))

    assert (booking.order.status, booking.order.paid, booking.order.holds) == ("placed", 0, HOLDS)
    assert balances(booking) == {}
    assert consistent(booking)


def test_a_reversal_after_the_order_was_due_ends_it_and_lets_its_packs_go() -> None:
    booking = PAID.reverse(money(cause="pay_1:2", at=AT + timedelta(hours=3)))

    assert (booking.order.status, booking.order.holds) == ("expired", ())
    assert consistent(booking)


def test_a_reversal_withdraws_a_refund_that_was_only_promised() -> None:
    promised = PAID.decide(
        40, cause="damage", reason="rusak", liable="cooperative", bearer="cooperative:cop", at=AT, by="op"
    )

    booking = promised.reverse(money(cause="pay_1:2"))

    assert balances(booking) == {}
    assert statuses(booking) == [(40, "failed", True)]
    assert consistent(booking)


def test_a_reversal_after_allocation_is_written_off_and_the_member_owes_it() -> None:
    booking = ALLOCATED.reverse(money(cause="pay_1:2", at=AT + timedelta(days=2)))

    assert (booking.order.status, booking.order.balance) == ("confirmed", 100)
    assert balances(booking) == {"write_off": 100, "unearned:wav_1": -100}
    assert [incident.kind for incident in booking.incidents] == ["reversed_after_use"]
    assert consistent(booking)


def test_what_was_written_off_can_still_be_paid() -> None:
    booking = ALLOCATED.reverse(money(cause="pay_1:2")).recover(money(cause="pay_1:3"))

    assert booking.order.balance == 0
    assert balances(booking) == {"gateway:midtrans": 100, "unearned:wav_1": -100}
    assert consistent(booking)


def test_a_refund_that_was_given_keeps_its_promise() -> None:
    promised = PAID.decide(
        40, cause="damage", reason="rusak", liable="cooperative", bearer="cooperative:cop", at=AT, by="op"
    )
    [refund_id] = promised.refunds

    booking = promised.give_back(money(40, "pay_1:2"), refund_id)

    assert (booking.order.refunded, booking.order.status) == (40, "confirmed")
    assert balances(booking) == {"gateway:midtrans": 60, "unearned:wav_1": -60}
    assert statuses(booking) == [(40, "done", False)]
    assert consistent(booking)


def test_money_given_back_at_the_provider_by_somebody_else_uncovers_the_order() -> None:
    booking = PAID.give_back(money(100, "pay_1:2"), "dashboard-1")

    assert (booking.order.status, booking.order.refunded) == ("placed", 100)
    assert balances(booking) == {}
    assert consistent(booking)


def test_a_refund_of_somebody_elses_that_did_not_happen_leaves_the_order_paid() -> None:
    given = PAID.give_back(money(100, "pay_1:2"), "dashboard-1")

    booking = given.take_back(money(100, "pay_1:3"), "dashboard-1")

    assert booking is not None
    assert (booking.order.status, booking.order.kept) == ("confirmed", 100)
    assert balances(booking) == {"gateway:midtrans": 100, "unearned:wav_1": -100}
    assert consistent(booking)


def test_our_own_refund_that_did_not_happen_stays_owed() -> None:
    promised = PAID.decide(
        40, cause="damage", reason="rusak", liable="cooperative", bearer="cooperative:cop", at=AT, by="op"
    )
    [refund_id] = promised.refunds
    given = promised.give_back(money(40, "pay_1:2"), refund_id)

    booking = given.take_back(money(40, "pay_1:3"), refund_id)

    assert booking is not None
    assert statuses(booking) == [(40, "failed", False)]
    assert balances(booking) == {"gateway:midtrans": 100, "unearned:wav_1": -60, "refund_payable": -40}
    assert consistent(booking)


def test_never_more_is_promised_than_was_paid() -> None:
    promised = PAID.decide(60, cause="a", reason="rusak", liable="programme", bearer="write_off", at=AT, by="op")

    with pytest.raises(AmountMismatch):
        promised.decide(60, cause="b", reason="rusak", liable="programme", bearer="write_off", at=AT, by="op")


# -- who is liable, and refunds by hand

COP = "cooperative:cop_1"
ARRIVED = replace(ALLOCATED, order=ALLOCATED.order.arrive(at=AT))


def decided(booking: Booking, amount: int = 20, cause: str = "damage") -> Booking:
    return booking.decide(amount, cause=cause, reason="rusak", liable="cooperative", bearer=COP, at=AT, by="op")


def test_who_is_liable_pays_for_goods_that_were_received() -> None:
    booking = decided(ARRIVED)

    assert balances(booking) == {"gateway:midtrans": 100, "unearned:wav_1": -100, "refund_payable": -20, COP: 20}
    assert (booking.order.owed, booking.order.kept, booking.order.borne) == (80, 80, 20)
    assert booking.bear(at=AT) == booking
    assert consistent(booking)


def test_goods_that_have_not_come_yet_are_charged_when_they_do() -> None:
    before = decided(ALLOCATED)
    assert COP not in balances(before)

    booking = replace(before, order=before.order.arrive(at=AT)).bear(at=AT)

    assert balances(booking)[COP] == 20


def test_a_surplus_is_given_back_at_nobody_s_expense() -> None:
    paid_more = replace(ARRIVED, order=ARRIVED.order.receive_unowed(60, method="qris", at=AT, by="x"))

    assert COP not in balances(decided(paid_more, 60))
    assert balances(decided(paid_more, 70))[COP] == 10


def test_goods_lost_after_a_refund_are_refunded_for_what_was_left_of_them() -> None:
    order = decided(ARRIVED, 20).order.dispatch(at=AT, by="x").lose({"off_1": 1}, at=AT, by="x")

    assert (order.total, order.owed, order.kept - order.owed) == (50, 30, 50)


def test_money_that_is_reversed_takes_what_was_borne_into_account() -> None:
    booking = decided(ARRIVED).reverse(money(cause="pay_1:2"))

    assert balances(booking) == {"unearned:wav_1": -100, COP: 20, "write_off": 80}
    assert consistent(booking)


def test_a_refund_on_its_way_by_hand_is_neither_withdrawn_nor_taken_for_the_provider_s() -> None:
    asked = decided(PAID, 40)
    [refund_id] = asked.refunds
    asked = asked.ask(refund_id, "transfer", by="op", at=AT, reference="B-1")

    assert asked.reverse(money(cause="pay_1:2")).refunds[refund_id].status == "requested"
    twice = asked.give_back(money(40, "pay_1:2"), "dashboard-1")
    assert statuses(twice) == [(40, "requested", False), (40, "done", False)]
    assert consistent(twice)


def test_a_transfer_that_came_back_undoes_its_payment() -> None:
    asked = decided(PAID, 40)
    [refund_id] = asked.refunds
    done = asked.ask(refund_id, "transfer", by="a", at=AT).confirm(refund_id, "bank", by="b", at=AT)

    back = done.fail_by_hand(refund_id, "bank", by="b", at=AT, reason="rekening ditutup")

    assert balances(done)["bank"] == -40
    assert balances(back) == balances(asked)
    assert (back.order.refunded, back.refunds[refund_id].owed) == (0, True)
    assert consistent(done) and consistent(back)


def test_a_refund_that_is_promised_no_longer_is_not_paid_by_hand() -> None:
    promised = decided(PAID, 40)
    [refund_id] = promised.refunds
    gone = promised.reverse(money(cause="pay_1:2"))

    with pytest.raises(InvalidState):
        gone.ask(refund_id, "transfer", by="op", at=AT)
    with pytest.raises(InvalidState):
        Booking(gone.order).known(refund_id)
