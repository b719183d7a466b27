"""What the programme asks for bringing an order home by motorcycle."""

from collections.abc import Sequence
from dataclasses import dataclass

from lumbung.domain.errors import LimitExceeded
from lumbung.domain.geo import road_m


@dataclass(frozen=True, slots=True)
class Tariff:
    """Limits of one motorcycle trip, and its price. Rupiah, grams, metres.

    The default limits hold for every motorcycle courier known (protocol notes E.6): 20 kg and 30 km.
    """

    per_km: int = 2_500
    minimum: int = 10_200
    max_weight_g: int = 20_000
    max_distance_m: int = 30_000
    road_factor_pct: int = 130

    def fee(self, packs_g: Sequence[int], straight_m: int) -> tuple[int, int]:
        """Return (fee, trips) for bringing *packs_g* over *straight_m*; LimitExceeded beyond the limits.

        packs (kg)   straight line   trips   fee
        5            3 km                1   10,200   3.9 km by road: the minimum
        5            10 km               1   32,500   13 km × 2,500
        20 5         10 km               2   65,000
        5            24 km               –   LimitExceeded: 31.2 km by road
        """
        distance = road_m(straight_m, self.road_factor_pct)
        if distance > self.max_distance_m:
            raise LimitExceeded(
                f"Jarak {distance / 1000:.1f} km melebihi batas kurir {self.max_distance_m // 1000} km."
            )
        trips = trips_needed(packs_g, self.max_weight_g)
        return trips * max(self.minimum, -(-distance * self.per_km // 1000)), trips


def trips_needed(packs_g: Sequence[int], limit_g: int) -> int:
    """Return how many motorcycle trips carry *packs_g*, none above *limit_g* (first fit, heaviest first).

    packs (kg)      limit   trips
    5 5 5 5            20       1    exactly full
    20 5               20       2    a full pack goes alone
    10 10 5 5          20       2
    25                 20       –    LimitExceeded: no trip can carry it
    """
    room: list[int] = []
    for pack in sorted(packs_g, reverse=True):
        if pack > limit_g:
            raise LimitExceeded(f"Satu kemasan {pack // 1000} kg melebihi batas kurir {limit_g // 1000} kg.")
        for trip, free in enumerate(room):
            if pack <= free:
                room[trip] -= pack
                break
        else:
            room.append(limit_g - pack)
    return len(room)
