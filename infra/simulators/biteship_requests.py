"""Reading what Biteship is asked: what it refuses, and the order it makes of the rest."""

from datetime import datetime
from typing import Any

from infra.simulators import biteship_rates as rates
from infra.simulators.biteship_orders import Order

REQUIRED = {  # field: Biteship's code when it is missing
    "origin_contact_name": 40002014,
    "origin_contact_phone": 40002015,
    "origin_address": 40002016,
    "destination_contact_name": 40002017,
    "destination_contact_phone": 40002018,
    "destination_address": 40002019,
}


class Refused(Exception):
    """Biteship says no: its code and words, and the HTTP status."""

    def __init__(self, code: int, error: str, details: dict[str, Any] | None = None, *, status: int = 400) -> None:
        super().__init__(error)
        self.code = code
        self.error = error
        self.details = details
        self.status = status

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"success": False, "error": self.error, "code": self.code}
        return body | ({"details": self.details} if self.details else {})


def read_ends(body: dict[str, Any]) -> tuple[float | None, list[dict[str, Any]]]:
    """Return the distance in km (None without coordinates: no instant courier) and the items of *body*."""
    items = read_items(body)
    ends = [rates.point(body.get(f"{end}_latitude"), body.get(f"{end}_longitude")) for end in ("origin", "destination")]
    for end, place in zip(("origin", "destination"), ends, strict=True):
        if place is None and not body.get(f"{end}_postal_code") and not body.get(f"{end}_area_id"):
            raise Refused(
                40001002,
                "Failed due to invalid or missing postal code. Please retry with valid postal code.",
            )
    origin, destination = ends
    return (rates.road_km(origin, destination) if origin and destination else None), items


def read_order(body: dict[str, Any], *, number: int, at: datetime) -> Order:
    for name, code in REQUIRED.items():
        if not isinstance(body.get(name), str) or not body[name]:
            raise Refused(code, f"Please make sure {name.replace('_', ' ')} is filled")
    delivery = body.get("delivery_type")
    if not delivery:
        raise Refused(40002005, "Delivery type has no value")
    if delivery not in ("now", "scheduled"):
        raise Refused(40002006, "Please make sure to input the right delivery type value")
    if delivery == "scheduled" and not (body.get("delivery_date") and body.get("delivery_time")):
        raise Refused(40000001, "delivery_date and delivery_time are required")
    if body.get("courier_company") not in rates.COURIERS or body.get("courier_type") != rates.SERVICE:
        raise Refused(40000001, "Courier is not available")
    items = read_items(body)
    km = rates.road_km(_coordinate(body, "origin", 40002011), _coordinate(body, "destination", 40002010))
    if not rates.carries(km, rates.weight(items)):
        raise Refused(40000001, "Courier is not available for this weight or distance")
    status = "confirmed" if delivery == "now" else "scheduled"
    order = Order(body, number, km, rates.price(km), status, placed=at, updated=at)
    order.move_to(status, at)
    return order


def read_items(body: dict[str, Any]) -> list[dict[str, Any]]:
    items = body.get("items")
    if not isinstance(items, list) or not items:
        raise Refused(40000001, "items are required")
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            raise Refused(40000001, "every item needs a name")
        if any(type(item.get(n)) is not int or item[n] < 0 for n in ("value", "quantity", "weight")):
            raise Refused(40000001, "value, quantity and weight (grams) of an item are whole numbers")
    return items


def _coordinate(body: dict[str, Any], end: str, code: int) -> rates.Point:
    given = body.get(f"{end}_coordinate")
    place = rates.point(given.get("latitude"), given.get("longitude")) if isinstance(given, dict) else None
    if place is None:
        raise Refused(code, f"Either {end} needs to have postal code or coordinate")
    return place
