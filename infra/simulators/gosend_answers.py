"""The two shapes in which GoSend tells a booking: when it is asked, and by itself."""

from datetime import datetime
from typing import Any

from infra.simulators.clock import WIB
from infra.simulators.rides import Ride

CLOSED = ("delivered", "rejected", "cancelled", "no_driver")


def told(ride: Ride) -> dict[str, Any]:
    closed = next((ride.happened[status] for status in CLOSED if status in ride.happened), None)
    return {
        "orderNo": ride.id,
        "status": ride.status,
        "bookingType": "instant",
        "driverName": f"{ride.driver.name} Pratama" if ride.driver else "",
        "driverPhone": ride.driver.phone if ride.driver else "",
        "receiverName": "Satpam" if ride.status == "delivered" else "",
        "totalPrice": ride.price,
        "liveTrackingUrl": _tracking(ride),
        "totalDistanceInKms": round(ride.metres / 1000, 1),
        "orderCreatedTime": _jakarta(ride.happened.get("confirmed")),
        "orderDispatchTime": _jakarta(ride.happened.get("allocated")),
        "orderArrivalTime": None,
        "orderClosedTime": _jakarta(closed),
    }


def notified(ride: Ride, status: str, at: datetime) -> dict[str, Any]:
    return {
        "@type": "booking_event",
        "entity_id": ride.id,
        "type": "DRIVER_NOT_FOUND" if status == "no_driver" else f"BOOKING_{status.upper()}",
        "event_date": int(at.timestamp() * 1000),
        "booking_id": ride.id,
        "status": status,
        "booking_status": status,
        "booking_type": "instant",
        "driver_name": ride.driver.name if ride.driver else "",
        "driver_phone": ride.driver.phone if ride.driver else "",
        "driver_phone2": "",
        "driver_phone3": "",
        "total_distance_in_kms": round(ride.metres / 1000, 1),
        "price": float(ride.price),
        "receiver_name": "",
        "live_tracking_url": _tracking(ride),
    }


def _tracking(ride: Ride) -> str:
    return f"https://gosend.example.test/{ride.id}" if ride.driver else ""


def _jakarta(at: datetime | None) -> str | None:
    return at.astimezone(WIB).isoformat(timespec="seconds") if at else None
