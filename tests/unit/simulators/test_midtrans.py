"""Midtrans' answers, compared with the documented shapes."""

import pytest

from infra.simulators.qris import is_intact, parse_tlv

COMMON = {
    *("status_code", "status_message", "transaction_id", "order_id", "merchant_id", "gross_amount", "currency"),
    *("payment_type", "transaction_time", "transaction_status", "fraud_status"),
}
MANDIRI = {"bill_info1": "Payment:", "bill_info2": "Beras"}


@pytest.mark.parametrize("bank", ["bca", "bni", "bri", "cimb"])
def test_a_virtual_account_is_answered_in_the_documented_shape(simulators, bank):
    answer = simulators.charge(bank_transfer={"bank": bank})

    assert answer.status_code == 201
    assert set(answer.json()) == COMMON | {"va_numbers", "expiry_time"}
    (account,) = answer.json()["va_numbers"]
    assert account["bank"] == bank
    assert account["va_number"].isdigit()
    told = {name: answer.json()[name] for name in ("status_code", "gross_amount", "transaction_status")}
    assert told == {"status_code": "201", "gross_amount": "265000.00", "transaction_status": "pending"}
    times = (answer.json()["transaction_time"], answer.json()["expiry_time"])
    assert times == ("2026-10-05 09:00:01", "2026-10-06 09:00:01")


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        pytest.param({"bank_transfer": {"bank": "permata"}}, {"permata_va_number"}, id="Permata"),
        pytest.param({"payment_type": "echannel", "echannel": MANDIRI}, {"bill_key", "biller_code"}, id="Mandiri"),
        pytest.param({"payment_type": "qris"}, {"acquirer", "qr_string", "actions"}, id="QRIS"),
        pytest.param({"payment_type": "gopay"}, {"actions"}, id="GoPay"),
    ],
)
def test_every_other_way_of_paying_has_its_own_shape(simulators, asked, keys):
    assert set(simulators.charge(**asked).json()) == COMMON | keys


def test_a_qr_code_carries_the_amount_and_an_intact_checksum(simulators):
    qr = simulators.charge(payment_type="qris", amount=11_000).json()["qr_string"]

    assert is_intact(qr)
    assert parse_tlv(qr)["54"] == "11000"


def test_actions_name_what_can_be_called(simulators):
    actions = {a["name"]: a for a in simulators.charge(payment_type="gopay").json()["actions"]}

    assert list(actions) == ["generate-qr-code", "deeplink-redirect", "get-status", "cancel"]
    path = actions["get-status"]["url"].removeprefix("http://simulators/midtrans")
    assert simulators.midtrans("GET", path).json()["order_id"] == "pay_1"


def test_accounts_and_ids_are_never_given_twice(simulators):
    first, second = simulators.charge("pay_1").json(), simulators.charge("pay_2").json()

    assert first["va_numbers"] != second["va_numbers"]
    assert first["transaction_id"] != second["transaction_id"]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        pytest.param({"transaction_details": {}}, "order_id", id="no order_id"),
        pytest.param({"transaction_details": {"order_id": "a b", "gross_amount": 1}}, "order_id", id="a blank"),
        pytest.param(
            {"transaction_details": {"order_id": "x" * 51, "gross_amount": 1}}, "order_id", id="51 characters"
        ),
        pytest.param(
            {"transaction_details": {"order_id": "x", "gross_amount": "1"}}, "gross_amount", id="amount as text"
        ),
        pytest.param({"transaction_details": {"order_id": "x", "gross_amount": 1.5}}, "gross_amount", id="a fraction"),
        pytest.param({"item_details": [{"price": 1, "quantity": 1}]}, "sum of item_details", id="wrong sum"),
        pytest.param({"bank_transfer": {"bank": "bsi"}}, "bank", id="unknown bank"),
        pytest.param({"bank_transfer": "bca"}, "has to be an object", id="no object"),
        pytest.param({"payment_type": "barter"}, "payment_type", id="unknown way of paying"),
        pytest.param({"payment_type": "echannel"}, "bill_info1", id="Mandiri without its texts"),
        pytest.param({"custom_expiry": {"expiry_duration": 19, "unit": "second"}}, "custom_expiry", id="too short"),
        pytest.param({"custom_expiry": {"expiry_duration": 1, "unit": "week"}}, "custom_expiry", id="weeks"),
        pytest.param(
            {"payment_type": "qris", "custom_expiry": {"expiry_duration": 8, "unit": "day"}},
            "custom_expiry",
            id="a QR code for more than seven days",
        ),
        pytest.param(
            {"payment_type": "qris", "transaction_details": {"order_id": "x", "gross_amount": 10_000_001}},
            "at most",
            id="more than a QR code may pay",
        ),
    ],
)
def test_a_wrong_charge_is_refused_and_says_why(simulators, asked, problem):
    answer = simulators.charge(**asked)

    assert answer.status_code == 400
    assert set(answer.json()) == {"status_code", "status_message", "id", "validation_messages"}
    assert answer.json()["status_code"] == "400"
    assert problem in answer.json()["validation_messages"][0]


def test_items_that_add_up_are_accepted(simulators):
    items = [{"price": 65_000, "quantity": 4}, {"price": 5_000, "quantity": 1}]

    assert simulators.charge(item_details=items).status_code == 201


def test_an_order_id_is_used_once_for_ever(simulators):
    simulators.charge()

    answer = simulators.charge().json()

    assert set(answer) == {"status_code", "status_message", "id"}
    assert answer["status_code"] == "406"


@pytest.mark.parametrize("auth", [None, ("SB-Mid-server-other", "")], ids=["no key", "another key"])
def test_a_wrong_key_is_refused(simulators, auth):
    answer = simulators.web.get("/midtrans/v2/pay_1/status", auth=auth)

    assert answer.status_code == 401
    assert set(answer.json()) == {"status_code", "status_message", "id"}


def test_an_unknown_order_is_404_in_the_body(simulators):
    answer = simulators.midtrans("GET", "/v2/pay_9/status")

    assert (answer.status_code, answer.json()["status_code"]) == (200, "404")
    assert set(answer.json()) == {"status_code", "status_message", "id"}


@pytest.mark.parametrize("body", ["{", "[]", '{"x": "' + "y" * 16_384 + '"}'], ids=["cut", "a list", "too long"])
def test_a_malformed_body_is_refused(simulators, body):
    assert simulators.midtrans("POST", "/v2/charge", content=body).json()["status_code"] == "413"


def test_a_way_of_paying_that_is_not_enabled_is_402(simulators):
    assert simulators.charge(payment_type="shopeepay").json()["status_code"] == "402"


def test_status_is_read_by_either_id_in_the_documented_shape(simulators):
    charged = simulators.charge().json()
    simulators.advance(minutes=10, seconds=43)
    simulators.pay()

    by_order = simulators.status()

    assert by_order == simulators.status(charged["transaction_id"])
    assert set(by_order) == COMMON | {
        *("signature_key", "settlement_time", "expiry_time", "va_numbers", "payment_amounts"),
    }
    assert by_order["settlement_time"] == "2026-10-05 09:10:44"
    assert (by_order["status_code"], by_order["transaction_status"]) == ("200", "settlement")


def test_a_wrong_amount_is_what_the_provider_has(simulators):
    simulators.charge()

    simulators.pay(gross_amount=200_000)

    assert simulators.status()["gross_amount"] == "200000.00"


def test_a_pending_payment_expires_by_the_stacks_clock(simulators):
    simulators.charge(custom_expiry={"expiry_duration": 2, "unit": "hour"})

    simulators.advance(hours=1, minutes=59, seconds=59)
    before = simulators.status()["transaction_status"]
    simulators.advance(seconds=1)

    assert before == "pending"
    assert (simulators.status()["transaction_status"], simulators.status()["status_code"]) == ("expire", "407")


def test_the_given_order_time_starts_the_expiry(simulators):
    order_time = "2026-10-05 08:00:00 +0700"
    expiry = {"order_time": order_time, "expiry_duration": 24, "unit": "hour"}

    assert simulators.charge(custom_expiry=expiry).json()["expiry_time"] == "2026-10-06 08:00:00"


@pytest.mark.parametrize(
    ("kind", "unit", "duration"),
    [("bank_transfer", "second", 20), ("bank_transfer", "day", 180), ("qris", "day", 7)],
)
def test_the_shortest_and_the_longest_expiry_are_accepted(simulators, kind, unit, duration):
    expiry = {"expiry_duration": duration, "unit": unit}

    assert simulators.charge(payment_type=kind, custom_expiry=expiry).status_code == 201


def test_late_money_has_the_time_at_which_it_came(simulators):
    simulators.charge()
    simulators.pay()
    simulators.pay(status="expire")
    simulators.advance(hours=3)

    simulators.pay()

    assert simulators.status()["settlement_time"] == "2026-10-05 12:00:01"


def test_what_is_pending_can_be_cancelled(simulators):
    simulators.charge()

    answer = simulators.midtrans("POST", "/v2/pay_1/cancel").json()

    assert set(answer) == COMMON
    assert (answer["status_code"], answer["transaction_status"]) == ("200", "cancel")


def test_the_answer_of_the_expire_call_says_407(simulators):
    simulators.charge()

    answer = simulators.midtrans("POST", "/v2/pay_1/expire").json()

    assert set(answer) == COMMON - {"merchant_id", "currency", "fraud_status"}
    assert (answer["status_code"], answer["transaction_status"]) == ("407", "expire")


@pytest.mark.parametrize("step", ["cancel", "expire"])
def test_what_is_paid_cannot_be_stopped(simulators, step):
    simulators.charge()
    simulators.pay()

    answer = simulators.midtrans("POST", f"/v2/pay_1/{step}").json()

    assert set(answer) == {"status_code", "status_message", "id"}
    assert answer["status_code"] == "412"


@pytest.mark.parametrize(
    "moves",
    [
        pytest.param(["expire", "settlement"], id="late money"),
        pytest.param(["settlement", "deny"], id="a reversal"),
        pytest.param(["settlement", "refund"], id="a refund from the dashboard"),
        pytest.param(["settlement", "chargeback"], id="a chargeback"),
    ],
)
def test_the_providers_state_moves_as_told(simulators, moves):
    simulators.charge()

    for status in moves:
        simulators.pay(status=status)

    assert simulators.status()["transaction_status"] == moves[-1]


def a_paid_qris(simulators, amount=11_000):
    simulators.charge(amount=amount, payment_type="qris")
    simulators.pay()


def refund(simulators, key="RF-1", **body):
    return simulators.midtrans("POST", "/v2/pay_1/refund", json={"refund_key": key, **body}).json()


def test_a_refund_is_answered_in_the_documented_shape(simulators):
    a_paid_qris(simulators)

    answer = refund(simulators, amount=11_000, reason="stok kosong")

    told = {"refund_chargeback_id", "refund_amount", "refund_key"}
    assert set(answer) == COMMON - {"fraud_status"} | told
    assert (answer["transaction_status"], answer["refund_amount"]) == ("refund", "11000.00")


def test_a_payment_is_refunded_in_parts(simulators):
    a_paid_qris(simulators)

    first = refund(simulators, "RF-1", amount=4_000)["transaction_status"]
    second = refund(simulators, "RF-2", amount=7_000)["transaction_status"]

    assert (first, second) == ("partial_refund", "refund")
    assert simulators.status()["refund_amount"] == "11000.00"
    assert [r["refund_amount"] for r in simulators.status()["refunds"]] == ["4000.00", "7000.00"]


def test_the_same_key_and_amount_is_the_same_refund(simulators):
    a_paid_qris(simulators)

    assert refund(simulators, amount=4_000) == refund(simulators, amount=4_000)
    assert simulators.status()["refund_amount"] == "4000.00"


@pytest.mark.parametrize(
    ("key", "amount", "code"),
    [
        pytest.param("RF-1", 5_000, "406", id="the key of another amount"),
        pytest.param("RF-2", 7_001, "414", id="more than is left"),
        pytest.param("RF-2", "7000", "400", id="an amount as text"),
    ],
)
def test_a_wrong_refund_is_refused(simulators, key, amount, code):
    a_paid_qris(simulators)
    refund(simulators, "RF-1", amount=4_000)

    assert refund(simulators, key, amount=amount)["status_code"] == code


def test_a_refund_key_lives_for_seven_days(simulators):
    a_paid_qris(simulators)
    refund(simulators, amount=4_000)
    simulators.advance(days=7, seconds=1)

    assert refund(simulators, amount=4_000)["status_code"] == "406"


@pytest.mark.parametrize(
    "prepare",
    [
        pytest.param(lambda s: (s.charge(), s.pay()), id="a virtual account"),
        pytest.param(lambda s: s.charge(payment_type="qris"), id="not paid"),
        pytest.param(lambda s: (a_paid_qris(s), s.advance(days=7, seconds=1)), id="a QR payment after a week"),
    ],
)
def test_what_cannot_be_refunded_is_412(simulators, prepare):
    prepare(simulators)

    assert refund(simulators, amount=1_000)["status_code"] == "412"


def test_a_refund_that_was_refused_comes_back_as_a_settlement(simulators):
    a_paid_qris(simulators)
    refund(simulators, amount=11_000)

    simulators.pay(status="settlement")

    assert "refund_amount" not in simulators.status()
    assert refund(simulators, "RF-2", amount=11_000)["transaction_status"] == "refund"


def test_the_older_refund_path_still_works(simulators):
    a_paid_qris(simulators)

    answer = simulators.midtrans("POST", "/v2/pay_1/refund/online/direct", json={"refund_key": "RF-1"}).json()

    assert answer["refund_amount"] == "11000.00"
