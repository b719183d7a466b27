"""Orders as items: small enough that one costs one write unit, and read back as they were."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lumbung.domain.ids import within
from lumbung.domain.order import Order
from lumbung.domain.order_parts import COURIER, Fulfilment, Happening, Hold, OrderLine
from lumbung.store.order_items import from_item, to_item
from lumbung.store.table import Item

AT = datetime(2020, 4, 7, 3, 0, 0, 123_000, tzinfo=UTC)
WAVE, COOPERATIVE = within("w", "wav_", "1"), within("c", "cop_", "1")
SUB = "2f1c6a52-5b0c-4d8e-9a53-0b7f5d0f6a11"  # as long as Cognito's


def a_line(n: int, quantity: int = 2) -> OrderLine:
    return OrderLine(within(WAVE, "off_", str(n)), f"Beras Premium {n} kg", 5_000, quantity, 55_000, COOPERATIVE)


def an_order(lines: int) -> Order:
    asked = tuple(a_line(n) for n in range(lines))
    return Order(
        id=within(WAVE, "ord_", SUB), wave_id=WAVE, dropoff_id=within(WAVE, "drp_", "1"),
        institution_id=within(WAVE, "ins_", "1"), member_id=SUB, placed_by=SUB, lines=asked,
        fulfilment=Fulfilment(COURIER, 1, 4_321, within(WAVE, "quo_", "1")), courier_fee=10_200,
        payment_due_at=AT + timedelta(hours=2), placed_at=AT, request_hash="0" * 32,
        holds=tuple(Hold(line.offer_id, 17, 2) for line in asked), private=True,
        history=(Happening(AT, "placed", SUB),),
    )  # fmt: skip


def size(value: object) -> int:
    """Return what DynamoDB counts a value as, in bytes."""
    match value:
        case bool() | None:
            return 1
        case int():
            return len(str(abs(value))) // 2 + 2
        case str():
            return len(value.encode())
        case list():
            return 3 + sum(1 + size(part) for part in value)
        case dict():
            return 3 + sum(1 + len(name) + size(part) for name, part in value.items())
    raise TypeError(type(value).__name__)


def bytes_of(item: Item) -> int:
    return sum(len(name) + size(value) for name, value in item.items())


def paid(order: Order) -> Order:
    return order.pay(order.total, method="virtual_account", at=AT, by="midtrans")


@pytest.mark.parametrize("lines", [1, 2])
def test_a_usual_order_is_under_a_kilobyte_brought_home_and_paid(lines: int) -> None:
    assert 400 < bytes_of(to_item(paid(an_order(lines)))) < 1_024


def test_an_edited_order_reads_back_as_it_was_and_stays_small() -> None:
    before = paid(an_order(1))
    after = before.edit(
        lines=(a_line(0, 3),), fulfilment=Fulfilment(), courier_fee=0, due=AT + timedelta(hours=3), at=AT, by=SUB
    )
    assert after.paid_for is not None

    assert from_item(to_item(after)) == after
    assert bytes_of(to_item(after)) < 1_024
    assert from_item(to_item(before)) == before
    assert from_item(to_item(replace(after, paid_for=None))).paid_for is None
