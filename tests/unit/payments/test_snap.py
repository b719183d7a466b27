"""SNAP as the documents describe it: signatures, tokens and messages, with the published vectors."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lumbung.domain.bill import ACCEPTED, LAPSED, PAID, UNKNOWN, WRONG_AMOUNT, Bill
from lumbung.providers import snap_token
from lumbung.providers.snap_messages import (
    INQUIRY,
    PAYMENT,
    SnapRefused,
    answer_to_inquiry,
    answer_to_payment,
    external_id,
    read_call,
)
from lumbung.providers.snap_signature import holder, is_signed, issue_token, minify, sign, string_to_sign

TEST_KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuIaZflPMtmhP8/jexcG+U2Khumxozb8vPqG0151+ga0RD+ju"
    "cs1BPq2V6bUDnnvorUIOSVq5rBh1xb8FULNjO9/PF+rM/5PfpSbls4WZOojGzGOzhUwtJVLr0p6f8nEoWdGkoVoqf2Q1"
    "XnmRbE/Vu07wwJ5meWmRuK+yZ8XIgjProNlcLOmr+MzoxlFAZAJYLImx/scnIXl9f457Lu5abALsaZRMI6HcM4yrc/6d"
    "1pK+36y+HOGFSimiW+qRIK+E9vtCVkH31pP5KCrkpE1uLeKgGKkzeQBhARGx1vhUaj/YNmFZsRv8M0tl/5I2ewacZB/v"
    "ltH/m1vDkgpdlWdquwIDAQAB"
)
TOKEN_SIGNATURE = (
    "GRhiZZyMZtdVNIsjfZHq3WkS6qgcijrJIMAF5/EoAVRTMBkhxEKDp76l/dFZAq5QNpc2x0tD1QSYv7OMQDp1ZyfYFxPu"
    "5b1NXG5Cu2lR8zt6/1fJKW8rVHOqr/oeDN1EvqsIP3Rc/MrgdhZtefMeAbnEUZWzowdQ6m+Auu8cMXr78n2KLD1Hy5HB"
    "PEY1L+u7/+OdwyHl/TtuaqV7IhGVmesDHKtkx/DWAdguP38XBFkIaU9Uyvc7V3IJgG+ecaZS3GuQ5kwNm+avH4gHQ7ew"
    "JEgIP+i0pZ2ouPRwfka8ke818F8RnFcd39LXCGZgvBEwE8v7uVoSRNXx6bkUm1WeoA=="
)
NOTIFY_SIGNATURE = (
    "OKhf642BGgKDSjm2nwyFTLPy9bkt1ZW6v4plup3dlxMRC6It0V8gASql/u54SupU4my8FLNWhrvsyEJ9Jy9qcOcIDf1c"
    "oSBPbHaLIiqMXSks0K7WVJIVi4ei8+zVaXbgrvZxiK4ZI9mQL9+tyS4E9LjwXiUXQaWOu6zbceIyRcQ+CsoFMezdIGSy"
    "UmfTpeBJelcaOalrbaUUR0DkHCgLFOztpzGVjMwOV62fBzLHHQoIJS7ya2dy4WR1u0AxN+o/AWxWPAZkjYFIWY+pjTnt"
    "m2WEQWdfDDt8jJGeHBTIhMb5hTJ/t3fXHf+XG2/GAscp5al8gkKDV6xaRWc3xX44vQ=="
)
PUBLISHED_KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAlWbtlh3eM+bW3n5AFj42wddC4L7tQqbLiCFbTv8K67yng9iw"
    "K5mEn+UMXiRhvB2JVWFafCPPxFamsiVG3MjneGjC0BYgmpmw4qXnAnyO3nCdCuPtmZ3ljhKvSTPdWZxrcLi1Xa9V/+Pz"
    "b8hrjb5iwMn6SZFNeMmZYgFKiSeueo6TPln2PoTqXCzs1HtsM8eUVe8GAsjJe/3dYl992nyXOpG21GgNu8o5T3WOptPg"
    "6GdDTWkTWUu483yRbVVy04Pz4L8DDZTDv+WcsAViDn1rA/jB1Auj/UGKx2ovGcBH/a/hor5TbABbODU6cPTHT54K3sSZ"
    "tvZNV4eFDB1f/4wdfwIDAQAB"
)
PUBLISHED_SIGNATURE = (
    "iv5YorKVVFOFS59l0HChDvPe+HeoE/jY5CfVgCg5i16nj5/DVnKg49ilkv8PyeU7y38apHhgO+cUrvkfUs5BhDD69yLn"
    "7xp8hzN9RcR0UDy5+nCrQ3GGCVSzZJvlEXN+TB0j4Q6pMsjrq4+YRoyDa4mTlsjJTU9aGjLRFBYgY4MyMQ5x11JyLnoF"
    "wbS8TJ5e/q4mUozrp49VyHe7OQSFnJNwvMSFrDyAIxoOK0IZQIlY29PaDIFcWoR+RJAY42H2FryjJcPpNfeercbkj9js"
    "BLV3wmEKiNoN6lgFFLk5QicDnAAQzL45s92EYeCqDNuTTJOydaJbUqEo1d/ZPVNBtQ=="
)
NOW = datetime(2026, 10, 5, 2, 0, 1, tzinfo=UTC)
SECRET, TOKEN, TIMESTAMP = "dummy-snap-client-secret-0001", "dummyAccessToken0001", "2026-10-05T09:00:01+07:00"
ACCOUNT = {"partnerServiceId": "   12345", "customerNo": "000000000123", "virtualAccountNo": "   12345000000000123"}
ASKED: dict[str, Any] = ACCOUNT | {
    "trxDateInit": "2026-10-05T09:00:00+07:00",
    "channelCode": 6011,
    "amount": {"value": "265000.00", "currency": "IDR"},
    "inquiryRequestId": "202610050900001234500000001",
    "additionalInfo": {},
}
TOLD: dict[str, Any] = ACCOUNT | {
    "virtualAccountName": "Siti Aminah",
    "paymentRequestId": "202610050900001234500000001",
    "paidAmount": {"value": "265000.00", "currency": "IDR"},
    "totalAmount": {"value": "265000.00", "currency": "IDR"},
    "trxDateTime": "2026-10-05T09:00:40+07:00",
    "referenceNo": "00112233445",
}
NOTIFIED = (
    '{"originalReferenceNo":"A120261005090000000001","originalPartnerReferenceNo":"KOP-W202610-000123",'
    '"latestTransactionStatus":"00","transactionStatusDesc":"success","amount":{"value":"265000.00","currency":"IDR"},'
    '"additionalInfo":{"merchantId":"M001234","paidTime":"2026-10-05T09:03:11+07:00"}}'
)


@pytest.mark.parametrize("indent", [None, 2], ids=["as one line", "pretty-printed"])
def test_an_inquiry_is_signed_as_the_vector(indent: int | None) -> None:
    body = json.dumps(ASKED, indent=indent).encode()

    text = string_to_sign("POST", "/v1.0/transfer-va/inquiry", TOKEN, body, TIMESTAMP)

    assert text == (
        "POST:/v1.0/transfer-va/inquiry:dummyAccessToken0001:"
        "622ce6f7064910851c1dbb225d1753ddc9065630e3ac6c793fefcabfc66b9b6d:2026-10-05T09:00:01+07:00"
    )
    assert sign(text, SECRET, "base64") == (
        "ocRGMo0sRIdqyCUTybrJBWoxOyMaetltzoua2PG4f7295eMETEhO3zS1JH7+rT1DGXCtc8hIQDTcTf1d4z9ECA=="
    )
    assert sign(text, SECRET, "hex") == (
        "a1c446328d2c44876ac82513c9bac9056a313b231a7ad96dce8b9ad8f1b87fbd"
        "bde5e3044c484edf34b5247efead3d431970ad73c8484034dc4dfd5de33f4408"
    )


def test_nothing_is_signed_as_the_empty_text_with_the_query() -> None:
    path = "/v1.0/transfer-va/report?partnerServiceId=12345&startDate=2026-10-05"

    text = string_to_sign("GET", path, TOKEN, b"", TIMESTAMP)

    assert "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" in text
    assert sign(text, SECRET, "base64") == (
        "uXwPJDkLkcWUqdgbnZT44rvrgneAMTom+8zedYjuXW/8pOMWnX3ho6H1g3FQc4TXVEDnIVWv+lBxu5GPNIhOzw=="
    )


def test_a_published_signature_is_reproduced() -> None:
    text = (
        "POST:/v1.0/debit/payment-host-to-host:gp9HjjEj813Y9JGoqwOeOPWbnt4CupvIJbU1Mmu4a11MNDZ7Sg5u9a:"
        "56fa5f4999ad8014de49d7898c1d1d53472569db8999de3c1b752a0dd181e98c:2020-01-01T00:00:00+07:00"
    )
    published = "FSlidRHe4ow9qppNifGVQNcdv67lBjgCiP0BHylh+IKXo4fs2rHaGsFNUY0N8t0rPlZs4iAHAOCDklnCccwuJw=="
    secret = "fdppqbF5wq7vVegyvsV1CROMv646nJ7A"

    assert sign(text, secret, "base64") == published
    assert is_signed([text], published, ("another", secret, ""), "base64")
    assert not is_signed([text], published, ("another", ""), "base64")
    assert not is_signed([text], published, (secret,), "hex")
    assert not is_signed([text + "x"], published, (secret,), "base64")
    assert not is_signed([text], "", ("",), "base64")


@pytest.mark.parametrize(
    ("text", "key", "signature"),
    [
        pytest.param(
            "KOPTEST-SNAP-0001|2026-10-05T09:00:00+07:00", TEST_KEY, TOKEN_SIGNATURE, id="a request for a token"
        ),
        pytest.param(
            "POST:/v1.0/qr/qr-mpm-notify:a7d5959622f7a5df17a5f44dd449d3cdf0f01b80f1dbcc82ec2a94c0957d2cc1:"
            "2026-10-05T09:03:15+07:00",
            TEST_KEY, NOTIFY_SIGNATURE, id="a notification without a token",
        ),
        pytest.param(
            "G1234325-SNAP|2023-07-31T07:10:00+07:00", PUBLISHED_KEY, PUBLISHED_SIGNATURE, id="Midtrans' published"
        ),
    ],
)  # fmt: skip
def test_rsa_signatures_are_the_vectors(text: str, key: str, signature: str) -> None:
    armoured = f"-----BEGIN PUBLIC KEY-----\n{key[:64]}\n{key[64:]}\n-----END PUBLIC KEY-----\n"
    other = PUBLISHED_KEY if key == TEST_KEY else TEST_KEY

    assert snap_token.is_signed(text, signature, (key,))
    assert snap_token.is_signed(text, signature, (other, armoured))
    assert not snap_token.is_signed(text + "x", signature, (key,))
    assert not snap_token.is_signed(text, signature, (other,))
    assert not snap_token.is_signed(text, signature[:-4], (key,))
    assert not snap_token.is_signed(text, "no base64", (key,))
    assert not snap_token.is_signed(text, "", (key,))


def test_a_notification_s_body_has_the_vector_s_hash() -> None:
    text = string_to_sign("POST", "/v1.0/qr/qr-mpm-notify", "t", NOTIFIED.encode(), "2026-10-05T09:03:15+07:00")

    assert "a7d5959622f7a5df17a5f44dd449d3cdf0f01b80f1dbcc82ec2a94c0957d2cc1" in text


@pytest.mark.parametrize(
    ("raw", "minified"),
    [
        (b'{ "a" : 1 ,\r\n\t"b": "x  y" }', b'{"a":1,"b":"x  y"}'),
        (b'{"a": "q\\" : \\\\", "b": 1.0}', b'{"a":"q\\" : \\\\","b":1.0}'),
        (b'{"a": "open', b'{"a":"open'),
        (b'"\\" "  "a b"', b'"\\" ""a b"'),
        (b"", b""),
        (b"\xff \xfe", b"\xff\xfe"),
    ],
)
def test_only_whitespace_between_the_parts_is_left_out(raw: bytes, minified: bytes) -> None:
    assert minify(raw) == minified


def test_a_token_is_good_for_a_quarter_hour() -> None:
    token = issue_token("bank", "secret", now=NOW)

    assert holder(token, ("new", "secret"), now=NOW + timedelta(seconds=899)) == "bank"
    assert holder(token, ("secret",), now=NOW + timedelta(seconds=900)) is None
    assert holder(token, ("another", ""), now=NOW) is None


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda token: "", id="none"),
        pytest.param(lambda token: "dummyAccessToken0001", id="another's"),
        pytest.param(lambda token: token[:-1], id="the end is missing"),
        pytest.param(lambda token: token.upper(), id="in capitals"),
        pytest.param(lambda token: token.partition(".")[0] + ".", id="no seal"),
        pytest.param(lambda token: "." + token.partition(".")[2], id="a seal on nothing"),
        pytest.param(lambda token: "x" + token, id="something before it"),
        pytest.param(lambda token: token + "=", id="something behind it"),
        pytest.param(lambda token: token.replace(".", "=."), id="written otherwise"),
        pytest.param(lambda token: "ｔ" + token[1:], id="another alphabet"),
        pytest.param(lambda token: "\ud800", id="half a character"),
    ],
)
def test_a_token_that_we_did_not_give_is_nobody_s(spoil: Any) -> None:
    assert holder(spoil(issue_token("bank", "secret", now=NOW)), ("secret",), now=NOW) is None


# -- messages


def test_an_inquiry_is_read() -> None:
    asked = read_call(json.dumps(ASKED).encode(), INQUIRY)

    assert (asked.number, asked.request_id, asked.paid) == (
        "   12345000000000123", "202610050900001234500000001", None,
    )  # fmt: skip


def test_a_payment_is_read_with_its_own_time() -> None:
    told = read_call(json.dumps(TOLD).encode(), PAYMENT)

    assert (told.paid, told.paid_at) == (265_000, datetime(2026, 10, 5, 2, 0, 40, tzinfo=UTC))


@pytest.mark.parametrize(
    ("changes", "case", "field"),
    [
        ({"customerNo": None}, "02", "customerNo"),
        ({"customerNo": ""}, "02", "customerNo"),
        ({"customerNo": "12a"}, "01", "customerNo"),
        ({"customerNo": 123}, "01", "customerNo"),
        ({"customerNo": "1" * 21}, "01", "customerNo"),
        ({"customerNo": "١٢٣"}, "01", "customerNo"),
        ({"partnerServiceId": None}, "02", "partnerServiceId"),
        ({"partnerServiceId": "12345"}, "01", "partnerServiceId"),
        ({"partnerServiceId": "12345   "}, "01", "partnerServiceId"),
        ({"virtualAccountNo": None}, "02", "virtualAccountNo"),
        ({"virtualAccountNo": "12345000000000123"}, "01", "virtualAccountNo"),
        ({"virtualAccountNo": "   12345000000000124"}, "01", "virtualAccountNo"),
        ({"paymentRequestId": None}, "02", "paymentRequestId"),
        ({"paymentRequestId": "x" * 129}, "01", "paymentRequestId"),
        ({"paymentRequestId": "a\nb"}, "01", "paymentRequestId"),
        ({"paymentRequestId": ["x"]}, "01", "paymentRequestId"),
        ({"paidAmount": None}, "02", "paidAmount"),
        ({"paidAmount": "265000.00"}, "01", "paidAmount"),
        ({"paidAmount": 265000}, "01", "paidAmount"),
        ({"paidAmount": {"value": 265000, "currency": "IDR"}}, "01", "paidAmount"),
        ({"paidAmount": {"value": "265000", "currency": "IDR"}}, "01", "paidAmount"),
        ({"paidAmount": {"value": "265000.0", "currency": "IDR"}}, "01", "paidAmount"),
        ({"paidAmount": {"value": "-265000.00", "currency": "IDR"}}, "01", "paidAmount"),
        ({"paidAmount": {"value": "265,000.00", "currency": "IDR"}}, "01", "paidAmount"),
        ({"paidAmount": {"value": "265000.00", "currency": "USD"}}, "01", "paidAmount"),
        ({"paidAmount": {"value": "265000.00"}}, "01", "paidAmount"),
        ({"trxDateTime": "2026-10-05 09:00"}, "01", "trxDateTime"),
        ({"trxDateTime": 20261005}, "01", "trxDateTime"),
    ],
    ids=lambda value: json.dumps(value, ensure_ascii=False)[:60] if isinstance(value, dict) else value,
)
def test_the_first_field_that_is_wrong_is_named(changes: dict[str, Any], case: str, field: str) -> None:
    fields = {name: value for name, value in (TOLD | changes).items() if value is not None}

    with pytest.raises(SnapRefused) as refused:
        read_call(json.dumps(fields).encode(), PAYMENT)

    assert (refused.value.status, refused.value.case) == (400, case)
    assert refused.value.detail.endswith(f"{{{field}}}")


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'{"a":1,"a":2}', b"\xff", b"x" * 70_000])
def test_what_cannot_be_read_is_a_bad_request(raw: bytes) -> None:
    with pytest.raises(SnapRefused) as refused:
        read_call(raw, INQUIRY)
    assert (refused.value.status, refused.value.case, refused.value.detail) == (400, "00", "Bad Request")


def test_real_cents_are_no_amount_of_ours() -> None:
    cents = TOLD | {"paidAmount": {"value": "265000.50", "currency": "IDR"}}

    assert read_call(json.dumps(cents).encode(), PAYMENT).paid == -1


@pytest.mark.parametrize(("number", "case"), [(None, "02"), ("", "02"), ("12-3", "01"), ("1" * 37, "01")])
def test_the_number_of_a_call_is_digits(number: str | None, case: str) -> None:
    with pytest.raises(SnapRefused) as refused:
        external_id({"x-external-id": number} if number is not None else {})
    assert refused.value.case == case


def test_an_inquiry_is_answered_with_what_is_owed() -> None:
    bill = Bill("   12345", "000000000123", "pay_1", 265_000, NOW + timedelta(hours=1))

    status, body = answer_to_inquiry(read_call(json.dumps(ASKED).encode(), INQUIRY), ACCEPTED, bill)

    data = body["virtualAccountData"]
    assert (status, body["responseCode"], body["responseMessage"]) == (200, "2002400", "Successful")
    assert {name: data[name] for name in ACCOUNT} == ACCOUNT
    assert (data["inquiryStatus"], data["virtualAccountTrxType"]) == ("00", "C")
    assert data["totalAmount"] == {"value": "265000.00", "currency": "IDR"}
    assert data["inquiryRequestId"] == ASKED["inquiryRequestId"]


@pytest.mark.parametrize(
    ("verdict", "code", "message"),
    [
        (UNKNOWN, "4042412", "Invalid Bill/Virtual Account [Not Found]"),
        (PAID, "4042414", "Paid Bill"),
        (LAPSED, "4042419", "Invalid Bill/Virtual Account"),
    ],
)
def test_an_inquiry_about_what_is_not_owed_is_answered_as_published(verdict: str, code: str, message: str) -> None:
    status, body = answer_to_inquiry(read_call(json.dumps(ASKED).encode(), INQUIRY), verdict, None)

    assert (status, body["responseCode"], body["responseMessage"]) == (404, code, message)
    assert body["virtualAccountData"]["inquiryStatus"] == "01"
    assert body["virtualAccountData"]["totalAmount"] == {"value": "0.00", "currency": "IDR"}


@pytest.mark.parametrize(
    ("verdict", "told_before", "status", "code", "flag"),
    [
        (ACCEPTED, False, 200, "2002500", "00"),
        (ACCEPTED, True, 404, "4042518", "00"),
        (WRONG_AMOUNT, False, 404, "4042513", "01"),
        (WRONG_AMOUNT, True, 404, "4042518", "01"),
        (PAID, False, 404, "4042514", "01"),
        (LAPSED, False, 404, "4042519", "01"),
        (UNKNOWN, False, 404, "4042512", "01"),
    ],
)
def test_a_payment_is_answered_as_published(verdict: str, told_before: bool, status: int, code: str, flag: str) -> None:
    told = read_call(json.dumps(TOLD).encode(), PAYMENT)

    answered, body = answer_to_payment(told, verdict, told_before=told_before)

    data = body["virtualAccountData"]
    assert (answered, body["responseCode"], data["paymentFlagStatus"]) == (status, code, flag)
    assert {name: data[name] for name in ACCOUNT} == ACCOUNT
    assert (data["paymentRequestId"], data["paidAmount"]) == (TOLD["paymentRequestId"], TOLD["paidAmount"])
    assert "Siti" not in json.dumps(body), "nobody's name is kept or repeated"
