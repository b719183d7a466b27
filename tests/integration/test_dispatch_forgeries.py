"""Forged and broken calls of Lalamove, GrabExpress and GoSend: they change nothing, and nothing makes us fall over.

Biteship's are in test_dispatch_webhook.py.
"""

import base64
import json
import os
from typing import Any

import pytest

from dispatch import gosend_webhook, grab_webhook, lalamove_webhook
from infra.simulators.lalamove_answers import signature
from lumbung.providers.lalamove_notice import read
from lumbung.runtime import deps
from tests.integration.conftest import ENVIRONMENTS, Http, Reply, call
from tests.integration.dispatch_world import NOW
from tests.integration.faults import single_bytes

Body = dict[str, Any]
LALAMOVE, GRAB = "/v1/webhooks/couriers/lalamove", "/v1/webhooks/couriers/grab"
ADDRESS = "lumbung-local-gosend-address"
AGREED = {"authorization": "lumbung-local-grab-webhook", "authorization-id": "lumbung-local-grab-webhook-id"}
DATA: Body = {
    "order": {"orderId": "1861024797700000001", "status": "PICKED_UP", "driverId": "80557"},
    "updatedAt": "2020-04-10T02:31.00Z",
}
DELIVERY: Body = {
    "deliveryID": "IN-2-00CONTOH0000000001",
    "merchantOrderID": "trp_1",
    "timestamp": 1586485860,
    "status": "IN_DELIVERY",
    "driver": {"name": "Budi Rahasia", "phone": "62888888888"},
}
BOOKING: Body = {
    "@type": "booking_event",
    "entity_id": "GK-11-170563",
    "type": "DRIVER_NOT_FOUND",
    "event_date": 1586485860000,
    "booking_id": "GK-11-170563",
    "status": "no_driver",
    "driver_name": "Budi Rahasia",
    "price": 22000.0,
}


@pytest.fixture(autouse=True)
def tables(http: Http) -> None:
    """Every test begins with empty tables."""


def stored() -> list[Body]:
    return list(deps.db().scan(deps.table("deliveries")))


# -- Lalamove


def signed(data: Any = None, *, path: str = LALAMOVE, secret: str = "sk_test_lumbung-local", **more: Any) -> Body:
    data, timestamp = DATA if data is None else data, "1586485860000"
    compact = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    said = signature(secret, timestamp, "POST", path, compact)
    known = {"apiKey": "pk", "timestamp": timestamp, "signature": said, "eventId": "E-1"}
    return known | {"eventType": "ORDER_STATUS_CHANGED", "eventVersion": "v3", "data": data} | more


def lalamove(body: object, *, method: str = "POST") -> Reply:
    return call(lalamove_webhook.handler, method, LALAMOVE, body, at=NOW)


def test_lalamove_s_event_is_stored_once_by_its_id() -> None:
    replies = [lalamove(signed()), lalamove(signed()), lalamove(signed(eventId="E-2"))]

    assert [reply.json["status"] for reply in replies] == ["stored", "repeated", "stored"]
    assert {(item["reference"], item["state"]) for item in stored()} == {("1861024797700000001", "picked_up")}
    assert {item["happened"] for item in stored()} == {1586485860000}, "minutes and then .00"


def test_the_published_vector_of_a_webhook_is_read() -> None:
    share = "https://share.lalamove.com/?ID100261005091000000010000000000001&lang=id_ID&sign=0000&source=api_wrapper"
    order = {
        "orderId": "1861024797700000001",
        "scheduleAt": "2026-10-05T02:10.00Z",
        "shareLink": share,
        "market": "ID_JKT",
        "createdAt": "2026-10-05T02:08.00Z",
        "driverId": "80557",
        "previousStatus": "ON_GOING",
        "status": "PICKED_UP",
    }
    body = {
        "apiKey": "pk_test_dummy0001",
        "timestamp": "1791167460000",
        "signature": "2f40a6f9a7bb4f1f9f8292cbe0fdae1f8933927c8d6fb52fe505ed0cc2ff093f",
        "eventId": "76F529D2-851A-4A52-A62F-2CC41D730001",
        "eventType": "ORDER_STATUS_CHANGED",
        "eventVersion": "v3",
        "data": {"order": order, "updatedAt": "2026-10-05T02:31.00Z"},
    }
    raw = json.dumps(body, indent=2).encode()  # however it is spaced, its data is signed compact
    told = read(raw, path="/prod/webhooks/lalamove", secret="sk_test_dummy0001")

    assert told is not None and (told.reference, told.state) == ("1861024797700000001", "picked_up")


@pytest.mark.parametrize("body", [None, "", "{}", " "], ids=["nothing", "empty", "an empty object", "a space"])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_lalamove_s_empty_probes_are_answered(body: str | None, method: str) -> None:
    assert (lalamove(body, method=method).status, stored()) == (200, [])


UNSIGNED: dict[str, Body] = {
    "another secret": signed(secret="sk_test_other"),
    "an empty secret": signed(secret=""),
    "another address": signed(path="/prod" + LALAMOVE),
    "other data": signed() | {"data": DATA | {"updatedAt": "2020-04-10T02:32.00Z"}},
    "another time": signed() | {"timestamp": "1586485860001"},
    "data in another order": signed() | {"data": dict(reversed(DATA.items()))},
    "an upper-case signature": signed() | {"signature": signed()["signature"].upper()},
}


@pytest.mark.parametrize("body", UNSIGNED.values(), ids=UNSIGNED)
def test_what_lalamove_did_not_sign_is_not_lalamove_s(body: Body) -> None:
    reply = lalamove(body)

    assert (reply.status, reply.json["code"], stored()) == (401, "signature_invalid", [])


BROKEN: dict[str, str] = {
    "a list": json.dumps([signed()]),
    "half a document": json.dumps(signed())[:-5],
    "an event twice": json.dumps(signed())[:-1] + ', "eventId": "E-9"}',
    "no signature": json.dumps({name: value for name, value in signed().items() if name != "signature"}),
    "a signature that is a number": json.dumps(signed(signature=7)),
    "no event id": json.dumps({name: value for name, value in signed().items() if name != "eventId"}),
    "an order id that is a number": json.dumps(signed({"order": {"orderId": 7}})),
    "an order id with a line break": json.dumps(signed({"order": {"orderId": "a\nb"}})),
    "a deep well": '{"data":' * 10_000,
    "another alphabet in the signature": json.dumps(signed(signature="２f40")),
    "NaN": json.dumps(signed())[:-1] + ', "x": NaN}',
    "too much": json.dumps(signed(padding="x" * 70_000)),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_of_lalamove_is_refused(body: str) -> None:
    reply = lalamove(body)

    assert (reply.status, reply.json["code"], stored()) == (400, "invalid_request", [])


def test_what_lalamove_tells_of_its_wallet_is_about_no_trip() -> None:
    reply = lalamove(signed({"balance": {"amount": "10", "currency": "IDR"}, "updatedAt": "x"}))

    assert (reply.status, reply.json["status"], stored()) == (200, "test", [])


def test_a_word_of_lalamove_s_that_is_new_is_stored_for_reading() -> None:
    assert lalamove(signed({"order": {"orderId": "1", "status": "TELEPORTED"}})).status == 200
    assert "state" not in stored()[0]


def test_a_replacement_keeps_whom_it_stands_in_for() -> None:
    lalamove(signed({**DATA, "prevOrderId": "1861"}, eventType="ORDER_REPLACED"))

    assert [(item["event"], item["replaces"]) for item in stored()] == [("ORDER_REPLACED", "1861")]


# -- GrabExpress


def grab(body: object, headers: dict[str, str] | None = None) -> Reply:
    return call(grab_webhook.handler, "POST", GRAB, body, headers=AGREED if headers is None else headers, at=NOW)


def test_grab_s_event_has_no_id_and_is_known_by_what_it_says() -> None:
    other = ({"status": "COMPLETED"}, {"timestamp": 1586485861}, {"deliveryID": "IN-3"})
    replies = [grab(DELIVERY | change) for change in ({}, {}, {"trackURL": "https://x.test"}, *other)]

    assert [reply.json["status"] for reply in replies] == ["stored", "repeated", "repeated", *["stored"] * 3]
    assert "Rahasia" not in json.dumps(stored(), default=str)


NOT_AGREED: dict[str, dict[str, str]] = {
    "no headers": {},
    "one of them": {"authorization": AGREED["authorization"]},
    "the other": {"authorization-id": AGREED["authorization-id"]},
    "exchanged": {"authorization": AGREED["authorization-id"], "authorization-id": AGREED["authorization"]},
    "a bearer": AGREED | {"authorization": f"Bearer {AGREED['authorization']}"},
    "truncated": AGREED | {"authorization": AGREED["authorization"][:-1]},
    "in capitals": AGREED | {"authorization-id": AGREED["authorization-id"].upper()},
    "another alphabet": AGREED | {"authorization": "ｌ" + AGREED["authorization"][1:]},
    "half a character": AGREED | {"authorization": "\ud800"},
}


@pytest.mark.parametrize("headers", NOT_AGREED.values(), ids=NOT_AGREED)
def test_who_does_not_carry_both_words_is_not_grab(headers: dict[str, str]) -> None:
    reply = grab(DELIVERY, headers)

    assert (reply.status, reply.json["code"], stored()) == (401, "signature_invalid", [])


@pytest.mark.parametrize(
    "change",
    [{"deliveryID": 7}, {"deliveryID": ""}, {"status": None}, {"status": True}, {"timestamp": "1586485860"},
     {"timestamp": -1}, {"timestamp": 1.5}, {"timestamp": 10**20}, {"deliveryID": "x" * 300}],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_read_of_grab_is_refused(change: Body) -> None:
    reply = grab(DELIVERY | change)

    assert (reply.status, reply.json["code"], stored()) == (400, "invalid_request", [])


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"'])
def test_grab_sends_no_empty_probe(body: str) -> None:
    assert grab(body).status == 400


def test_a_grab_timestamp_in_milliseconds_is_no_moment_in_seconds() -> None:
    grab(DELIVERY | {"timestamp": 1586485860000})

    assert stored()[0]["happened"] == int(NOW.timestamp() * 1000), "taken for when it came"


# -- GoSend


def gosend(body: object, secret: str | None = ADDRESS) -> Reply:
    event: Body = {
        "headers": {},
        "rawPath": f"/v1/webhooks/couriers/gosend/{secret}",
        "requestContext": {"timeEpoch": int(NOW.timestamp() * 1000), "requestId": "r"},
        "body": base64.b64encode(body if isinstance(body, bytes) else json.dumps(body).encode()).decode(),
        "isBase64Encoded": True,
    }
    if secret is not None:
        event["pathParameters"] = {"secret": secret}
    for name, value in ENVIRONMENTS["dispatch.gosend_webhook.handler"].items():
        os.environ[name] = value
    return Reply(gosend_webhook.handler(event, None))


def test_gosend_s_event_is_known_by_booking_type_and_time() -> None:
    other = ({"type": "BOOKING_PICKED"}, {"event_date": 1586485860001}, {"booking_id": "GK-2"})
    replies = [gosend(BOOKING | change) for change in ({}, {}, {"price": 1.0}, *other)]

    assert [reply.json["status"] for reply in replies] == ["stored", "repeated", "repeated", *["stored"] * 3]
    assert "Rahasia" not in json.dumps(stored(), default=str)
    assert stored()[0]["state"] == "no_courier"


@pytest.mark.parametrize("secret", ["", "x", ADDRESS[:-1], ADDRESS + "x", ADDRESS.upper(), "\ud800", None])
def test_another_address_than_the_one_gosend_was_told_is_not_gosend_s(secret: str | None) -> None:
    reply = gosend(BOOKING, secret)

    assert (reply.status, reply.json["code"], stored()) == (401, "signature_invalid", [])
    assert ADDRESS not in reply.text


@pytest.mark.parametrize(
    "change", [{"booking_id": 7}, {"booking_id": None}, {"type": ""}, {"type": ["x"]}, {"booking_id": "ü"}], ids=str
)
def test_what_cannot_be_read_of_gosend_is_refused(change: Body) -> None:
    reply = gosend(BOOKING | change)

    assert (reply.status, reply.json["code"], stored()) == (400, "invalid_request", [])


@pytest.mark.parametrize("change", [{"event_date": "yesterday"}, {"event_date": 10**20}, {"status": 7}], ids=str)
def test_gosend_s_odd_fields_are_left_out(change: Body) -> None:
    assert gosend(BOOKING | change).status == 200


# -- all of them


def test_a_byte_changed_on_the_way_is_refused_or_changes_nothing() -> None:
    raw = json.dumps(signed()).encode()
    for forged in single_bytes(raw, seed=1):
        reply = lalamove(forged.decode("latin-1"))
        assert reply.status in (200, 400, 401), forged
    assert {item["reference"] for item in stored()} <= {"1861024797700000001"}
    for forged in single_bytes(json.dumps(BOOKING).encode(), seed=2):
        assert gosend(forged).status in (200, 400), forged


@pytest.mark.parametrize(
    ("secret", "handler", "post"),
    [("LALAMOVE_SECRET", "lalamove_webhook", lalamove), ("GRAB_SECRET", "grab_webhook", grab),
     ("GOSEND_SECRET", "gosend_webhook", gosend)],
    ids=["lalamove", "grab", "gosend"],
)  # fmt: skip
def test_without_a_secret_of_ours_nobody_is_believed(secret: str, handler: str, post: Any) -> None:
    arn = ENVIRONMENTS[f"dispatch.{handler}.handler"][secret]
    kept = json.loads(deps.aws("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
    deps.secret.cache_clear()
    deps.aws("secretsmanager").put_secret_value(SecretId=arn, SecretString=json.dumps(dict.fromkeys(kept, "")))

    assert post({"lalamove": signed(), "grab": DELIVERY, "gosend": BOOKING}[handler.partition("_")[0]]).status == 503
    assert stored() == []
