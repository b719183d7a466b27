"""Payments in memory: the world of ordering with providers that may be paid, and what the template starts of payments.

Midtrans and Xendit keep the rules of the providers' port and are called through the seam; the bank that asks us and
deductions from allowances are the real ones, since what they know lies in our own tables.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from lumbung.domain.people import Caller
from lumbung.runtime import clock, deps, deps_payments
from lumbung.store.table import Database, Item
from payments import api, deliveries_stream, nightly, schedule, statements_stream, stream, webhook, xendit_webhook
from tests.faults import money_books
from tests.faults.ordering_world import Failed, World, a_world, answered
from tests.faults.providers import AtTheSeam, copied, xendit_says
from tests.integration.bank import Bank
from tests.integration.conftest import ENVIRONMENTS, Reply
from tests.integration.office import OPERATOR, PIC, a_member
from tests.integration.payments_world import (
    STREAMED,
    Truth,
    a_consignment,
    a_notice,
    as_record,
    from_gateway,
    other,
)

SERVING = "virtual_account=snap,midtrans; qris=xendit,midtrans; gopay=midtrans; tpp=tpp"
OF_THE_BANK, ELSEWHERE = "bca", "bri"  # whose virtual accounts are the bank's that asks us, and whose are Midtrans'
SECOND = other(OPERATOR, "op-2")
XENDIT_TOKEN = {"x-callback-token": "lumbung-local-callback-token"}
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


@dataclass
class MoneyWorld(World):
    midtrans: AtTheSeam = field(default_factory=lambda: AtTheSeam("midtrans"))
    xendit: AtTheSeam = field(default_factory=lambda: AtTheSeam("xendit"))
    promised: set[str] = field(default_factory=set)  # ids that somebody was answered with 201: they must be there

    # -- standing still

    def keep(self) -> Callable[[], None]:
        again, promised = super().keep(), set(self.promised)
        truths = [(provider, copied(provider.truths)) for provider in (self.midtrans, self.xendit)]

        def all_again() -> None:
            again()
            self.promised = set(promised)
            for provider, kept in truths:
                provider.truths, provider.down = copied(kept), False

        return all_again

    def later(self, **by: float) -> None:
        self.at(self.now + timedelta(**by))

    # -- HTTP

    def money(
        self, path: str, body: Any = None, *, key: str, by: Caller = OPERATOR, method: str = "POST"
    ) -> Reply:  # fmt: skip
        """Ask payments for something, in a container that has served nobody."""
        self.fresh()
        reply = self.post(f"/v1{path}", body, key=key, by=by, method=method, handler=api.handler)
        if reply.status in (201, 202) and "id" in reply.json:
            self.promised.add(reply.json["id"])
        return reply

    def ask(
        self, name: str, method: str = "virtual_account", bank: str = ELSEWHERE, *, key: str = "pay", by: Caller = PIC
    ) -> Reply:  # fmt: skip
        """Ask how to pay what a scenario calls *name*; what is payable first is called `<name> <method>`."""
        body = {"method": method} | ({"bank": bank} if method == "virtual_account" else {})
        reply = self.money(f"/orders/{self.ids[name]}/payments", body, key=key, by=by)
        if reply.status == 201:
            self.ids.setdefault(f"{name} {method}", reply.json["id"])
        return reply

    def take_cash(self, name: str, amount: int, *, key: str = "cash", **more: Any) -> Reply:
        return self.money(f"/orders/{self.ids[name]}/cash-receipts", {"amount": amount, **more}, key=key, by=PIC)

    # -- providers

    @property
    def truths(self) -> dict[str, Truth]:
        """What providers have, by payment."""
        return self.midtrans.truths | self.xendit.truths

    def moves(self, payment: str, status: str) -> None:
        """Let the provider of *payment* be in a state (in Midtrans' words)."""
        self.truths[self.ids[payment]].be(status, self.now)

    def told(self, payment: str, status: str) -> Reply:
        """Let the provider of *payment* tell us that."""
        if self.ids[payment] in self.xendit.truths:
            body = xendit_says(self.ids[payment], status, len(self.truths[self.ids[payment]].refunds))
            reply = self.webhook(json.dumps(body), at=xendit_webhook.handler, path="xendit", headers=XENDIT_TOKEN)
        else:
            body = a_notice(self.ids[payment], status, self.truths[self.ids[payment]].amount)
            reply = self.webhook(json.dumps(body), at=webhook.handler, path="midtrans", headers={})
        assert reply.status == 200, reply.text
        return reply

    def happens(self, payment: str, status: str) -> None:
        """Let it move, be told, and be applied."""
        self.moves(payment, status)
        self.told(payment, status)
        self.stream()

    def webhook(
        self, raw: str | bytes, *, at: Handler, path: str, headers: dict[str, str], is_base64: bool = False
    ) -> Reply:  # fmt: skip
        """Let a provider, or the bank that asks us, call; Failed when it is to call again."""
        self.fresh()
        with answered():
            reply = Reply(at(from_gateway(raw, path, headers, is_base64=is_base64), None))
        if reply.status >= 500:
            raise Failed(reply.text)
        return reply

    @property
    def bank(self) -> Bank:
        return Bank(self)  # type: ignore[arg-type]  # all it needs of a world is `webhook`

    # -- what runs by itself

    def stream(self, *kinds: str) -> None:
        """Hand what lies in the payments table to its stream's consumer, told before or not, until nothing is new."""
        told: set[str] = set()
        while new := [item for item in self.items(*(kinds or STREAMED)) if item["pk"] not in told]:
            told |= {item["pk"] for item in new}
            self.fresh()
            with answered():
                self.answered_whole(stream.handler({"Records": [as_record(item) for item in new]}, None))

    def import_statements(self) -> None:
        self.fresh()
        records = [as_record(item) for item in self.items("STATEMENT")]
        with answered():
            self.answered_whole(statements_stream.handler({"Records": records}, None))

    def receive(self, packs: int, *, n: int = 1, moved_on: bool = True) -> None:
        """Let the first drop-off have received *packs* for good."""
        item = a_consignment(self.wave["id"], self.office.cooperative, self.dropoffs[0], packs, n=n, moved_on=moved_on)
        item["received_at"] = int(clock.now().timestamp() * 1000)
        self.fresh()
        with answered():
            self.answered_whole(deliveries_stream.handler({"Records": [as_record(item)]}, None))

    def minute(self) -> None:
        self.fresh()
        with answered():
            schedule.handler({"time": self.now.isoformat()}, None)

    def night(self) -> None:
        self.fresh()
        with answered():
            nightly.handler({"time": self.now.isoformat()}, None)

    def settle(self) -> None:
        super().settle()
        for minutes in (0, 3, 8):
            self.later(minutes=minutes)
            self.stream()
            if self.items("STATEMENT"):
                self.import_statements()
            self.minute()
            self.tick()
        self.stream()

    # -- looking

    def items(self, *kinds: str) -> list[Item]:
        """Return what lies in the payments table, past the seam."""
        return [item for item in self._scan("payments") if item.get("kind") in kinds]

    def arrive(self, name: str) -> None:
        """Let an order's goods be at the drop-off, if it waits for them."""

        def arriving(order: Any) -> Any:
            if (order.status, order.fulfilment_status) != ("confirmed", "pending"):
                return order, []
            packs = {line.offer_id: line.quantity for line in order.lines}
            return order.allocate(packs, at=self.now).arrive(at=self.now), []

        with answered():
            deps.orders().change(self.ids[name], arriving)

    def ledger(self) -> money_books.Ledger:
        return money_books.read(self._scan("payments"), self.truths)

    def broken(self) -> list[str]:
        wave = deps.waves().get(self.wave["id"])
        return [*super().broken(), *money_books.broken(self.ledger(), self.books(), wave, self.promised)]

    def end_state(self) -> dict[str, Any]:
        return money_books.end_state(super().end_state(), self.ledger())

    def _scan(self, table: str) -> list[Item]:
        return list(Database(self.aws.dynamodb).scan(deps.table(table)))


def staff(world: World, n: int) -> Caller:
    return a_member(n, institution_id=world.office.institution)


@contextmanager
def a_money_world() -> Iterator[MoneyWorld]:
    """The same office, with a provider for each way of paying."""
    with a_world(MoneyWorld) as world, pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(deps_payments, "midtrans", lambda: world.midtrans)
        monkeypatch.setattr(deps_payments, "xendit", lambda: world.xendit)
        monkeypatch.setenv("PAYMENT_PROVIDERS", SERVING)
        for variables in ENVIRONMENTS.values():
            if "PAYMENT_PROVIDERS" in variables:
                variables["PAYMENT_PROVIDERS"] = SERVING
        yield world
