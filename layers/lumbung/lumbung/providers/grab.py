"""GrabExpress: a token for a week, quotes, deliveries (protocols, section E.3).

Creating is not repeatable, though Grab is told our booking id (`merchantOrderID`): after an answer that was lost its
webhook is awaited, then whatever came of it is cancelled under that id, and the next booking goes by another.

Not certain: which dimensions a bike takes (a pack is said to be a cube of loose rice); whether a delivery that failed
after pick-up is lost or on its way back (taken for lost); Grab's proofs are photographs whose addresses live for two
hours and come only with webhooks, which prove nothing of their content: the time alone is kept.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote as quoted
from urllib.parse import urlsplit

from lumbung.domain import moments, phone
from lumbung.domain.courier import Courier, Goods, Parcel, Place, Proof, Quote, Report, Rider, first_name
from lumbung.domain.errors import CourierRefused, InvalidState, ProviderUnavailable
from lumbung.providers.courier_http import Answer, CourierHttp, rupiah, text

NAME = "grab"
INSTANT = "INSTANT"
SCOPE = "grab_express.partner_deliveries"
EARLY = timedelta(minutes=5)  # a token is renewed so long before it ends
RICE_G_PER_CM3 = 0.75
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
# Which entry of a delivery's timeline tells when it became what it is.
TIMES = {
    "searching": "create",
    "assigned": "allocate",
    "picked_up": "pickup",
    "delivered": "completed",
    "cancelled": "cancel",
    "returned": "return",
    "no_courier": "fail",
    "lost": "fail",
}


@dataclass(frozen=True, slots=True)
class Client:
    id: str
    secret: str


class Grab(Courier):
    name = NAME
    stops_per_trip = 1
    repeatable = False

    def __init__(self, base_url: str, token_url: str, client: Client, now: Callable[[], datetime]) -> None:
        host, path = urlsplit(token_url), urlsplit(token_url).path
        self._http = CourierHttp("Grab", base_url)
        self._tokens, self._token_path = CourierHttp("Grab", f"{host.scheme}://{host.netloc}"), path
        self._client, self._now = client, now
        self._token, self._until = "", now()

    def quote(self, parcel: Parcel) -> Quote:
        """Return the price of a bike; CourierRefused."""
        answer = self._ask("POST", "/v1/deliveries/quotes", to_quote(parcel))
        quotes = answer.part().get("quotes") if answer.ok else None
        costs = [cost for quote in quotes if (cost := _cost(quote)) is not None] if isinstance(quotes, list) else []
        if not costs:
            raise CourierRefused(f"Grab menolak perjalanan ini ({answer.status}).")
        return Quote(INSTANT, min(costs))

    def book(self, parcel: Parcel, quote: Quote) -> Report:
        """Return the delivery, made now; CourierRefused, InDoubt."""
        answer = self._ask("POST", "/v1/deliveries", to_delivery(parcel))
        if not answer.ok:
            raise CourierRefused(f"Grab menolak perjalanan ini ({answer.status}).")
        return to_report(answer.part())

    def look_up(self, booking_id: str) -> Report | None:
        """Cancel whatever was made under *booking_id*, so that nobody comes; ProviderUnavailable if too late."""
        answer = self._ask("DELETE", f"/v1/merchant/deliveries/{quoted(booking_id, safe='')}")
        if answer.ok or answer.status == 404:
            return None
        raise ProviderUnavailable(f"Grab does not take back what it may have made ({answer.status})")

    def ask(self, reference: str) -> Report | None:
        """Return what Grab knows of its delivery; None: nothing."""
        answer = self._ask("GET", f"/v1/deliveries/{quoted(reference, safe='')}")
        return to_report(answer.part()) if answer.ok else None

    def told_at(self, report: Report) -> datetime | None:
        return report.at

    def cancel(self, reference: str) -> None:
        """Cancel the delivery; InvalidState when it is too late for that."""
        answer = self._ask("DELETE", f"/v1/deliveries/{quoted(reference, safe='')}")
        if not answer.ok:
            raise InvalidState(f"Kurir tidak dapat membatalkan perjalanan ini ({answer.status}).")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        answer = self._ask_with(self._current_token(), method, path, body)
        if answer.status == 401:  # withdrawn before its time: nothing was done
            self._token = ""
            answer = self._ask_with(self._current_token(), method, path, body)
        if answer.status == 401:
            raise ProviderUnavailable("Grab does not take its own token")
        return answer

    def _ask_with(self, token: str, method: str, path: str, body: dict[str, Any] | None) -> Answer:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        sent = json.dumps(body) if body is not None else None
        return self._http.ask(method, path, sent, headers, refusing=(401,))

    def _current_token(self) -> str:
        if not self._token or self._now() >= self._until:
            body = {
                "client_id": self._client.id,
                "client_secret": self._client.secret,
                "grant_type": "client_credentials",
                "scope": SCOPE,
            }
            headers = {"Content-Type": "application/json"}
            told = self._tokens.ask("POST", self._token_path, json.dumps(body), headers).part()
            token, lives_s = told.get("access_token"), told.get("expires_in")
            if not isinstance(token, str) or not token or type(lives_s) is not int:
                raise ProviderUnavailable("Grab gives no token")
            self._token, self._until = token, self._now() + timedelta(seconds=lives_s) - EARLY
        return self._token


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
        cost=_cost(delivery.get("quote")),
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


def _cost(quote: Any) -> int | None:
    """Return whole rupiah: amounts are in major units, and one with an exponent other than none is none we know."""
    quote = _object(quote)
    currency = _object(quote.get("currency"))
    known = currency.get("code") == "IDR" and currency.get("exponent") == 0
    return rupiah(quote.get("amount")) if known else None


def _package(goods: Goods) -> dict[str, Any]:
    side = max(1, round((goods.weight_g / RICE_G_PER_CM3) ** (1 / 3)))
    return {
        "name": goods.name,
        "description": f"{goods.quantity} × {goods.name}",
        "quantity": goods.quantity,
        "price": goods.price,
        "dimensions": {"height": side, "width": side, "depth": side, "weight": goods.weight_g},
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
