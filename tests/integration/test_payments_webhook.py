"""The webhook: what is signed is stored and answered, anything else changes nothing, and nothing makes it fall over."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, EndpointConnectionError

from lumbung.providers.midtrans_notice import sign
from lumbung.runtime import clock, deps
from payments import snap_token_webhook, webhook, xendit_webhook
from tests.integration.conftest import ROOT, SESSION, Reply
from tests.integration.faults import one_call_at_a_time, seam, single_bytes
from tests.integration.office import a_member, office
from tests.integration.payments_world import SERVER_KEY, World, world

__all__ = ["office", "world"]

Notice = dict[str, Any]


def a_payment(world: World) -> str:
    order = world.office.order(world.office.wave()).json
    return str(world.pay(order["id"]).json["id"])


def signed_with(notice: Notice, key: str) -> str:
    return sign([notice["order_id"], notice["status_code"], notice["gross_amount"]], key)


def without(notice: Notice, name: str) -> str:
    return json.dumps({field: value for field, value in notice.items() if field != name})


def but(notice: Notice, **changes: Any) -> str:
    return json.dumps(notice | changes)


def twice(notice: Notice, name: str, value: str) -> str:
    return json.dumps(notice)[:-1] + f', "{name}": {json.dumps(value)}}}'


FORGERIES: list[tuple[str, int, Callable[[Notice], str]]] = [
    ("no signature", 401, lambda n: without(n, "signature_key")),
    ("an empty signature", 401, lambda n: but(n, signature_key="")),
    ("a truncated signature", 401, lambda n: but(n, signature_key=n["signature_key"][:-1])),
    ("a longer signature", 401, lambda n: but(n, signature_key=n["signature_key"] + "0")),
    ("an upper-case signature", 401, lambda n: but(n, signature_key=n["signature_key"].upper())),
    ("a signature with a space", 401, lambda n: but(n, signature_key=" " + n["signature_key"])),
    ("a signature of half a character", 401, lambda n: but(n, signature_key="\ud800")),
    ("a signature in another alphabet", 401, lambda n: but(n, signature_key="ａ" * 128)),
    ("a signature that is a number", 401, lambda n: but(n, signature_key=1)),
    ("a signature that is true", 401, lambda n: but(n, signature_key=True)),
    ("a signature in a list", 401, lambda n: but(n, signature_key=[n["signature_key"]])),
    ("no key at all", 401, lambda n: but(n, signature_key=signed_with(n, ""))),
    ("another merchant's key", 401, lambda n: but(n, signature_key=signed_with(n, "SB-Mid-server-other"))),
    ("the old key", 401, lambda n: but(n, signature_key=signed_with(n, "SB-Mid-server-lumbung-2019"))),
    ("another provider's token", 401, lambda n: but(n, signature_key="lumbung-local-callback-token")),
    ("the key itself", 401, lambda n: but(n, signature_key=SERVER_KEY)),
    ("another order", 401, lambda n: but(n, order_id="pay_somebodyelses")),
    ("another amount", 401, lambda n: but(n, gross_amount="1.00")),
    ("the amount without decimals", 401, lambda n: but(n, gross_amount="55000")),
    ("another status code", 401, lambda n: but(n, status_code="201")),
    ("the amount as a number", 400, lambda n: but(n, gross_amount=55000.00)),
    ("the amount as a whole number", 400, lambda n: but(n, gross_amount=55000)),
    ("the status code as a number", 400, lambda n: but(n, status_code=200)),
    ("no amount", 400, lambda n: without(n, "gross_amount")),
    ("no order", 400, lambda n: without(n, "order_id")),
    ("no status", 400, lambda n: without(n, "transaction_status")),
    ("a status that is nothing", 400, lambda n: but(n, transaction_status=None)),
    ("an order in an object", 400, lambda n: but(n, order_id={"$ne": ""})),
    ("an endless order", 400, lambda n: but(n, order_id="p" * 10_000)),
    ("an order with a line break", 400, lambda n: but(n, order_id="pay\nx")),
    ("the order twice", 400, lambda n: twice(n, "order_id", n["order_id"])),
    ("the status twice", 400, lambda n: twice(n, "transaction_status", "refund")),
    ("nothing", 400, lambda n: ""),
    ("a space", 400, lambda n: " "),
    ("a list", 400, lambda n: json.dumps([n])),
    ("a string", 400, lambda n: json.dumps(json.dumps(n))),
    ("a number", 400, lambda n: "1" * 10_000),
    ("half a document", 400, lambda n: json.dumps(n)[:-5]),
    ("two documents", 400, lambda n: json.dumps(n) * 2),
    ("no number at all", 400, lambda n: json.dumps(n)[:-1] + ', "x": NaN}'),
    ("a form", 400, lambda n: "&".join(f"{k}={v}" for k, v in n.items())),
    ("XML", 400, lambda n: "<x/>"),
    ("a deep well of lists", 400, lambda n: "[" * 30_000),
    ("a deep well of objects", 400, lambda n: '{"a":' * 10_000),
    ("half a megabyte", 400, lambda n: but(n, padding="x" * 500_000)),
    ("a null byte", 400, lambda n: json.dumps(n) + "\0"),
    ("half a surrogate in the open", 400, lambda n: json.dumps(n)[:-1] + ', "x": "\ud800"}'),
]


@pytest.mark.parametrize(("status", "forge"), [f[1:] for f in FORGERIES], ids=[f[0] for f in FORGERIES])
def test_a_forgery_is_refused_and_changes_nothing(world: World, status: int, forge: Callable[[Notice], str]) -> None:
    notice = world.notice("pay_1", "settlement", gross_amount="55000.00")
    notice["signature_key"] = signed_with(notice, SERVER_KEY)

    answer = world.webhook(forge(notice))

    assert answer.status == status
    assert answer.json["code"] == {400: "invalid_request", 401: "signature_invalid"}[status]
    assert answer.headers["content-type"] == "application/problem+json"
    assert world.items("EVENT") == []


@pytest.mark.parametrize(
    ("body", "is_base64"),
    [
        pytest.param("this is no base64!", True, id="said to be base64, is not"),
        pytest.param("{}", True, id="said to be base64, is JSON"),
        pytest.param(base64.b64encode(b"\xff\xfe{}").decode(), True, id="bytes that are no UTF-8"),
        pytest.param("%%%=", True, id="padding and nothing else"),
        pytest.param("é", True, id="base64 of no ASCII"),
    ],
)
def test_a_body_that_lies_about_its_encoding_is_malformed(world: World, body: str, is_base64: bool) -> None:
    event = {
        "requestContext": {"requestId": "r", "timeEpoch": int(clock.now().timestamp() * 1000)},
        "body": body,
        "isBase64Encoded": is_base64,
    }

    assert _handle(event).status == 400


def test_base64_that_is_said_to_be_text_is_malformed(world: World) -> None:
    notice = json.dumps(world.notice("pay_1", "settlement"))

    assert world.webhook(base64.b64encode(notice.encode()).decode()).status == 400
    assert world.webhook(notice, is_base64=True).status == 200


def test_no_fault_of_a_single_byte_is_believed_or_makes_it_fall_over(world: World) -> None:
    notice = world.notice("pay_1", "settlement", gross_amount="55000.00", note="beras")
    notice["signature_key"] = signed_with(notice, SERVER_KEY)
    unsigned = {"transaction_status", "transaction_id", "note"}
    signed = {name: value for name, value in notice.items() if name not in unsigned}

    for flipped in single_bytes(json.dumps(notice).encode(), seed=20200410):
        answer = world.webhook(flipped, is_base64=True)
        if answer.status == 200:
            said = json.loads(flipped)
            assert signed.items() <= said.items() or set(said) != set(notice)
        else:
            assert answer.status in (400, 401)


def test_a_valid_signature_under_a_changed_status_only_makes_us_ask(world: World) -> None:
    payment = a_payment(world)
    world.happens(payment, "settlement")
    genuine = world.notice(payment, "settlement")

    assert world.webhook(json.dumps(genuine | {"transaction_status": "refund"})).status == 200
    world.drain()

    assert world.payment(payment).status == "settled"
    assert len(world.items("TRANSFER")) == 1


def test_the_same_fields_in_another_order_are_the_same_event(world: World) -> None:
    notice = world.notice("pay_1", "settlement")

    first = world.webhook(json.dumps(notice))
    again = world.webhook(json.dumps(dict(reversed(notice.items())), indent=2))

    assert (first.json["status"], again.json["status"]) == ("stored", "duplicate")


def test_an_event_is_kept_as_it_came_and_for_ninety_days(world: World) -> None:
    body = json.dumps(world.notice("pay_1", "settlement"), indent=3)
    world.webhook(body)

    [event] = world.items("EVENT")
    assert bytes(event["raw"]) == body.encode()
    assert event["expires"] == int(clock.now().timestamp()) + 90 * 24 * 3600


@pytest.mark.parametrize(
    "failure",
    [
        ClientError({"Error": {"Code": "InternalServerError", "Message": "x"}}, "TransactWriteItems"),
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "x"}}, "TransactWriteItems"),
        EndpointConnectionError(endpoint_url="https://dynamodb"),
    ],
    ids=["an internal error", "throttling", "no connection"],
)
def test_what_could_not_be_stored_is_to_be_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    notice = json.dumps(world.notice("pay_1", "settlement"))
    real = BaseClient._make_api_call

    def fail(client: Any, operation: str, params: Any) -> Any:
        if operation == "TransactWriteItems":
            raise failure
        return real(client, operation, params)

    with monkeypatch.context() as broken:
        broken.setattr(BaseClient, "_make_api_call", fail)
        assert world.webhook(notice).status == 503
    assert world.webhook(notice).json == {"status": "stored"}


def test_during_a_rotation_both_keys_sign(world: World) -> None:
    keep_secret("MidtransSecret", server_key="new", previous_server_key="old")
    notice = world.notice("pay_1", "settlement")

    for key, status in (("new", 200), ("old", 200), ("older", 401), ("", 401)):
        assert world.webhook(but(notice, signature_key=signed_with(notice, key))).status == status


def test_during_a_rotation_both_tokens_are_xendit_s(world: World) -> None:
    keep_secret("XenditSecret", api_key="x", callback_token="new", previous_callback_token="old")
    body = {"id": "inv-1", "external_id": "pay_1", "status": "PAID"}

    for token, status in (("new", 200), ("old", 200), ("older", 401), ("", 401)):
        headers = {"x-callback-token": token}
        assert world.webhook(json.dumps(body), at=xendit_webhook.handler, headers=headers).status == status


def keep_secret(name: str, **values: str) -> None:
    """Let a secret be what its keeper has made of it."""
    SESSION.create_client("secretsmanager").put_secret_value(SecretId=name, SecretString=json.dumps(values))
    deps.secret.cache_clear()


def test_it_starts_without_what_it_does_not_need() -> None:
    code = (
        "import sys; sys.path[:0] = ['functions', 'layers/lumbung']; import payments.webhook;"
        "print([m for m in ('pydantic', 'aws_lambda_powertools.event_handler', 'aws_xray_sdk',"
        " 'lumbung.runtime.http', 'lumbung.runtime.schema') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize("entry", ["stream", "deliveries_stream", "schedule", "nightly"])
def test_what_runs_by_itself_starts_without_pydantic(entry: str) -> None:
    code = (
        f"import sys; sys.path[:0] = ['functions', 'layers/lumbung']; import payments.{entry};"
        "print([m for m in ('pydantic', 'aws_lambda_powertools.event_handler', 'aws_xray_sdk')"
        " if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert shown.stdout.strip() == "[]"


def _handle(event: dict[str, Any]) -> Reply:
    return Reply(webhook.handler(event, None))


def test_a_notification_is_one_write_and_no_call_to_the_provider(world: World) -> None:
    payment = a_payment(world)
    calls = list(world.midtrans.calls)
    world.told(payment, "pending")  # collaborators are made once

    with seam() as counted:
        world.told(payment, "settlement")

    assert counted.calls == ["TransactWriteItems"]
    assert world.midtrans.calls == calls
    assert a_member().id not in json.dumps(world.items("EVENT"), default=str)


def test_the_same_notification_fifty_times_at_once_is_one_transfer(world: World) -> None:
    payment = a_payment(world)
    world.midtrans.truths[payment].be("settlement", clock.now())
    notice = json.dumps(world.notice(payment, "settlement"))
    world.webhook("{}")  # collaborators are made once

    with one_call_at_a_time(), ThreadPoolExecutor(8) as pool:
        answers = [reply.json["status"] for reply in pool.map(lambda _: world.webhook(notice), range(50))]
    world.drain()

    assert answers.count("stored") <= 2, "news once, and once more because it is not what we hold for true"
    assert len(world.items("TRANSFER")) == 1


@pytest.mark.parametrize(
    ("secret", "value"),
    [
        pytest.param("MidtransSecret", {"server_key": ""}, id="Midtrans, empty"),
        pytest.param("MidtransSecret", {"server_key": "x", "previous_server_key": ""}, id="Midtrans, one of two"),
        pytest.param("XenditSecret", {"api_key": "x", "callback_token": ""}, id="Xendit"),
        pytest.param("SnapSecret", {"client_key": "x", "token_secret": "x", "client_secret": ""}, id="a bank"),
        pytest.param("MidtransSecret", {}, id="nothing at all"),
    ],
)
def test_with_an_empty_secret_nothing_is_believed(world: World, secret: str, value: dict[str, str]) -> None:
    keep_secret(secret, **value)
    taking = {"MidtransSecret": webhook, "XenditSecret": xendit_webhook, "SnapSecret": snap_token_webhook}[secret]
    headers = {"x-callback-token": "", "x-client-key": "x", "x-timestamp": clock.now().isoformat(), "x-signature": "x"}

    answer = world.webhook(json.dumps(world.notice("pay_1", "settlement")), at=taking.handler, headers=headers)

    assert answer.status == 503
    assert world.items("EVENT") == []
