"""Every refusal that the contract names on the main road, over HTTP, and that it leaves nothing behind."""

import base64
import json
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.journeys.conftest import Market

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wave(market: Market) -> dict[str, Any]:
    return market.wave({5: 40, 10: 1})


def code(answer: httpx.Response) -> tuple[int, Any]:
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    assert answer.headers["x-request-id"]
    problem = answer.json()
    assert set(problem) >= {"type", "title", "status", "detail", "instance", "code"}
    assert problem["status"] == answer.status_code
    return answer.status_code, problem["code"]


def forged(token: str, **changes: Any) -> str:
    """Return the token with changed claims, signed by a key that the issuer does not know."""
    claims = jwt.decode(token, options={"verify_signature": False}) | changes
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, key, "RS256", headers={"kid": jwt.get_unverified_header(token)["kid"]})


def unsigned(token: str) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none'})}.{part(jwt.decode(token, options={'verify_signature': False}))}."


@pytest.mark.parametrize(
    "name", ["none", "not a token", "forged", "unsigned", "expired", "for somebody else", "an access token"]
)
def test_no_good_token_is_401_and_the_gateways_own_answer(market: Market, wave: dict[str, Any], name: str) -> None:
    good = market.stack.token("siti", ["member"])
    short = {"sub": "siti", "roles": ["member"], "expires_in": -1}
    made = {
        "none": lambda: None,
        "not a token": lambda: "Bearer abc",
        "forged": lambda: f"Bearer {forged(good, sub='somebody')}",
        "unsigned": lambda: f"Bearer {unsigned(good)}",
        "expired": lambda: f"Bearer {market.stack.http.post('/dev/tokens', json=short).json()['access_token']}",
        "for somebody else": lambda: f"Bearer {forged(good, aud='another')}",
        "an access token": lambda: f"Bearer {forged(good, token_use='access')}",
    }[name]()
    headers = {"authorization": made} if made else {}

    answer = market.send("POST", "/v1/orders", market.asked(wave), sub=None, key="k", headers=headers)

    assert answer.status_code == 401
    assert list(answer.json()) == ["message"]


def test_an_unknown_route_is_the_gateways_404(market: Market) -> None:
    answer = market.send("GET", "/v1/nothing")

    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})


def test_a_role_that_may_not_is_forbidden(market: Market, wave: dict[str, Any]) -> None:
    member_plans = market.send("POST", "/v1/waves", {}, key="k")
    operator_orders = market.send("POST", "/v1/orders", market.asked(wave), sub="op", roles="operator", key="k")

    assert code(member_plans) == (403, "forbidden")
    assert code(operator_orders) == (403, "forbidden")


def test_other_peoples_things_are_not_there(market: Market, wave: dict[str, Any]) -> None:
    order = market.member("rina").post("/v1/orders", market.asked(wave))["id"]
    dropoff, cooperative = market.programme.dropoff_ids[0], market.programme.cooperative_id
    attempts = [
        market.send("GET", f"/v1/orders/{order}"),
        market.send("GET", f"/v1/orders/{order}/payments"),
        market.send("POST", f"/v1/orders/{order}/payments", {"method": "qris"}, key="k"),
        market.send("POST", f"/v1/orders/{order}/cancellation", key="k"),
        market.send("GET", f"/v1/orders/{order}/pickup-code"),
        market.send("GET", "/v1/orders/ord_nothing"),
        market.send("POST", f"/v1/orders/{order}/cash-receipts", {"amount": 1}, sub="pic-x", roles="pic", key="k"),
        market.send("POST", f"/v1/orders/{order}/handover", {"code": "123456"}, sub="pic-x", roles="pic", key="k"),
        market.send("GET", f"/v1/dropoffs/{dropoff}/orders?wave_id={wave['id']}", sub="pic-x", roles="pic"),
        market.send("GET", f"/v1/dropoffs/{dropoff}/cash", sub="pic-x", roles="pic"),
        market.send("GET", f"/v1/dropoffs/{dropoff}/manifest?wave_id={wave['id']}", sub="pic-x", roles="pic"),
        market.send("GET", f"/v1/cooperatives/{cooperative}/account", sub="coop-x", roles="cooperative"),
        market.send("GET", f"/v1/cooperatives/{cooperative}/settlements", sub="coop-x", roles="cooperative"),
        market.send("GET", f"/v1/waves/{wave['id']}/demand", sub="coop-x", roles="cooperative"),
    ]

    assert [code(answer) for answer in attempts] == [(404, "not_found")] * len(attempts)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        pytest.param({"price": 1}, "/price", id="an unknown field"),
        pytest.param({"wave_id": 7}, "/wave_id", id="a wrong type"),
        pytest.param({"lines": "all"}, "/lines", id="not a list"),
        pytest.param({"quantity": 0}, "/lines/0/quantity", id="zero"),
        pytest.param({"quantity": -1}, "/lines/0/quantity", id="negative"),
        pytest.param({"quantity": 10**9}, "/lines/0/quantity", id="huge"),
        pytest.param({"quantity": 1.0}, "/lines/0/quantity", id="a float"),
        pytest.param({"quantity": True}, "/lines/0/quantity", id="a boolean"),
        pytest.param({"quantity": "1"}, "/lines/0/quantity", id="a string"),
    ],
)
def test_bad_values_are_pointed_at(market: Market, wave: dict[str, Any], change: dict[str, Any], pointer: str) -> None:
    body = market.asked(wave)
    if "quantity" in change:
        body["lines"][0]["quantity"] = change["quantity"]
    else:
        body |= change

    answer = market.send("POST", "/v1/orders", body, key="bad")

    assert code(answer) == (422, "invalid_request")
    assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]


def test_malformed_json_is_invalid(market: Market) -> None:
    assert code(market.send("POST", "/v1/orders", raw=b'{"wave_id": ', key="k")) == (422, "invalid_request")


def test_a_key_is_required(market: Market, wave: dict[str, Any]) -> None:
    assert code(market.send("POST", "/v1/orders", market.asked(wave))) == (400, "idempotency_key_required")


def test_two_megabytes_are_too_much(market: Market) -> None:
    assert code(market.send("POST", "/v1/orders", raw=b'"' + b"x" * 2_000_000 + b'"', key="k")) == (
        413,
        "invalid_request",
    )


def test_a_key_names_one_request_only(market: Market, wave: dict[str, Any]) -> None:
    first = market.send("POST", "/v1/orders", market.asked(wave), sub="budi", key="once")
    again = market.send("POST", "/v1/orders", market.asked(wave), sub="budi", key="once")
    other = market.send("POST", "/v1/orders", market.asked(wave, packs=2), sub="budi", key="once")

    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert code(other) == (422, "idempotency_key_reused")


def test_sold_out_points_at_the_line_and_reserves_nothing(market: Market, wave: dict[str, Any]) -> None:
    lines = [{"offer_id": offer["id"], "quantity": 2} for offer in wave["offers"]]

    answer = market.send("POST", "/v1/orders", market.asked(wave, lines=lines), sub="agus", key="k")

    assert code(answer) == (409, "sold_out")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/lines/1"]
    assert market.programme.operator.get(f"/v1/waves/{wave['id']}/stock")["items"][1]["available"] == 1


def test_before_opening_and_after_closing_nothing_is_taken(market: Market) -> None:
    now = market.stack.now()
    later = market.wave(opens_at=(now + timedelta(hours=1)).isoformat())
    closed = market.wave()
    market.programme.operator.post(f"/v1/waves/{closed['id']}/closing")

    for wave in (later, closed):
        answer = market.send("POST", "/v1/orders", market.asked(wave), sub="dewi", key=wave["id"])
        assert code(answer) == (409, "wave_not_open")


def test_only_the_waves_institutions_may_order(market: Market) -> None:
    wave = market.wave(eligible_institution_ids=[market.programme.institution_ids[0]])

    assert code(market.send("POST", "/v1/orders", market.asked(wave), key="e")) == (403, "not_eligible")


def test_limits_are_kept(market: Market) -> None:
    product, [first, *_] = market.programme.product, market.programme.product["packs"]
    offer = {"product_id": product["id"], "sku": first["sku"], "quota": 10, "max_per_member": 2}
    wave = market.wave(offers=[offer])

    too_many = market.send("POST", "/v1/orders", market.asked(wave, packs=3), sub="joko", key="a")
    fits = market.send("POST", "/v1/orders", market.asked(wave, packs=2), sub="joko", key="b")
    second = market.send("POST", "/v1/orders", market.asked(wave, packs=1), sub="joko", key="c")

    assert code(too_many) == (409, "limit_exceeded")
    assert fits.status_code == 201
    assert code(second) == (409, "invalid_state")
    assert fits.json()["id"] in second.json()["detail"]


def test_the_wrong_amount_of_cash_is_refused(market: Market, wave: dict[str, Any]) -> None:
    order = market.member("wati").post("/v1/orders", market.asked(wave))
    receipt = {"amount": order["total"] - 1}

    answer = market.send(
        "POST", f"/v1/orders/{order['id']}/cash-receipts", receipt, sub="pic-setiabudi", roles="pic", key="k"
    )

    assert code(answer) == (409, "amount_mismatch")


@pytest.mark.parametrize(
    ("raw", "status", "word"),
    [
        pytest.param(b"{", 400, "invalid_request", id="malformed"),
        pytest.param(b'{"order_id": "pay_x", "status_code": "200", "gross_amount": "1.00", "signature_key": "00",'
                     b' "transaction_status": "settlement", "transaction_id": "t"}', 401, "signature_invalid",
                     id="a wrong signature"),
    ],
)  # fmt: skip
def test_a_webhook_that_does_not_prove_its_sender_is_refused(
    market: Market, raw: bytes, status: int, word: str
) -> None:
    answer = market.send("POST", "/v1/webhooks/payments/midtrans", raw=raw, sub=None)

    assert code(answer) == (status, word)


def test_a_courier_webhook_without_its_secret_is_refused(market: Market) -> None:
    answer = market.send("POST", "/v1/webhooks/couriers/biteship", {"event": "order.status"}, sub=None)

    assert code(answer) == (401, "signature_invalid")


def test_providers_that_are_down_can_be_asked_again_with_the_same_key(market: Market, wave: dict[str, Any]) -> None:
    order = market.member("eko").post("/v1/orders", market.asked(wave))["id"]
    ask = ("POST", f"/v1/orders/{order}/payments", {"method": "qris"})
    _fault(market, "midtrans", 9)
    _fault(market, "xendit", 9)

    down = market.send(*ask, sub="eko", key="pay")
    _fault(market, "midtrans", 0)
    _fault(market, "xendit", 0)
    up = market.send(*ask, sub="eko", key="pay")

    assert code(down) == (503, "provider_unavailable")
    assert up.status_code == 201, up.text
    assert up.json()["instructions"]["qr_string"]


def test_when_the_first_provider_is_down_the_next_serves_and_is_paid(market: Market, wave: dict[str, Any]) -> None:
    order = market.member("dewi").post("/v1/orders", market.asked(wave))["id"]
    _fault(market, "midtrans", 2)

    asked = market.send(
        "POST", f"/v1/orders/{order}/payments", {"method": "virtual_account", "bank": "bri"}, sub="dewi", key="pay"
    ).json()
    market.stack.simulators.post("/xendit/simulate", json={"id": asked["id"], "status": "SUCCEEDED", "notify": 2})
    market.stack.http.post("/dev/idle")

    assert asked["provider"] == "xendit"
    assert market.member("dewi").get(f"/v1/orders/{order}")["status"] == "confirmed"


def test_a_bank_that_asks_us_serves_when_nobody_else_does(market: Market, wave: dict[str, Any]) -> None:
    order = market.member("rudi").post("/v1/orders", market.asked(wave))["id"]
    _fault(market, "midtrans", 2)
    _fault(market, "xendit", 1)

    asked = market.send(
        "POST", f"/v1/orders/{order}/payments", {"method": "virtual_account", "bank": "bca"}, sub="rudi", key="pay"
    ).json()
    number = asked["instructions"]["va_number"]
    told = market.stack.simulators.post("/snap/simulate", json={"id": number, "status": "paid", "notify": 2}).json()
    market.stack.http.post("/dev/idle")

    assert asked["provider"] == "snap"
    assert [answer["responseCode"] for answer in told["answers"]] == ["2002500", "4042518"]
    assert market.member("rudi").get(f"/v1/orders/{order}")["status"] == "confirmed"


def _fault(market: Market, provider: str, requests: int) -> None:
    market.stack.simulators.post("/faults", json={"provider": provider, "mode": "error", "requests": requests})
