"""A courier's webhook proves itself, is stored, and is answered."""

import base64
import json

import pytest

from dispatch import webhook
from lumbung.runtime import deps, deps_dispatch
from tests.integration.conftest import ENVIRONMENTS, Http, Reply, call
from tests.integration.dispatch_world import NOW

PATH = "/v1/webhooks/couriers/biteship"
SECRET = {"x-biteship-secret": "lumbung-local-biteship"}
FLAT = {
    "event": "order.status",
    "order_id": "5dd599ebdefcd4158eb8470b",
    "order_price": 22000,
    "status": "pickingUp",
    "courier_tracking_id": "6de509ebdefgh4158ij3451c",
    "courier_driver_name": "Budi Rahasia",
    "courier_driver_phone": "0888888888",
    "updated_at": "2020-04-10T10:06:00+07:00",
}
NESTED = {k: v for k, v in FLAT.items() if not k.startswith("courier_")} | {"courier": {"driver_name": "Budi Rahasia"}}


@pytest.fixture(autouse=True)
def tables(http: Http) -> None:
    """Every test begins with empty tables."""


def post(body: object, headers: dict[str, str] | None = None) -> Reply:
    return call(webhook.handler, "POST", PATH, body, headers=SECRET if headers is None else headers, at=NOW)


def stored() -> list[dict]:
    return list(deps.db().scan(deps.table("deliveries")))


@pytest.mark.parametrize("body", [FLAT, NESTED], ids=["flat", "nested"])
def test_an_event_is_stored_once_without_anything_about_people(body):
    replies = [post(body), post(body)]

    assert [(r.status, r.json["status"]) for r in replies] == [(200, "stored"), (200, "repeated")]

    [event] = stored()
    assert (event["reference"], event["state"], event["status"]) == (FLAT["order_id"], "to_pickup", "received")
    assert "Budi" not in json.dumps(event) and "0888" not in json.dumps(event)


@pytest.mark.parametrize(
    "other", [{"status": "picked"}, {"updated_at": "2020-04-10T10:07:00+07:00"}, {"order_price": 1}]
)
def test_what_differs_is_another_event(other):
    post(FLAT)
    post(FLAT | other)

    assert len(stored()) == 2


@pytest.mark.parametrize("headers", [{}, {"x-biteship-secret": ""}, {"x-biteship-secret": "wrong"}])
def test_who_does_not_prove_himself_is_refused_and_leaves_nothing(headers):
    reply = post(FLAT, headers)

    assert (reply.status, reply.json["code"]) == (401, "signature_invalid")
    assert stored() == []


@pytest.mark.parametrize("body", ["{", "[]", '"x"', '{"order_id": 7}', '{"order_id": ""}', '{"order_id": ["x"]}'])
def test_what_cannot_be_read_is_refused(body):
    reply = post(body)

    assert (reply.status, reply.json["code"]) == (400, "invalid_request")
    assert stored() == []


@pytest.mark.parametrize("body", [None, "", "{}", '{"event": "order.status"}', '{"order_id": null}'])
def test_the_test_call_of_the_dashboard_is_answered(body):
    assert post(body).status == 200
    assert stored() == []


def test_a_status_that_is_unknown_is_stored_for_reading():
    assert post(FLAT | {"status": "flying"}).status == 200
    assert "state" not in stored()[0]


def test_a_body_in_base64_is_read():
    event = {
        "headers": SECRET,
        "requestContext": {"timeEpoch": 1586484000000, "requestId": "r"},
        "body": base64.b64encode(json.dumps(FLAT).encode()).decode(),
        "isBase64Encoded": True,
    }

    assert webhook.handler(event, None)["statusCode"] == 200
    assert len(stored()) == 1


def test_what_could_not_be_stored_is_to_be_told_again(monkeypatch):
    monkeypatch.setattr(deps_dispatch, "events", lambda: 1 / 0)

    reply = post(FLAT)

    assert reply.status == 503
    assert "division" not in reply.text


def test_without_a_secret_of_ours_nobody_is_believed(monkeypatch):
    deps.secret.cache_clear()
    deps.aws("secretsmanager").put_secret_value(
        SecretId=ENVIRONMENTS["dispatch.webhook.handler"]["BITESHIP_SECRET"],
        SecretString=json.dumps({"api_key": "k", "webhook_secret": ""}),
    )

    assert post(FLAT, {"x-biteship-secret": ""}).status == 503
    assert stored() == []
