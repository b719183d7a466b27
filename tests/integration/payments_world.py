"""Payments on moto: an office with orders, a Midtrans that says what it is told to, and a pump for the stream."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from infra.simulators.qris import dynamic_qr
from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.order import Order
from lumbung.domain.payment import Payment, ProviderState
from lumbung.domain.payment_provider import Providers, RefundRefused, serving
from lumbung.domain.people import Caller
from lumbung.providers.midtrans_notice import STATUS, sign
from lumbung.runtime import clock, deps, deps_payments
from lumbung.store.table import Database, to_wire
from ordering import schedule as ordering_schedule
from payments import api, deliveries_stream, nightly, schedule, statements_stream, stream, webhook
from tests.faults.memory_aws import indexes_of
from tests.integration.conftest import Reply, call
from tests.integration.engines import engine
from tests.integration.office import DURING, OPERATOR, PIC, Office, a_member, an_office
from tests.memory_dynamodb import MemoryDynamoDB

SERVER_KEY = "SB-Mid-server-lumbung-local"
MIDTRANS_ALONE = "virtual_account=midtrans; qris=midtrans; gopay=midtrans"
STREAMED = ("EVENT", "REFUND", "TRANSFER", "INCIDENT")  # what PaymentsStream is told of


@dataclass
class Truth:
    """What Midtrans has of one payment."""

    payment: Payment
    status: str = "pending"
    amount: int = 0
    refunds: dict[str, int] = field(default_factory=dict)
    settled_at: datetime | None = None

    def be(self, status: str, at: datetime) -> None:
        """Be in a state of Midtrans' own naming, as its simulator would be."""
        if status == "settlement":
            self.refunds.clear()
            self.settled_at = self.settled_at or at
        if status == "refund" and (left := self.amount - sum(self.refunds.values())):
            self.refunds[f"dashboard-{len(self.refunds) + 1}"] = left
        self.status = status

    def state(self) -> ProviderState:
        refunded = self.status in ("refund", "partial_refund")
        return ProviderState(
            status=STATUS.get(self.status, "unknown"),
            amount=self.amount,
            reference=f"ref-{self.payment.id}",
            returned=dict(self.refunds) if refunded else {},
            settled_at=self.settled_at if self.status == "settlement" else None,
            instructions=self.instructions(),
        )

    def instructions(self) -> dict[str, str]:
        match self.payment.method:
            case "virtual_account":
                return {"bank": str(self.payment.bank), "va_number": "8127800001"}
            case "qris":
                return {"qr_string": dynamic_qr(self.payment.amount, self.payment.id)}
        return {"deeplink_url": f"https://gopay.example/{self.payment.id}"}


class ScriptedMidtrans:
    """Keeps the rules of the provider's port: known payments stay known, only pending ones can be stopped."""

    def __init__(self, name: str = "midtrans") -> None:
        self.name = name
        self.truths: dict[str, Truth] = {}
        self.calls: list[str] = []
        self.down = False
        self.refuses_refunds = False

    def longest(self, method: str, bank: str | None) -> timedelta | None:
        return timedelta(days=7)

    def charge(self, payment: Payment, *, now: datetime) -> ProviderState:
        self._asked("charge")
        return self.truths.setdefault(payment.id, Truth(payment, amount=payment.amount)).state()

    def status(self, payment: Payment) -> ProviderState | None:
        self._asked("status")
        return self.truths[payment.id].state() if payment.id in self.truths else None

    def expire(self, payment: Payment) -> ProviderState | None:
        self._asked("expire")
        if payment.id not in self.truths:
            return None
        if self.truths[payment.id].status == "pending":
            self.truths[payment.id].status = "expire"
        return self.truths[payment.id].state()

    def refund(self, payment: Payment, *, refund_id: str, amount: int, reason: str) -> None:
        self._asked("refund")
        truth = self.truths[payment.id]
        left = truth.amount - sum(truth.refunds.values())
        if self.refuses_refunds or truth.status not in ("settlement", "partial_refund") or amount > left:
            raise RefundRefused("412")
        truth.refunds[refund_id] = amount
        truth.status = "refund" if sum(truth.refunds.values()) == truth.amount else "partial_refund"

    def _asked(self, what: str) -> None:
        self.calls.append(what)
        if self.down:
            raise ProviderUnavailable("down")


@dataclass
class World:
    office: Office
    midtrans: ScriptedMidtrans
    pumped: set[str] = field(default_factory=set)
    keep: Callable[[], Callable[[], None]] | None = None

    # -- time

    def at(self, moment: datetime) -> None:
        clock.use(lambda: moment)

    def later(self, **by: float) -> datetime:
        moment = clock.now() + timedelta(**by)
        self.at(moment)
        return moment

    # -- HTTP

    def post(self, path: str, body: Any = None, *, key: str, caller: Caller | None = None) -> Reply:
        return call(api.handler, "POST", path, body, caller=caller or a_member(), key=key, at=clock.now())

    def get(self, path: str, caller: Caller = OPERATOR) -> Reply:
        return call(api.handler, "GET", path, caller=caller, at=clock.now())

    def pay(
        self, order_id: str, *, key: str = "pay", method: str = "virtual_account", caller: Caller | None = None
    ) -> Reply:
        body = {"method": method} | ({"bank": "bca"} if method == "virtual_account" else {})
        return self.post(f"/v1/orders/{order_id}/payments", body, key=key, caller=caller)

    def cash(self, order_id: str, amount: int, *, key: str = "cash", caller: Caller = PIC, **more: Any) -> Reply:
        return self.post(f"/v1/orders/{order_id}/cash-receipts", {"amount": amount} | more, key=key, caller=caller)

    # -- the provider

    def told(self, payment_id: str, status: str, *, code: str | None = None, **more: Any) -> Reply:
        """Send a signed notification: what Midtrans has is another matter."""
        return self.webhook(json.dumps(self.notice(payment_id, status, code=code, **more)))

    def notice(self, payment_id: str, status: str, *, code: str | None = None, **more: Any) -> dict[str, Any]:
        truth = self.midtrans.truths.get(payment_id)
        return a_notice(payment_id, status, truth.amount if truth else 1, code) | more

    def webhook(
        self,
        body: str | bytes,
        *,
        is_base64: bool = False,
        at: Callable[[dict[str, Any], Any], dict[str, Any]] = webhook.handler,
        path: str = "/v1/webhooks/payments/midtrans",
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """Let a provider call one of our webhooks, as the gateway would hand it on."""
        return Reply(at(from_gateway(body, path, headers or {}, is_base64=is_base64), None))

    def happens(self, payment_id: str, status: str, *, notify: int = 1) -> None:
        """Let Midtrans be in that state, and tell us of it."""
        self.midtrans.truths[payment_id].be(status, clock.now())
        for _ in range(notify):
            assert self.told(payment_id, status).status == 200
        self.drain()

    # -- what runs by itself

    def drain(self) -> None:
        """Hand everything new in the payments table to the stream's consumer, until nothing new appears."""
        while new := [item for item in self.items(*STREAMED) if item["pk"] not in self.pumped]:
            self.pumped |= {item["pk"] for item in new}
            assert stream.handler({"Records": [as_record(item) for item in new]}, None) == {"batchItemFailures": []}

    def import_all(self) -> None:
        """Hand every statement that was sent in to its consumer."""
        records = [as_record(item) for item in self.items("STATEMENT")]
        assert statements_stream.handler({"Records": records}, None) == {"batchItemFailures": []}
        self.drain()

    def minute(self, minutes: int = 1) -> None:
        """Let the clock run, minute by minute, and both schedules with it."""
        for _ in range(minutes):
            at = self.later(minutes=1).isoformat()
            schedule.handler({"time": at}, None)
            ordering_schedule.handler({"time": at}, None)
            self.drain()

    def night(self) -> dict[str, int]:
        return nightly.handler({"time": clock.now().isoformat()}, None)

    def receive(self, item: dict[str, Any], times: int = 1) -> None:
        records = [as_record(item)] * times
        assert deliveries_stream.handler({"Records": records}, None) == {"batchItemFailures": []}
        self.drain()

    # -- looking

    def items(self, *kinds: str) -> list[dict[str, Any]]:
        return [item for item in deps.db().scan(deps.table("payments")) if item.get("kind") in kinds]

    def order(self, order_id: str) -> Order:
        return deps.orders().get(order_id)

    def payment(self, payment_id: str) -> Payment:
        return deps_payments.payments().get(payment_id)

    def balances(self) -> dict[str, int]:
        """Projected balances, as people read them, without what is zero."""
        trial = self.get("/v1/ledger/trial-balance").json
        assert trial["difference"] == 0
        sums = {account["account"]: account["debits"] - account["credits"] for account in trial["accounts"]}
        return {name: abs(balance) for name, balance in sums.items() if balance}

    def reconciled(self, wave_id: str) -> dict[str, Any]:
        return dict(self.get(f"/v1/reconciliation?wave_id={wave_id}").json)

    def agree(self, wave_id: str) -> None:
        """Ledger, orders, payments and the provider say the same."""
        self.agree_on_books(wave_id)
        assert {line["difference"] for line in self.office.stock({"id": wave_id})} == {0}

    def agree_on_books(self, wave_id: str) -> None:
        """As `agree`, where orders were moved on by hand and hold packs that no shard knows of."""
        result = self.reconciled(wave_id)
        assert result["findings"] == [], result["findings"]
        held = sum(net(truth) for truth in self.midtrans.truths.values())
        assert self.balances().get("gateway:midtrans", 0) == held
        for truth in self.midtrans.truths.values():
            assert self.payment(truth.payment.id).held == net(truth)


def a_notice(payment_id: str, status: str, amount: int, code: str | None = None) -> dict[str, Any]:
    """Return a notification as Midtrans signs it."""
    codes = {"settlement": "200", "refund": "200", "partial_refund": "200", "pending": "201"}
    code, gross = code or codes.get(status, "202"), f"{amount}.00"
    return {
        "order_id": payment_id,
        "status_code": code,
        "gross_amount": gross,
        "transaction_status": status,
        "transaction_id": f"ref-{payment_id}",
        "signature_key": sign([payment_id, code, gross], SERVER_KEY),
    }


def from_gateway(body: str | bytes, path: str, headers: dict[str, str], *, is_base64: bool = False) -> dict[str, Any]:
    """Return a webhook's call as the gateway hands it on."""
    raw = body if isinstance(body, bytes) else body.encode(errors="surrogatepass")
    return {
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json"} | headers,
        "requestContext": {
            "requestId": "req-w",
            "timeEpoch": int(clock.now().timestamp() * 1000),
            "http": {"method": "POST", "path": path},
        },
        "body": base64.b64encode(raw).decode() if is_base64 else body,
        "isBase64Encoded": is_base64,
    }


def net(truth: Truth) -> int:
    state = truth.state()
    return state.amount - sum(state.returned.values()) if state.has_money else 0


def as_record(item: dict[str, Any]) -> dict[str, Any]:
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": item["pk"], "NewImage": to_wire(item)}}


def a_consignment(
    wave: str, cooperative: str, dropoff: str, good: int, *, damaged: int = 0, n: int = 1, moved_on: bool = False
) -> dict[str, Any]:
    line = ["off_1", "Beras 5 kg", 5_000, 55_000, good + damaged, good, damaged]
    return {
        "pk": f"CONSIGNMENT#con_{n}", "sk": "CONSIGNMENT", "kind": "CONSIGNMENT", "wave": wave, "dropoff": dropoff,
        "cooperative": cooperative, "state": "received", "lines": [line], "moved_on": moved_on,
        "received_at": int(clock.now().timestamp() * 1000),
    }  # fmt: skip


@pytest.fixture
def world(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    scripted = ScriptedMidtrans()
    monkeypatch.setattr(deps_payments, "midtrans", lambda: scripted)
    serve_by(monkeypatch, MIDTRANS_ALONE)
    clock.use(lambda: DURING)
    yield World(office, scripted)


@pytest.fixture
def quick_world(aws_env: None, resources: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The same world on tables in memory: for long histories."""
    memory = MemoryDynamoDB(indexes_of(resources))
    database, scripted = Database(memory), ScriptedMidtrans()
    monkeypatch.setattr(deps, "db", lambda: database)
    monkeypatch.setattr(deps_payments, "midtrans", lambda: scripted)
    serve_by(monkeypatch, MIDTRANS_ALONE)
    yield World(an_office(call), scripted, keep=memory.keep)


def serve_by(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Let the real providers serve as *text* configures them."""
    providers = Providers(deps_payments._provider, serving(text))
    monkeypatch.setattr(deps_payments, "providers", lambda: providers)


def snapshots() -> Callable[[], None]:
    """Return how to put every table back to what it is now."""
    kept = engine().kept()

    def restore() -> None:
        engine().put_back(kept)
        deps.shards.cache_clear()

    return restore


def other(caller: Caller, id_: str) -> Caller:
    return replace(caller, id=id_)
