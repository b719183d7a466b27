"""Who goes without."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lumbung.domain.order import Order
from lumbung.domain.order_parts import Fulfilment, OrderLine
from lumbung.domain.shortage import granted, share_shortage
from lumbung.domain.wave import PriorityGroup, Wave

START = datetime(2020, 4, 7, 2, 0, tzinfo=UTC)


def a_wave(policy: str, groups: tuple[PriorityGroup, ...] = ()) -> Wave:
    return Wave(
        id="wav_1", name="Gelombang I", time_zone="Asia/Jakarta", opens_at=START, closes_at=START, payment_due_at=START,
        delivery_date=date(2020, 4, 10), dropoff_ids=("drp_1",), offers=(), allocation_policy=policy,
        priority_groups=groups,
    )  # fmt: skip


def orders_of(*packs: int, offer: str = "off_a") -> list[Order]:
    return [
        Order(
            id=f"ord_{n}",
            wave_id="wav_1",
            dropoff_id="drp_1",
            institution_id=None,
            member_id=f"m{n}",
            placed_by=f"m{n}",
            lines=(OrderLine(offer, offer, 5_000, count, 55_000, "cop_1", count),),
            fulfilment=Fulfilment(),
            courier_fee=0,
            payment_due_at=START,
            placed_at=START + timedelta(minutes=n),
            request_hash="",
        )
        for n, count in enumerate(packs)
    ]


@pytest.mark.parametrize(
    ("policy", "packs", "missing", "lost"),
    [
        ("first_come", (2, 1, 3), 2, (0, 0, 2)),
        ("first_come", (2, 1, 3), 4, (0, 1, 3)),
        ("pro_rata", (5, 3, 2), 3, (1, 1, 1)),
        ("first_come", (2, 1), 5, (2, 1)),
        ("pro_rata", (2, 1), 5, (2, 1)),
        ("equal_rounds", (5, 3, 2), 2, (2, 0, 0)),
    ],
)
def test_a_shortage_is_shared_by_the_waves_policy(policy, packs, missing, lost):
    losses = share_shortage(a_wave(policy), orders_of(*packs), {"off_a": missing})

    assert tuple(losses.get(f"ord_{n}", {}).get("off_a", 0) for n in range(len(packs))) == lost


@pytest.mark.parametrize("policy", ["first_come", "pro_rata", "equal_rounds"])
@pytest.mark.parametrize("missing", range(0, 40, 3))
def test_exactly_what_is_missing_is_taken_whatever_the_order_of_reading(policy, missing):
    orders = orders_of(1, 5, 2, 2, 7, 1, 1, 9, 3)

    losses = share_shortage(a_wave(policy), orders, {"off_a": missing})

    assert sum(packs for lost in losses.values() for packs in lost.values()) == min(missing, 31)
    assert all(losses[o.id]["off_a"] <= granted(o, "off_a") for o in orders if o.id in losses)
    assert share_shortage(a_wave(policy), reversed(orders), {"off_a": missing}) == losses


def test_the_group_that_is_served_first_loses_last():
    wave = a_wave("priority", (PriorityGroup("Tenaga kesehatan", frozenset({"ins_1"})),))
    first, second, third = orders_of(2, 1, 3)

    losses = share_shortage(wave, [first, second, replace(third, institution_id="ins_1")], {"off_a": 4})

    assert losses == {"ord_0": {"off_a": 2}, "ord_1": {"off_a": 1}, "ord_2": {"off_a": 1}}


def test_who_has_none_of_an_offer_loses_none_of_it():
    orders = [*orders_of(1), *orders_of(1, 1, offer="off_b")[1:]]

    assert share_shortage(a_wave("first_come"), orders, {"off_b": 1}) == {"ord_1": {"off_b": 1}}
