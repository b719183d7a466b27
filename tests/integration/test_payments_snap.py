"""A bank that asks us: tokens, inquiries and payments through the real handlers, each answered once for ever."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from infra.simulators.agenda import Agenda
from infra.simulators.app import create_app
from infra.simulators.clock import Clock
from infra.simulators.snap import CLIENT_SECRET, INQUIRY, PAYMENT
from lumbung.domain.bill import Bill, customer_numbers
from lumbung.domain.moments import parse
from lumbung.runtime import clock, deps, deps_payments
from payments import snap_token_webhook, snap_webhook
from tests.integration.bank import Bank
from tests.integration.faults import crash_points, one_call_at_a_time, seam
from tests.integration.office import DURING, a_member, office
from tests.integration.payments_world import World, serve_by, snapshots, world

__all__ = ["office", "world"]


@pytest.fixture
def bank(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bank]:
    serve_by(monkeypatch, "virtual_account=snap; qris=midtrans")
    yield Bank(world)


def an_account(bank: Bank, name: str = "I") -> tuple[str, str, str, str]:
    """Return wave, order, payment and account number of somebody who wants to pay by virtual account."""
    wave = bank.world.office.wave(name=name)
    order = bank.world.office.order(wave, key=f"order-{name}").json["id"]
    payment = bank.world.pay(order, key=f"pay-{name}").json
    return wave["id"], order, payment["id"], payment["instructions"]["va_number"]


def code(reply: Any) -> tuple[int, str]:
    return reply.status, reply.json["responseCode"]


def test_an_account_is_asked_about_paid_and_the_order_confirmed(bank: Bank) -> None:
    wave, order, payment, number = an_account(bank)

    asked = bank.inquire(number)
    told = bank.pay(number)
    bank.world.drain()

    assert code(asked) == (200, "2002400")
    assert asked.json["virtualAccountData"]["totalAmount"] == {"value": "55000.00", "currency": "IDR"}
    assert (code(told), told.json["virtualAccountData"]["paymentFlagStatus"]) == ((200, "2002500"), "00")
    assert bank.world.order(order).status == "confirmed"
    assert bank.world.payment(payment).status == "settled"
    assert bank.world.balances() == {"gateway:snap": 55_000, f"unearned:{wave}": 55_000}
    assert bank.world.reconciled(wave)["findings"] == []


def test_told_again_it_is_answered_with_the_first_result(bank: Bank) -> None:
    _, _, _, number = an_account(bank)
    first = bank.pay(number, external="77")

    again = [bank.pay(number, external="77"), bank.pay(number)]
    bank.world.drain()

    assert [code(reply) for reply in again] == [(404, "4042518")] * 2
    assert all(r.json["virtualAccountData"] == first.json["virtualAccountData"] for r in again)
    assert len(bank.world.items("TRANSFER")) == 1


def test_a_refusal_told_again_stays_a_refusal(bank: Bank) -> None:
    _, _, _, number = an_account(bank)
    refused = bank.pay(number, 54_000)

    again = bank.pay(number, 54_000)

    assert code(refused) == (404, "4042513")
    assert (code(again), again.json["virtualAccountData"]["paymentFlagStatus"]) == ((404, "4042518"), "01")
    assert code(bank.pay(number, request_id="2")) == (200, "2002500")


def test_one_bill_is_paid_once_however_many_pay_it(bank: Bank) -> None:
    _, _, _, number = an_account(bank)

    answers = [code(bank.pay(number, request_id=str(n))) for n in range(3)]
    bank.world.drain()

    assert answers == [(200, "2002500"), (404, "4042514"), (404, "4042514")]
    assert len(bank.world.items("TRANSFER")) == 1
    assert code(bank.inquire(number, "9")) == (404, "4042414")


def test_the_same_payment_fifty_times_at_once_is_one_transfer(bank: Bank) -> None:
    _, order, _, number = an_account(bank)
    body = json.dumps(bank.paid(number, 55_000))
    headers = bank.headers(PAYMENT, body)

    with one_call_at_a_time(), ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: code(bank.send(PAYMENT, body, headers)), range(50)))
    bank.world.drain()

    assert answers.count((200, "2002500")) == 1
    assert answers.count((404, "4042518")) == 49
    assert len(bank.world.items("EVENT")) == len(bank.world.items("TRANSFER")) == 1
    assert bank.world.order(order).status == "confirmed"


def test_an_account_that_nobody_has_is_unknown(bank: Bank) -> None:
    assert code(bank.inquire("12345000000000001")) == (404, "4042412")
    assert code(bank.pay("12345000000000001")) == (404, "4042512")


def test_after_its_time_nothing_is_taken(bank: Bank) -> None:
    _, _, payment, number = an_account(bank)
    bank.world.at(bank.world.payment(payment).expires_at or DURING)

    assert code(bank.inquire(number)) == (404, "4042419")
    assert code(bank.pay(number)) == (404, "4042519")
    bank.world.minute()
    assert bank.world.payment(payment).status == "expired"


def test_another_way_of_paying_closes_the_bill(bank: Bank) -> None:
    _, order, payment, number = an_account(bank)

    assert bank.world.pay(order, key="qr", method="qris").status == 201

    assert code(bank.pay(number)) == (404, "4042519")
    assert bank.world.payment(payment).status == "expired"


def test_paid_and_closed_at_once_has_one_winner(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bank pays between our reading of the bill and our closing of it."""
    _, order, payment, number = an_account(bank)
    close = deps_payments.bills().close

    def late(bill: Bill) -> Bill:
        assert code(bank.pay(number)) == (200, "2002500")
        return close(bill)

    monkeypatch.setattr(deps_payments.bills(), "close", late)
    refused = bank.world.pay(order, key="qr", method="qris")

    assert refused.status == 409
    assert bank.world.order(order).status == "confirmed"
    assert bank.world.payment(payment).status == "settled"


def test_of_two_payments_of_one_bill_at_once_one_is_taken(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other comes between our reading of the bill and our writing that it is paid."""
    _, _, _, number = an_account(bank)
    pay, rivals = deps_payments.bills().pay, ["2"]

    def late(*told: Any) -> None:
        if rivals:
            assert code(bank.pay(number, request_id=rivals.pop())) == (200, "2002500")
        pay(*told)

    monkeypatch.setattr(deps_payments.bills(), "pay", late)

    assert code(bank.pay(number, request_id="1")) == (404, "4042514")
    bank.world.drain()
    assert len(bank.world.items("TRANSFER")) == len(bank.world.items("EVENT")) == 1


def test_a_number_of_a_call_stands_for_one_request_a_day(bank: Bank) -> None:
    _, _, _, number = an_account(bank)
    assert code(bank.inquire(number, "1", external="5")) == (200, "2002400")

    assert code(bank.inquire(number, "1", external="5")) == (200, "2002400")
    assert code(bank.inquire(number, "2", external="5")) == (409, "4092400")
    assert code(bank.pay(number, request_id="1", external="5")) == (409, "4092500")
    assert bank.world.items("TRANSFER") == []


def test_an_id_of_a_payment_stands_for_one_payment(bank: Bank) -> None:
    _, _, _, number = an_account(bank)
    _, _, _, other = an_account(bank, "II")
    bank.pay(number)

    assert code(bank.pay(other)) == (409, "4092500")
    assert code(bank.pay(number, 55_001)) == (409, "4092500")
    assert code(bank.inquire(other, "3")) == (200, "2002400")


def test_a_token_expires_after_a_quarter_hour(bank: Bank) -> None:
    _, _, _, number = an_account(bank)
    bank.token()

    bank.world.later(seconds=899)
    assert code(bank.inquire(number, "1")) == (200, "2002400")
    bank.world.later(seconds=1)
    assert code(bank.inquire(number, "2")) == (401, "4012401")


def test_a_token_is_given_in_the_protocol_s_words(bank: Bank) -> None:
    given = bank.ask_token()

    assert given.status == 200
    assert given.json | {"accessToken": "…"} == {
        "responseCode": "2007300",
        "responseMessage": "Successful",
        "accessToken": "…",
        "tokenType": "Bearer",
        "expiresIn": "900",
        "additionalInfo": {},
    }


def test_the_protocol_s_own_path_may_be_what_is_signed(bank: Bank) -> None:
    _, _, _, number = an_account(bank)

    assert code(bank.inquire(number, signed_path=INQUIRY)) == (200, "2002400")
    assert code(bank.inquire(number, "2", signed_path=PAYMENT)) == (401, "4012400")


def test_a_customer_number_that_is_taken_is_left_to_its_owner(bank: Bank) -> None:
    _, _, payment, _ = an_account(bank)
    first, second, *_ = customer_numbers("pay_next")
    taken = deps_payments.bills().open(Bill("   12345", first, "pay_other", 1, clock.now() + timedelta(hours=1)))
    mine = replace(bank.world.payment(payment), id="pay_next")

    state = deps_payments.snap().charge(mine, now=clock.now())

    assert state.instructions["va_number"] == f"12345{second}"
    assert deps_payments.snap().status(mine) == state
    assert deps_payments.bills().find(taken.number) == taken


def test_money_is_booked_at_the_bank_s_time_but_never_in_the_future(bank: Bank) -> None:
    _, _, _, number = an_account(bank)
    _, _, _, other = an_account(bank, "II")
    early, late = clock.now() - timedelta(minutes=2), clock.now() + timedelta(hours=3)

    for account, at, request_id in ((number, early, "1"), (other, late, "2")):
        body = bank.paid(account, 55_000, request_id) | {"trxDateTime": at.isoformat()}
        assert code(bank.call(PAYMENT, body)) == (200, "2002500")
    bank.world.drain()

    booked = sorted(item["at"] for item in bank.world.items("TRANSFER"))
    assert booked == [int(early.timestamp() * 1000), int(clock.now().timestamp() * 1000)]


def test_what_a_bank_told_is_kept_as_it_came_and_names_nobody_else(bank: Bank) -> None:
    _, _, payment, number = an_account(bank)
    body = json.dumps(bank.paid(number, 55_000) | {"virtualAccountName": "Siti Aminah"}, indent=4)
    bank.call(PAYMENT, body)

    [event] = bank.world.items("EVENT")
    assert (bytes(event["raw"]).decode(), event["payment"]) == (body, payment)
    assert event["expires"] == int(clock.now().timestamp()) + 90 * 24 * 3600
    stored = deps.db().scan(deps.table("payments"))
    told = [item for item in stored if item["pk"].startswith(("FLAG#", "CALL#", "BILL#"))]
    assert len(told) == 3
    assert "Siti" not in json.dumps(told, default=str)


@pytest.mark.parametrize("path", [INQUIRY, PAYMENT])
def test_while_nothing_can_be_stored_the_bank_is_to_call_again(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    _, _, _, number = an_account(bank)
    body = bank.paid(number, 55_000) | {"inquiryRequestId": "1"}
    bank.token()
    real = BaseClient._make_api_call

    def fail(client: Any, operation: str, params: Any) -> Any:
        if operation == "TransactWriteItems":
            raise ClientError({"Error": {"Code": "InternalServerError", "Message": "x"}}, operation)
        return real(client, operation, params)

    with monkeypatch.context() as broken:
        broken.setattr(BaseClient, "_make_api_call", fail)
        assert code(bank.call(path, body, external="9"))[0] == 503
    assert bank.call(path, body, external="9").status == 200


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
def test_a_crash_at_any_call_of_a_payment_loses_and_doubles_nothing(bank: Bank, after: bool) -> None:
    wave, order, _, number = an_account(bank)
    body = json.dumps(bank.paid(number, 55_000))
    headers = bank.headers(PAYMENT, body)
    restore, pumped = snapshots(), set(bank.world.pumped)
    with seam() as counted:
        bank.send(PAYMENT, body, headers)
        bank.world.drain()

    for crash_at in crash_points(len(counted.calls)):
        restore()
        bank.world.pumped = set(pumped)
        with seam(crash_at=crash_at, after=after):
            bank.send(PAYMENT, body, headers)
            bank.world.drain()
        bank.world.pumped = set(pumped)
        assert code(bank.send(PAYMENT, body, headers)) in ((200, "2002500"), (404, "4042518")), crash_at
        bank.world.drain()

        assert bank.world.order(order).status == "confirmed", crash_at
        assert len(bank.world.items("TRANSFER")) == 1
        assert bank.world.reconciled(wave)["findings"] == []


def test_two_secrets_are_good_while_one_is_exchanged(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, _, number = an_account(bank)
    keys = deps_payments.snap_keys()
    bank.token()
    changed = {"client_secrets": ("new", CLIENT_SECRET), "token_secrets": ("new-tokens", *keys.token_secrets)}
    monkeypatch.setattr(deps_payments, "snap_keys", lambda: deps_payments.SnapKeys(
        keys.client, keys.public_keys, changed["client_secrets"], changed["token_secrets"], keys.encoding
    ))  # fmt: skip

    assert code(bank.inquire(number, "1")) == (200, "2002400")
    assert code(bank.inquire(number, "2", secret="new")) == (200, "2002400")
    assert code(bank.inquire(number, "3", secret="older")) == (401, "4012400")


# -- the bank's simulator, calling the same handlers


def test_the_simulator_s_bank_pays_an_order(bank: Bank) -> None:
    wave, order, _, number = an_account(bank)

    told = _simulate(bank, {"id": number, "status": "paid", "notify": 3}, {"id": number, "status": "inquiry"})
    bank.world.drain()

    assert told[0]["inquiry"]["responseCode"] == "2002400"
    assert [answer["responseCode"] for answer in told[0]["answers"]] == ["2002500", "4042518", "4042518"]
    assert told[1]["inquiry"]["responseCode"] == "4042414"
    assert bank.world.order(order).status == "confirmed"
    assert bank.world.balances() == {"gateway:snap": 55_000, f"unearned:{wave}": 55_000}


def test_the_simulator_s_bank_can_be_wrong(bank: Bank) -> None:
    _, _, _, number = an_account(bank)

    [wrong] = _simulate(bank, {"id": number, "status": "paid", "amount": 54_999})

    assert [answer["responseCode"] for answer in wrong["answers"]] == ["4042513"]


def _simulate(bank: Bank, *asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Let the simulator do what is *asked*, with its calls handed to our handlers."""

    def take(request: httpx.Request) -> httpx.Response:
        token = request.url.path.endswith("/b2b")
        reply = bank.world.webhook(
            request.content.decode(),
            at=snap_token_webhook.handler if token else snap_webhook.handler,
            path=request.url.path,
            headers={name.lower(): value for name, value in request.headers.items()},
        )
        return httpx.Response(reply.status, text=reply.text)

    time = Clock(elapsed=lambda: 0.0)
    time.told(clock.now())
    client = httpx.AsyncClient(transport=httpx.MockTransport(take))
    app = create_app(clock=time, agenda=Agenda(), client=client, stack="http://127.0.0.1:8080")

    async def ask() -> list[dict[str, Any]]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://simulators") as web:
            answers = [await web.post("/snap/simulate", json=each) for each in asked]
            return [answer.raise_for_status().json() for answer in answers]

    return asyncio.run(ask())


def test_only_the_owner_sees_the_number(bank: Bank) -> None:
    _, order, payment, number = an_account(bank)

    listed = bank.world.get(f"/v1/orders/{order}/payments", a_member()).json["items"]

    assert [(each["id"], each["instructions"]) for each in listed] == [(payment, {"bank": "bca", "va_number": number})]
    assert parse(listed[0]["expires_at"]) == bank.world.payment(payment).expires_at
