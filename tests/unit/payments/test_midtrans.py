"""Midtrans as the documents describe it: published vectors and example messages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lumbung.domain.errors import InvalidState, ProviderUnavailable
from lumbung.domain.payment import Payment
from lumbung.providers.json_http import read_idr
from lumbung.providers.midtrans import charge_request, read_state
from lumbung.providers.midtrans_notice import is_signed, sign

KEY = "SB-Mid-server-DUMMYKEY000000000000"
NOW = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
PAID = {
    "transaction_time": "2026-10-05 09:00:01",
    "transaction_status": "settlement",
    "transaction_id": "57d5293c-e65f-4a29-95e4-5959c3fa335b",
    "status_code": "200",
    "payment_type": "bank_transfer",
    "order_id": "KOP-W202610-000123",
    "gross_amount": "265000.00",
    "fraud_status": "accept",
    "settlement_time": "2026-10-05 09:10:44",
    "va_numbers": [{"va_number": "812785002530231", "bank": "bca"}],
}


@pytest.mark.parametrize(
    ("order_id", "code", "amount", "key", "signature"),
    [
        (
            "KOP-W202610-000123",
            "200",
            "265000.00",
            KEY,
            (
                "39e3600b98ce00643931a679dc940cee71e3a17bd26daa13a449c068ff517066"
                "bdcad3cd45a7e708ddbccbaee207c29be2036b518d2ce2cd3cdd209c31481acb"
            ),
        ),
        (
            "KOP-W202610-000123",
            "201",
            "265000.00",
            KEY,
            (
                "5a84926dc520d34698ab15b9f5eb5f1f552b7811a1d23fe39c4ee013d6da107c"
                "dc09bec9c48dfef24537b32a389b20b52614f83050a201ace4ef5c80a5bfe2a7"
            ),
        ),
        (
            "KOP-W202610-000123",
            "202",
            "265000.00",
            KEY,
            (
                "2ae808649d8943cac0a0af4ae8adf61634daa20b10d2ce658660fdeae6feea7a"
                "8328bea34921dc2838083841428fa0326895ecd1c9f6d0c6c623424935e91309"
            ),
        ),
        (
            "KOP-W202610-000124",
            "200",
            "11000.00",
            KEY,
            (
                "a7c88bc7067a27b109a6a80992ae42378fcd9c5f3a668b063cab42326dbe7d96"
                "be527807de61e99784fb02975d7c4277689c8b2a1fef5c85e660a9480d511d34"
            ),
        ),
        (
            "1111",
            "200",
            "100000.00",
            "askvnoibnosifnboseofinbofinfgbiufglnbfg",
            (
                "edc076b21793ebe3e17926350f5b8ae67d902fe657b3d0aa31b932d5c127e237"
                "5d308a2bc94f3265ac2d80a1f181a79b997ac178a236fcff35af263fc4d4c231"
            ),
        ),
    ],
    ids=["settlement", "pending", "expire, cancel and deny alike", "qris", "the documents' own inputs"],
)
def test_the_signature_is_the_vectors(order_id: str, code: str, amount: str, key: str, signature: str) -> None:
    assert sign([order_id, code, amount], key) == signature
    assert is_signed([order_id, code, amount], signature, ("another", key))
    assert not is_signed([order_id, code, amount], signature, ("another",))
    assert not is_signed([order_id, code, amount], signature, ())


def test_an_amount_written_otherwise_is_another_signature() -> None:
    assert sign(["KOP-W202610-000123", "200", "265000"], KEY).startswith("bf996046d1034e08")
    good = sign(["KOP-W202610-000123", "200", "265000.00"], KEY)
    assert not is_signed(["KOP-W202610-000123", "200", "265000"], good, (KEY,))


def test_a_settled_answer_is_read_whole() -> None:
    state = read_state(PAID)

    assert (state.status, state.amount, state.reference) == ("settled", 265_000, PAID["transaction_id"])
    assert state.settled_at == datetime(2026, 10, 5, 2, 10, 44, tzinfo=UTC)
    assert state.instructions == {"bank": "bca", "va_number": "812785002530231"}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"transaction_status": "SETTLEMENT"}, "settled"),
        ({"transaction_status": "capture"}, "settled"),
        ({"transaction_status": "capture", "fraud_status": "challenge"}, "pending"),
        ({"fraud_status": "deny"}, "pending"),
        ({"fraud_status": None}, "settled"),
        ({"status_code": "201"}, "unknown"),
        ({"transaction_status": "pending"}, "pending"),
        ({"transaction_status": "authorize"}, "pending"),
        ({"transaction_status": "deny"}, "failed"),
        ({"transaction_status": "failure"}, "failed"),
        ({"transaction_status": "cancel"}, "cancelled"),
        ({"transaction_status": "expire", "status_code": "407"}, "expired"),
        ({"transaction_status": "chargeback"}, "charged_back"),
        ({"transaction_status": "partial_chargeback"}, "unknown"),
        ({"transaction_status": "something_new"}, "unknown"),
        ({"transaction_status": None}, "unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else ", ".join(f"{k}={v}" for k, v in value.items()),
)
def test_only_what_says_paid_three_times_is_paid(changes: dict[str, Any], status: str) -> None:
    assert read_state(PAID | changes).status == status


def test_refunds_are_told_one_by_one_or_by_their_sum() -> None:
    refunds = [{"refund_key": "ref_a", "refund_amount": "4000.00"}, {"refund_key": "ref_b", "refund_amount": "1000.00"}]

    listed = read_state(PAID | {"transaction_status": "partial_refund", "refunds": refunds})
    summed = read_state(PAID | {"transaction_status": "partial_refund", "refund_amount": "5000.00"})

    assert listed.returned == {"ref_a": 4_000, "ref_b": 1_000}
    assert sum(summed.returned.values()) == 5_000


@pytest.mark.parametrize("text", ["265000.50", "2.65e5", "-1", "", None, True, "1,000", "265000.000", "٣", "1" * 40])
def test_an_amount_that_is_not_whole_rupiah_is_not_guessed_at(text: Any) -> None:
    with pytest.raises(ProviderUnavailable):
        read_idr(text)


@pytest.mark.parametrize("text", ["265000", "265000.0", "265000.00", 265000])
def test_whole_rupiah_are_read_exactly(text: Any) -> None:
    assert read_idr(text) == 265_000


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"permata_va_number": "8562"}, {"bank": "permata", "va_number": "8562"}),
        (
            {"bill_key": "778347787706", "biller_code": "70012"},
            {"bank": "mandiri", "va_number": "70012778347787706", "biller_code": "70012", "bill_key": "778347787706"},
        ),
        ({"qr_string": "0002"}, {"qr_string": "0002"}),
        (
            {
                "actions": [
                    {"name": "generate-qr-code", "method": "GET", "url": "https://api/qr"},
                    {"name": "deeplink-redirect", "method": "GET", "url": "https://app/pay"},
                    {"name": "cancel", "method": "POST", "url": "https://api/cancel"},
                ]
            },
            {"deeplink_url": "https://app/pay", "qr_url": "https://api/qr"},
        ),
        ({"actions": [{"name": "generate-qr-code", "url": "https://api/qr"}]}, {"qr_url": "https://api/qr"}),
        ({"actions": []}, {}),
        ({"actions": [None, {"name": 1, "url": 2}]}, {}),
        ({"va_numbers": []}, {}),
    ],
    ids=[
        "Permata",
        "Mandiri's bill",
        "QRIS",
        "GoPay",
        "QRIS without its text",
        "no action",
        "odd actions",
        "no account",
    ],
)
def test_each_way_of_paying_is_told_in_its_own_words(answer: dict[str, Any], told: dict[str, str]) -> None:
    without_va = {name: value for name, value in PAID.items() if name != "va_numbers"}

    assert read_state(without_va | answer).instructions == told


def a_payment(**changes: Any) -> Payment:
    payment = Payment(
        "pay_1", "ord_1", "wav_1", "drp_1", "midtrans", "virtual_account", 265_000, NOW,
        bank="bca", expires_at=NOW + timedelta(hours=2),
    )  # fmt: skip
    return replace(payment, **changes)


def test_a_charge_names_our_payment_its_amount_and_until_when() -> None:
    assert charge_request(a_payment(), now=NOW) == {
        "payment_type": "bank_transfer",
        "bank_transfer": {"bank": "bca"},
        "transaction_details": {"order_id": "pay_1", "gross_amount": 265_000},
        "custom_expiry": {"order_time": "2026-10-05 09:00:00 +0700", "expiry_duration": 7_200, "unit": "second"},
    }


def test_mandiri_is_a_bill_and_qris_has_an_acquirer() -> None:
    bill = charge_request(a_payment(bank="mandiri"), now=NOW)
    qris = charge_request(a_payment(bank=None, method="qris"), now=NOW)

    assert (bill["payment_type"], set(bill["echannel"])) == ("echannel", {"bill_info1", "bill_info2"})
    assert (qris["payment_type"], qris["qris"]) == ("qris", {"acquirer": "gopay"})


def test_gopay_needs_no_more_than_its_name() -> None:
    gopay = charge_request(a_payment(bank=None, method="gopay"), now=NOW)

    assert gopay["payment_type"] == "gopay"
    assert set(gopay) == {"payment_type", "transaction_details", "custom_expiry"}


def test_what_can_hardly_be_paid_any_more_is_not_charged() -> None:
    with pytest.raises(InvalidState):
        charge_request(a_payment(), now=NOW + timedelta(hours=2) - timedelta(seconds=19))
