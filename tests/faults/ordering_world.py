"""Ordering in memory, driven only through what the template starts: HTTP, the clock, the closing queue, the stream."""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from lumbung.domain.errors import LumbungError
from lumbung.domain.people import Caller
from lumbung.runtime import batch, clock, deps
from lumbung.store import open_orders
from lumbung.store.table import Database
from ordering import api, schedule, stream, worker
from payments import api as payments_api
from tests.faults import container, invariants
from tests.faults.end_state import end_state
from tests.faults.memory_aws import MemoryAws
from tests.integration.conftest import (
    SECRETS,
    Reply,
    call,
    environments_of,
    forget_collaborators,
    template,
    use_environments,
)
from tests.integration.office import CLOSES, DURING, OPERATOR, PIC, Office, a_member, an_office

QUEUE = "ClosingQueue"
FROZEN = CLOSES + timedelta(hours=2, seconds=41)
Body = dict[str, Any]
W = TypeVar("W", bound="World")
Accepting = Mapping[int, Mapping[str, Any]]  # by an offer's number: `more`, and `instead` as (number, packs)


class Failed(Exception):
    """The invocation ended without an answer: its caller, or its trigger, tries again."""


@dataclass(frozen=True)
class Accepted:
    """A 201 that a member was given: the order must be there, for ever, under the same key."""

    order_id: str
    member: Caller
    key: str
    body: Body


@dataclass
class World:
    aws: MemoryAws
    office: Office
    dropoffs: list[str]
    now: datetime = DURING
    wave: Body = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)  # of orders, by what a scenario calls them
    accepted: dict[str, Accepted] = field(default_factory=dict)
    frozen: dict[str, Any] = field(default_factory=dict)
    taken: invariants.Moves = frozenset()  # orders and changes that were there when a closing was answered

    # -- standing still

    def keep(self) -> Callable[[], None]:
        """Return how to put everything back to what it is now."""
        restore, now, taken = self.aws.keep(), self.now, self.taken
        kept = {name: dict(getattr(self, name)) for name in ("wave", "ids", "accepted", "frozen")}

        def again() -> None:
            restore()
            for name, value in kept.items():
                setattr(self, name, dict(value))
            self.taken = taken
            self.at(now)
            random.seed(1)
            self.fresh()

        return again

    def fresh(self) -> None:
        """Let what comes next run in a container that has served nobody."""
        container.fresh(worker)

    def at(self, moment: datetime) -> None:
        self.now = moment
        clock.use(lambda: moment)

    # -- HTTP

    def post(
        self, path: str, body: Any = None, *, key: str, by: Caller = OPERATOR, method: str = "POST",
        handler: Callable[..., Any] = api.handler,
    ) -> Reply:  # fmt: skip
        """Send a request; Failed when it was not answered, or was told to come again."""
        with answered():
            reply = call(handler, method, path, body, caller=by, key=key, at=self.now)
        if reply.status >= 500:
            raise Failed(reply.text)
        return reply

    def get(self, path: str, *, by: Caller = OPERATOR) -> Reply:
        with answered():
            return call(api.handler, "GET", path, caller=by, at=self.now)

    def publish(self, **changes: Any) -> Body:
        self.wave = self.office.wave(dropoff_ids=self.dropoffs, **changes)
        return self.wave

    def place(
        self, n: int, *packs: int, key: str = "k", dropoff: int | None = None, fresh: bool = True,
        accepting: Accepting | None = None, by_pic: bool = False,
    ) -> Reply:  # fmt: skip
        """Member *n*, or the person in charge for them, orders *packs* of the wave's first offers."""
        if fresh:
            self.fresh()
        place = self.dropoffs[n % len(self.dropoffs) if dropoff is None else dropoff]
        lines, member = self.lines(packs, accepting), a_member(n)
        body = {"wave_id": self.wave["id"], "dropoff_id": place, "lines": lines, "fulfilment": {"method": "pickup"}}
        if by_pic:
            about = {"name": member.name, "phone": member.phone, "institution_id": self.office.institution}
            body |= {"on_behalf_of": about}
        by = PIC if by_pic else member
        reply = self.post("/v1/orders", body, key=key, by=by)
        if reply.status == 201:
            self.accepted[reply.json["id"]] = Accepted(reply.json["id"], by, key, body)
        return reply

    def edit(self, order_id: str, n: int, *packs: int, key: str = "e", accepting: Accepting | None = None) -> Reply:
        """Member *n* changes an order to *packs* of the wave's first offers."""
        body = {"lines": self.lines(packs, accepting)}
        return self.post(f"/v1/orders/{order_id}", body, key=key, by=a_member(n), method="PATCH")

    def lines(self, packs: Sequence[int], accepting: Accepting | None = None) -> list[Body]:
        """Return a request's lines; what is accepted instead is said by the numbers of offers."""
        offers = [offer["id"] for offer in self.wave["offers"]]
        lines: list[Body] = []
        for n, quantity in enumerate(packs):
            line: Body = {"offer_id": offers[n], "quantity": quantity}
            if said := (accepting or {}).get(n):
                instead = [{"offer_id": offers[other], "packs": times} for other, times in said.get("instead", ())]
                line["tolerance"] = {**said, "instead": instead}
            lines += [line] if quantity else []
        return lines

    def cancel(self, order_id: str, n: int, key: str = "c") -> Reply:
        return self.post(f"/v1/orders/{order_id}/cancellation", key=key, by=a_member(n))

    def cash(self, order_id: str, key: str = "cash") -> Reply:
        """The person in charge takes what is owed."""
        with answered():
            body = {"amount": max(1, deps.orders().get(order_id).balance)}
        path = f"/v1/orders/{order_id}/cash-receipts"
        return self.post(path, body, key=key, by=PIC, handler=payments_api.handler)

    def close(self, key: str = "close") -> Reply:
        reply = self.post(f"/v1/waves/{self.wave['id']}/closing", key=key)
        if reply.status == 200:
            self.taken = invariants.moves(self.books())
        return reply

    def supply(self, *packs: int, key: str = "supply") -> Reply:
        lines = [{"offer_id": o["id"], "packs": n} for o, n in zip(self.wave["offers"], packs, strict=False)]
        return self.post(f"/v1/waves/{self.wave['id']}/supply", {"lines": lines}, key=key)

    # -- looking

    def books(self) -> invariants.Books:
        """Return what is stored, past the seam: who looks is no part of what happens."""
        return invariants.read(self.wave["id"], Database(self.aws.dynamodb))

    def end_state(self) -> dict[str, Any]:
        """Return what two runs that did the same have in common."""
        return end_state(self.books())

    def broken(self) -> list[str]:
        """Return which invariants do not hold, in words."""
        return invariants.broken(self.books(), self.accepted.values(), frozen=self.frozen, taken=self.taken)

    def note_frozen(self) -> None:
        """From here on, nothing about what is paid for may change."""
        self.frozen = invariants.frozen_orders(self.books())

    # -- what runs by itself

    def tick(self) -> None:
        with answered():
            schedule.handler({"time": self.now.isoformat()}, None)

    def work(self, message: Body) -> None:
        """Hand one message to the closing worker; Failed when it wants to see it again."""
        record = {"messageId": "m", "body": json.dumps(message)}
        self.answered_whole(worker.handler({"Records": [record]}, None))

    def answered_whole(self, answer: Body) -> None:
        if answer["batchItemFailures"]:
            raise Failed(str(answer))

    def drain(self) -> list[Body]:
        """Hand over the closing queue's messages until there are none; return them in order."""
        taken = []
        while message := self.aws.take(QUEUE):
            assert len(taken) < 100, "the queue does not run dry"
            self.fresh()
            self.work(message)
            taken.append(message)
        return taken

    def settle(self) -> None:
        """Let everything come to rest that needs nobody: messages, the clock's second look, the stream."""
        self.drain()
        if deps.waves().get(self.wave["id"]).status in ("frozen", "cancelled"):
            self.work({"step": "resume", "wave": self.wave["id"]})
            self.drain()
        for opened in open_orders.of_wave(deps.db(), deps.table("orders"), self.wave["id"]):
            if not opened.orders:
                stream.last_order_ended({"wave": opened.wave_id, "dropoff": opened.dropoff_id})


@contextmanager
def answered() -> Iterator[None]:
    """An error that rises out of a handler is no answer: whoever called comes again."""
    try:
        yield
    except (ClientError, BotoCoreError, LumbungError, batch.NotAll) as error:
        raise Failed(str(error)) from error


@contextmanager
def an_aws() -> Iterator[MemoryAws]:
    """An AWS in memory, with the functions' environments; collaborators are made anew before and after."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": "x"}.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
        resources = template()["Resources"]
        forget_collaborators()
        use_environments(environments_of(resources, lambda queue: queue), monkeypatch)
        container.patient(monkeypatch)
        random.seed(1)
        with MemoryAws(resources, SECRETS).installed() as aws:
            yield aws
        forget_collaborators()
        clock.use(None)


@contextmanager
def a_world(kind: type[W]) -> Iterator[W]:
    """An office with two drop-offs, in an AWS of its own."""
    with an_aws() as aws:
        office = an_office(call)
        second = {"name": "Lenteng Agung", "address": "Jl. Raya", "lat": -6.3256, "lng": 106.8369}
        made = office.post("/v1/dropoffs", {**second, "pic_ids": [PIC.id]}, key="second")
        yield kind(aws, office, [office.dropoff, made.json["id"]])
