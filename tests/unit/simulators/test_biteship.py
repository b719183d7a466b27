"""Biteship's answers, compared with the documented shapes."""

import pytest

from infra.simulators.biteship_rates import price, road_km

HOME = (-6.175392, 106.827153)
AWAY = (-6.208763, 106.845599)
RICE = {"name": "Beras premium 5 kg", "value": 65_000, "quantity": 2, "weight": 5_000}
TOO_FAR = {"latitude": -6.6, "longitude": 106.8}


def an_order(reference="trp_1", **more):
    ends = {"origin": HOME, "destination": AWAY}
    contacts = {
        f"{end}_{name}": value
        for end, (latitude, longitude) in ends.items()
        for name, value in (
            ("contact_name", "Siti Aminah"),
            ("contact_phone", "081298765432"),
            ("address", "Jl. Salemba Raya No. 4"),
            ("coordinate", {"latitude": latitude, "longitude": longitude}),
        )
    }
    courier = {"courier_company": "gojek", "courier_type": "instant", "delivery_type": "now"}
    return contacts | courier | {"reference_id": reference, "items": [RICE]} | more


def place(simulators, **more):
    return simulators.biteship("POST", "/v1/orders", json=an_order(**more))


def a_rates_request(**more):
    return {
        "origin_latitude": HOME[0],
        "origin_longitude": HOME[1],
        "destination_latitude": AWAY[0],
        "destination_longitude": AWAY[1],
        "couriers": "gojek,grab,lalamove",
        "items": [RICE],
    } | more


@pytest.mark.parametrize(("km", "fare"), [(0.5, 10_000), (4.0, 10_000), (4.1, 10_250), (11.8, 29_500)])
def test_a_fare_goes_by_distance_above_a_minimum(km, fare):
    assert price(km) == fare


def test_a_motorcycle_rides_longer_than_the_straight_line():
    assert road_km((-6.2196, 106.8300), (-6.3256, 106.8369)) == pytest.approx(15.4, abs=0.1)


def test_rates_have_the_documented_shape(simulators):
    answer = simulators.biteship("POST", "/v1/rates/couriers", json=a_rates_request()).json()

    assert set(answer) == {"success", "object", "message", "code", "origin", "destination", "pricing"}
    assert [fare["company"] for fare in answer["pricing"]] == ["gojek", "grab"]
    assert {fare["price"] for fare in answer["pricing"]} == {price(road_km(HOME, AWAY))}
    assert set(answer["pricing"][0]) == {
        *("available_collection_method", "available_for_cash_on_delivery", "available_for_proof_of_delivery"),
        *("available_for_instant_waybill_id", "available_for_insurance", "company", "courier_name"),
        *("courier_code", "courier_service_name", "courier_service_code", "currency", "description", "duration"),
        *("shipment_duration_range", "shipment_duration_unit", "service_type", "shipping_type", "shipping_fee"),
        *("shipping_fee_discount", "shipping_fee_surcharge", "insurance_fee", "cash_on_delivery_fee", "price"),
        *("tax_lines", "type"),
    }


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"items": [RICE | {"quantity": 5}]}, id="25 kg"),
        pytest.param({"destination_latitude": TOO_FAR["latitude"]}, id="more than 40 km"),
        pytest.param({"couriers": "jne"}, id="another courier"),
    ],
)
def test_what_a_motorcycle_cannot_do_has_no_fare(simulators, more):
    assert simulators.biteship("POST", "/v1/rates/couriers", json=a_rates_request(**more)).json()["pricing"] == []


def test_exactly_twenty_kilograms_are_carried(simulators):
    asked = a_rates_request(items=[RICE | {"quantity": 4}])

    assert len(simulators.biteship("POST", "/v1/rates/couriers", json=asked).json()["pricing"]) == 2


def test_an_order_is_answered_in_the_documented_shape(simulators):
    order = place(simulators, metadata={"wave": "W202610"}).json()

    assert set(order) == {
        *("success", "message", "object", "id", "draft_order_id", "short_id", "shipper", "origin"),
        *("destination", "courier", "delivery", "reference_id", "invoice_id", "items", "extra", "currency"),
        *("tax_lines", "price", "metadata", "tags", "note", "status"),
    }
    assert set(order["courier"]) == {
        *("tracking_id", "waybill_id", "company", "name", "phone", "driver_name", "driver_phone"),
        *("driver_photo_url", "driver_plate_number", "type", "link", "insurance", "routing_code"),
    }
    assert order["delivery"] == {
        "datetime": "2026-10-05T09:00+07:00",
        "note": None,
        "type": "now",
        "distance": 5.5,
        "distance_unit": "kilometer",
    }
    assert (order["status"], order["reference_id"], order["courier"]["waybill_id"]) == ("confirmed", "trp_1", None)
    assert order["metadata"] == {"wave": "W202610"}


def test_a_scheduled_order_waits(simulators):
    later = {"delivery_type": "scheduled", "delivery_date": "2026-10-07", "delivery_time": "14:00"}

    order = place(simulators, **later).json()

    assert (order["status"], order["delivery"]["datetime"]) == ("scheduled", "2026-10-07T14:00+07:00")


def test_a_reference_is_used_once_and_the_refusal_names_its_order(simulators):
    first = place(simulators).json()

    again = place(simulators)

    assert again.status_code == 400
    assert set(again.json()) == {"success", "error", "code", "details"}
    assert again.json()["code"] == 40002060
    assert again.json()["details"] == {"order_id": first["id"], "waybill_id": None, "reference_id": "trp_1"}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        pytest.param({"origin_contact_name": ""}, 40002014, id="no sender"),
        pytest.param({"destination_address": None}, 40002019, id="no address"),
        pytest.param({"delivery_type": None}, 40002005, id="no delivery type"),
        pytest.param({"delivery_type": "soon"}, 40002006, id="unknown delivery type"),
        pytest.param({"destination_coordinate": {}}, 40002010, id="no coordinate"),
        pytest.param({"courier_company": "jne"}, 40000001, id="another courier"),
        pytest.param({"destination_coordinate": TOO_FAR}, 40000001, id="too far"),
        pytest.param({"items": [RICE | {"quantity": 5}]}, 40000001, id="too heavy"),
        pytest.param({"items": []}, 40000001, id="nothing to carry"),
        pytest.param({"items": [RICE | {"weight": "5 kg"}]}, 40000001, id="weight as text"),
    ],
)
def test_a_wrong_order_is_refused(simulators, more, code):
    answer = place(simulators, **more)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["success"] is False


@pytest.mark.parametrize("headers", [{}, {"authorization": "biteship_test.other"}], ids=["no key", "another"])
def test_a_wrong_key_is_refused(simulators, headers):
    answer = simulators.web.get("/biteship/v1/orders/x", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, 40101001)


def test_an_unknown_order_is_not_found(simulators):
    assert simulators.biteship("GET", "/v1/orders/x").status_code == 404
    assert simulators.biteship("GET", "/v1/trackings/x").status_code == 404


def test_an_allocated_order_has_a_driver_wherever_it_is_read(simulators):
    order = place(simulators).json()
    simulators.ride("trp_1", "allocated")

    courier = simulators.biteship("GET", f"/v1/orders/{order['id']}").json()["courier"]
    tracking = simulators.biteship("GET", f"/v1/trackings/{courier['tracking_id']}").json()

    assert courier["driver_name"]
    assert courier["waybill_id"] == "GK-11-170001"
    assert set(tracking) == {
        *("success", "messsage", "object", "id", "waybill_id", "courier", "origin", "destination"),
        *("history", "link", "order_id", "status"),
    }
    assert tracking["courier"]["driver_plate_number"] == courier["driver_plate_number"]
    assert [step["status"] for step in tracking["history"]] == ["confirmed", "allocated"]


def test_a_webhook_has_the_documented_shape_and_its_secret(simulators):
    order = place(simulators).json()

    answer = simulators.ride(order["id"], "picking_up")

    expected = {"id": order["id"], "reference_id": "trp_1", "status": "picking_up", "notifications": [200]}
    assert answer == expected
    (request,) = simulators.stack.received
    assert str(request.url) == "http://127.0.0.1:8080/v1/webhooks/couriers/biteship"
    assert request.headers["x-biteship-secret"] == "lumbung-local-biteship"
    (body,) = simulators.stack.bodies
    assert set(body) == {
        *("event", "order_id", "order_price", "status", "courier_tracking_id", "courier_waybill_id"),
        *("courier_company", "courier_type", "courier_driver_name", "courier_driver_phone"),
        *("courier_driver_photo_url", "courier_driver_plate_number", "courier_link", "updated_at"),
    }
    assert (body["event"], body["updated_at"]) == ("order.status", "2026-10-05T09:00:01+07:00")


def test_a_reassigned_order_gets_another_driver(simulators):
    place(simulators)

    for status in ("allocated", "confirmed", "allocated"):
        simulators.ride("trp_1", status)

    first, none, second = (body["courier_driver_name"] for body in simulators.stack.bodies)
    assert none is None
    assert first != second


def test_without_a_webhook_only_tracking_knows(simulators):
    order = place(simulators).json()

    simulators.ride("trp_1", "delivered", notify=0)

    assert simulators.stack.received == []
    assert simulators.biteship("GET", f"/v1/orders/{order['id']}").json()["status"] == "delivered"


CANCEL = {"cancellation_reason_code": "others", "cancellation_reason": "Pesanan dibatalkan"}


@pytest.mark.parametrize("status", ["confirmed", "scheduled", "allocated"])
def test_an_order_can_be_cancelled_before_pickup(simulators, status):
    id = place(simulators).json()["id"]
    simulators.ride(id, status, notify=0)

    answer = simulators.biteship("POST", f"/v1/orders/{id}/cancel", json=CANCEL).json()

    assert (answer["success"], answer["status"]) == (True, "cancelled")
    assert simulators.advance(seconds=0) == 1
    assert simulators.stack.bodies[0]["status"] == "cancelled"


@pytest.mark.parametrize("status", ["picking_up", "picked", "delivered", "cancelled"])
def test_an_order_cannot_be_cancelled_later(simulators, status):
    id = place(simulators).json()["id"]
    simulators.ride(id, status, notify=0)

    assert simulators.biteship("POST", f"/v1/orders/{id}/cancel", json=CANCEL).status_code == 400


def test_other_reasons_have_to_be_given(simulators):
    id = place(simulators).json()["id"]

    answer = simulators.biteship("POST", f"/v1/orders/{id}/cancel", json={"cancellation_reason_code": "others"})

    assert answer.status_code == 400


def test_a_corrected_price_is_told_in_its_own_shape_and_what_is_claimed_may_be_anything(simulators):
    place(simulators)
    asked = {"id": "trp_1", "status": "picked", "price": 25_000, "tell": ["picked", "allocated"]}
    simulators.web.post("/biteship/simulate", json=asked)

    assert [(body["event"], body["shippment_fee"], body["status"]) for body in simulators.stack.bodies] == [
        ("order.price", 25_000, "picked"),
        ("order.price", 25_000, "allocated"),
    ]
