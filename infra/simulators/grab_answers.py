"""The shapes in which Grab tells a quote, a delivery, and what became of one."""

from datetime import datetime
from typing import Any

from infra.simulators.clock import utc
from infra.simulators.rides import Ride

TIMELINE = {  # status: the entry of the timeline that it fills
    "ALLOCATING": "create",
    "PENDING_PICKUP": "allocate",
    "PENDING_DROP_OFF": "pickup",
    "IN_DELIVERY": "pickup",
    "COMPLETED": "completed",
    "CANCELED": "cancel",
    "CANCELLED": "cancel",
    "RETURNED": "return",
    "FAILED": "fail",
}


def quote(metres: int, price: int) -> dict[str, Any]:
    return {
        "service": {"id": 0, "type": "INSTANT", "name": "GrabExpress"},
        "currency": {"code": "IDR", "symbol": "Rp", "exponent": 0},
        "amount": price,
        "estimatedTimeline": {"pickup": None, "dropoff": None},
        "distance": metres,
    }


def told(ride: Ride) -> dict[str, Any]:
    driver = ride.driver
    courier = driver and {
        "name": f"{driver.name} Wibowo",
        "phone": "62" + driver.phone[1:],
        "pictureURL": "",
        "rating": 4.9,
        "coordinates": {"latitude": -6.19, "longitude": 106.84},
        "vehicle": {"licensePlate": driver.plate, "model": ""},
    }
    names = ("create", "allocate", "pickup", "dropoff", "completed", "cancel", "return", "fail")
    timeline: dict[str, str | None] = dict.fromkeys(names)
    for status, at in ride.happened.items():
        if status in TIMELINE:
            timeline[TIMELINE[status]] = utc(at)
    return {
        "deliveryID": ride.id,
        "merchantOrderID": ride.reference,
        "paymentMethod": "CASHLESS",
        "payer": "SENDER",
        "status": ride.status,
        "quote": quote(ride.metres, ride.price),
        "trackingURL": _tracking(ride),
        "courier": courier,
        "timeline": timeline,
        "advanceInfo": {"failedReason": ""},
    }


def notified(ride: Ride, status: str, at: datetime) -> dict[str, Any]:
    driver = ride.driver
    return {
        "deliveryID": ride.id,
        "merchantOrderID": ride.reference,
        "timestamp": int(at.timestamp()),
        "status": status,
        "trackURL": _tracking(ride),
        "pickupPin": "1234",
        "failedReason": "",
        "driver": driver and {"name": driver.name, "phone": "62" + driver.phone[1:], "licensePlate": driver.plate},
        "pickupProofURL": "",
        "dropoffProofURL": "",
        "cancelProofURL": "",
        "sender": {"relationship": ""},
        "recipient": {"relationship": ""},
    }


def _tracking(ride: Ride) -> str:
    return f"https://express.example.test/track/{ride.id}" if ride.driver else ""
