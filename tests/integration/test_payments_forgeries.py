"""Forged calls of Xendit and of a bank: whatever is wrong with them changes nothing, and nothing makes us fall over.

Midtrans' are in test_payments_webhook.py.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from infra.simulators.snap import CLIENT_KEY, INQUIRY, PAYMENT, rsa_sign
from lumbung.providers.snap_signature import issue_token
from lumbung.runtime import clock, deps, deps_payments
from payments import snap_webhook, xendit_webhook
from tests.integration.bank import Bank, Headers
from tests.integration.conftest import Reply
from tests.integration.faults import one_call_at_a_time, single_bytes
from tests.integration.office import office
from tests.integration.payments_world import SERVER_KEY, World, quick_world, serve_by, world

__all__ = ["office", "quick_world", "world"]

CALLBACK_TOKEN = "lumbung-local-callback-token"
Body = dict[str, Any]


def everything_stored() -> list[dict[str, Any]]:
    return sorted(deps.db().scan(deps.table("payments")), key=lambda item: item["pk"])


# -- Xendit

PAID: Body = {
    "created": "2026-10-05T02:10:47.000Z",
    "business_id": "5f27a14a9bf05c73dd040bc8",
    "event": "payment.capture",
    "data": {
        "payment_id": "py-1402feb0-bb79-47ae-9d1e-e69394d3949c",
        "reference_id": "pay_1",
        "payment_request_id": "pr-1102feb0-bb79-47ae-9d1e-e69394d3949c",
        "request_amount": 55_000,
        "captures": [{"capture_id": "cap-2502feb0", "capture_amount": 55_000}],
        "status": "SUCCEEDED",
    },
}


def xendit(world: World, body: str | bytes, token: str | None = CALLBACK_TOKEN, *, is_base64: bool = False) -> Reply:
    headers = {} if token is None else {"x-callback-token": token}
    path = "/v1/webhooks/payments/xendit"
    return world.webhook(body, at=xendit_webhook.handler, path=path, headers=headers, is_base64=is_base64)


WRONG_TOKENS: dict[str, str | None] = {
    "no token": None,
    "an empty token": "",
    "a space": " ",
    "a truncated token": CALLBACK_TOKEN[:-1],
    "a longer token": CALLBACK_TOKEN + "x",
    "a token in capitals": CALLBACK_TOKEN.upper(),
    "a token behind a space": " " + CALLBACK_TOKEN,
    "a token before a line break": CALLBACK_TOKEN + "\n",
    "the token twice": f"{CALLBACK_TOKEN},{CALLBACK_TOKEN}",
    "another account's token": "lumbung-other-callback-token",
    "an old token": "lumbung-local-callback-token-2019",
    "the API key": "xnd_development_lumbung-local",
    "Midtrans' key": SERVER_KEY,
    "a bearer": f"Bearer {CALLBACK_TOKEN}",
    "half a character": "\ud800",
    "another alphabet": "ｌ" + CALLBACK_TOKEN[1:],
    "null": "null",
}


def test_a_call_without_our_token_is_not_xendit_s(world: World, subtests: pytest.Subtests) -> None:
    for name, token in WRONG_TOKENS.items():
        with subtests.test(name):
            answer = xendit(world, json.dumps(PAID), token)

            assert (answer.status, answer.json["code"]) == (401, "signature_invalid")
            assert everything_stored() == []


def but(**changes: Any) -> str:
    """Return the notice with fields of its data changed; None leaves one out."""
    data = {name: value for name, value in (PAID["data"] | changes).items() if value is not None}
    return json.dumps(PAID | {"data": data})


MALFORMED: dict[str, str] = {
    "nothing": "",
    "a space": " ",
    "a list": json.dumps([PAID]),
    "a string": json.dumps(json.dumps(PAID)),
    "a number": "1" * 10_000,
    "half a document": json.dumps(PAID)[:-5],
    "two documents": json.dumps(PAID) * 2,
    "no number at all": json.dumps(PAID)[:-1] + ', "x": NaN}',
    "a form": "event=payment.capture&status=SUCCEEDED",
    "XML": "<x/>",
    "a deep well of lists": "[" * 30_000,
    "a deep well of objects": '{"a":' * 10_000,
    "half a megabyte": json.dumps(PAID | {"padding": "x" * 500_000}),
    "a null byte": json.dumps(PAID) + "\0",
    "half a surrogate in the open": json.dumps(PAID)[:-1] + ', "x": "\ud800"}',
    "the event twice": json.dumps(PAID)[:-1] + ', "event": "payment.failure"}',
    "the status twice": json.dumps(PAID).replace('"status"', '"status": "FAILED", "status"'),
    "no data": json.dumps({name: value for name, value in PAID.items() if name != "data"}),
    "data in a list": json.dumps(PAID | {"data": [PAID["data"]]}),
    "data as a text": json.dumps(PAID | {"data": json.dumps(PAID["data"])}),
    "no reference": but(reference_id=None),
    "a reference in an object": but(reference_id={"$ne": ""}),
    "an endless reference": but(reference_id="p" * 10_000),
    "a reference with a line break": but(reference_id="pay\n1"),
    "a reference that is a number": but(reference_id=1),
    "no status": but(status=None),
    "a status that is true": but(status=True),
    "no payment": but(payment_id=None),
    "no request": but(payment_request_id=None),
    "an event that is a number": json.dumps(PAID | {"event": 1}),
    "neither event nor invoice": json.dumps({"id": "1"}),
    "an invoice without a status": json.dumps({"id": "1", "external_id": "pay_1"}),
    "an invoice of nobody": json.dumps({"id": "1", "status": "PAID"}),
    "a refund of nobody": json.dumps({"event": "refund.succeeded", "data": {"id": "rfd-1", "status": "SUCCEEDED"}}),
    "a refund whose payment is a list": json.dumps(
        {"event": "refund.succeeded", "data": {"id": "r", "status": "SUCCEEDED", "metadata": {"payment_id": ["p"]}}}
    ),
}


def test_what_cannot_be_read_is_malformed_even_with_our_token(world: World, subtests: pytest.Subtests) -> None:
    for name, body in MALFORMED.items():
        with subtests.test(name):
            answer = xendit(world, body)

            assert (answer.status, answer.json["code"]) == (400, "invalid_request")
            assert xendit(world, body, "wrong").status == 401, "who it is comes before what it says"
            assert everything_stored() == []


def test_a_body_that_lies_about_its_encoding_is_malformed(world: World) -> None:
    path = "/v1/webhooks/payments/xendit"
    for body in ("this is no base64!", json.dumps(PAID), "%%%=", "é", "/w=="):
        event = {
            "rawPath": path,
            "headers": {"x-callback-token": CALLBACK_TOKEN},
            "requestContext": {"requestId": "r", "timeEpoch": int(clock.now().timestamp() * 1000)},
            "body": body,
            "isBase64Encoded": True,
        }
        assert Reply(xendit_webhook.handler(event, None)).status == 400, body
    assert everything_stored() == []


@pytest.fixture
def paying(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[World, Body]:
    return a_pending_payment(world, monkeypatch)


@pytest.fixture
def quickly_paying(quick_world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[World, Body]:
    return a_pending_payment(quick_world, monkeypatch)


def a_pending_payment(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[World, Body]:
    """Make an order whose payment is pending at a Xendit that says so; return what it would say were it paid."""
    monkeypatch.setattr(deps_payments, "xendit", lambda: world.midtrans)
    monkeypatch.setattr(world.midtrans, "name", "xendit")
    serve_by(monkeypatch, "virtual_account=xendit; qris=xendit")
    payment = world.pay(world.office.order(world.office.wave()).json["id"]).json
    return world, PAID | {"data": PAID["data"] | {"reference_id": payment["id"]}}


CHANGED: dict[str, Callable[[Body], Body]] = {
    "paid, which it is not": lambda data: data,
    "another amount": lambda data: data | {"request_amount": 1, "captures": [{"capture_amount": 1}]},
    "an amount as a text": lambda data: data | {"request_amount": "55000.00"},
    "failed": lambda data: data | {"status": "FAILED"},
    "a status nobody knows": lambda data: data | {"status": "BLUE"},
    "another order's payment": lambda data: data | {"reference_id": "pay_somebodyelses"},
    "another request": lambda data: data | {"payment_request_id": "pr-other"},
}


def test_whoever_has_seen_the_token_can_still_move_no_money(
    paying: tuple[World, Body], subtests: pytest.Subtests
) -> None:
    world, body = paying

    for name, change in CHANGED.items():
        with subtests.test(name):
            assert xendit(world, json.dumps(body | {"data": change(body["data"])})).status == 200
            world.drain()

            assert world.items("TRANSFER") == []
            assert {item["status"] for item in world.items("PAYMENT")} == {"pending"}


def test_a_refund_that_never_was_gives_nothing_back(paying: tuple[World, Body]) -> None:
    world, body = paying
    payment = body["data"]["reference_id"]
    world.midtrans.truths[payment].be("settlement", clock.now())
    xendit(world, json.dumps(body))
    world.drain()
    forged = {"id": "rfd-1", "status": "SUCCEEDED", "amount": 55_000, "metadata": {"payment_id": payment}}

    assert xendit(world, json.dumps({"event": "refund.succeeded", "data": {"data": forged}})).status == 200
    world.drain()

    assert len(world.items("TRANSFER")) == 1
    assert world.payment(payment).status == "settled"


def test_the_same_notice_fifty_times_at_once_is_one_event_and_one_transfer(paying: tuple[World, Body]) -> None:
    world, body = paying
    world.midtrans.truths[body["data"]["reference_id"]].be("settlement", clock.now())
    xendit(world, "{}")  # collaborators are made once

    with one_call_at_a_time(), ThreadPoolExecutor(8) as pool:
        answers = [reply.json["status"] for reply in pool.map(lambda _: xendit(world, json.dumps(body)), range(50))]
    world.drain()

    assert answers.count("stored") <= 2, "news once, and once more because it is not what we hold for true"
    assert len(world.items("TRANSFER")) == 1


def test_told_fifty_times_in_different_words_it_is_one_transfer(paying: tuple[World, Body]) -> None:
    world, body = paying
    world.midtrans.truths[body["data"]["reference_id"]].be("settlement", clock.now())

    for n in range(50):
        assert (
            xendit(world, json.dumps(body | {"created": f"2026-10-05T02:{n:02d}:00.000Z"}, indent=n % 3)).status == 200
        )
    world.drain()

    assert len(world.items("TRANSFER")) == 1
    assert len(world.items("EVENT")) <= 2, "the time of a delivery makes no news"


def test_no_fault_of_a_single_byte_moves_money_or_makes_xendit_s_webhook_fall_over(
    quickly_paying: tuple[World, Body],
) -> None:
    world, body = quickly_paying

    for flipped in single_bytes(json.dumps(body).encode(), seed=20200411):
        assert xendit(world, flipped, is_base64=True).status in (200, 400)
    for flipped in single_bytes(CALLBACK_TOKEN.encode(), seed=20200412):
        assert xendit(world, json.dumps(body), flipped.decode("latin-1")).status == 401
    world.drain()

    assert world.items("TRANSFER") == []
    assert {item["status"] for item in world.items("PAYMENT")} == {"pending"}


# -- a bank


@pytest.fixture
def bank(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bank]:
    serve_by(monkeypatch, "virtual_account=snap")
    yield Bank(world)


@pytest.fixture
def account(bank: Bank) -> str:
    order = bank.world.office.order(bank.world.office.wave()).json["id"]
    bank.token()
    return str(bank.world.pay(order).json["instructions"]["va_number"])


def without(headers: Headers, name: str) -> Headers:
    return {key: value for key, value in headers.items() if key != name}


def replaced(name: str, change: Callable[[str], str]) -> Callable[[Bank, Headers], Headers]:
    return lambda bank, headers: headers | {name: change(headers[name])}


FORGED_HEADERS: dict[str, tuple[str, Callable[[Bank, Headers], Headers]]] = {
    "no token": ("4012501", lambda bank, headers: without(headers, "authorization")),
    "an empty token": ("4012501", replaced("authorization", lambda _: "")),
    "a bearer of nothing": ("4012501", replaced("authorization", lambda _: "Bearer ")),
    "a truncated token": ("4012501", replaced("authorization", lambda value: value[:-1])),
    "a longer token": ("4012501", replaced("authorization", lambda value: value + "A")),
    "a token in capitals": ("4012501", replaced("authorization", str.upper)),
    "a token without its scheme": ("4012501", replaced("authorization", lambda value: value[7:])),
    "Basic instead of Bearer": ("4012501", replaced("authorization", lambda value: value.replace("Bearer", "Basic"))),
    "somebody else's token": ("4012501", replaced("authorization", lambda _: "Bearer dummyAccessToken0001")),
    "a token of another client": (
        "4012501",
        lambda bank, headers: (
            headers | {"authorization": f"Bearer {issue_token('other', 'lumbung-local-snap-tokens', now=clock.now())}"}
        ),
    ),
    "a token sealed with nothing": (
        "4012501",
        lambda bank, headers: headers | {"authorization": f"Bearer {issue_token(CLIENT_KEY, '', now=clock.now())}"},
    ),
    "Xendit's token": ("4012501", replaced("authorization", lambda _: f"Bearer {CALLBACK_TOKEN}")),
    "no signature": ("4012500", lambda bank, headers: without(headers, "x-signature")),
    "an empty signature": ("4012500", replaced("x-signature", lambda _: "")),
    "a truncated signature": ("4012500", replaced("x-signature", lambda value: value[:-1])),
    "a longer signature": ("4012500", replaced("x-signature", lambda value: value + "=")),
    "a signature in the wrong case": ("4012500", replaced("x-signature", str.swapcase)),
    "a signature behind a space": ("4012500", replaced("x-signature", lambda value: " " + value)),
    "a signature in another alphabet": ("4012500", replaced("x-signature", lambda value: "ｘ" + value[1:])),
    "half a character": ("4012500", replaced("x-signature", lambda _: "\ud800")),
    "the secret itself": ("4012500", replaced("x-signature", lambda _: "lumbung-local-snap-secret")),
    "another time": ("4012500", replaced("x-timestamp", lambda value: value.replace("2020", "2021"))),
    "the same time written otherwise": ("4012500", replaced("x-timestamp", lambda value: value.replace("+00:00", "Z"))),
    "no time": ("4002502", lambda bank, headers: without(headers, "x-timestamp")),
    "no number": ("4002502", lambda bank, headers: without(headers, "x-external-id")),
    "a number that is none": ("4002501", replaced("x-external-id", lambda _: "abc")),
}


def test_a_call_that_does_not_prove_the_bank_is_refused(bank: Bank, account: str, subtests: pytest.Subtests) -> None:
    raw, before = json.dumps(bank.paid(account, 55_000)), everything_stored()

    for name, (code, forge) in FORGED_HEADERS.items():
        with subtests.test(name):
            answer = bank.send(PAYMENT, raw, forge(bank, bank.headers(PAYMENT, raw)))

            assert (answer.json["responseCode"], answer.status) == (code, int(code[:3]))
            assert everything_stored() == before


SIGNED_OTHERWISE: dict[str, dict[str, str]] = {
    "another bank's secret": {"secret": "dummy-snap-client-secret-0001"},
    "an empty secret": {"secret": ""},
    "the old secret": {"secret": "lumbung-local-snap-secret-2019"},
    "Midtrans' key": {"secret": SERVER_KEY},
    "another service": {"signed_path": INQUIRY},
    "another path": {"signed_path": "/v1.0/transfer-va/payment/"},
    "with a query": {"signed_path": PAYMENT + "?x=1"},
}


def test_a_signature_over_something_else_is_refused(bank: Bank, account: str, subtests: pytest.Subtests) -> None:
    before = everything_stored()

    for name, otherwise in SIGNED_OTHERWISE.items():
        with subtests.test(name):
            answer = bank.pay(account, **otherwise)

            assert (answer.status, answer.json["responseCode"]) == (401, "4012500")
            assert everything_stored() == before


REWRITTEN: dict[str, Callable[[Body], str]] = {
    "another amount": lambda body: json.dumps(body | {"paidAmount": {"value": "1.00", "currency": "IDR"}}),
    "the amount spelt otherwise": lambda body: json.dumps(body).replace("55000.00", "55000.0"),
    "another account": lambda body: json.dumps(body).replace("   12345", "   12346"),
    "another request": lambda body: json.dumps(body | {"paymentRequestId": "2"}),
    "its fields in another order": lambda body: json.dumps(dict(reversed(body.items()))),
    "a field more": lambda body: json.dumps(body | {"x": "1"}),
    "a field twice": lambda body: json.dumps(body)[:-1] + ', "paymentRequestId": "2"}',
    "spaces within a text": lambda body: json.dumps(body).replace("   12345", "    12345"),
    "its letters escaped": lambda body: json.dumps(body).replace("IDR", "\\u0049DR"),
    "nothing": lambda body: "",
    "half of it": lambda body: json.dumps(body)[:-9],
}


def test_a_body_that_was_rewritten_under_its_signature_is_refused(
    bank: Bank, account: str, subtests: pytest.Subtests
) -> None:
    body = bank.paid(account, 55_000)
    headers, before = bank.headers(PAYMENT, json.dumps(body)), everything_stored()

    for name, rewrite in REWRITTEN.items():
        with subtests.test(name):
            answer = bank.send(PAYMENT, rewrite(body), headers)

            assert (answer.status, answer.json["responseCode"]) == (401, "4012500")
            assert everything_stored() == before


UNREADABLE = (
    "",
    "[]",
    "null",
    "{",
    "<x/>",
    '{"a": NaN}',
    "[" * 30_000,
    '{"x": "' + "x" * 70_000 + '"}',
    '{"a":1,"a":2}',
)


def test_what_the_bank_signed_and_nobody_can_read_is_a_bad_request(
    bank: Bank, account: str, subtests: pytest.Subtests
) -> None:
    before = everything_stored()

    for raw in UNREADABLE:
        with subtests.test(raw[:9]):
            answers = [bank.call(path, raw) for path in (INQUIRY, PAYMENT)]

            assert [answer.json["responseCode"] for answer in answers] == ["4002400", "4002500"]
            assert everything_stored() == before


def test_a_body_that_is_no_base64_after_all_is_a_bad_request(bank: Bank, account: str) -> None:
    event = {
        "rawPath": f"/v1/webhooks/payments/snap{PAYMENT}",
        "headers": bank.headers(PAYMENT, "x"),
        "requestContext": {"requestId": "r", "timeEpoch": int(clock.now().timestamp() * 1000)},
        "body": "no base64!",
        "isBase64Encoded": True,
    }
    assert Reply(snap_webhook.handler(event, None)).status == 400


FORGED_TOKEN_REQUESTS: dict[str, tuple[str, Callable[[Headers], Headers]]] = {
    "no client": ("4007302", lambda headers: without(headers, "x-client-key")),
    "no time": ("4007302", lambda headers: without(headers, "x-timestamp")),
    "no signature": ("4007302", lambda headers: without(headers, "x-signature")),
    "a time that is none": ("4007301", lambda headers: headers | {"x-timestamp": "today"}),
    "a time without a zone": ("4007301", lambda headers: headers | {"x-timestamp": "2020-04-07T10:00:00"}),
    "another client": ("4017300", lambda headers: headers | {"x-client-key": "other"}),
    "a client in capitals": ("4017300", lambda headers: headers | {"x-client-key": CLIENT_KEY.upper()}),
    "half a character": ("4017300", lambda headers: headers | {"x-client-key": "\ud800"}),
    "another time": ("4017300", lambda headers: headers | {"x-timestamp": "2020-04-08T10:00:00+07:00"}),
    "a truncated signature": ("4017300", lambda headers: headers | {"x-signature": headers["x-signature"][:-4]}),
    "no base64": ("4017300", lambda headers: headers | {"x-signature": "?"}),
    "a signature over another's name": (
        "4017300",
        lambda headers: headers | {"x-signature": rsa_sign(f"other|{headers['x-timestamp']}")},
    ),
}


def test_no_token_for_who_does_not_prove_itself(bank: Bank, subtests: pytest.Subtests) -> None:
    for name, (code, forge) in FORGED_TOKEN_REQUESTS.items():
        with subtests.test(name):
            answer = bank.ask_token(forge(bank.token_headers()))

            assert (answer.json["responseCode"], answer.status) == (code, int(code[:3]))
            assert "accessToken" not in answer.json


@pytest.mark.parametrize(
    ("body", "code"),
    [({"grantType": "password"}, "4007301"), ({"other": 1}, "4007302"), ([1], "4007300"), ("x", "4007300")],
)
def test_no_token_for_who_wants_something_else(bank: Bank, body: Any, code: str) -> None:
    assert bank.ask_token(body=body).json["responseCode"] == code


def test_no_fault_of_a_single_byte_moves_money_or_makes_the_bank_s_webhook_fall_over(bank: Bank, account: str) -> None:
    raw = json.dumps(bank.paid(account, 55_000), separators=(",", ":")).encode()  # no spaces but those that count
    headers = bank.headers(PAYMENT, raw.decode())
    before = everything_stored()

    for flipped in single_bytes(raw, seed=20200413):
        answer = bank.send(PAYMENT, flipped, headers, is_base64=True)
        assert (answer.status, answer.json["responseCode"]) == (401, "4012500"), flipped
    for name in ("authorization", "x-signature"):
        for flipped in single_bytes(headers[name].encode(), seed=20200414):
            assert bank.send(PAYMENT, raw, headers | {name: flipped.decode("latin-1")}, is_base64=True).status == 401

    assert everything_stored() == before


def test_no_fault_of_a_single_byte_gives_a_token(bank: Bank) -> None:
    headers = bank.token_headers()

    for flipped in single_bytes(headers["x-signature"].encode(), seed=20200415):
        assert bank.ask_token(headers | {"x-signature": flipped.decode("latin-1")}).status == 401
