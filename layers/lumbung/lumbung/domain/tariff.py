"""What the programme asks for bringing an order home by motorcycle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lumbung.domain.geo import road_m
from lumbung.domain.packing import DEFAULT, SIZES, Box, Capacity, by_weight, fill, too_many


@dataclass(frozen=True, slots=True)
class Tariff:
    """Limits of one motorcycle trip and of one order, and a trip's price. Rupiah, metres; *sizes* as `packing`'s.

    The default capacity holds for every motorcycle courier known. The trips of an order are dispatched in one
    transaction: more than thirty are too many for it.
    """

    per_km: int = 2_500
    minimum: int = 10_200
    capacity: Capacity = DEFAULT
    max_trips: int = 30
    road_factor_pct: int = 130
    sizes: Mapping[int, Box] = field(default_factory=lambda: SIZES)

    def fee(self, packs_g: Sequence[int], straight_m: int) -> tuple[int, int]:
        """Return (fee, trips) for bringing *packs_g* over *straight_m*; TooFar, TooHeavy beyond the limits.

        packs (kg)   straight line   trips   fee
        5            3 km                1   10,200   3.9 km by road: the minimum
        5            10 km               1   32,500   13 km × 2,500
        20 5         10 km               2   65,000
        5            24 km               –   TooFar: 31.2 km by road
        """
        trips = self.trips(packs_g)
        return self.price(trips, straight_m), trips

    def trips(self, packs_g: Sequence[int], capacity: Capacity | None = None) -> int:
        """Return how many motorcycle trips carry *packs_g*, by our own limits or a courier's; TooHeavy."""
        packs, weights = by_weight(packs_g)
        return len(fill(packs, weights, capacity or self.capacity, sizes=self.sizes, at_most=self.max_trips))

    def price(self, trips: int, straight_m: int) -> int:
        """Return the fee of *trips* over *straight_m*; TooFar."""
        distance = road_m(straight_m, self.road_factor_pct)
        self.capacity.must_reach(distance)
        return trips * self.price_of(distance)

    def price_of(self, distance_m: int) -> int:
        """Return what a trip of *distance_m* by road costs."""
        return max(self.minimum, -(-distance_m * self.per_km // 1000))

    def trips_for(self, weight_g: int, capacity: Capacity | None = None) -> int:
        """Return how many trips carry *weight_g* in packs that fill them well; TooHeavy.

        weight (kg)    5   20   25   600   601
        trips          1    1    2    30     –   a 20 kg pack fills a motorcycle
        """
        limit = capacity or self.capacity
        trips = -(-weight_g // limit.weight_g)
        if trips > self.max_trips:
            raise too_many(self.max_trips, limit)
        return trips
