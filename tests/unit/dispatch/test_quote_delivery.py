"""What the way home costs, by couriers that carry more or less than the programme counts with."""

from datetime import UTC, datetime
from threading import Barrier, BrokenBarrierError

import pytest

from dispatch.quote_delivery import Inquiry, QuoteDelivery
from lumbung.domain.courier import Parcel, Quote
from lumbung.domain.courier_quote import Home
from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.order_parts import OrderLine
from lumbung.domain.packing import DEFAULT, Box, Capacity
from lumbung.domain.registry import Dropoff
from lumbung.domain.tariff import Tariff

AT = datetime(2020, 4, 7, 3, 0, tzinfo=UTC)
LARGE = Capacity(40_000, Box(60, 50, 50))


class Courier:
    """Takes a rupiah for a gram, and remembers what it was asked about."""

    name = "large"

    def __init__(self) -> None:
        self.asked: list[int] = []

    def quote(self, parcel: Parcel) -> Quote:
        [goods] = parcel.goods
        self.asked.append(goods.weight_g)
        return Quote("bike", goods.weight_g)


class Kept(list):
    def add(self, quotes):
        self += quotes


def asked(packs_g, capacity=LARGE):
    courier = Courier()
    quote = QuoteDelivery(
        tariff=Tariff(), couriers={"large": courier}, capacity_of=lambda name: capacity, quotes=Kept(),
        new_id=lambda courier, service: f"quo_{courier}",
    )  # fmt: skip
    inquiry = Inquiry(Dropoff("drp_1", "A", "B", -6.2, 106.8), -6.21, 106.8, "here", sum(packs_g), AT, packs_g)
    return courier, {each.courier: each for each in quote(inquiry)}


@pytest.mark.parametrize(
    ("packs_g", "trips_g"),
    [((20_000, 20_000), [40_000]), ((20_000,) * 3, [40_000, 20_000]), ((20_000,) * 4, [40_000])],
    ids=["one trip", "two", "two alike are asked about once"],
)
def test_a_courier_is_asked_about_the_trips_that_it_would_ride(packs_g, trips_g):
    courier, quotes = asked(packs_g)

    assert courier.asked == trips_g
    assert quotes["large"].fee == sum(packs_g)
    assert quotes["large"].trips == -(-sum(packs_g) // 40_000)
    assert quotes["lumbung"].trips == quotes["large"].by_tariff == len(packs_g)


def test_an_order_takes_the_fewer_trips_of_its_quote():
    _, quotes = asked((20_000, 20_000))
    line = OrderLine("off_1", "Beras", 20_000, 2, 220_000, "cop_1")

    fulfilment, fee = Home("here", 1_112, "quo_large", quotes["large"]).bring(
        [line], "drp_1", instead_g=(), tariff=Tariff(), at=AT
    )

    assert (fulfilment.trips, fee) == (1, 40_000)


def test_a_courier_that_does_not_carry_it_is_not_asked():
    courier, quotes = asked((20_000,), Capacity(10_000))

    assert (courier.asked, list(quotes)) == ([], ["lumbung"])
    assert asked((20_000,), DEFAULT)[1]["large"].trips == 1


class Together:
    """Answers when all have been asked, and never when they are asked one after another."""

    def __init__(self, name: str, met: Barrier, fee: int | None) -> None:
        self.name, self._met, self._fee = name, met, fee

    def quote(self, parcel: Parcel) -> Quote:
        try:
            self._met.wait(timeout=5)
        except BrokenBarrierError:
            raise AssertionError("the others were not asked meanwhile") from None
        if self._fee is None:
            raise ProviderUnavailable(f"{self.name} does not answer")
        return Quote("bike", self._fee)


def test_couriers_are_asked_at_once_and_told_in_the_same_order_whoever_is_first():
    met = Barrier(4)
    fees = {"a": 9_000, "silent": None, "b": 9_000, "c": 8_000}
    quote = QuoteDelivery(
        tariff=Tariff(), couriers={name: Together(name, met, fee) for name, fee in fees.items()},
        capacity_of=lambda name: LARGE, quotes=Kept(), new_id=lambda courier, service: f"quo_{courier}",
    )  # fmt: skip

    found = quote(Inquiry(Dropoff("drp_1", "A", "B", -6.2, 106.8), -6.21, 106.8, "here", 5_000, AT))

    assert [each.courier for each in found] == ["c", "a", "b", "lumbung"]
