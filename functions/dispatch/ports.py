"""What dispatch's use cases ask of the world. The stores of the layer answer; tests may answer differently."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from lumbung.domain import courier
from lumbung.domain.booking import Booking
from lumbung.domain.consignment import Consignment
from lumbung.domain.correction import Correction
from lumbung.domain.courier import Courier, Proof
from lumbung.domain.delivery import Delivery
from lumbung.domain.errors import AlreadyDone
from lumbung.domain.incident import Incident
from lumbung.domain.ledger import Transfer
from lumbung.domain.offline import Told
from lumbung.domain.once import Once
from lumbung.domain.order import Order
from lumbung.domain.people import OrderPrivate, Person, Proxy
from lumbung.domain.refund import Refund
from lumbung.domain.registry import Dropoff
from lumbung.domain.rider import Rider
from lumbung.domain.roads import Roads
from lumbung.domain.shortage import Losses
from lumbung.domain.trip import Trip
from lumbung.domain.wave import Wave

T = TypeVar("T")
Write = Any  # made by a store, committed by `Decide`, opaque in between


class Decide(Protocol):
    """Runs a step (read, decide, say what to write), commits what it says, and again while that was stale."""

    def __call__(self, step: Callable[[], tuple[T, Sequence[Write]]], once: Once | None = None) -> T: ...


class Remember(Protocol):
    """Makes the write of an idempotency record: listed first, so that a repeat reads as a repeat."""

    def __call__(self, once: Once, thing: str) -> Write: ...


class Waves(Protocol):
    def get(self, wave_id: str) -> Wave: ...
    def save(self, wave: Wave) -> Write: ...


class Riders(Protocol):
    def find(self, dropoff_id: str, rider_id: str) -> Rider | None: ...


class Dropoffs(Protocol):
    def get(self, id_: str) -> Dropoff: ...


class MeasuredRoads(Protocol):
    def find(self, dropoff_id: str) -> Roads | None: ...


class Orders(Protocol):
    def get(self, order_id: str) -> Order: ...
    def get_many(self, order_ids: Iterable[str]) -> list[Order]: ...
    def save(self, order: Order) -> Write: ...
    def of_dropoff(self, wave_id: str, dropoff_id: str) -> Iterator[Order]: ...


class People(Protocol):
    def private_of(self, order_ids: Iterable[str]) -> Mapping[str, OrderPrivate]: ...
    def get(self, member_id: str) -> Person | None: ...
    def name_proxy(self, proxy: Proxy, member_id: str) -> Sequence[Write]: ...
    def proxies_of(self, order_ids: Iterable[str]) -> Mapping[str, Proxy]: ...


class Consignments(Protocol):
    def expect(self, consignment: Consignment) -> bool: ...
    def save(self, consignment: Consignment) -> Write: ...
    def still(self, consignment: Consignment) -> Write: ...
    def get(self, consignment_id: str) -> Consignment: ...
    def get_many(self, consignment_ids: Iterable[str]) -> Mapping[str, Consignment]: ...
    def put_shares(self, consignment_id: str, losses: Losses) -> int: ...
    def shares(self, consignment: Consignment) -> Losses: ...


class Handovers(Protocol):
    def count_try(self, order_id: str, *, at: datetime) -> None: ...
    def forget_tries(self, order_id: str) -> Write: ...
    def forgive(self, order_id: str) -> None: ...
    def add(
        self, before: Order, after: Order, way: str, *, at: datetime, by: str,
        device: str | None = None, proxy: Proxy | None = None,
    ) -> Write: ...  # fmt: skip
    def told(self, told: Told) -> Write: ...
    def told_before(self, dropoff_id: str, device: str, number: int) -> AlreadyDone | None: ...


class Trips(Protocol):
    def get(self, trip_id: str) -> Trip: ...
    def find(self, trip_id: str) -> Trip | None: ...
    def save(self, trip: Trip) -> Write: ...
    def refer(self, trip: Trip) -> Write: ...
    def referred(self, courier: str, reference: str) -> Trip | None: ...


class TripList(Protocol):
    def of_dropoff(self, wave_id: str, dropoff_id: str, *, limit: int, start: Any) -> tuple[list[Trip], Any]: ...


class Deliveries(Protocol):
    def of_order(self, order_id: str) -> Delivery: ...
    def of_orders(self, order_ids: Iterable[str]) -> Mapping[str, Delivery]: ...
    def save(self, delivery: Delivery) -> Write: ...


class Trackings(Protocol):
    """What is known of the people of trips."""

    def keep_rider(
        self, trip_id: str, rider: courier.Rider, *, at: datetime, subject: str | None = None
    ) -> Sequence[Write]: ...
    def keep_received(
        self, order_id: str, member_id: str, trip_id: str, proof: Proof, *, at: datetime
    ) -> Sequence[Write]: ...


class Carriers(Protocol):
    """Who serves which drop-off, in which order."""

    def after(self, name: str, dropoff: Dropoff) -> Courier | None: ...


class Raise(Protocol):
    """Makes the write of an incident: raised again it stays one."""

    def __call__(self, incident: Incident) -> Write: ...


class Refunds(Protocol):
    def decide(
        self, order: Order, amount: int, *, cause: str, reason: str, liable: str, at: datetime, by: str
    ) -> tuple[Refund, Order, Sequence[Write]]: ...


class Bookings(Protocol):
    """Changes an order, its refunds and the ledger in one transaction with what a step wants written besides."""

    def change(self, order_id: str, step: Callable[[Booking], tuple[Booking, Sequence[Write]]]) -> Booking: ...
    def decide(
        self, order_id: str, step: Callable[[Booking], tuple[Booking, Sequence[Write]]], once: Once
    ) -> Booking: ...


class Closings(Protocol):
    def find(self, wave_id: str) -> Any: ...
    def keep(self, run: Any) -> Write: ...
    def supplies(self, wave_id: str) -> dict[str, dict[str, int]]: ...


class Corrections(Protocol):
    def add(self, correction: Correction) -> Write: ...


class Goods(Protocol):
    """What each drop-off of a wave was allocated."""

    def of_wave(self, wave_id: str) -> Iterator[Any]: ...
    def correct(self, wave_id: str, dropoff_id: str, offer_id: str, change: int, *, ended: int) -> Write: ...


class Post(Protocol):
    def __call__(self, transfer: Transfer) -> Write: ...


class Finish(Protocol):
    """Makes the write that counts orders of a drop-off as at their end: once a transaction."""

    def __call__(self, wave_id: str, dropoff_id: str, *, orders: int) -> Write: ...


class Messages(Protocol):
    def send(self, *, delay_s: int = 0, **message: str | int) -> None: ...
