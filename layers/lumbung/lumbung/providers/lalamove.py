"""Lalamove v3, which stops up to fifteen times a trip: quotations, orders, drivers (protocols, section E.4).

An order is made from a quotation. Nothing makes that repeatable, and no call finds an order by our id: after an answer
that was lost, Lalamove's own webhook brings the order's id, and asking for it our booking id (`metadata`).

Not certain: which `item` values a city takes (only /v3/cities tells), so none are sent; the names within POD but its
status, and within a driver; that a replacement keeps `metadata`, so the order in whose place it came is asked as well.
"""

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote as quoted

from lumbung.domain import phone
from lumbung.domain.courier import Courier, Drop, Parcel, Place, Proof, Quote, Report, Rider, first_name
from lumbung.domain.errors import CourierRefused, InvalidState, ProviderUnavailable
from lumbung.domain.moments import to_ms
from lumbung.providers.courier_http import Answer, CourierHttp, rupiah, text
from lumbung.providers.lalamove_notice import moment, to_state
from lumbung.providers.lalamove_signature import Key, authorization

NAME = "lalamove"
MOTORCYCLE = "MOTORCYCLE"
MOST_STOPS = 16  # with the one where it is picked up
WITH_DRIVER = ("ON_GOING", "PICKED_UP")


class Lalamove(Courier):
    name = NAME
    stops_per_trip = MOST_STOPS - 1
    repeatable = False

    def __init__(self, base_url: str, key: Key, now: Callable[[], datetime]) -> None:
        self._http, self._key, self._now = CourierHttp("Lalamove", base_url), key, now

    def quote(self, parcel: Parcel) -> Quote:
        """Return the price of a motorcycle, held for some five minutes; CourierRefused."""
        answer = self._ask("POST", "/v3/quotations", {"data": to_quotation(parcel)})
        told = answer.part("data")
        cost = rupiah(answer.part("data", "priceBreakdown").get("total"))
        stops = told.get("stops")
        ids = [stop.get("stopId") for stop in stops if isinstance(stop, dict)] if isinstance(stops, list) else []
        if not answer.ok:
            raise CourierRefused(f"Lalamove menolak perjalanan ini ({_why(answer)}).")
        if not text(told.get("quotationId")) or cost is None or len(ids) != len(parcel.drops) + 1 or not all(ids):
            raise ProviderUnavailable("Lalamove's quotation is none that is documented")
        return Quote(MOTORCYCLE, cost, (told["quotationId"], *map(str, ids)))

    def book(self, parcel: Parcel, quote: Quote) -> Report:
        """Return the order made from *quote*; CourierRefused, InDoubt."""
        answer = self._ask("POST", "/v3/orders", {"data": to_order(parcel, quote)})
        if not answer.ok:  # also 402: the prepaid wallet is empty, and another courier's may not be
            raise CourierRefused(f"Lalamove menolak perjalanan ini ({_why(answer)}).")
        return to_report(answer.part("data"))

    def look_up(self, booking_id: str) -> Report | None:
        """Return None: whatever came of it, Lalamove would have told by now, and tells it to nobody who asks."""
        return None

    def ask(self, reference: str) -> Report | None:
        """Return what Lalamove knows of its order, and of its driver; None: nothing."""
        answer = self._ask("GET", f"/v3/orders/{quoted(reference, safe='')}")
        told = answer.part("data")
        return to_report(told, self._rider(told)) if answer.ok else None

    def told_at(self, report: Report) -> datetime | None:
        """Return None: an order does not say when it became what it is."""
        return None

    def cancel(self, reference: str) -> None:
        """Cancel the order; InvalidState when it is too late for that."""
        answer = self._ask("DELETE", f"/v3/orders/{quoted(reference, safe='')}")
        if not answer.ok:
            raise InvalidState(f"Kurir tidak dapat membatalkan perjalanan ini ({_why(answer)}).")

    def _rider(self, order: dict[str, Any]) -> Rider | None:
        driver = text(order.get("driverId"))
        if driver is None or order.get("status") not in WITH_DRIVER:
            return None
        path = f"/v3/orders/{quoted(str(order.get('orderId')), safe='')}/drivers/{quoted(driver, safe='')}"
        told = self._ask("GET", path).part("data")
        name = first_name(told.get("name"))
        return Rider(name, text(told.get("plateNumber"))) if name else None

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        sent = json.dumps(body, separators=(",", ":"), ensure_ascii=False) if body is not None else ""
        headers = {
            "Authorization": authorization(self._key, str(to_ms(self._now())), method, path, sent),
            "Market": "ID",
            "Request-ID": str(uuid.uuid4()),
            "Content-Type": "application/json",
        }
        return self._http.ask(method, path, sent or None, headers, refusing=(403,))


def to_quotation(parcel: Parcel) -> dict[str, Any]:
    places = [parcel.origin, *(drop.place for drop in parcel.drops)]
    return {
        "serviceType": MOTORCYCLE,
        "language": "id_ID",
        "stops": [
            {"coordinates": {"lat": f"{place.lat:.6f}", "lng": f"{place.lng:.6f}"}, "address": place.address or "-"}
            for place in places
        ],
    }


def to_order(parcel: Parcel, quote: Quote) -> dict[str, Any]:
    quotation, first, *others = quote.offer
    return {
        "quotationId": quotation,
        "sender": {"stopId": first, **_contact(parcel.origin)},
        "recipients": [
            {"stopId": stop, **_contact(drop.place), "remarks": _remarks(drop)}
            for stop, drop in zip(others, parcel.drops, strict=True)
        ],
        "isPODEnabled": True,
        "metadata": {"deliveryId": parcel.booking_id},
    }


def to_report(order: dict[str, Any], rider: Rider | None = None) -> Report:
    """Return what an order says; ProviderUnavailable when it says too little."""
    if not text(order.get("orderId")):
        raise ProviderUnavailable("Lalamove's order has no id")
    metadata, price = order.get("metadata"), order.get("priceBreakdown")
    return Report(
        reference=order["orderId"],
        booking_id=text(metadata.get("deliveryId")) if isinstance(metadata, dict) else None,
        state=to_state(order.get("status")),
        cost=rupiah(price.get("total")) if isinstance(price, dict) else None,
        service=MOTORCYCLE,
        tracking_url=order.get("shareLink") or None,
        rider=rider,
        proofs=tuple(_proofs(order.get("stops"))),
    )


def _proofs(stops: Any) -> list[Proof]:
    proofs = []
    for sequence, stop in enumerate(stops if isinstance(stops, list) else []):
        pod = stop.get("POD") if isinstance(stop, dict) else None
        if sequence and isinstance(pod, dict) and pod.get("status") in ("DELIVERED", "SIGNED"):
            code = stop.get("delivery_code")
            value = text(code.get("value")) if isinstance(code, dict) else None
            proofs.append(Proof(sequence, None, moment(pod.get("deliveredAt")), pod.get("image") or None, value))
    return proofs


def _contact(place: Place) -> dict[str, str]:
    return {"name": place.name, "phone": "+" + phone.international(place.phone)}


def _remarks(drop: Drop) -> str:
    goods = ", ".join(f"{goods.quantity} × {goods.name}" for goods in drop.goods)
    return f"{goods}. {drop.place.note}".removesuffix(" ")


def _why(answer: Answer) -> str:
    errors = answer.told.get("errors") if isinstance(answer.told, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    return str(first.get("id")) if isinstance(first, dict) else str(answer.status)
