"""What Midtrans tells the stack, and how often it tries."""

import pytest

from infra.simulators.midtrans_notifications import retries_after, signature

KEY = "SB-Mid-server-DUMMYKEY000000000000"
COMMON = {
    *("transaction_time", "transaction_status", "transaction_id", "status_message", "status_code"),
    *("signature_key", "payment_type", "order_id", "merchant_id", "gross_amount", "fraud_status", "currency"),
}
VA = {"va_numbers", "payment_amounts"}
QRIS_PAID = {"settlement_time", "transaction_type", "issuer", "acquirer", "merchant_cross_reference_id"}


@pytest.mark.parametrize(
    ("order_id", "code", "amount", "key", "expected"),
    [
        (
            *("KOP-W202610-000123", "200", "265000.00", KEY),
            "39e3600b98ce00643931a679dc940cee71e3a17bd26daa13a449c068ff517066"
            "bdcad3cd45a7e708ddbccbaee207c29be2036b518d2ce2cd3cdd209c31481acb",
        ),
        (
            *("KOP-W202610-000123", "201", "265000.00", KEY),
            "5a84926dc520d34698ab15b9f5eb5f1f552b7811a1d23fe39c4ee013d6da107c"
            "dc09bec9c48dfef24537b32a389b20b52614f83050a201ace4ef5c80a5bfe2a7",
        ),
        (
            *("KOP-W202610-000123", "202", "265000.00", KEY),
            "2ae808649d8943cac0a0af4ae8adf61634daa20b10d2ce658660fdeae6feea7a"
            "8328bea34921dc2838083841428fa0326895ecd1c9f6d0c6c623424935e91309",
        ),
        (
            *("KOP-W202610-000124", "200", "11000.00", KEY),
            "a7c88bc7067a27b109a6a80992ae42378fcd9c5f3a668b063cab42326dbe7d96"
            "be527807de61e99784fb02975d7c4277689c8b2a1fef5c85e660a9480d511d34",
        ),
        (
            *("1111", "200", "100000.00", "askvnoibnosifnboseofinbofinfgbiufglnbfg"),
            "edc076b21793ebe3e17926350f5b8ae67d902fe657b3d0aa31b932d5c127e237"
            "5d308a2bc94f3265ac2d80a1f181a79b997ac178a236fcff35af263fc4d4c231",
        ),
        (
            *("KOP-W202610-000123", "200", "265000", KEY),
            "bf996046d1034e086e930cd2e807f06331516ef52282d0f0ade38492b0153c55"
            "05997092c2cd5b11fd18e66cfcbce19f8d11bf6d08bd0ad038ca4b7da7aa499d",
        ),
    ],
    ids=["paid", "pending", "not paid", "another order", "the docs' inputs", "an amount without cents differs"],
)
def test_signatures_match_the_vectors(order_id, code, amount, key, expected):
    assert signature(order_id, code, amount, key) == expected


@pytest.mark.parametrize(
    ("status", "retries"),
    [(200, 0), (204, 0), (301, 0), (302, 0), (303, 0), (500, 1), (400, 2), (404, 2), (503, 4), (418, 5), (None, 5)],
)
def test_an_answer_earns_its_retries(status, retries):
    assert retries_after(status) == retries


@pytest.mark.parametrize(
    ("asked", "status", "keys", "code"),
    [
        pytest.param({}, "pending", VA | {"expiry_time"}, "201", id="an account was made"),
        pytest.param({}, "settlement", VA | {"settlement_time"}, "200", id="an account was paid"),
        pytest.param({}, "cancel", VA, "202", id="cancelled"),
        pytest.param({}, "expire", VA, "202", id="expired"),
        pytest.param({"payment_type": "qris"}, "settlement", QRIS_PAID, "200", id="a QR code was paid"),
        pytest.param({"payment_type": "gopay"}, "settlement", {"settlement_time"}, "200", id="GoPay was paid"),
        pytest.param({"payment_type": "gopay"}, "deny", set(), "202", id="denied"),
    ],
)
def test_a_notification_has_the_documented_shape(simulators, asked, status, keys, code):
    simulators.charge(**asked)

    simulators.pay(status=status, notify=1)

    (body,) = simulators.stack.bodies
    assert set(body) == COMMON | keys
    assert (body["status_code"], body["status_message"]) == (code, "midtrans payment notification")
    assert body["signature_key"] == signature("pay_1", code, "265000.00", "SB-Mid-server-lumbung-local")


def test_a_notification_comes_to_the_products_webhook(simulators):
    simulators.charge()

    simulators.pay(notify=1)

    (request,) = simulators.stack.received
    assert str(request.url) == "http://127.0.0.1:8080/v1/webhooks/payments/midtrans"
    assert (request.method, request.headers["user-agent"]) == ("POST", "Veritrans")


def test_only_bni_itemises_what_was_paid(simulators):
    simulators.charge("pay_1")
    simulators.charge("pay_2", bank_transfer={"bank": "bni"})

    simulators.pay("pay_1", notify=1)
    simulators.pay("pay_2", notify=1)

    amounts = [body["payment_amounts"] for body in simulators.stack.bodies]
    assert amounts == [[], [{"paid_at": "2026-10-05 09:00:01", "amount": "265000.00"}]]


def test_as_many_are_sent_as_asked_and_their_answers_come_back(simulators):
    simulators.charge()
    simulators.stack.answers = [200, 503, 0]

    answer = simulators.pay(notify=3)

    expected = {"order_id": "pay_1", "transaction_status": "settlement", "notifications": [200, 503, None]}
    assert answer == expected


def test_without_a_notification_only_the_status_call_knows(simulators):
    simulators.charge()

    simulators.pay(notify=0)

    assert simulators.stack.received == []
    assert simulators.status()["transaction_status"] == "settlement"


def test_what_the_merchant_added_is_echoed(simulators):
    simulators.charge(custom_field1="wave:W202610", metadata={"cooperative_id": "KOP01"})

    simulators.pay(notify=1)

    (body,) = simulators.stack.bodies
    assert (body["custom_field1"], body["metadata"]) == ("wave:W202610", {"cooperative_id": "KOP01"})


def test_retries_follow_the_table_and_stop_when_answered(simulators):
    simulators.charge()
    simulators.stack.answers = [503, 503, 503]
    simulators.pay(notify=1)

    sent = [simulators.advance(minutes=gap) for gap in (1, 1, 9, 1, 30, 600)]

    assert sent == [0, 1, 0, 1, 1, 0]
    assert len({request.content for request in simulators.stack.received}) == 1


@pytest.mark.parametrize(("answer", "attempts"), [(200, 1), (302, 1), (500, 2), (404, 3), (503, 5), (0, 6), (502, 6)])
def test_a_stubborn_answer_is_given_up(simulators, answer, attempts):
    simulators.charge(custom_expiry={"expiry_duration": 30, "unit": "day"})
    simulators.stack.answers = [answer] * 9

    simulators.pay(notify=1)
    simulators.advance(days=2)

    assert len(simulators.stack.received) == attempts


def test_a_temporary_redirect_is_followed(simulators):
    simulators.charge()
    simulators.stack.answers = [307, 308]

    assert simulators.pay(notify=1)["notifications"] == [200]
    assert simulators.stack.received[-1].url.path == "/elsewhere"


def test_endless_redirects_are_given_up(simulators):
    simulators.charge()
    simulators.stack.answers = [307] * 9

    assert simulators.pay(notify=1)["notifications"] == [307]
    (noted,) = simulators.web.get("/notifications").json()["items"]
    assert noted["error"] == "more than 5 redirections"


def test_a_failed_delivery_can_be_seen(simulators):
    simulators.charge()
    simulators.stack.answers = [0]

    simulators.pay(notify=1)
    simulators.advance(minutes=2)

    noted = simulators.web.get("/notifications?provider=midtrans").json()["items"]
    assert [(n["attempt"], n["status"], n["error"]) for n in noted] == [
        (1, None, "ReadTimeout('no answer')"),
        (2, 200, None),
    ]


def test_expiry_is_told_once(simulators):
    simulators.charge()

    assert simulators.advance(days=1) == 1
    assert simulators.advance(days=9) == 0
    assert simulators.stack.bodies[0]["transaction_status"] == "expire"


def test_expiry_is_told_even_if_it_was_read_before(simulators):
    simulators.charge(custom_expiry={"expiry_duration": 1, "unit": "hour"})
    simulators.clock.told(simulators.clock().replace(hour=12))

    assert simulators.status()["transaction_status"] == "expire"
    assert simulators.advance(seconds=0) == 1


def test_what_was_paid_does_not_expire(simulators):
    simulators.charge()
    simulators.pay()

    assert simulators.advance(days=9) == 0
    assert simulators.status()["transaction_status"] == "settlement"


def test_what_falls_due_is_delivered_in_time_order(simulators):
    simulators.charge("pay_late", custom_expiry={"expiry_duration": 3, "unit": "hour"})
    simulators.charge("pay_soon", custom_expiry={"expiry_duration": 1, "unit": "hour"})

    simulators.advance(hours=4)

    assert [body["order_id"] for body in simulators.stack.bodies] == ["pay_soon", "pay_late"]


@pytest.mark.parametrize(("step", "status"), [("cancel", "cancel"), ("expire", "expire")])
def test_stopping_a_payment_is_told_after_the_answer(simulators, step, status):
    simulators.charge()
    simulators.midtrans("POST", f"/v2/pay_1/{step}")
    told_before = len(simulators.stack.received)

    assert (told_before, simulators.advance(seconds=0)) == (0, 1)
    assert simulators.stack.bodies[0]["transaction_status"] == status


def test_a_refund_is_told_twice_the_second_time_with_the_banks_word(simulators):
    simulators.charge(payment_type="qris", amount=11_000)
    simulators.pay()
    simulators.midtrans("POST", "/v2/pay_1/refund", json={"refund_key": "RF-1", "amount": 4_000})

    simulators.advance(seconds=5)

    first, second = simulators.stack.bodies
    assert set(first) == COMMON | {"acquirer", "refund_amount", "refunds"}
    assert (first["transaction_status"], first["refund_amount"]) == ("partial_refund", "4000.00")
    confirmed = [body["refunds"][0].get("bank_confirmed_at") for body in (first, second)]
    assert confirmed == [None, "2026-10-05 09:00:06"]


def test_the_same_refund_again_is_not_told_again(simulators):
    simulators.charge(payment_type="qris", amount=11_000)
    simulators.pay()
    for _ in range(2):
        simulators.midtrans("POST", "/v2/pay_1/refund", json={"refund_key": "RF-1", "amount": 4_000})

    assert simulators.advance(days=1) == 2


@pytest.mark.parametrize(
    ("header", "hosts"),
    [
        pytest.param("X-Override-Notification", ["127.0.0.1:9001", "127.0.0.1:9002"], id="instead"),
        pytest.param("X-Append-Notification", ["127.0.0.1:8080", "127.0.0.1:9001", "127.0.0.1:9002"], id="as well"),
    ],
)
def test_a_transaction_can_notify_elsewhere(simulators, header, hosts):
    details = {"order_id": "pay_1", "gross_amount": 1_000}
    simulators.midtrans(
        "POST",
        "/v2/charge",
        json={"payment_type": "gopay", "transaction_details": details},
        headers={header: "http://127.0.0.1:9001/a, http://127.0.0.1:9002/b"},
    )

    simulators.pay(notify=1)

    assert [request.url.netloc.decode() for request in simulators.stack.received] == hosts


@pytest.mark.parametrize(
    "urls", ["http://example.com/a", ",".join(["http://127.0.0.1/a"] * 4)], ids=["beyond this machine", "four"]
)
def test_other_notification_urls_are_refused(simulators, urls):
    details = {"order_id": "pay_1", "gross_amount": 1_000}
    answer = simulators.midtrans(
        "POST",
        "/v2/charge",
        json={"payment_type": "gopay", "transaction_details": details},
        headers={"X-Override-Notification": urls},
    )

    assert answer.json()["status_code"] == "400"
