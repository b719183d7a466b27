"""Distances on the ground, in metres."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius
LATITUDES, LONGITUDES = (-11.1, 6.1), (94.9, 141.1)  # Indonesia, from Rote to Sabang
SWAPPED = "lat dan lng tampaknya tertukar"


def straight_line_m(lat_a: float, lng_a: float, lat_b: float, lng_b: float) -> int:
    """Return the great-circle distance between two places, by the haversine formula."""
    dlat, dlng = radians(lat_b - lat_a), radians(lng_b - lng_a)
    h = sin(dlat / 2) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(dlng / 2) ** 2
    return round(2 * EARTH_RADIUS_M * asin(sqrt(h)))


def fault_of_latitude(lat: float) -> str | None:
    """Return what is wrong with degrees that should be a place's latitude in Indonesia; None: nothing.

    -6.2    None
    106.8   swapped
    51.5    outside
    """
    return _fault(lat, LATITUDES, LONGITUDES)


def fault_of_longitude(lng: float) -> str | None:
    return _fault(lng, LONGITUDES, LATITUDES)


def _fault(degrees: float, within: tuple[float, float], others: tuple[float, float]) -> str | None:
    if within[0] <= degrees <= within[1]:
        return None
    if others[0] <= degrees <= others[1]:
        return SWAPPED
    return f"di luar Indonesia ({within[0]:g} sampai {within[1]:g})"


def road_m(straight_m: int, road_factor_pct: int) -> int:
    """Return the distance by road that *straight_m* is taken for; the factor in per cent (130 = 1.3)."""
    return straight_m * road_factor_pct // 100
