"""The shapes in which Lalamove tells a quotation, an order, and what became of one."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from infra.simulators.rides import Ride, digits


def signature(secret: str, timestamp: str, method: str, path: str, body: str) -> str:
    signed = f"{timestamp}\r\n{method}\r\n{path}\r\n\r\n{body}"
    return hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()


def quoted(asked: dict[str, Any], id: str, metres: int, price: int, at: datetime, until: datetime) -> dict[str, Any]:
    stops = [stop | {"stopId": digits(f"{id}/{n}", 19)} for n, stop in enumerate(asked["stops"])]
    return {
        "quotationId": id,
        "scheduleAt": written(at),
        "expiresAt": written(until),
        "serviceType": asked["serviceType"],
        "language": asked.get("language"),
        "stops": stops,
        "isRouteOptimized": False,
        "priceBreakdown": breakdown(price) | {"totalBeforeOptimization": str(price)},
        "distance": {"value": str(metres), "unit": "m"},
    }


def order_told(ride: Ride) -> dict[str, Any]:
    quotation, named = ride.request["quotation"], [ride.request["sender"], *ride.request["recipients"]]
    done = ride.status == "COMPLETED"
    stops = []
    for n, (stop, who) in enumerate(zip(quotation["stops"], named, strict=True)):
        told = {"coordinates": stop["coordinates"], "address": stop["address"]}
        told |= {"name": who["name"], "phone": who["phone"]}
        if n:
            told["POD"] = {"status": "DELIVERED" if done else "PENDING"}
            if done:
                image = f"https://example.test/pod/{ride.id}/{n}.jpg"
                told["POD"] |= {"image": image, "deliveredAt": written(ride.happened["COMPLETED"])}
        stops.append(told)
    return {
        "orderId": ride.id,
        "quotationId": quotation["quotationId"],
        "priceBreakdown": breakdown(ride.price),
        "driverId": ride.driver.phone[-5:] if ride.driver else "",
        "shareLink": share_link(ride),
        "status": ride.status,
        "distance": {"value": str(ride.metres), "unit": "m"},
        "stops": stops,
        "metadata": ride.request.get("metadata") or {},
    }


def notified(
    ride: Ride, status: str, at: datetime, event: str, *, number: int, key: str, secret: str, path: str
) -> dict[str, Any]:
    """Return the body of a webhook, signed over its compact data."""
    order = {
        "orderId": ride.id,
        "scheduleAt": written(at),
        "shareLink": share_link(ride),
        "market": "ID_JKT",
        "createdAt": written(at),
        "driverId": ride.driver.phone[-5:] if ride.driver else "",
        "previousStatus": "",
        "status": status,
    }
    data: dict[str, Any] = {"order": order} | ({"prevOrderId": ride.before} if event == "ORDER_REPLACED" else {})
    data["updatedAt"] = written(at)
    timestamp = str(int(at.timestamp() * 1000))
    compact = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    return {
        "apiKey": key,
        "timestamp": timestamp,
        "signature": signature(secret, timestamp, "POST", path, compact),
        "eventId": f"EVENT-{number:012}",
        "eventType": event,
        "eventVersion": "v3",
        "data": data,
    }


def breakdown(price: int) -> dict[str, str]:
    return {"base": str(price), "totalExcludePriorityFee": str(price), "total": str(price), "currency": "IDR"}


def share_link(ride: Ride) -> str:
    return f"https://share.example.test/?ID{ride.id}&lang=id_ID"


def written(at: datetime) -> str:
    """Write *at* as Lalamove does: minutes and then ".00", which is not ISO."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M.00Z")
