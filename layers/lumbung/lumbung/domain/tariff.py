"""What the programme asks for bringing an order home by motorcycle."""

from collections.abc import Sequence
from dataclasses import dataclass

from lumbung.domain.errors import TooFar, TooHeavy
from lumbung.domain.geo import road_m


@dataclass(frozen=True, slots=True)
class Tariff:
    """Limits of one motorcycle trip and of one order, and a trip's price. Rupiah, grams, metres.

    The default limits hold for every motorcycle courier known (protocol notes E.6): 20 kg and 30 km. The trips
    of an order are dispatched in one transaction: more than thirty are too many for it.
    """

    per_km: int = 2_500
    minimum: int = 10_200
    max_weight_g: int = 20_000
    max_distance_m: int = 30_000
    max_trips: int = 30
    road_factor_pct: int = 130

    def fee(self, packs_g: Sequence[int], straight_m: int) -> tuple[int, int]:
        """Return (fee, trips) for bringing *packs_g* over *straight_m*; TooFar, TooHeavy beyond the limits.

        packs (kg)   straight line   trips   fee
        5            3 km                1   10,200   3.9 km by road: the minimum
        5            10 km               1   32,500   13 km × 2,500
        20 5         10 km               2   65,000
        5            24 km               –   TooFar: 31.2 km by road
        """
        trips = trips_needed(packs_g, self.max_weight_g, self.max_trips)
        return self.price(trips, straight_m), trips

    def price(self, trips: int, straight_m: int) -> int:
        """Return the fee of *trips* over *straight_m*; TooFar."""
        distance = road_m(straight_m, self.road_factor_pct)
        if distance > self.max_distance_m:
            raise TooFar(f"Jarak {distance / 1000:.1f} km melebihi batas kurir {self.max_distance_m // 1000} km.")
        return trips * max(self.minimum, -(-distance * self.per_km // 1000))

    def trips_for(self, weight_g: int) -> int:
        """Return how many trips carry *weight_g* in packs that fill them well; TooHeavy.

        weight (kg)    5   20   25   600   601
        trips          1    1    2    30     –   a 20 kg pack fills a motorcycle
        """
        trips = -(-weight_g // self.max_weight_g)
        if trips > self.max_trips:
            raise TooHeavy(_too_many(self.max_trips, self.max_weight_g))
        return trips


def trips_needed(packs_g: Sequence[int], limit_g: int, at_most: int) -> int:
    """Return how many motorcycle trips carry *packs_g*, none above *limit_g* (first fit, heaviest first).

    packs (kg)      limit   trips
    5 5 5 5            20       1    exactly full
    20 5               20       2    a full pack goes alone
    10 10 5 5          20       2
    25                 20       –    TooHeavy: no trip can carry it
    """
    room: list[int] = []
    for pack in sorted(packs_g, reverse=True):
        if pack > limit_g:
            raise TooHeavy(f"Satu kemasan {pack // 1000} kg melebihi batas kurir {limit_g // 1000} kg.")
        for trip, free in enumerate(room):
            if pack <= free:
                room[trip] -= pack
                break
        else:
            if len(room) == at_most:
                raise TooHeavy(_too_many(at_most, limit_g))
            room.append(limit_g - pack)
    return len(room)


def _too_many(trips: int, limit_g: int) -> str:
    return f"Lebih dari {trips} perjalanan: satu sepeda motor membawa paling banyak {limit_g // 1000} kg."
