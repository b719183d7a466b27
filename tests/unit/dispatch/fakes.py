"""A world in memory that keeps the stores' rules: versions, once only, and all of a decision or nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from dispatch.end_trip import News
from dispatch.launch_trips import parts_of
from dispatch.send_again import again
from lumbung.domain import ids, ledger
from lumbung.domain.courier import Proof, Rider
from lumbung.domain.delivery import Delivery
from lumbung.domain.errors import AlreadyDone, Stale
from lumbung.domain.incident import Incident
from lumbung.domain.ledger import Transfer
from lumbung.domain.order import Order
from lumbung.domain.order_parts import COURIER, Fulfilment, OrderLine
from lumbung.domain.refund import Refund
from lumbung.domain.trip import Stop, Trip

AT = datetime(2020, 4, 10, 3, 0, tzinfo=UTC)
Write = Callable[["World", bool], None]  # checks (False), then applies (True)


def an_order(id_: str = "ord_1", *, packs: int = 1, fee: int = 10_200, status: str = "dispatched") -> Order:
    line = OrderLine("off_a", "Beras 5 kg", 5_000, packs, 55_000, "cop_1", packs)
    total = line.subtotal + fee
    return Order(
        id=id_, wave_id="wav_1", dropoff_id="drp_1", institution_id=None, member_id="m1", placed_by="m1",
        lines=(line,), fulfilment=Fulfilment(COURIER, 1, 3_000), courier_fee=fee, payment_due_at=AT, placed_at=AT,
        request_hash="", status="confirmed", fulfilment_status=status, paid=total, paid_by={"cash": total},
    )  # fmt: skip


def a_trip(*stops: Stop, id_: str = "trp_1", cost: int = 12_000, status: str = "booking") -> Trip:
    stops = stops or (Stop("ord_1", 1, {"off_a": 1}, 5_000, 3_000),)
    return Trip(id_, "wav_1", "drp_1", "biteship", stops, 3_000, 5_000, cost, AT, "pic-1", status=status, version=1)


@dataclass
class World:
    orders: dict[str, Order] = field(default_factory=dict)
    trips: dict[str, Trip] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    transfers: dict[str, Transfer] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    riders: dict[str, Rider] = field(default_factory=dict)
    proofs: dict[str, Sequence[Proof]] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)
    next_couriers: list[str] = field(default_factory=list)  # who is asked after the first, and after each other
    to_book: list[str] = field(default_factory=list)
    open_orders: int = 0

    @classmethod
    def of(cls, orders: Iterable[Order], trips: Sequence[Trip]) -> "World":
        """Return a world in which *trips* are under way with their orders."""
        made = cls({order.id: order for order in orders}, {trip.id: trip for trip in trips})
        for order_id, parts in parts_of(trips).items():
            made.deliveries[order_id] = replace(Delivery(order_id).send(parts), version=1)
        made.open_orders = len(made.orders)
        return made

    def decide(self, step: Callable[[], tuple[Any, Sequence[Write]]], once: Any = None) -> Any:
        result, writes = step()
        for apply in (False, True):
            for write in writes:
                write(self, apply)
        return result

    def news(self) -> News:
        return News(
            decide=self.decide,
            trips=_Kept(self, "trips"),
            deliveries=_Kept(self, "deliveries"),
            orders=_Kept(self, "orders"),
            refunds=Refunds(),
            trackings=_Trackings(),
            post=_post,
            finish=_finish,
            raise_=_raise,
            successors=self._successors,
            worker=self,
        )  # type: ignore[arg-type]  # each fake answers what the use case asks of it

    def send(self, *, do: str, trip_id: str) -> None:
        self.to_book.append(trip_id)

    def _successors(self, trip: Trip, *, at: datetime) -> list[Trip]:
        names = ["biteship", *self.next_couriers]
        left = names[names.index(trip.courier) + 1 :]
        return again(trip, at=at, by="pic-1", courier=left[0], stops_per_trip=1) if left else []

    def balances(self) -> dict[str, int]:
        sums: dict[str, int] = {}
        for transfer in self.transfers.values():
            sums[transfer.debit] = sums.get(transfer.debit, 0) + transfer.amount
            sums[transfer.credit] = sums.get(transfer.credit, 0) - transfer.amount
        return {account: balance for account, balance in sums.items() if balance}


class Refunds:
    def decide(self, order: Order, amount: int, *, cause: str, reason: str, liable: str, at: datetime, by: str) -> Any:
        refund = Refund(ids.within(order.id, "ref_", cause), order.id, order.wave_id, amount, reason, liable, at, by)
        promised = Transfer(
            f"trf_{refund.id}", ledger.unearned(order.wave_id), ledger.REFUND_PAYABLE, amount, at, reason
        )

        def add(world: World, apply: bool) -> None:
            if apply:
                world.refunds[refund.id] = refund
            elif refund.id in world.refunds:
                raise Stale(refund.id)

        return refund, order.decide_refund(amount, at=at, by=by), [add, _post(promised)]


class _Kept:
    """One kind of thing with a version, as the stores keep it."""

    def __init__(self, world: World, kind: str) -> None:
        self._world, self._kind = world, kind

    def get(self, id_: str) -> Any:
        return getattr(self._world, self._kind)[id_]

    find = of_order = get

    def refer(self, trip: Trip) -> Write:
        return lambda world, apply: None

    def save(self, thing: Any) -> Write:
        id_ = thing.order_id if isinstance(thing, Delivery) else thing.id

        def put(world: World, apply: bool) -> None:
            kept = getattr(world, self._kind)
            if not apply:
                if thing.version and kept[id_].version != thing.version:
                    raise Stale(id_)
            else:
                kept[id_] = replace(thing, version=thing.version + 1)

        return put


class _Trackings:
    def keep_rider(self, trip_id: str, rider: Rider, *, at: datetime) -> list[Write]:
        return [lambda world, apply: world.riders.update({trip_id: rider}) if apply else None]

    def keep_received(self, order_id: str, member_id: str, trip_id: str, proof: Proof, *, at: datetime) -> list[Write]:
        return [lambda world, apply: world.proofs.update({trip_id: (proof,)}) if apply else None]


def _raise(incident: Incident) -> Write:
    return lambda world, apply: world.incidents.update({incident.id: incident}) if apply else None


def _post(transfer: Transfer) -> Write:
    def post(world: World, apply: bool) -> None:
        if not apply:
            if transfer.id in world.transfers:
                raise AlreadyDone(transfer.id, request_hash="")
            assert transfer.amount > 0
        else:
            world.transfers[transfer.id] = transfer

    return post


def _finish(wave_id: str, dropoff_id: str, *, orders: int) -> Write:
    def finish(world: World, apply: bool) -> None:
        assert world.open_orders >= orders
        if apply:
            world.open_orders -= orders

    return finish
