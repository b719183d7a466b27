"""What a motorcycle costs, and how far and how much it carries (protocols, section E)."""

from math import asin, cos, radians, sin, sqrt
from typing import Any

EARTH_KM = 6371.0
DETOUR = 1.3  # a road in Jakarta against the straight line
PER_KM, MINIMUM = 2_500, 10_000  # rupiah
MAX_KM, MAX_GRAMS = 40.0, 20_000
COURIERS = {"gojek": "Gojek", "grab": "Grab"}
SERVICE = "instant"

Point = tuple[float, float]


def point(latitude: Any, longitude: Any) -> Point | None:
    """Return the two as a point on earth, or None if they are none."""
    if any(isinstance(n, bool) or not isinstance(n, int | float) for n in (latitude, longitude)):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def road_km(origin: Point, destination: Point) -> float:
    """Return the distance that a motorcycle rides: the great circle and its detours."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, place)) for place in (origin, destination))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(h)) * DETOUR


def price(km: float) -> int:
    """Return the fare in rupiah.

    km      fare
    0.5   10,000    the minimum
    4.0   10,000
    4.1   10,250
    11.8  29,500
    """
    return max(MINIMUM, round(PER_KM * km))


def weight(items: list[dict[str, Any]]) -> int:
    """Return grams; a weight is that of one piece."""
    return sum(item["weight"] * item["quantity"] for item in items)


def carries(km: float, grams: int) -> bool:
    return km <= MAX_KM and grams <= MAX_GRAMS


def pricing(courier: str, fare: int) -> dict[str, Any]:
    return {
        "available_collection_method": ["pickup"],
        "available_for_cash_on_delivery": False,
        "available_for_proof_of_delivery": False,
        "available_for_instant_waybill_id": True,
        "available_for_insurance": True,
        "company": courier,
        "courier_name": COURIERS[courier],
        "courier_code": courier,
        "courier_service_name": "Instant",
        "courier_service_code": SERVICE,
        "currency": "IDR",
        "description": "On Demand Instant (bike)",
        "duration": "1 - 3 hours",
        "shipment_duration_range": "1 - 3",
        "shipment_duration_unit": "hours",
        "service_type": "same_day",
        "shipping_type": "parcel",
        "shipping_fee": fare,
        "shipping_fee_discount": 0,
        "shipping_fee_surcharge": 0,
        "insurance_fee": 0,
        "cash_on_delivery_fee": 0,
        "price": fare,
        "tax_lines": [],
        "type": SERVICE,
    }


def place(latitude: Any, longitude: Any, postal_code: Any) -> dict[str, Any]:
    return {
        "location_id": None,
        "latitude": latitude,
        "longitude": longitude,
        "postal_code": postal_code,
        "country_name": "Indonesia",
        "country_code": "ID",
        "administrative_division_level_1_name": "DKI Jakarta",
        "administrative_division_level_1_type": "province",
        "administrative_division_level_2_name": "Jakarta Pusat",
        "administrative_division_level_2_type": "city",
    }
