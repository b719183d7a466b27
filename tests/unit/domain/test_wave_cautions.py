"""What speaks against a plan without forbidding it: days, prices, room."""

from datetime import date

import pytest

from lumbung.domain.capacity import of_offers, of_orders
from lumbung.domain.delivery_day import cautions
from lumbung.domain.price_ceiling import ceiling
from lumbung.domain.price_zone import zone_of, zones_of
from lumbung.domain.registry import Dropoff
from lumbung.domain.wave import Offer

HOLIDAYS = {date(2020, 4, 10): "Wafat Yesus Kristus", date(2019, 6, 1): "Hari Lahir Pancasila"}


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2020, 4, 9), []),
        (date(2020, 4, 10), ["delivery_on_holiday"]),
        (date(2020, 4, 11), ["delivery_on_weekend"]),
        (date(2019, 6, 1), ["delivery_on_weekend", "delivery_on_holiday"]),
    ],
)
def test_weekends_and_holidays_are_warned_of(day: date, codes: list[str]) -> None:
    assert [caution.code for caution in cautions(day, HOLIDAYS.get)] == codes


@pytest.mark.parametrize(
    ("zone", "grade", "on", "per_kg"),
    [
        ("I", "Premium", date(2020, 4, 7), 12_800),
        ("II", "premium", date(2020, 4, 7), 13_300),
        ("III", "Beras Medium", date(2020, 4, 7), 10_250),
        ("I", None, date(2020, 4, 7), 12_800),
        ("I", "organik", date(2020, 4, 7), None),
        ("I", "premium", date(2017, 8, 31), None),
        ("I", "medium", date(2017, 9, 1), 9_450),
        ("I", "medium", date(2023, 3, 14), 9_450),
        ("I", "medium", date(2023, 3, 15), 10_900),
        ("II", "premium", date(2024, 6, 7), 15_400),
        ("I", "medium", date(2025, 8, 21), 12_500),
        ("III", "medium", date(2025, 8, 22), 15_500),
        ("III", "premium", date(2030, 1, 1), 15_800),
    ],
)
def test_the_ceiling_follows_zone_grade_and_date(zone: str, grade: str | None, on: date, per_kg: int | None) -> None:
    found = ceiling(zone, grade, on)

    assert (found.per_kg if found else None) == per_kg


def test_a_price_at_the_ceiling_is_not_above_it() -> None:
    limit = ceiling("I", "premium", date(2020, 4, 7))

    assert limit is not None and limit.source == "Permendag 57/2017"
    assert [limit.is_exceeded(price, 5_000) for price in (64_000, 64_001)] == [False, True]


@pytest.mark.parametrize(
    ("place", "lat", "lng", "zone"),
    [
        ("Jakarta", -6.2196, 106.83, "I"),
        ("Denpasar", -8.65, 115.22, "I"),
        ("Bima", -8.46, 118.73, "I"),
        ("Makassar", -5.14, 119.42, "I"),
        ("Mamuju", -2.68, 118.89, "I"),
        ("Manado", 1.49, 124.84, "I"),
        ("Banda Aceh", 5.55, 95.32, "II"),
        ("Batam", 1.05, 104.03, "II"),
        ("Pontianak", -0.03, 109.33, "II"),
        ("Balikpapan", -1.27, 116.83, "II"),
        ("Tarakan", 3.3, 117.63, "II"),
        ("Labuan Bajo", -8.49, 119.88, "II"),
        ("Kupang", -10.18, 123.6, "II"),
        ("Ternate", 0.79, 127.38, "III"),
        ("Ambon", -3.7, 128.18, "III"),
        ("Merauke", -8.5, 140.4, "III"),
        ("Palembang", -2.99, 104.76, None),
        ("Bengkulu", -3.8, 102.26, None),
    ],
)
def test_coordinates_tell_the_price_zone_where_islands_do(place: str, lat: float, lng: float, zone: str | None) -> None:
    assert zone_of(lat, lng) == zone, place


def test_the_offices_choice_overrides_what_coordinates_say() -> None:
    jakarta, kupang, palembang = (-6.2, 106.8), (-10.2, 123.6), (-3.0, 104.8)

    assert zones_of(None, [jakarta, kupang, palembang]) == {"I", "II"}
    assert zones_of("III", [jakarta]) == {"III"}


def an_offer(quota: int | None) -> Offer:
    return Offer("off_1", "prd_1", "B5", "Beras 5 kg", "cop_1", 5_000, 55_000, quota)


def a_dropoff(id_: str, capacity_g: int | None) -> Dropoff:
    return Dropoff(id_, f"Titik {id_}", "Jl. A", -6.2, 106.8, capacity_g=capacity_g)


@pytest.mark.parametrize(
    ("quotas", "capacities", "warned"),
    [
        pytest.param([100], [300_000, 200_000], False, id="exactly full"),
        pytest.param([60, 41], [300_000, 200_000], True, id="a pack too many"),
        pytest.param([101], [300_000, None], False, id="one takes any weight"),
        pytest.param([None], [300_000], False, id="no quota"),
        pytest.param([None, 61], [300_000], True, id="the one with a quota is too much already"),
    ],
)
def test_quotas_that_fit_nowhere_are_warned_of(
    quotas: list[int | None], capacities: list[int | None], warned: bool
) -> None:
    dropoffs = [a_dropoff(str(n), capacity) for n, capacity in enumerate(capacities)]

    assert bool(of_offers([an_offer(quota) for quota in quotas], dropoffs)) == warned


def test_a_dropoff_that_is_ordered_too_full_is_pointed_at() -> None:
    dropoffs = {id_: a_dropoff(id_, capacity) for id_, capacity in (("a", 10_000), ("b", 10_000), ("c", None))}

    [warned] = of_orders({"a": 10_000, "b": 10_001, "c": 99_000}, dropoffs)

    assert (warned.code, warned.pointer) == ("dropoff_over_capacity", "/by_dropoff/b")
