"""The Xendit simulator on its wire: payment requests, invoices, refunds, and what it tells."""

from typing import Any

import httpx
import pytest

AUTH = ("xnd_development_lumbung-local", "")
V3 = {"api-version": "2024-11-11"}


def xendit(simulators, method: str, path: str, **more: Any) -> httpx.Response:
    return simulators.web.request(method, f"/xendit{path}", **({"auth": AUTH, "headers": V3} | more))


def a_request(simulators, **changes: Any) -> httpx.Response:
    body = {
        "reference_id": "pay_1", "type": "PAY", "country": "ID", "currency": "IDR", "request_amount": 265_000,
        "channel_code": "BRI_VIRTUAL_ACCOUNT", "channel_properties": {"expires_at": "2026-10-05T04:00:00Z"},
    }  # fmt: skip
    return xendit(simulators, "POST", "/v3/payment_requests", json=body | changes)


def an_invoice(simulators, **changes: Any) -> dict[str, Any]:
    body = {"external_id": "pay_1", "amount": 265_000, "invoice_duration": 3_600, "payment_methods": ["QRIS"]}
    return xendit(simulators, "POST", "/v2/invoices/", json=body | changes).json()


def pay(simulators, status: str = "SUCCEEDED", notify: int = 1, id_: str = "pay_1", **more: Any) -> Any:
    return simulators.web.post("/xendit/simulate", json={"id": id_, "status": status, "notify": notify} | more).json()


def read(simulators, path: str) -> Any:
    return xendit(simulators, "GET", path).json()


def test_a_request_says_how_to_pay(simulators):
    account, code = a_request(simulators), a_request(simulators, reference_id="pay_2", channel_code="QRIS")

    assert (account.status_code, account.json()["status"]) == (201, "REQUIRES_ACTION")
    [action] = account.json()["actions"]
    assert (action["descriptor"], action["value"].isdigit()) == ("VIRTUAL_ACCOUNT_NUMBER", True)
    assert code.json()["actions"][0]["value"].startswith("000201")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"request_amount": "265000"}, 400, "API_VALIDATION_ERROR"),
        ({"request_amount": 0}, 400, "API_VALIDATION_ERROR"),
        ({"channel_code": "CARDS"}, 400, "API_VALIDATION_ERROR"),
        ({"channel_code": "QRIS", "request_amount": 10_000_001}, 400, "API_VALIDATION_ERROR"),
        ({"channel_properties": {"expires_at": "2026-10-05T01:00:00Z"}}, 400, "API_VALIDATION_ERROR"),
        ({"channel_properties": {}}, 400, "API_VALIDATION_ERROR"),
        ({"currency": "USD"}, 400, "API_VALIDATION_ERROR"),
        ({"reference_id": ""}, 400, "API_VALIDATION_ERROR"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(simulators, changes, status, code):
    answer = a_request(simulators, **changes)

    assert (answer.status_code, answer.json()["error_code"]) == (status, code)


def test_a_reference_is_used_once(simulators):
    a_request(simulators)

    assert (a_request(simulators).status_code, a_request(simulators).json()["error_code"]) == (409, "DUPLICATE_ERROR")


def test_key_and_version_are_looked_at(simulators):
    assert xendit(simulators, "GET", "/v3/payments/py-1", auth=("other", "")).status_code == 401
    assert xendit(simulators, "GET", "/v3/payments/py-1", headers={}).status_code == 400
    assert xendit(simulators, "GET", "/v3/payments/py-1").status_code == 404


def test_a_payment_is_told_with_the_token_and_found_by_its_id(simulators):
    request = a_request(simulators).json()

    pay(simulators, notify=2)

    first, second = simulators.stack.received
    assert first.headers["x-callback-token"] == "lumbung-local-callback-token"
    told = simulators.stack.bodies[0]
    assert (told["event"], told["data"]["status"]) == ("payment.capture", "SUCCEEDED")
    assert told["data"]["captures"][0]["capture_amount"] == 265_000
    shown = read(simulators, f"/v3/payment_requests/{request['payment_request_id']}")
    assert (shown["status"], shown["latest_payment_id"]) == ("SUCCEEDED", told["data"]["payment_id"])
    assert read(simulators, f"/v3/payments/{told['data']['payment_id']}")["captures"] == told["data"]["captures"]
    assert first.content == second.content


def test_what_is_not_taken_is_told_again_with_another_time(simulators):
    a_request(simulators)
    simulators.stack.answers = [503, 200]
    pay(simulators)

    assert simulators.advance(minutes=15) == 1

    first, again = simulators.stack.bodies
    assert first.pop("created") != again.pop("created")
    assert first == again


def test_after_six_retries_it_gives_up(simulators):
    a_request(simulators)
    simulators.stack.answers = [500] * 9
    pay(simulators)

    simulators.advance(days=3)

    assert len(simulators.stack.received) == 7


def test_a_request_that_lapses_is_told_to_nobody(simulators):
    request = a_request(simulators).json()

    assert simulators.advance(hours=3) == 0
    assert read(simulators, f"/v3/payment_requests/{request['payment_request_id']}")["status"] == "EXPIRED"


def test_a_request_is_cancelled_once(simulators):
    path = f"/v3/payment_requests/{a_request(simulators).json()['payment_request_id']}/cancel"

    assert xendit(simulators, "POST", path).json()["status"] == "CANCELED"
    assert xendit(simulators, "POST", path).status_code == 400


def test_its_own_test_call_pays_and_tells_by_webhook(simulators):
    request = a_request(simulators).json()
    path = f"/v3/payment_requests/{request['payment_request_id']}/simulate"

    assert xendit(simulators, "POST", path, json={"amount": 265_000}).json()["status"] == "PENDING"
    assert simulators.advance(seconds=1) == 1
    assert simulators.stack.bodies[0]["event"] == "payment.capture"


def test_an_invoice_is_a_page_and_is_found_by_our_id(simulators):
    made = an_invoice(simulators)

    assert made["invoice_url"].endswith(f"/web/{made['id']}")
    assert [found["id"] for found in read(simulators, "/v2/invoices?external_id=pay_1")] == [made["id"]]
    assert read(simulators, "/v2/invoices?external_id=pay_2") == []


def test_an_invoice_is_told_flat_and_its_expiry_too(simulators):
    an_invoice(simulators)
    an_invoice(simulators, external_id="pay_2")

    pay(simulators, "PAID")
    simulators.advance(hours=1)

    paid, expired = simulators.stack.bodies
    assert (paid["external_id"], paid["status"], paid["paid_amount"]) == ("pay_1", "PAID", 265_000)
    assert (expired["external_id"], expired["status"]) == ("pay_2", "EXPIRED")


def test_an_invoice_is_expired_by_its_odd_path(simulators):
    made = an_invoice(simulators)

    assert xendit(simulators, "POST", f"/invoices/{made['id']}/expire!").json()["status"] == "EXPIRED"


def test_a_refund_has_one_key_and_its_webhook_is_nested(simulators):
    request = a_request(simulators, channel_code="QRIS").json()
    pay(simulators, notify=0)
    body = {"payment_request_id": request["payment_request_id"], "reference_id": "ref_1", "amount": 100_000,
            "currency": "IDR", "reason": "CANCELLATION", "metadata": {"payment_id": "pay_1"}}  # fmt: skip
    headers = {"idempotency-key": "ref_1"}

    first = xendit(simulators, "POST", "/refunds", json=body, headers=headers).json()
    again = xendit(simulators, "POST", "/refunds", json=body, headers=headers).json()
    simulators.advance(seconds=5)

    assert (first["id"], first["status"]) == (again["id"], "PENDING")
    [told] = simulators.stack.bodies
    assert (told["event"], told["data"]["data"]["status"]) == ("refund.succeeded", "SUCCEEDED")
    assert told["data"]["data"]["metadata"] == {"payment_id": "pay_1"}
    listed = read(simulators, f"/refunds/?payment_request_id={request['payment_request_id']}")["data"]
    assert [(refund["id"], refund["amount"]) for refund in listed] == [(first["id"], 100_000)]


@pytest.mark.parametrize(
    ("channel", "amount"),
    [
        pytest.param("BRI_VIRTUAL_ACCOUNT", 1, id="of a virtual account"),
        pytest.param("QRIS", 265_001, id="more than was paid"),
    ],
)
def test_what_cannot_be_given_back_is_refused(simulators, channel, amount):
    request = a_request(simulators, channel_code=channel).json()
    pay(simulators, notify=0)

    answer = xendit(simulators, "POST", "/refunds", json={
        "payment_request_id": request["payment_request_id"], "reference_id": "ref_1", "amount": amount,
    })  # fmt: skip

    assert answer.status_code == 400


@pytest.mark.parametrize(("id_", "status", "answers"), [("pay_9", "PAID", 404), ("pay_1", "BLUE", 422)])
def test_what_a_test_says_wrongly_is_refused(simulators, id_, status, answers):
    a_request(simulators)

    asked = {"id": id_, "status": status, "notify": 0}
    assert simulators.web.post("/xendit/simulate", json=asked).status_code == answers


def test_a_dashboard_refund_is_told_as_well(simulators):
    a_request(simulators, channel_code="QRIS")
    pay(simulators, notify=0)

    pay(simulators, "REFUNDED", amount=5_000)

    assert simulators.stack.bodies[0]["data"]["data"]["amount"] == 5_000
