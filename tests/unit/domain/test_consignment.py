"""What is counted at the door of a drop-off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lumbung.domain.consignment import (
    MOST_RECEIPTS,
    Consignment,
    ConsignmentLine,
    Count,
    Departure,
    Receipt,
    WeightClass,
)
from lumbung.domain.errors import Invalid, InvalidState, LimitExceeded

AT = datetime(2020, 4, 10, 2, 0, tzinfo=UTC)


def a_consignment(**expected: int) -> Consignment:
    lines = tuple(ConsignmentLine(offer, offer, 5_000, 55_000, packs) for offer, packs in expected.items())
    return Consignment("con_1", "wav_1", "drp_1", "cop_1", lines)


def a_receipt(*counts: Count, final: bool = True, photo: str | None = None) -> Receipt:
    return Receipt(AT, "pic-1", final, counts, photo)


def test_a_consignment_departs_once():
    departure = Departure("E 1 A", "L7", 5_200)

    under_way = a_consignment(off_a=1).depart(departure, at=AT)

    assert (under_way.state, under_way.departure, under_way.departed_at) == ("in_transit", departure, AT)
    with pytest.raises(InvalidState):
        under_way.depart(Departure(), at=AT)


def test_a_truck_arrives_once_also_where_nobody_said_that_it_left():
    there = a_consignment(off_a=1).arrive(at=AT)

    assert (there.state, there.departed_at, there.arrived_at) == ("in_transit", None, AT)
    with pytest.raises(InvalidState):
        there.arrive(at=AT)


def test_what_was_counted_has_arrived():
    later = AT + timedelta(hours=1)
    assert a_consignment(off_a=1).receive(a_receipt()).arrived_at == AT
    assert a_consignment(off_a=1).arrive(at=AT).receive(replace(a_receipt(), at=later)).arrived_at == AT


def test_packs_of_one_weight_are_one_class():
    lines = (ConsignmentLine("off_a", "a", 5_000, 1, 3), ConsignmentLine("off_b", "b", 20_000, 1, 2),
             ConsignmentLine("off_c", "c", 5_000, 1, 4))  # fmt: skip
    counted = replace(a_consignment(), lines=lines).receive(a_receipt(Count("off_a", 2, 1), Count("off_c", 4)))

    assert counted.classes == [WeightClass(5_000, 7, 6, 1), WeightClass(20_000, 2, 0, 0)]


def test_receipts_add_up_until_the_final_one():
    counted = a_consignment(off_a=10, off_b=2).receive(a_receipt(Count("off_a", 6), final=False))
    counted = counted.receive(a_receipt(Count("off_a", 3, 1), Count("off_b", 1), photo="foto/1"))

    assert [(line.received, line.damaged) for line in counted.lines] == [(9, 1), (1, 0)]
    assert (counted.state, counted.received_at) == ("received", AT)
    assert counted.missing == {"off_a": 1, "off_b": 1}
    assert [(receipt.final, receipt.photo) for receipt in counted.receipts] == [(False, None), (True, "foto/1")]


def test_nothing_is_counted_after_the_final_receipt():
    counted = a_consignment(off_a=1).receive(a_receipt())

    with pytest.raises(InvalidState):
        counted.receive(a_receipt(Count("off_a", 1)))


@pytest.mark.parametrize("count", [Count("off_a", 5), Count("off_a", 4, 1), Count("off_a", 0, 5)])
def test_more_than_was_expected_is_refused_where_it_is_said(count):
    counted = a_consignment(off_a=10).receive(a_receipt(Count("off_a", 6), final=False))

    with pytest.raises(Invalid) as refused:
        counted.receive(a_receipt(count))

    assert [fault.pointer for fault in refused.value.faults] == ["/lines/0/received"]


@pytest.mark.parametrize("counts", [[Count("off_x", 1)], [Count("off_a", 1), Count("off_a", 1)]])
def test_an_offer_that_was_not_expected_or_is_named_twice_is_refused(counts):
    with pytest.raises(Invalid) as refused:
        a_consignment(off_a=10).receive(a_receipt(*counts))

    assert all(fault.pointer.endswith("/offer_id") for fault in refused.value.faults)


def test_what_came_and_what_is_missing_explain_what_was_expected():
    counted = a_consignment(off_a=10).receive(a_receipt(Count("off_a", 6, 3)))

    [line] = counted.lines
    assert line.received + line.missing == line.expected
    assert replace(line, damaged=0).missing == line.missing, "damaged packs are missing ones"


def test_all_that_is_wrong_with_a_receipt_is_said_at_once():
    wrong = a_receipt(Count("off_x", 1), Count("off_a", 11), Count("off_b", 2))

    with pytest.raises(Invalid) as refused:
        a_consignment(off_a=10, off_b=1).receive(wrong)

    pointers = [fault.pointer for fault in refused.value.faults]
    assert pointers == ["/lines/0/offer_id", "/lines/1/received", "/lines/2/received"]


@pytest.mark.parametrize("counts", [[], [Count("off_a", 0)]], ids=["no line", "no pack"])
def test_a_receipt_of_nothing_says_something_only_if_it_is_the_last(counts):
    with pytest.raises(Invalid) as refused:
        a_consignment(off_a=1).receive(a_receipt(*counts, final=False))

    assert [fault.pointer for fault in refused.value.faults] == ["/lines"]
    assert a_consignment(off_a=1).receive(a_receipt(*counts)).missing == {"off_a": 1}


def test_a_consignment_is_counted_so_often_and_no_more():
    counted = a_consignment(off_a=100)
    for _ in range(MOST_RECEIPTS):
        counted = counted.receive(a_receipt(Count("off_a", 1), final=False))

    with pytest.raises(LimitExceeded):
        counted.receive(a_receipt())
