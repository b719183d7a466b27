"""GoSend, direct: price, booking, status, cancellation (protocols, section E.2).

As far as is certain. Not certain: the shape of a price's answer, how to prove a webhook's sender (so it calls an
address that nobody can guess, and every call is only a reason to ask), a booking's lookup by our id (said to answer
500 often: then nobody knows, and it is asked again), a rider's number plate (not told), the time of day in its answers
beyond what an offset makes certain. A booking's answer tells no status: it is searching until GoSend says otherwise.
"""

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote as quoted

from lumbung.domain import moments, phone
from lumbung.domain.courier import Courier, Parcel, Place, Proof, Quote, Report, Rider, first_name
from lumbung.domain.errors import CourierRefused, InvalidState, ProviderUnavailable
from lumbung.providers.courier_http import Answer, CourierHttp, rupiah, text

NAME = "gosend"
INSTANT = "Instant"
CORPORATE = 3
STATES = {
    "confirmed": "searching",
    "allocated": "assigned",
    "out_for_pickup": "to_pickup",
    "picked": "picked_up",
    "out_for_delivery": "on_the_way",
    "on_hold": "on_hold",
    "delivered": "delivered",
    "rejected": "returned",
    "cancelled": "cancelled",
    "no_driver": "no_courier",
}


class Gosend(Courier):
    name = NAME
    stops_per_trip = 1
    repeatable = False

    def __init__(self, base_url: str, client_id: str, pass_key: str) -> None:
        self._http = CourierHttp("GoSend", base_url)
        self._headers = {
            "Client-ID": client_id,
            "Pass-Key": pass_key,
            "Accept": "application/json",
            "Content-Type": "application/json",
        }

    def quote(self, parcel: Parcel) -> Quote:
        """Return the price of an instant delivery; CourierRefused."""
        [drop] = parcel.drops
        ends = f"origin={_lat_long(parcel.origin)}&destination={_lat_long(drop.place)}"
        answer = self._ask("GET", f"/gokilat/v10/calculate/price?{ends}&paymentType={CORPORATE}")
        service = answer.part(INSTANT)
        cost = rupiah(answer.part(INSTANT, "price").get("total_price"))
        if not answer.ok or cost is None or service.get("serviceable") is False or service.get("active") is False:
            raise CourierRefused(f"GoSend menolak perjalanan ini ({_why(answer)}).")
        return Quote(INSTANT, cost)

    def book(self, parcel: Parcel, quote: Quote) -> Report:
        """Return the booking, made now; CourierRefused, InDoubt."""
        answer = self._ask("POST", "/gokilat/v10/booking", to_booking(parcel, quote.service))
        if not answer.ok:
            raise CourierRefused(f"GoSend menolak perjalanan ini ({_why(answer)}).")
        return to_report({"status": "confirmed"} | answer.part(), booking_id=parcel.booking_id)

    def look_up(self, booking_id: str) -> Report | None:
        """Return the booking made under our id; None when there is none, ProviderUnavailable when nobody knows."""
        answer = self._ask("GET", f"/gokilat/v10/booking/storeOrderId/{quoted(booking_id, safe='')}")
        return to_report(answer.part(), booking_id=booking_id) if answer.ok else None

    def ask(self, reference: str) -> Report | None:
        """Return what GoSend knows of its booking; None: nothing."""
        answer = self._ask("GET", f"/gokilat/v10/booking/orderno/{quoted(reference, safe='')}")
        return to_report(answer.part()) if answer.ok else None

    def told_at(self, report: Report) -> datetime | None:
        return report.at

    def cancel(self, reference: str) -> None:
        """Cancel the booking; InvalidState when it is too late for that."""
        answer = self._ask("PUT", "/gokilat/v10/booking/cancel", {"orderNo": reference})
        if not answer.ok:
            raise InvalidState(f"Kurir tidak dapat membatalkan perjalanan ini ({_why(answer)}).")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        return self._http.ask(method, path, json.dumps(body) if body is not None else None, self._headers)


def to_booking(parcel: Parcel, service: str) -> dict[str, Any]:
    [drop] = parcel.drops
    goods = ", ".join(f"{goods.name} x{goods.quantity}" for goods in drop.goods)
    value = sum(goods.price * goods.quantity for goods in drop.goods)
    return {
        "paymentType": CORPORATE,
        "deviceToken": "",
        "collection_location": "pickup",
        "shipment_method": service,
        "routes": [
            {
                **_end("origin", parcel.origin),
                **_end("destination", drop.place),
                "item": goods,
                "storeOrderId": parcel.booking_id,
                "insuranceDetails": {
                    "applied": "false",
                    "fee": "0",
                    "product_description": goods,
                    "product_price": str(value),
                },
            }
        ],
    }


def to_report(booking: dict[str, Any], booking_id: str | None = None) -> Report:
    """Return what a booking says; ProviderUnavailable when it says too little."""
    if not text(booking.get("orderNo")):
        raise ProviderUnavailable("GoSend's booking has no number")
    state = to_state(booking.get("status"))
    closed = _moment(booking.get("orderClosedTime"))
    name, receiver = first_name(booking.get("driverName")), text(booking.get("receiverName"))
    return Report(
        reference=booking["orderNo"],
        booking_id=text(booking.get("storeOrderId")) or booking_id,
        state=state,
        cost=rupiah(booking.get("totalPrice")),
        service=INSTANT,
        tracking_url=booking.get("liveTrackingUrl") or None,
        rider=Rider(name) if name else None,
        proofs=(Proof(1, receiver, closed),) if state == "delivered" and (receiver or closed) else (),
        at=closed,
    )


def to_state(status: Any) -> str | None:
    return STATES.get(status.lower()) if isinstance(status, str) else None


def _end(end: str, place: Place) -> dict[str, str]:
    return {
        f"{end}Name": place.name,
        f"{end}Note": place.note,
        f"{end}ContactName": place.name,
        f"{end}ContactPhone": phone.international(place.phone),
        f"{end}LatLong": _lat_long(place),
        f"{end}Address": place.address,
    }


def _lat_long(place: Place) -> str:
    return f"{place.lat:.6f},{place.lng:.6f}"


def _why(answer: Answer) -> str:
    return answer.headers.get("Error-Message") or str(answer.status)


def _moment(said: Any) -> datetime | None:
    try:
        return moments.parse(said) if isinstance(said, str) else None
    except ValueError:
        return None
