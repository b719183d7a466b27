"""Distances on the ground, in metres."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius


def straight_line_m(lat_a: float, lng_a: float, lat_b: float, lng_b: float) -> int:
    """Return the great-circle distance between two places, by the haversine formula."""
    dlat, dlng = radians(lat_b - lat_a), radians(lng_b - lng_a)
    h = sin(dlat / 2) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(dlng / 2) ** 2
    return round(2 * EARTH_RADIUS_M * asin(sqrt(h)))


def road_m(straight_m: int, road_factor_pct: int) -> int:
    """Return the distance by road that *straight_m* is taken for; the factor in per cent (130 = 1.3)."""
    return straight_m * road_factor_pct // 100
