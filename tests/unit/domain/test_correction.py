"""What a correction does to an order, its consignment, its refunds and the purchase order."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lumbung.domain.booking import Booking
from lumbung.domain.consignment import Consignment, ConsignmentLine, Departure
from lumbung.domain.correction import Correction
from lumbung.domain.errors import Invalid, InvalidState
from lumbung.domain.order import Order
from lumbung.domain.order_parts import Fulfilment, OrderLine
from lumbung.domain.purchase_order import Place, purchase_order
from lumbung.domain.registry import Cooperative
from lumbung.domain.wave import Offer, Wave

AT = datetime(2020, 4, 8, 3, 0, tzinfo=UTC)


def a_line(offer_id: str, quantity: int, allocated: int) -> OrderLine:
    return OrderLine(offer_id, offer_id, 5_000, quantity, 100, "cop_1", allocated)


def an_order(*lines: OrderLine, fee: int = 0) -> Order:
    """An allocated order, paid for all that was ordered."""
    paid = sum(line.subtotal for line in lines) + fee
    return Order(
        id="ord_1", wave_id="wav_1", dropoff_id="drp_1", institution_id=None, member_id="mem_1", placed_by="mem_1",
        lines=lines, fulfilment=Fulfilment(), courier_fee=fee, payment_due_at=AT, placed_at=AT, request_hash="",
        status="confirmed", fulfilment_status="allocated", paid=paid, paid_by={"cash": paid},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "packs", "gets"),
    [
        pytest.param([a_line("off_a", 3, 3)], 1, [1], id="fewer"),
        pytest.param([a_line("off_a", 3, 1)], 3, [3], id="up to what was ordered"),
        pytest.param([a_line("off_a", 2, 1), a_line("off_a", 2, 0)], 3, [2, 1], id="lines of one offer in order"),
        pytest.param([a_line("off_a", 1, 1), a_line("off_a", 0, 2)], 2, [1, 1], id="what came by tolerance goes first"),
        pytest.param([a_line("off_b", 1, 1), a_line("off_a", 1, 1)], 0, [1, 0], id="other offers stay"),
    ],
)
def test_lines_after_a_correction(lines: list[OrderLine], packs: int, gets: list[int]) -> None:
    after = an_order(*lines).correct("off_a", packs, at=AT, by="op-1")

    assert [line.allocated for line in after.lines] == gets


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([a_line("off_a", 3, 1)], id="more than was ordered"),
        pytest.param([a_line("off_a", 1, 1), a_line("off_a", 0, 2)], id="more than came by tolerance"),
    ],
)
def test_nobody_gets_more_than_they_ordered_or_accepted(lines: list[OrderLine]) -> None:
    with pytest.raises(Invalid):
        an_order(*lines).correct("off_a", 4, at=AT, by="op-1")


def test_an_order_that_loses_everything_owes_no_fee() -> None:
    after = an_order(a_line("off_a", 1, 1), fee=10_200).correct("off_a", 0, at=AT, by="op-1")

    assert (after.fulfilment_status, after.total) == ("none", 0)


def test_a_consignment_is_corrected_only_before_it_leaves() -> None:
    line = ConsignmentLine("off_a", "Beras", 5_000, 100, expected=3)
    consignment = Consignment("con_1", "wav_1", "drp_1", "cop_1", (line,))

    assert consignment.correct("off_a", -1).packs == 2
    with pytest.raises(InvalidState):
        consignment.correct("off_b", 1)
    with pytest.raises(InvalidState):
        consignment.depart(Departure(), at=AT).correct("off_a", -1)


def short_by(*packs: int) -> Booking:
    """An order that got nothing, each of *packs* promised back by a refund of its own."""
    booking = Booking(an_order(a_line("off_a", sum(packs), 0)))
    for n, count in enumerate(packs):
        booking = booking.decide(count * 100, cause=f"{n}", reason="Kurang", liable="cooperative", at=AT, by="clock")
    return replace(booking, transfers=())


@pytest.mark.parametrize(
    ("refunds", "raised_to", "withdrawn", "kept"),
    [
        pytest.param((3,), 3, 1, 300, id="the whole refund"),
        pytest.param((3,), 1, 1, 100, id="the rest is promised anew"),
        pytest.param((2, 3), 4, 2, 400, id="several refunds"),
    ],
)
def test_promises_are_withdrawn_until_the_order_is_paid_for(
    refunds: tuple[int, ...], raised_to: int, withdrawn: int, kept: int
) -> None:
    booking = short_by(*refunds)
    raised = replace(booking, order=booking.order.correct("off_a", raised_to, at=AT, by="op-1"))

    after = raised.reclaim(cause="correction cor_1", at=AT, by="op-1")

    assert (after.order.kept, after.order.total) == (kept, kept)
    assert sum(refund.withdrawn for refund in after.refunds.values()) == withdrawn
    owed = sum(refund.amount for refund in after.refunds.values() if refund.owed)
    payable = sum(t.amount * (1 if t.credit == "refund_payable" else -1) for t in after.transfers)
    assert (owed, payable) == (after.order.refund_decided, owed - sum(refunds) * 100)


def test_a_promise_that_is_being_kept_is_not_withdrawn() -> None:
    booking = short_by(3)
    [refund] = booking.refunds.values()
    asked = refund.ask("provider", by="midtrans", at=AT)
    raised = replace(booking, order=booking.order.correct("off_a", 1, at=AT, by="op-1"), refunds={refund.id: asked})

    with pytest.raises(InvalidState):
        raised.reclaim(cause="correction cor_1", at=AT, by="op-1")


def test_a_purchase_order_is_what_was_allocated_as_corrected_since() -> None:
    offers = (
        Offer("off_a", "prd_1", "A5", "Beras", "cop_1", 5_000, 100),
        Offer("off_b", "prd_2", "B5", "Telur", "cop_2", 1_000, 30),
    )
    wave = Wave(
        id="wav_1", name="Gelombang I", time_zone="Asia/Jakarta", opens_at=AT, closes_at=AT, payment_due_at=AT,
        delivery_date=date(2020, 4, 10), dropoff_ids=("drp_1", "drp_2"), offers=offers,
    )  # fmt: skip
    places = [Place("drp_1", "Satu", "", {"off_a": 3, "off_b": 1}), Place("drp_2", "Dua", "", {"off_a": 2})]
    lost = Correction("cor_1", "wav_1", "drp_2", "ord_1", "off_a", 2, 0, 200, "Salah", "programme", AT, "op-1")
    head = purchase_order(wave, Cooperative("cop_1", "Tani", "Indramayu"), at=AT)

    ordered = head.ordering(wave, places, [lost])

    assert [(line.place.name, line.offer.id, line.packs) for line in ordered.lines] == [("Satu", "off_a", 3)]
    assert (ordered.revision, ordered.packs, ordered.weight_g, ordered.value) == (1, 3, 15_000, 300)
    assert head.number == purchase_order(wave, Cooperative("cop_1", "Lain", "Lain"), at=AT).number
