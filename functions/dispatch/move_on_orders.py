"""After a final receipt: what is missing is taken off orders, and whose goods are all there can be fetched.

An order takes one step, from allocated to at the drop-off, once every cooperative's goods for it were received
for good; the shortages of all of them are taken off in that step. So the step may be repeated: it happens once.
Who loses what is worked out once per consignment, before the first order moves, and kept.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.ports import Consignments, Decide, Finish, Orders, Refunds, Waves, Write
from lumbung.domain.consignment import RECEIVED, Consignment, consignment_id
from lumbung.domain.order import Order
from lumbung.domain.shortage import share_shortage
from lumbung.domain.wave import Wave

AT_ONCE = 400  # orders: a few seconds' work, well within the worker's time


@dataclass(frozen=True, slots=True)
class Receiving:
    """One cooperative's goods, counted for good, and the packs by offer that each order loses of them."""

    consignment: Consignment
    losses: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class MoveOn:
    """Moves the orders of drop-offs on."""

    decide: Decide
    waves: Waves
    orders: Orders
    consignments: Consignments
    refunds: Refunds
    finish: Finish

    def __call__(self, wave_id: str, dropoff_id: str, *, at_most: int = AT_ONCE) -> Counter[str]:
        """Move every order on whose goods are all there; return how many `arrived`, were `emptied`, are `waiting`.

        After *at_most* of them it stops and says `more`: then it is to be called again.
        """
        wave = self.waves.get(wave_id)
        received = self._received(wave, dropoff_id)
        counted: Counter[str] = Counter()
        for order in self.orders.of_dropoff(wave_id, dropoff_id):
            if _is_expected(order):
                if counted["arrived"] + counted["emptied"] == at_most:
                    return counted + Counter(more=1)
                counted[self._move(order.id, received)] += 1
        for receiving in received.values():
            self._note_moved_on(receiving.consignment, wave)
        return counted

    def _received(self, wave: Wave, dropoff_id: str) -> dict[str, Receiving]:
        """Return, by cooperative, what was received for good, each shortage shared out."""
        ids = [consignment_id(wave.id, cooperative_id, dropoff_id) for cooperative_id in wave.cooperative_ids]
        known = self.consignments.get_many(ids).values()
        shared = [self._share(c, wave) for c in known if c.state == RECEIVED]
        return {c.cooperative_id: Receiving(c, self.consignments.shares(c)) for c in shared}

    def _share(self, consignment: Consignment, wave: Wave) -> Consignment:
        if consignment.shares is not None:
            return consignment
        parts = 0
        if consignment.missing:
            ids = [order.id for order in self.orders.of_dropoff(consignment.wave_id, consignment.dropoff_id)]
            expecting = [order for order in self.orders.get_many(ids) if _is_expected(order)]
            losses = share_shortage(wave, expecting, consignment.missing)
            parts = self.consignments.put_shares(consignment.id, losses)

        def step() -> tuple[Consignment, Sequence[Write]]:
            now = self.consignments.get(consignment.id)
            if now.shares is not None:
                return now, []
            after = replace(now, shares=parts)
            return replace(after, version=now.version + 1), [self.consignments.save(after)]

        return self.decide(step)

    def _move(self, order_id: str, received: dict[str, Receiving]) -> str:
        def step() -> tuple[str, Sequence[Write]]:
            order = self.orders.get(order_id)
            if not _is_expected(order):
                return "moved before", []
            cooperatives = {line.cooperative_id for line in order.lines if line.granted}
            if not cooperatives <= received.keys():
                return "waiting", []
            parts = [received[cooperative_id] for cooperative_id in sorted(cooperatives)]
            return self._arrive(order, parts)

        return self.decide(step)

    def _arrive(self, order: Order, parts: Sequence[Receiving]) -> tuple[str, Sequence[Write]]:
        at = max(received_at(part.consignment) for part in parts)
        missing = Counter[str]()
        for part in parts:
            missing.update(part.losses.get(order.id, {}))
        after = order.shorten(missing, at=at) if missing else order
        writes: list[Write] = []
        if (over := after.kept - after.total) > 0 and missing:
            _, after, writes = self._promise(after, over, at)
        if after.fulfilment_status == "none":
            return "emptied", [self.orders.save(after), *writes, self.finish(order.wave_id, order.dropoff_id, orders=1)]
        return "arrived", [self.orders.save(after.arrive(at=at)), *writes]

    def _promise(self, order: Order, over: int, at: datetime) -> tuple[object, Order, list[Write]]:
        refund, order, writes = self.refunds.decide(
            order, over, cause="shortage", reason="Barang kurang atau rusak saat diterima",
            liable="cooperative", at=at, by="clock",
        )  # fmt: skip
        return refund, order, list(writes)

    def _note_moved_on(self, consignment: Consignment, wave: Wave) -> None:
        look_at = wave.uncollected.first_look(received_at(consignment)) if wave.uncollected else None

        def step() -> tuple[None, Sequence[Write]]:
            now = self.consignments.get(consignment.id)
            after = replace(now, moved_on=True, look_at=look_at)
            return None, [] if now.moved_on else [self.consignments.save(after)]

        self.decide(step)


def received_at(consignment: Consignment) -> datetime:
    if consignment.received_at is None:
        raise ValueError(f"{consignment.id} was not received for good")
    return consignment.received_at


def _is_expected(order: Order) -> bool:
    """Whether the order still waits for its goods to be counted."""
    return order.status == "confirmed" and order.fulfilment_status == "allocated"
