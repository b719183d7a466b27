"""GrabExpress: a token for a week, quotes, deliveries (protocols, section E.3).

Creating is not repeatable, though Grab is told our booking id (`merchantOrderID`): after an answer that was lost its
webhook is awaited, then whatever came of it is cancelled under that id, and the next booking goes by another.

Not certain: which dimensions a bike takes (a pack is said to be as large as its weight class); whether a delivery that
failed after pick-up is lost or on its way back (taken for lost); what exponent rupiah have (a price with another than
none is refused); who asks for the `pickupPin` (it is not kept). Grab's proofs are photographs whose addresses live for
two hours and come only with webhooks, which prove nothing of their content: the time alone is kept.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote as quoted
from urllib.parse import urlsplit

from lumbung.domain.courier import Courier, Parcel, Quote, Report
from lumbung.domain.errors import CourierRefused, InDoubt, InvalidState, ProviderUnavailable
from lumbung.providers.courier_http import Answer, CourierHttp
from lumbung.providers.grab_messages import INSTANT, cost_of, to_delivery, to_quote, to_report

NAME = "grab"
SCOPE = "grab_express.partner_deliveries"
EARLY = timedelta(minutes=5)  # a token is renewed so long before it ends


@dataclass(frozen=True, slots=True)
class Client:
    id: str
    secret: str


class Grab(Courier):
    name = NAME
    stops_per_trip = 1
    repeatable = False

    def __init__(self, base_url: str, token_url: str, client: Client, now: Callable[[], datetime]) -> None:
        tokens = urlsplit(token_url)
        self._http = CourierHttp("Grab", base_url)
        self._tokens, self._token_path = CourierHttp("Grab", f"{tokens.scheme}://{tokens.netloc}"), tokens.path
        self._client, self._now = client, now
        self._token, self._until = "", now()

    def quote(self, parcel: Parcel) -> Quote:
        """Return the price of a bike; CourierRefused."""
        answer = self._ask("POST", "/v1/deliveries/quotes", to_quote(parcel))
        quotes = answer.part().get("quotes") if answer.ok else None
        costs = [cost for quote in quotes if (cost := cost_of(quote)) is not None] if isinstance(quotes, list) else []
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
            try:
                told = self._tokens.ask("POST", self._token_path, json.dumps(body), headers).part()
            except InDoubt as unclear:  # whatever became of a token, nothing else was asked for yet
                raise ProviderUnavailable(unclear.detail) from None
            token, lives_s = told.get("access_token"), told.get("expires_in")
            if not isinstance(token, str) or not token or type(lives_s) is not int:
                raise ProviderUnavailable("Grab gives no token")
            self._token, self._until = token, self._now() + timedelta(seconds=lives_s) - EARLY
        return self._token
