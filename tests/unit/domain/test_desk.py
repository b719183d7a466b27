"""Packs go over the desk now or later, are refused, or are not fetched; each of them goes one way."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lumbung.domain.booking import Booking
from lumbung.domain.desk import (
    Packs,
    Refused,
    Taking,
    ended,
    give_up_waiting,
    hand_out,
    left,
    note_delivered,
    part_with,
    to_fetch,
    with_member,
)
from lumbung.domain.errors import Invalid, InvalidState
from lumbung.domain.leftovers import give_up, is_refunded, let_go
from lumbung.domain.order import Order
from lumbung.domain.order_parts import COURIER, Fulfilment, Happening, OrderLine
from lumbung.domain.uncollected import FORFEIT, NOT_COLLECTED, REFUND, REFUND_IF_SOLD, REMINDED, RULES, Uncollected

AT = datetime(2020, 4, 10, 3, 0, tzinfo=UTC)


def an_order(a: int = 3, b: int = 0, status: str = "at_dropoff") -> Order:
    """A paid order at the desk, of *a* packs of rice at Rp55.000 and *b* of eggs at Rp90.000."""
    lines = (
        OrderLine("off_a", "Beras 5 kg", 5_000, a, 55_000, "cop_1", a),
        OrderLine("off_b", "Telur 5 kg", 5_000, b, 90_000, "cop_2", b),
    )
    total = sum(line.subtotal for line in lines)
    return Order(
        id="ord_1", wave_id="wav_1", dropoff_id="drp_1", institution_id=None, member_id="m1", placed_by="m1",
        lines=lines, fulfilment=Fulfilment(), courier_fee=0, payment_due_at=AT, placed_at=AT, request_hash="",
        status="confirmed", fulfilment_status=status, paid=total, paid_by={"cash": total},
        history=(Happening(AT, "at_dropoff", "clock"),),
    )  # fmt: skip


def taking(*lines: tuple[str, int], refused: tuple[Refused, ...] = ()) -> Taking:
    return Taking(tuple(Packs(*line) for line in lines) or None, refused)


def damaged(packs: int, offer_id: str = "off_a") -> Refused:
    return Refused(offer_id, packs, "damaged", "cooperative")


def take(order: Order, what: Taking) -> Order:
    return hand_out(order, what, at=AT, by="pic-1")


def events(order: Order) -> list[str]:
    return [happening.event for happening in order.history[1:]]


def test_an_order_that_is_taken_whole_leaves_no_book_keeping():
    after = take(an_order(2, 1), Taking())

    assert (after.fulfilment_status, after.status, after.gone, events(after)) == (
        "collected", "completed", {}, ["collected"],
    )  # fmt: skip
    assert ended(after) and not left(after) and with_member(after) == {"off_a": 2, "off_b": 1}


def test_some_now_and_the_rest_later_is_whole_in_the_end():
    partly = take(an_order(3, 1), taking(("off_a", 2)))

    assert (partly.fulfilment_status, left(partly), with_member(partly)) == (
        "at_dropoff", {"off_a": 1, "off_b": 1}, {"off_a": 2},
    )  # fmt: skip
    whole = take(partly, Taking())
    assert (whole.fulfilment_status, whole.gone) == ("collected", {})
    assert events(whole) == ["handed_partly", "collected"]
    assert with_member(whole) == {"off_a": 3, "off_b": 1}


def test_what_is_refused_is_not_in_the_members_hands():
    after = take(an_order(3), Taking(refused=(damaged(1),)))

    assert (after.fulfilment_status, after.gone, with_member(after)) == (
        "collected", {"refused": {"off_a": 1}}, {"off_a": 2},
    )  # fmt: skip
    assert events(after) == ["refused", "collected"]


def test_whoever_is_sent_is_noted_without_a_name():
    assert events(take(an_order(1), Taking(proxy=True))) == ["taken_by_proxy", "collected"]


@pytest.mark.parametrize(
    ("what", "pointer"),
    [
        (taking(("off_a", 4)), "/lines/0/packs"),
        (taking(("off_a", 2), ("off_a", 2)), "/lines/0/packs"),
        (taking(("off_x", 1)), "/lines/0/offer_id"),
        (Taking((), ()), "/lines"),
        (Taking(refused=(damaged(4),)), "/refused/0/packs"),
        (taking(("off_a", 3), refused=(damaged(1),)), "/lines/0/packs"),
    ],
    ids=["too many", "too many in two lines", "another offer", "nothing", "too many refused", "all and one refused"],
)
def test_more_than_is_left_is_refused_where_it_is_said(what: Taking, pointer: str):
    with pytest.raises(Invalid) as refused:
        take(an_order(3), what)

    assert refused.value.faults[0].pointer == pointer


@pytest.mark.parametrize("status", ["pending", "allocated", "dispatched", "collected", "delivered", "none"])
def test_what_is_not_at_the_desk_is_not_handed_over(status: str):
    with pytest.raises(InvalidState):
        take(an_order(status=status), Taking())


def test_what_a_courier_brought_before_is_not_there_any_more():
    came_back = note_delivered(an_order(3), {"off_a": 1})

    assert left(came_back) == {"off_a": 1} and note_delivered(came_back, {"off_a": 1}) == came_back
    assert with_member(take(came_back, Taking())) == {"off_a": 3}


def test_what_was_not_fetched_goes_another_way_pack_by_pack():
    waiting = give_up_waiting(take(an_order(4), taking(("off_a", 1))), at=AT)
    assert (waiting.fulfilment_status, waiting.status, ended(waiting)) == (NOT_COLLECTED, "confirmed", False)

    sold = part_with(waiting, "sold", [Packs("off_a", 2)], at=AT, by="pic-1")
    over = part_with(sold, "spoiled", [Packs("off_a", 1)], at=AT, by="pic-1")

    assert (over.status, ended(over), with_member(over)) == ("completed", True, {"off_a": 1})
    assert over.gone == {"handed": {"off_a": 1}, "sold": {"off_a": 2}, "spoiled": {"off_a": 1}}
    with pytest.raises(Invalid):
        part_with(over, "given", [Packs("off_a", 1)], at=AT, by="pic-1")
    with pytest.raises(InvalidState):
        part_with(an_order(1), "sold", [Packs("off_a", 1)], at=AT, by="pic-1")


def test_a_member_who_comes_late_may_have_what_is_left():
    late = take(part_with(give_up_waiting(an_order(3), at=AT), "sold", [Packs("off_a", 1)], at=AT, by="p"), Taking())

    assert (late.fulfilment_status, with_member(late)) == ("collected", {"off_a": 2})


# -- when

RULE = Uncollected(after_hours=72)


def hours(count: float) -> datetime:
    return AT + timedelta(hours=count)


@pytest.mark.parametrize(
    ("now", "step", "look_at"),
    [
        (hours(47.9), None, hours(48)),
        (hours(48), REMINDED, hours(72)),
        (hours(71.9), REMINDED, hours(72)),
        (hours(72), NOT_COLLECTED, None),
        (hours(500), NOT_COLLECTED, None),
    ],
)
def test_a_member_is_reminded_a_day_before_the_waiting_ends(now: datetime, step: str | None, look_at: datetime | None):
    assert RULE.next_step(an_order(), now) == (step, look_at)


def test_nobody_is_reminded_twice():
    reminded = replace(an_order(), history=(*an_order().history, Happening(hours(48), REMINDED, "clock")))

    assert RULE.next_step(reminded, hours(50)) == (None, hours(72))


def test_where_there_is_less_time_the_reminder_comes_half_way():
    assert Uncollected(after_hours=6).next_step(an_order(), hours(3)) == (REMINDED, hours(6))
    assert Uncollected(after_hours=6).first_look(AT) == hours(3)


def test_what_a_courier_was_to_bring_has_all_its_time_from_when_it_is_to_be_fetched():
    fell_back = replace(an_order(), history=(*an_order().history, Happening(hours(60), "pickup_instead", "clock")))

    assert RULE.next_step(fell_back, hours(72)) == (None, hours(60 + 48))


@pytest.mark.parametrize("status", ["at_dropoff", "dispatched"])
def test_what_waits_for_a_courier_is_not_the_members_to_fetch(status: str):
    waits = replace(an_order(status=status), fulfilment=Fulfilment(COURIER, 1, 3_000))

    assert RULE.next_step(waits, hours(500)) == (None, hours(524))
    assert (RULE.waits_until(waits), to_fetch(waits)) == (None, {})


def test_goods_at_the_desk_are_kept_for_a_while_and_may_be_fetched_as_long_as_they_are_there():
    late = give_up_waiting(an_order(), at=hours(72))

    assert (RULE.waits_until(an_order()), RULE.waits_until(late)) == (hours(72), None)
    assert to_fetch(an_order()) == to_fetch(late) == {"off_a": 3}


# -- the money


def balances(booking: Booking) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for transfer in booking.transfers:
        sums[transfer.debit] += transfer.amount
        sums[transfer.credit] -= transfer.amount
    return {account: amount for account, amount in sums.items() if amount}


def uncollected(rule: str) -> Booking:
    return give_up(Booking(an_order(2)), rule, at=AT)


def sell(booking: Booking, packs: int, rule: str, amount: int | None = None) -> Booking:
    lines = [Packs("off_a", packs)]
    return let_go(replace(booking, transfers=()), "sold", lines, rule, amount=amount, at=AT, by="pic-1")


def test_by_refund_the_programme_gives_the_money_back_at_once_and_keeps_what_a_sale_brings():
    given_up = uncollected(REFUND)
    assert balances(given_up) == {"write_off": 110_000, "refund_payable": -110_000}
    assert (given_up.order.refund_decided, given_up.order.kept, given_up.order.owed) == (110_000, 0, 0)
    assert is_refunded(given_up)

    sold = sell(given_up, 1, REFUND)
    assert balances(sold) == {"claim:drp_1": 55_000, "write_off": -55_000}


def test_by_refund_if_sold_the_member_gets_what_a_sale_brings():
    given_up = uncollected(REFUND_IF_SOLD)
    assert (balances(given_up), is_refunded(given_up)) == ({}, False)

    sold = sell(given_up, 1, REFUND_IF_SOLD, amount=40_000)
    assert balances(sold) == {"claim:drp_1": 40_000, "refund_payable": -40_000}
    assert (sold.order.refund_decided, sold.order.kept, sold.order.owed) == (40_000, 70_000, 70_000)
    rest = sell(sold, 1, REFUND_IF_SOLD)
    assert balances(rest) == {"claim:drp_1": 55_000, "refund_payable": -55_000}


def test_by_forfeit_nothing_goes_back():
    given_up = uncollected(FORFEIT)

    assert balances(given_up) == {}
    assert balances(sell(given_up, 2, FORFEIT)) == {"claim:drp_1": 110_000, "write_off": -110_000}


@pytest.mark.parametrize("rule", RULES)
def test_whatever_the_rule_the_money_kept_is_what_is_owed(rule: str):
    booking = sell(sell(uncollected(rule), 1, rule, amount=30_000), 1, rule)

    assert booking.order.kept == booking.order.owed


def test_what_was_refunded_before_is_not_refunded_again():
    cheaper = Booking(an_order(1)).decide(30_000, cause="x", reason="x", liable="programme", at=AT, by="o")
    cheaper = replace(cheaper, transfers=())

    assert give_up(cheaper, REFUND, at=AT).order.refund_decided == 55_000
    sold = sell(give_up(cheaper, REFUND_IF_SOLD, at=AT), 1, REFUND_IF_SOLD)
    assert sold.order.refund_decided == 55_000, "the member has nothing more to get back"
    assert balances(sold)["claim:drp_1"] == 55_000, "all that was taken is owed by who took it"


@pytest.mark.parametrize(("way", "amount"), [("sold", 110_001), ("given", 1), ("spoiled", 0)])
def test_no_more_is_taken_than_the_goods_cost_and_nothing_for_what_is_not_sold(way: str, amount: int):
    with pytest.raises(Invalid) as refused:
        let_go(uncollected(REFUND), way, [Packs("off_a", 2)], REFUND, amount=amount, at=AT, by="pic-1")

    assert refused.value.faults[0].pointer == "/amount"


def test_what_is_given_away_or_thrown_away_moves_no_money():
    for way in ("given", "spoiled"):
        gone = let_go(uncollected(FORFEIT), way, [Packs("off_a", 2)], FORFEIT, amount=None, at=AT, by="pic-1")
        assert (gone.transfers, ended(gone.order)) == ((), True)
