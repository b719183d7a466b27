"""The answers of Lalamove, GrabExpress and GoSend, compared with the documented shapes."""

import json
from typing import Any

import pytest

from infra.simulators.lalamove_answers import signature

LALAMOVE = ("pk_test_lumbung-local", "sk_test_lumbung-local")
HOME, AWAY = ("-6.175392", "106.827153"), ("-6.208763", "106.845599")
GRAB = "/grab/grab-express-sandbox/v1"
GOSEND = {"client-id": "lumbung-local-gosend", "pass-key": "lumbung-local-gosend-pass-key"}


def lalamove(simulators: Any, method: str, path: str, data: Any = None, *, secret: str = LALAMOVE[1]) -> Any:
    body = json.dumps({"data": data}) if data is not None else ""
    said = signature(secret, "1791165600000", method, path, body)
    headers = {"authorization": f"hmac {LALAMOVE[0]}:1791165600000:{said}", "market": "ID"}
    return simulators.web.request(method, f"/lalamove{path}", content=body, headers=headers)


def stop(lat: str, lng: str) -> dict[str, Any]:
    return {"coordinates": {"lat": lat, "lng": lng}, "address": "Jl. Salemba Raya No. 4"}


def quotation(simulators: Any, *stops: dict[str, Any]) -> Any:
    asked = {"serviceType": "MOTORCYCLE", "language": "id_ID", "stops": stops or [stop(*HOME), stop(*AWAY)]}
    return lalamove(simulators, "POST", "/v3/quotations", asked)


def a_lalamove_order(simulators: Any) -> Any:
    quoted = quotation(simulators).json()["data"]
    first, second = (stop["stopId"] for stop in quoted["stops"])
    who = {"name": "Siti", "phone": "+6281298765432"}
    asked = {"quotationId": quoted["quotationId"], "sender": {"stopId": first, **who}}
    asked |= {"recipients": [{"stopId": second, **who}], "metadata": {"deliveryId": "trp_1"}}
    return lalamove(simulators, "POST", "/v3/orders", asked)


def test_lalamove_quotes_and_takes_an_order_in_the_documented_shape(simulators):
    quoted, order = quotation(simulators), a_lalamove_order(simulators)

    assert (quoted.status_code, order.status_code) == (201, 201)
    assert set(quoted.json()["data"]) >= {"quotationId", "expiresAt", "stops", "priceBreakdown", "distance"}
    data = order.json()["data"]
    assert set(data) >= {"orderId", "driverId", "shareLink", "status", "stops", "metadata", "priceBreakdown"}
    assert len(data["orderId"]) == 19 and data["status"] == "ASSIGNING_DRIVER"
    assert all(type(value) is str for value in data["priceBreakdown"].values())


def test_lalamove_takes_no_quotation_that_has_run_out(simulators):
    quoted = quotation(simulators).json()["data"]
    simulators.advance(minutes=6)
    answer = lalamove(simulators, "POST", "/v3/orders", {"quotationId": quoted["quotationId"]})

    assert (answer.status_code, answer.json()["errors"][0]["id"]) == (422, "ERR_INVALID_QUOTATION_ID")


@pytest.mark.parametrize(
    "stops",
    [[stop(*HOME)], [stop(*HOME)] * 17, [stop(*HOME), stop("-9.9", "120.1")], [stop(*HOME), stop("x", "106.8")]],
    ids=["one stop", "seventeen", "too far", "no coordinates"],
)
def test_lalamove_refuses_a_way_that_is_none(simulators, stops):
    assert quotation(simulators, *stops).status_code == 422


def test_lalamove_refuses_who_does_not_sign(simulators):
    answer = lalamove(simulators, "GET", "/v3/orders/1", secret="sk_test_other")

    assert (answer.status_code, answer.json()["errors"][0]["id"]) == (401, "ERR_UNAUTHORIZED")


def test_lalamove_signs_what_it_tells_over_its_compact_data(simulators):
    order = a_lalamove_order(simulators).json()["data"]
    simulators.web.post("/lalamove/simulate", json={"id": "trp_1", "status": "PICKED_UP"})
    told = simulators.stack.bodies[-1]
    compact = json.dumps(told["data"], separators=(",", ":"), ensure_ascii=False)
    said = signature(LALAMOVE[1], told["timestamp"], "POST", "/v1/webhooks/couriers/lalamove", compact)

    assert told["signature"] == said
    assert (told["data"]["order"]["orderId"], told["data"]["updatedAt"]) == (order["orderId"], "2026-10-05T02:00.00Z")


def test_a_ride_tells_what_it_is_asked_to_tell(simulators):
    a_lalamove_order(simulators)
    asked = {"id": "trp_1", "status": "COMPLETED", "tell": ["COMPLETED", "ON_GOING", "COMPLETED"], "price": 31_000}
    answer = simulators.web.post("/lalamove/simulate", json=asked).json()
    [ride] = simulators.web.get("/lalamove/rides").json()["items"]

    assert answer["notifications"] == [200] * 3
    assert [body["data"]["order"]["status"] for body in simulators.stack.bodies] == asked["tell"]
    assert (ride["status"], ride["price"], ride["reference_id"]) == ("COMPLETED", 31_000, "trp_1")


def grab(simulators: Any, method: str, path: str, **more: Any) -> Any:
    asked = {"client_id": "lumbung-local-grab", "client_secret": "lumbung-local-grab-secret"}
    asked |= {"grant_type": "client_credentials", "scope": "grab_express.partner_deliveries"}
    token = simulators.web.post("/grab/grabid/v1/oauth2/token", json=asked).json()["access_token"]
    return simulators.web.request(method, GRAB + path, headers={"authorization": f"Bearer {token}"}, **more)


def a_grab_delivery(simulators: Any, **more: Any) -> Any:
    place = {"address": "Jl.", "coordinates": {"latitude": -6.2, "longitude": 106.8}}
    package = {"name": "Beras", "quantity": 2, "price": 65_000, "dimensions": {"weight": 5_000}}
    asked = {"merchantOrderID": "trp_1", "packages": [package], "origin": place, "destination": place}
    who = {"firstName": "Siti", "phone": "6281298765432"}
    return grab(simulators, "POST", "/deliveries", json=asked | {"sender": who, "recipient": who} | more)


def test_grab_makes_two_deliveries_of_one_merchant_order_and_cancels_both(simulators):
    first, second = a_grab_delivery(simulators).json(), a_grab_delivery(simulators).json()

    assert set(first) >= {"deliveryID", "merchantOrderID", "quote", "status", "trackingURL", "courier", "timeline"}
    assert first["deliveryID"] != second["deliveryID"], "merchantOrderID guarantees nothing"
    assert grab(simulators, "DELETE", "/merchant/deliveries/trp_1").status_code == 204
    assert {ride["status"] for ride in simulators.web.get("/grab/rides").json()["items"]} == {"CANCELED"}
    assert grab(simulators, "DELETE", "/merchant/deliveries/trp_2").status_code == 404


def test_grab_refuses_what_a_bike_cannot_carry_and_a_phone_with_a_plus(simulators):
    heavy = {"packages": [{"name": "x", "quantity": 5, "price": 1, "dimensions": {"weight": 5_000}}]}

    assert a_grab_delivery(simulators, **heavy).status_code == 400
    assert a_grab_delivery(simulators, recipient={"phone": "+6281298765432"}).status_code == 400


def test_grab_numbers_no_event_and_sends_both_words(simulators):
    a_grab_delivery(simulators)
    simulators.web.post("/grab/simulate", json={"id": "trp_1", "status": "IN_DELIVERY", "notify": 2})
    [one, other] = simulators.stack.bodies[-2:]

    assert one == other and not {"eventId", "id"} & set(one)
    assert simulators.stack.received[-1].headers["authorization-id"] == "lumbung-local-grab-webhook-id"


def gosend(simulators: Any, method: str, path: str, **more: Any) -> Any:
    return simulators.web.request(method, f"/gosend/gokilat/v10{path}", headers=GOSEND, **more)


def a_gosend_booking(simulators: Any, **more: Any) -> Any:
    end = {"ContactPhone": "6281298765432", "LatLong": "-6.2,106.8"}
    route = {f"{name}{field}": value for name in ("origin", "destination") for field, value in end.items()}
    route |= {"storeOrderId": "trp_1", "insuranceDetails": {"applied": "false", "fee": "0"}}
    return gosend(simulators, "POST", "/booking", json={"paymentType": 3, "routes": [route | more]})


def test_gosend_is_found_under_either_id_and_says_why_not_in_a_header(simulators):
    booked = a_gosend_booking(simulators)
    number = booked.json()["orderNo"]

    assert booked.status_code == 201 and number.startswith("GK-11-")
    by_both = [
        gosend(simulators, "GET", f"/booking/{path}").json() for path in (f"orderno/{number}", "storeOrderId/trp_1")
    ]
    assert by_both[0] == by_both[1] and "storeOrderId" not in by_both[0]
    refused = a_gosend_booking(simulators, originContactPhone="+62811")
    assert (refused.status_code, refused.headers["error-message"]) == (400, "Invalid phone number")


def test_gosend_takes_texts_where_it_wants_texts(simulators):
    assert a_gosend_booking(simulators, insuranceDetails={"fee": 0}).status_code == 400


@pytest.mark.parametrize("status", ["picked", "delivered", "cancelled"])
def test_gosend_cancels_nothing_after_pick_up(simulators, status):
    number = a_gosend_booking(simulators).json()["orderNo"]
    simulators.web.post("/gosend/simulate", json={"id": number, "status": status})

    assert gosend(simulators, "PUT", "/booking/cancel", json={"orderNo": number}).status_code == 400
    assert str(simulators.stack.received[-1].url).endswith("/gosend/lumbung-local-gosend-address")
