"""In how many shards an order's packs may lie, so that whatever becomes of it still fits into one transaction."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lumbung.domain.errors import LimitExceeded, SoldOut
from lumbung.domain.order import Order
from lumbung.domain.order_parts import Fulfilment, Hold, OrderLine
from lumbung.domain.wave import Offer, Wave
from lumbung.store.orders import MAX_HOLDS, Orders

AT = datetime(2020, 4, 7, 3, 0, tzinfo=UTC)
OFFERS = tuple(Offer(f"off_{n}", "prd", f"S{n}", "Beras", "cop_1", 5_000, 50, quota=1_000, shards=200) for n in "ab")
WAVE = Wave("wav_1", "G", "Asia/Jakarta", AT, AT + timedelta(days=1), AT + timedelta(days=1), date(2020, 4, 10),
            ("drp_1",), OFFERS, status="published")  # fmt: skip


class OnePackEach:
    """Shards near the end of their quota: each holds one pack."""

    def choose(self, offer: Offer, packs: int, *, at_most: int) -> list[Hold]:
        if packs > at_most:
            raise SoldOut(offer.id)
        return [Hold(offer.id, n, 1) for n in range(packs)]


STORE = Orders(None, "orders", OnePackEach(), None)  # type: ignore[arg-type]  # nothing is read or written here


def an_order(*packs: int) -> Order:
    lines = tuple(OrderLine(o.id, o.name, 5_000, n, 50, "cop_1") for o, n in zip(OFFERS, packs, strict=False) if n)
    due = AT + timedelta(hours=2)
    return Order("ord_1", "wav_1", "drp_1", None, "mem", "mem", lines, Fulfilment(), 0, due, AT, "h")


def edited(before: Order, *packs: int) -> Order:
    lines = an_order(*packs).lines
    return before.edit(lines=lines, fulfilment=Fulfilment(), courier_fee=0, due=before.payment_due_at, at=AT, by="mem")


def test_an_order_takes_as_many_shards_as_a_transaction_has_room_for() -> None:
    assert len(STORE.hold(an_order(MAX_HOLDS), WAVE).holds) == MAX_HOLDS
    with pytest.raises(SoldOut):
        STORE.hold(an_order(MAX_HOLDS + 1), WAVE)


def test_what_an_edit_gives_back_takes_room_as_well() -> None:
    before = STORE.hold(an_order(MAX_HOLDS - 10), WAVE)

    assert len(STORE.hold(edited(before, 0, 10), WAVE, was=before).holds) == 10
    with pytest.raises(SoldOut):
        STORE.hold(edited(before, 0, 11), WAVE, was=before)


def test_what_is_scattered_over_all_that_fits_can_only_become_less() -> None:
    before = STORE.hold(an_order(MAX_HOLDS), WAVE)

    assert len(STORE.hold(edited(before, 5), WAVE, was=before).holds) == 5
    with pytest.raises(LimitExceeded):
        STORE.hold(edited(before, 5, 1), WAVE, was=before)


def test_packs_taken_from_a_shard_that_is_held_already_are_one_hold() -> None:
    before = STORE.hold(an_order(2), WAVE)

    assert STORE.hold(edited(before, 3), WAVE, was=before).holds == (Hold("off_a", 0, 2), Hold("off_a", 1, 1))
