"""What the use cases of notices ask of the world. The stores of the layer answer; tests may answer differently."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from lumbung.domain.notice import Notice
from lumbung.domain.order import Order
from lumbung.domain.payment import Payment
from lumbung.domain.people import Person
from lumbung.domain.registry import Dropoff
from lumbung.domain.telling import Claim, Record
from lumbung.domain.wave import Wave

Places = dict[str, Any]  # made and read by the store, opaque in between


class Records(Protocol):
    def claim(self, notices: Iterable[Notice], *, now: datetime) -> Mapping[Notice, Claim]: ...
    def save(self, changes: Sequence[tuple[Record, Record]]) -> None: ...


class Orders(Protocol):
    def get_many(self, order_ids: Iterable[str]) -> list[Order]: ...


class Waves(Protocol):
    def recent(self, wave_id: str) -> Wave: ...


class Dropoffs(Protocol):
    def get_many(self, ids: list[str]) -> Mapping[str, Dropoff]: ...


class People(Protocol):
    def of_orders(self, orders: Iterable[Order]) -> Mapping[str, Person]: ...
    def names(self, member_ids: list[str]) -> Mapping[str, str]: ...


class Payments(Protocol):
    def of_order(self, order_id: str) -> list[Payment]: ...


class DueSoon(Protocol):
    buckets: int

    def places(self) -> Places: ...
    def keep(self, places: Places) -> None: ...
    def page(
        self, lead: timedelta, bucket: int, places: Places, *, now: datetime, limit: int
    ) -> tuple[list[str], Places, bool]: ...
