"""Notices in memory: what happens to orders is told, through a stream, a queue, and channels that may not answer."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from lumbung.domain.letter import Letter
from lumbung.domain.notice import is_overtaken, notices_of
from lumbung.domain.people import Person
from lumbung.domain.telling import LEASE, MOST_IN_DOUBT, SENDING, WAITING, Record
from lumbung.runtime import deps_notices
from lumbung.store import notices
from lumbung.store.table import Database, to_wire
from notices import schedule, stream, worker
from tests.faults import container
from tests.faults.ordering_world import World, a_world, answered
from tests.faults.seam import outside

NOTICES = "NoticeQueue"
Told = tuple[str, str]  # order, kind


@dataclass
class AChannel:
    """Everybody can be reached by it; what it sends passes the seam."""

    name: str = "whatsapp"
    sent: Counter[Told] = field(default_factory=Counter)

    def address_of(self, person: Person) -> str | None:
        return person.phone

    def send(self, address: str, letter: Letter) -> str | None:
        return outside("send", lambda: self._sent(letter))

    def _sent(self, letter: Letter) -> str:
        self.sent[letter.tags["order_id"], letter.tags["kind"]] += 1
        return f"ref-{self.sent.total()}"


@dataclass
class NoticeWorld(World):
    channel: AChannel = field(default_factory=AChannel)
    copies: list[Any] = field(default_factory=list)  # messages that the queue delivers twice

    # -- standing still

    def keep(self) -> Callable[[], None]:
        again, sent, copies = super().keep(), Counter(self.channel.sent), list(self.copies)

        def all_again() -> None:
            again()
            self.channel.sent, self.copies = Counter(sent), list(copies)

        return all_again

    def fresh(self) -> None:
        super().fresh()
        container.fresh(worker)

    # -- what runs by itself

    def hear(self) -> None:
        """Tell the stream's consumer of every order, as if it had just come to be what it is."""
        items = [item for item in Database(self.aws.dynamodb).scan("OrdersTable") if item.get("kind") == "ORDER"]
        records = [{"dynamodb": {"SequenceNumber": item["pk"], "NewImage": to_wire(item)}} for item in items]
        with answered():
            self.answered_whole(stream.handler({"Records": records}, None))

    def tell(self) -> None:
        """Hand all messages to the worker at once; what it does not take, or loses, is in the queue again."""
        taken = []
        while message := self.aws.take(NOTICES):
            taken.append(message)
        again = taken
        try:
            again = self._handed(taken)
        finally:
            self.aws.queued += [(NOTICES, message) for message in again]

    def tell_copies(self) -> None:
        self._handed(self.copies)

    def _handed(self, messages: list[Any]) -> list[Any]:
        """Return what the worker wants to see again."""
        if not messages:
            return []
        records = [{"messageId": str(n), "body": json.dumps(message)} for n, message in enumerate(messages)]
        with answered():
            answer = worker.handler({"Records": records}, None)
        return [messages[int(failure["itemIdentifier"])] for failure in answer["batchItemFailures"]]

    def remind(self) -> None:
        with answered():
            schedule.handler({"time": self.now.isoformat()}, None)

    def settle(self) -> None:
        super().settle()
        self.hear()
        for _ in range(MOST_IN_DOUBT + 2):
            self.at(self.now + LEASE + timedelta(seconds=1))
            self.fresh()
            self.tell()

    # -- looking

    def records(self) -> list[Record]:
        items = Database(self.aws.dynamodb).scan("OrdersTable")
        return [notices.from_item(item) for item in items if item.get("kind") == "NOTICE"]

    def broken(self) -> list[str]:
        return [*super().broken(), *self._untold(), *self._told_too_often()]

    def end_state(self) -> dict[str, Any]:
        told = {(record.notice, record.channel) for record in self.records()}
        return super().end_state() | {"told": told, "queued": [m for queue, m in self.aws.queued if queue == NOTICES]}

    def _untold(self) -> Iterator[str]:
        """Whatever has happened to an order is told, unless something newer has overtaken it."""
        records = {(record.notice.order_id, record.notice.kind): record for record in self.records()}
        for order in self.books().orders.values():
            for notice in notices_of(None, order):
                if not is_overtaken(notice, order) and (order.id, notice.kind) not in records:
                    yield f"5: {notice.kind} of {order.id} is told to nobody"
        for told, record in records.items():
            if record.state in (SENDING, WAITING):
                yield f"5: {told} is still {record.state}"

    def _told_too_often(self) -> Iterator[str]:
        for record in self.records():
            sent = self.channel.sent[record.notice.order_id, record.notice.kind]
            if sent > record.doubts + (record.state == "sent") or sent > MOST_IN_DOUBT or (not sent and record.channel):
                yield f"{record.notice.kind} was sent {sent} times, {record.doubts} of them in doubt"


@contextmanager
def a_notice_world() -> Iterator[NoticeWorld]:
    with a_world(NoticeWorld) as world, pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(deps_notices, "channels", lambda: (world.channel,))
        yield world
