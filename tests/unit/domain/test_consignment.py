"""What is counted at the door of a drop-off."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lumbung.domain.consignment import Consignment, ConsignmentLine, Count
from lumbung.domain.errors import Invalid, InvalidState

AT = datetime(2020, 4, 10, 2, 0, tzinfo=UTC)


def a_consignment(**expected: int) -> Consignment:
    lines = tuple(ConsignmentLine(offer, offer, 5_000, 55_000, packs) for offer, packs in expected.items())
    return Consignment("con_1", "wav_1", "drp_1", "cop_1", lines)


def test_a_consignment_departs_once():
    under_way = a_consignment(off_a=1).depart(vehicle="E 1 A", lot="L7", at=AT)

    assert (under_way.state, under_way.vehicle, under_way.lot, under_way.departed_at) == (
        "in_transit",
        "E 1 A",
        "L7",
        AT,
    )
    with pytest.raises(InvalidState):
        under_way.depart(vehicle=None, lot=None, at=AT)


def test_receipts_add_up_until_the_final_one():
    counted = a_consignment(off_a=10, off_b=2).receive([Count("off_a", 6)], final=False, at=AT)
    counted = counted.receive([Count("off_a", 3, 1), Count("off_b", 1)], final=True, at=AT)

    assert [(line.received, line.damaged) for line in counted.lines] == [(9, 1), (1, 0)]
    assert (counted.state, counted.received_at) == ("received", AT)
    assert counted.missing == {"off_a": 1, "off_b": 1}


def test_nothing_is_counted_after_the_final_receipt():
    counted = a_consignment(off_a=1).receive([], final=True, at=AT)

    with pytest.raises(InvalidState):
        counted.receive([Count("off_a", 1)], final=True, at=AT)


@pytest.mark.parametrize("count", [Count("off_a", 5), Count("off_a", 4, 1), Count("off_a", 0, 5)])
def test_more_than_was_expected_is_refused_where_it_is_said(count):
    counted = a_consignment(off_a=10).receive([Count("off_a", 6)], final=False, at=AT)

    with pytest.raises(Invalid) as refused:
        counted.receive([count], final=True, at=AT)

    assert [fault.pointer for fault in refused.value.faults] == ["/lines/0/received"]


@pytest.mark.parametrize("counts", [[Count("off_x", 1)], [Count("off_a", 1), Count("off_a", 1)]])
def test_an_offer_that_was_not_expected_or_is_named_twice_is_refused(counts):
    with pytest.raises(Invalid) as refused:
        a_consignment(off_a=10).receive(counts, final=True, at=AT)

    assert all(fault.pointer.endswith("/offer_id") for fault in refused.value.faults)


def test_what_came_and_what_is_missing_explain_what_was_expected():
    counted = a_consignment(off_a=10).receive([Count("off_a", 6, 3)], final=True, at=AT)

    [line] = counted.lines
    assert line.received + line.missing == line.expected
    assert replace(line, damaged=0).missing == line.missing, "damaged packs are missing ones"
