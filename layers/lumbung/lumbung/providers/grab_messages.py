"""What Grab is told, and what it says of a delivery, in our words (protocols, section E.3)."""

from datetime import datetime
from typing import Any

from lumbung.domain import moments, phone
from lumbung.domain.courier import Goods, Parcel, Place, Proof, Report, Rider, first_name
from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.packing import size_of
from lumbung.providers.courier_http import rupiah, text

INSTANT = "INSTANT"
STATES = {
    "QUEUEING": "searching",
    "QUEUING": "searching",
    "ALLOCATING": "searching",
    "PENDING_PICKUP": "assigned",
    "PICKING_UP": "to_pickup",
    "PENDING_DROP_OFF": "picked_up",
    "IN_DELIVERY": "on_the_way",
    "IN_RETURN": "returning",
    "COMPLETED": "delivered",
    "RETURNED": "returned",
    "CANCELED": "cancelled",
    "CANCELLED": "cancelled",
}
FAILED = "FAILED"
# Which entry of a delivery's timeline tells when it became what it is. None tells of a second search.
TIMES = {
    "assigned": "allocate",
    "picked_up": "pickup",
    "delivered": "completed",
    "cancelled": "cancel",
    "returned": "return",
    "no_courier": "fail",
    "lost": "fail",
}


def to_quote(parcel: Parcel) -> dict[str, Any]:
    [drop] = parcel.drops
    return {
        "serviceType": INSTANT,
        "vehicleType": "BIKE",
        "paymentMethod": "CASHLESS",
        "packages": [_package(goods) for goods in parcel.goods],
        "origin": _place(parcel.origin),
        "destination": _place(drop.place),
    }


def to_delivery(parcel: Parcel) -> dict[str, Any]:
    [drop] = parcel.drops
    return to_quote(parcel) | {
        "merchantOrderID": parcel.booking_id,
        "payer": "SENDER",
        "sender": _contact(parcel.origin),
        "recipient": _contact(drop.place),
    }


def to_report(delivery: dict[str, Any]) -> Report:
    """Return what a delivery says; ProviderUnavailable when it says too little."""
    if not text(delivery.get("deliveryID")):
        raise ProviderUnavailable("Grab's delivery has no id")
    timeline = _object(delivery.get("timeline"))
    state = to_state(delivery.get("status"), picked_up=bool(timeline.get("pickup")))
    at = _moment(timeline.get(TIMES.get(state or "", "")))
    return Report(
        reference=delivery["deliveryID"],
        booking_id=text(delivery.get("merchantOrderID")),
        state=state,
        cost=cost_of(delivery.get("quote")),
        service=INSTANT,
        tracking_url=delivery.get("trackingURL") or None,
        rider=_rider(_object(delivery.get("courier"))),
        proofs=(Proof(1, at=at),) if state == "delivered" and at else (),
        at=at,
    )


def to_state(status: Any, *, picked_up: bool) -> str | None:
    """Return our word for *status*; what failed had found nobody, or was lost once it had been picked up."""
    if status == FAILED:
        return "lost" if picked_up else "no_courier"
    return STATES.get(status) if isinstance(status, str) else None


def _rider(courier: dict[str, Any]) -> Rider | None:
    name = first_name(courier.get("name"))
    return Rider(name, text(_object(courier.get("vehicle")).get("licensePlate"))) if name else None


def cost_of(quote: Any) -> int | None:
    """Return whole rupiah: amounts are in major units, and one with an exponent other than none is none we know."""
    quote = _object(quote)
    currency = _object(quote.get("currency"))
    known = currency.get("code") == "IDR" and currency.get("exponent") == 0
    return rupiah(quote.get("amount")) if known else None


def _package(goods: Goods) -> dict[str, Any]:
    box = size_of(goods.weight_g)
    return {
        "name": goods.name,
        "description": f"{goods.quantity} × {goods.name}",
        "quantity": goods.quantity,
        "price": goods.price,
        "dimensions": {"height": box.height, "width": box.width, "depth": box.length, "weight": goods.weight_g},
    }


def _place(place: Place) -> dict[str, Any]:
    coordinates = {"latitude": round(place.lat, 6), "longitude": round(place.lng, 6)}
    return {"address": place.address or "-", "keywords": "", "coordinates": coordinates}


def _contact(place: Place) -> dict[str, Any]:
    number = phone.international(place.phone)
    return {"firstName": place.name, "phone": number, "smsEnabled": False, "instruction": place.note[:1000]}


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _moment(said: Any) -> datetime | None:
    try:
        return moments.parse(said) if isinstance(said, str) else None
    except ValueError:
        return None
