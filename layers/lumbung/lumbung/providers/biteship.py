"""Biteship, an aggregator of couriers: rates, orders, tracking, cancellation, webhooks (protocols, section E.1).

One stop an order. Our trip's id is Biteship's `reference_id`, which it takes once: an order whose outcome
nobody knows is asked for again under the same reference, and 40002060 then names the one that was made.
"""

import hmac
import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import quote

from lumbung.domain import moments
from lumbung.domain.courier import Courier, Goods, Parcel, Place, Proof, Quote, Report, Rider, Told, first_name
from lumbung.domain.errors import CourierRefused, InDoubt, InvalidState, Malformed, ProviderUnavailable, Unauthentic
from lumbung.providers.courier_http import CourierHttp, text

NAME = "biteship"
SECRET_HEADER = "x-biteship-secret"  # noqa: S105 - a header's name, as typed into Biteship's dashboard
COURIERS = "gojek,grab"
INSTANT = "instant"
DUPLICATE = 40002060
STATES = {
    "confirmed": "searching",
    "scheduled": "searching",
    "allocated": "assigned",
    "picking_up": "to_pickup",
    "picked": "picked_up",
    "in_transit": "on_the_way",
    "dropping_off": "on_the_way",
    "delivered": "delivered",
    "on_hold": "on_hold",
    "return_in_transit": "returning",
    "returned": "returned",
    "rejected": "cancelled",
    "cancelled": "cancelled",
    "courier_not_found": "no_courier",
    "disposed": "lost",
}


class Biteship(Courier):
    name = NAME
    stops_per_trip = 1
    repeatable = True

    def __init__(self, base_url: str, api_key: str) -> None:
        self._http = CourierHttp("Biteship", base_url)
        self._headers = {"authorization": api_key, "content-type": "application/json"}

    def quote(self, parcel: Parcel) -> Quote:
        """Return the cheapest courier for *parcel*; CourierRefused when there is none, ProviderUnavailable."""
        status, answer = self._ask("POST", "/v1/rates/couriers", to_rates(parcel))
        quotes = [
            Quote(f"{rate['company']}/{rate['type']}", rate["price"])
            for rate in (answer.get("pricing") or [] if status == 200 else [])
            if type(rate.get("price")) is int and rate.get("type") == INSTANT
        ]
        if not quotes:
            raise CourierRefused("Tidak ada kurir untuk jarak atau berat ini.")
        return min(quotes, key=lambda quote: (quote.cost, quote.service))

    def book(self, parcel: Parcel, quote: Quote) -> Report:
        """Return the order for *parcel*, made now or made before; CourierRefused, ProviderUnavailable."""
        status, answer = self._ask("POST", "/v1/orders", to_order(parcel, quote.service))
        if status == 200:
            return to_report(answer)
        if answer.get("code") == DUPLICATE:
            return self._made_before(answer)
        raise CourierRefused(f"Biteship menolak perjalanan ini ({answer.get('code')}).")

    def look_up(self, booking_id: str) -> Report | None:
        """Raise InDoubt: only making the order again finds it."""
        raise InDoubt("Biteship tells its order only to who makes it again")

    def ask(self, reference: str) -> Report | None:
        """Return what Biteship knows of its order *reference*; None: nothing."""
        status, answer = self._ask("GET", f"/v1/orders/{quote(reference, safe='')}")
        return to_report(answer) if status == 200 else None

    def told_at(self, report: Report) -> datetime | None:
        """Return when the order became what *report* says, from its tracking history; None: not told."""
        if not report.tracking_id:
            return None
        status, answer = self._ask("GET", f"/v1/trackings/{quote(report.tracking_id, safe='')}")
        if status != 200 or to_state(answer.get("status")) != report.state:
            return None
        times = [line.get("updated_at") for line in answer.get("history") or [] if isinstance(line, dict)]
        return _moment(times[-1]) if times else None

    def cancel(self, reference: str) -> None:
        """Cancel the order; InvalidState when it is too late for that."""
        body = {"cancellation_reason_code": "others", "cancellation_reason": "Dibatalkan oleh titik ambil"}
        status, answer = self._ask("POST", f"/v1/orders/{quote(reference, safe='')}/cancel", body)
        if status != 200:
            raise InvalidState(f"Kurir tidak dapat membatalkan perjalanan ini ({answer.get('code')}).")

    def _made_before(self, refusal: dict[str, Any]) -> Report:
        made = (refusal.get("details") or {}).get("order_id")
        if not made:
            raise ProviderUnavailable("Biteship knows the reference and does not name its order")
        if (report := self.ask(str(made))) is None:
            raise ProviderUnavailable("Biteship does not find the order that it names")
        return report

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """Return (status, answer): 200, or a 4xx that is about the request; ProviderUnavailable for all else."""
        sent = json.dumps(body) if body is not None else None
        answer = self._http.ask(method, path, sent, self._headers)
        told = answer.part()
        if answer.status not in (200, 400, 404, 409, 422) or not told:
            raise InDoubt(f"Biteship answers {answer.status}")
        if answer.status == 200 and told.get("success") is not True:
            raise InDoubt("Biteship's answer is none that is documented")
        return answer.status, told


def to_rates(parcel: Parcel) -> dict[str, Any]:
    [drop] = parcel.drops
    return {
        "origin_latitude": parcel.origin.lat,
        "origin_longitude": parcel.origin.lng,
        "destination_latitude": drop.place.lat,
        "destination_longitude": drop.place.lng,
        "couriers": COURIERS,
        "items": [_item(goods) for goods in parcel.goods],
    }


def to_order(parcel: Parcel, service: str) -> dict[str, Any]:
    [drop] = parcel.drops
    company, _, kind = service.partition("/")
    return {
        "reference_id": parcel.booking_id,
        "shipper_contact_name": parcel.origin.name,
        "shipper_contact_phone": parcel.origin.phone,
        **_end("origin", parcel.origin),
        **_end("destination", drop.place),
        "courier_company": company,
        "courier_type": kind,
        "delivery_type": "now",
        "order_note": "",
        "items": [_item(goods) for goods in parcel.goods],
    }


def _end(end: str, place: Place) -> dict[str, Any]:
    return {
        f"{end}_contact_name": place.name,
        f"{end}_contact_phone": place.phone,
        f"{end}_address": place.address,
        f"{end}_note": place.note,
        f"{end}_coordinate": {"latitude": place.lat, "longitude": place.lng},
    }


def _item(goods: Goods) -> dict[str, Any]:
    return {
        "name": goods.name,
        "category": "groceries",
        "value": goods.price,
        "quantity": goods.quantity,
        "weight": goods.weight_g,
    }


def to_report(answer: dict[str, Any]) -> Report:
    """Return what an order's answer says; ProviderUnavailable when it says too little."""
    courier = answer.get("courier") if isinstance(answer.get("courier"), dict) else {}
    reference, price = answer.get("id"), answer.get("price")
    if not isinstance(reference, str) or not isinstance(courier, dict):
        raise ProviderUnavailable("Biteship's order has no id")
    company, service = courier.get("company"), courier.get("type")
    return Report(
        reference=reference,
        booking_id=answer.get("reference_id"),
        state=to_state(answer.get("status")),
        cost=price if type(price) is int and price >= 0 else None,
        service=f"{company}/{service}" if company and service else None,
        tracking_id=courier.get("tracking_id"),
        tracking_url=courier.get("link"),
        rider=_rider(courier),
        proofs=_proofs(answer),
    )


def _rider(courier: dict[str, Any]) -> Rider | None:
    name = first_name(courier.get("driver_name"))
    return Rider(name, text(courier.get("driver_plate_number"))) if name else None


def _proofs(order: dict[str, Any]) -> tuple[Proof, ...]:
    """Return the proof that Biteship was given, where it was asked for one: an address, and a word with it."""
    destination = order.get("destination")
    proof = destination.get("proof_of_delivery") if isinstance(destination, dict) else None
    photo = proof.get("link") if isinstance(proof, dict) else None
    return (Proof(1, photo=photo),) if isinstance(photo, str) and photo else ()


def to_state(status: Any) -> str | None:
    """Return our word for Biteship's *status*, in either of its spellings; None for one that is unknown.

    status       state
    picking_up   to_pickup
    pickingUp    to_pickup
    flying       None
    """
    if not isinstance(status, str):
        return None
    return STATES.get(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", status).lower())


def authenticate(secret: str, header: str | None) -> None:
    """Refuse a webhook that does not carry the secret typed into the dashboard; Unauthentic."""
    if not header or not hmac.compare_digest(header.encode(), secret.encode()):
        raise Unauthentic("Tanda pengenal kurir tidak cocok.")


def read_webhook(body: bytes) -> Told | None:
    """Return what a webhook tells, whether its courier's fields are flat or nested; None for a test call.

    Malformed for what is no JSON object. On saving the address, Biteship calls it once without an order.
    """
    if not body.strip():
        return None
    try:
        payload = json.loads(body)
    except ValueError:
        raise Malformed("Isi tidak dapat dibaca.") from None
    if not isinstance(payload, dict):
        raise Malformed("Isi bukan sebuah objek.")
    if payload.get("order_id") is None:
        return None
    if not isinstance(payload["order_id"], str) or not 1 <= len(payload["order_id"]) <= 100:
        raise Malformed("order_id bukan sebuah teks.")
    return _told(payload)


def _told(payload: dict[str, Any]) -> Told:
    event = str(payload.get("event") or "order.status")
    price = payload.get("order_price", payload.get("price"))
    said = (payload.get("status"), payload.get("updated_at"))
    return Told(
        reference=payload["order_id"],
        event=event,
        state=to_state(payload.get("status")),
        happened_at=_moment(payload.get("updated_at")),
        words=(
            payload["order_id"],
            event,
            *(str(word or "") for word in said),
            str(price if price is not None else ""),
        ),
    )


def _moment(text: Any) -> datetime | None:
    try:
        return moments.parse(text) if isinstance(text, str) else None
    except ValueError:
        return None
