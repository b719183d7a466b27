"""What ordering's use cases ask of the world. The stores of the layer answer; tests may answer differently."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from lumbung.domain.once import Once
from lumbung.domain.order import Order
from lumbung.domain.people import OrderPrivate, Person
from lumbung.domain.refund import Refund
from lumbung.domain.registry import Dropoff
from lumbung.domain.wave import Offer, Wave

Write = Any  # made by a store, committed by a store, opaque in between
Step = Callable[[Order], tuple[Order, Sequence[Write]]]


class Waves(Protocol):
    def get(self, wave_id: str) -> Wave: ...
    def recent(self, wave_id: str) -> Wave: ...
    def add(self, wave: Wave) -> Write: ...
    def save(self, wave: Wave, *, freezes_at: datetime | None = None) -> Write: ...
    def lay_out(self, draft: Wave, shards: Sequence[Write]) -> None: ...
    def move_gates(self, writes: Sequence[Write]) -> None: ...
    def commit(self, *writes: Write) -> None: ...


class Shards(Protocol):
    def open(self, offer: Offer, wave: Wave) -> Sequence[Write]: ...
    def set_gate(
        self, offer: Offer, number: int, *, closes: datetime | None = None, open_: bool | None = None
    ) -> Write: ...
    def look(self, offer: Offer) -> dict[int, int]: ...
    def sold(self, offer: Offer) -> int: ...


class Orders(Protocol):
    def add(
        self, order: Order, wave: Wave, *, private: OrderPrivate | None, person: Person | None,
        name: str | None, phone: str | None,
    ) -> Order: ...  # fmt: skip
    def find(self, order_id: str) -> Order | None: ...
    def change(self, order_id: str, step: Step) -> Order: ...
    def leave(self, order: Order, wave: Wave, *, at: datetime | None) -> Sequence[Write]: ...
    def of_dropoff(self, wave_id: str, dropoff_id: str, *, page_size: int | None = None) -> Iterator[Order]: ...


class Refunds(Protocol):
    def decide(
        self, order: Order, amount: int, *, cause: str, reason: str, liable: str, at: datetime, by: str
    ) -> tuple[Refund, Order, Sequence[Write]]: ...


class Register(Protocol):
    def get_many(self, ids: list[str]) -> Mapping[str, Dropoff]: ...


class Memory(Protocol):
    """Makes the write of an idempotency record: listed first, so that a repeat reads as a repeat."""

    def __call__(self, once: Once, thing: str) -> Write: ...


class Messages(Protocol):
    def send(self, *, delay_s: int = 0, **message: str | int) -> None: ...
