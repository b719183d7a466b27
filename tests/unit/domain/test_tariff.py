"""What a motorcycle costs, and how far and how much it carries."""

import pytest

from lumbung.domain.errors import TooFar, TooHeavy
from lumbung.domain.tariff import Tariff

TARIFF = Tariff()


@pytest.mark.parametrize(
    ("packs_kg", "trips"),
    [([5, 5, 5, 5], 1), ([20, 5], 2), ([10, 10, 5, 5], 2), ([5] * 120, 30)],
    ids=["exactly full", "a full pack goes alone", "the heaviest first", "as many as are dispatched at once"],
)
def test_packs_share_trips(packs_kg: list[int], trips: int) -> None:
    assert TARIFF.trips([kg * 1_000 for kg in packs_kg]) == trips


@pytest.mark.parametrize("packs_kg", [[25], [5] * 121], ids=["one is too heavy", "they take too many trips"])
def test_what_no_courier_carries(packs_kg: list[int]) -> None:
    with pytest.raises(TooHeavy):
        TARIFF.trips([kg * 1_000 for kg in packs_kg])


@pytest.mark.parametrize(
    ("packs_kg", "km", "fee", "trips"),
    [([5], 3, 10_200, 1), ([5], 10, 32_500, 1), ([20, 5], 10, 65_000, 2)],
    ids=["the minimum", "13 km by road", "twice"],
)
def test_the_fee(packs_kg: list[int], km: int, fee: int, trips: int) -> None:
    assert TARIFF.fee([kg * 1_000 for kg in packs_kg], km * 1_000) == (fee, trips)


def test_the_limit_of_distance_is_by_road() -> None:
    assert TARIFF.price(1, 23_076) == 74_995  # 29,998 m
    with pytest.raises(TooFar):
        TARIFF.price(1, 23_078)  # 30,001 m


@pytest.mark.parametrize(("kg", "trips"), [(5, 1), (20, 1), (25, 2), (600, 30)])
def test_trips_for_a_weight(kg: int, trips: int) -> None:
    assert TARIFF.trips_for(kg * 1_000) == trips


def test_a_weight_that_takes_too_many_trips() -> None:
    with pytest.raises(TooHeavy):
        TARIFF.trips_for(600_001)
