"""What members would accept instead of packs that they do not get."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung.domain.order import Order
from lumbung.domain.order_parts import Fulfilment, OrderLine, Tolerance
from lumbung.domain.tolerance import Wish, fulfilled, wanted, wishes_of
from lumbung.domain.wave import Offer, Wave

START = datetime(2020, 4, 7, 2, 0, tzinfo=UTC)
KILOS = {"off_5": 5, "off_10": 10, "off_20": 20}
WAVE = Wave(
    id="wav_1", name="Gelombang I", time_zone="Asia/Jakarta", opens_at=START, closes_at=START, payment_due_at=START,
    delivery_date=date(2020, 4, 10), dropoff_ids=("drp_1",),
    offers=tuple(Offer(o, "prd_1", o, o, "cop_1", kg * 1_000, kg * 11_000) for o, kg in KILOS.items()),
)  # fmt: skip
TWO_FIVES = Tolerance(instead=(("off_5", 2),))


def a_line(offer_id: str, quantity: int, tolerance: Tolerance | None = None) -> OrderLine:
    offer = WAVE.offers_by_id[offer_id]
    return OrderLine(offer_id, offer_id, offer.weight_g, quantity, offer.price, "cop_1", tolerance=tolerance)


def an_order(*lines: OrderLine) -> Order:
    total = sum(line.subtotal for line in lines)
    return Order(
        id="ord_1", wave_id="wav_1", dropoff_id="drp_1", institution_id=None, member_id="mem_1", placed_by="mem_1",
        lines=lines, fulfilment=Fulfilment(), courier_fee=0, payment_due_at=START, placed_at=START, request_hash="",
        status="confirmed", paid=total, paid_by={"cash": total},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "grants", "spare", "wishes"),
    [
        pytest.param(
            [a_line("off_10", 1, TWO_FIVES)], {"off_10": 0}, {"off_5"}, [Wish("off_5", 2, 2)], id="two fives for a ten"
        ),
        pytest.param(
            [a_line("off_10", 3, TWO_FIVES)], {"off_10": 1}, {"off_5"}, [Wish("off_5", 4, 2)], id="for what is missing"
        ),
        pytest.param([a_line("off_10", 1, TWO_FIVES)], {"off_10": 1}, {"off_5"}, [], id="nothing is missing"),
        pytest.param([a_line("off_10", 1)], {"off_10": 0}, {"off_5"}, [], id="without consent"),
        pytest.param([a_line("off_10", 1, TWO_FIVES)], {"off_10": 0}, {"off_20"}, [], id="another offer has some"),
        pytest.param(
            [a_line("off_10", 1, Tolerance((("off_20", 1), ("off_5", 2))))], {"off_10": 0}, {"off_5", "off_20"},
            [Wish("off_5", 2, 2)], id="the first that the money is enough for",
        ),
        pytest.param(
            [a_line("off_10", 1), a_line("off_5", 1, Tolerance(more=3))], {"off_10": 0, "off_5": 1}, {"off_5"},
            [Wish("off_5", 2)], id="more of what was had, as far as the money goes",
        ),
        pytest.param(
            [a_line("off_10", 1), a_line("off_5", 1, Tolerance(more=1))], {"off_10": 0, "off_5": 1}, {"off_5"},
            [Wish("off_5", 1)], id="not more than was said",
        ),
        pytest.param(
            [a_line("off_10", 1, TWO_FIVES), a_line("off_10", 1)], {"off_10": 1}, {"off_5"}, [],
            id="the line that came short did not consent",
        ),
    ],
)  # fmt: skip
def test_worked_table(lines: list[OrderLine], grants: dict[str, int], spare: set[str], wishes: list[Wish]) -> None:
    assert wishes_of(an_order(*lines), WAVE, grants, spare) == wishes


def test_the_limit_per_member_holds_for_wishes_too() -> None:
    offers = tuple(replace(offer, max_per_member=3) for offer in WAVE.offers)
    order = an_order(a_line("off_10", 2, TWO_FIVES), a_line("off_5", 1))

    wishes = wishes_of(order, replace(WAVE, offers=offers), {"off_5": 1}, {"off_5"})

    assert wishes == [Wish("off_5", 2, 2)]


def test_a_wish_is_granted_in_whole_units() -> None:
    wishes = [Wish("off_5", 4, 2), Wish("off_20", 1)]

    lines = fulfilled(wishes, {"off_5": 3, "off_20": 0}, WAVE)

    assert [(line.offer_id, line.quantity, line.allocated) for line in lines] == [("off_5", 0, 2)]


OFFERS = st.sampled_from(sorted(KILOS))
SAID = st.builds(
    Tolerance, st.lists(st.tuples(OFFERS, st.integers(1, 4)), max_size=3).map(tuple), st.integers(0, 5)
)  # fmt: skip
LINES = st.lists(st.builds(a_line, OFFERS, st.integers(1, 6), st.none() | SAID), min_size=1, max_size=4)


@given(lines=LINES, granted=st.dictionaries(OFFERS, st.integers(0, 8)), spare=st.sets(OFFERS), short=st.integers(0, 9))
def test_nobody_owes_more_than_they_paid_and_nothing_comes_unasked(
    lines: list[OrderLine], granted: dict[str, int], spare: set[str], short: int
) -> None:
    order = an_order(*lines)
    grants = {offer_id: min(packs, granted.get(offer_id, 0)) for offer_id, packs in order.packs_by_offer.items()}

    wishes = wishes_of(order, WAVE, grants, spare)
    gets = {offer_id: max(0, packs - short) for offer_id, packs in wanted(wishes).items()}
    after = order.allocate(grants, at=START, further=fulfilled(wishes, gets, WAVE))

    assert after.total <= order.kept
    assert after.granted_by_offer <= Counter(grants) + Counter(gets)
    said = {line.offer_id for line in lines if line.tolerance and line.tolerance.more} | {
        offer_id for line in lines if line.tolerance for offer_id, _ in line.tolerance.instead
    }
    assert {wish.offer_id for wish in wishes} <= said & spare
