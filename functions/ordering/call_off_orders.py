"""The orders of a cancelled wave are called off, drop-off by drop-off, and what they paid is promised back.

Packs go back to their shards with each order. The run is done when no shard has sold anything any more: an order
that the index was too slow to show is found in another round. Every message may come twice or late.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from lumbung.domain.errors import InvalidState, Stale
from lumbung.domain.order import Order
from lumbung.domain.wave import Cancellation, Wave
from ordering.closing_ports import Closings, Run
from ordering.freeze_wave import send_parts
from ordering.ports import Messages, Orders, Refunds, Shards, Waves, Write

AT_ONCE = 1_000  # orders of one message: some twenty seconds' work, well within the worker's time
NEXT_ROUND_S = 30  # by then the index shows what it did not show before


@dataclass(frozen=True, slots=True)
class CallOff:
    """Everything that calling orders off works with."""

    waves: Waves
    shards: Shards
    orders: Orders
    refunds: Refunds
    closings: Closings
    queue: Messages
    now: Callable[[], datetime]

    def take_part(self, wave_id: str, dropoff_id: str) -> None:
        """Call a drop-off's orders off; if it was the last one, see whether all are found."""
        run = self.closings.find(wave_id)
        if run is None or run.step != "cancel":
            return  # a repeat
        wave = self.waves.get(wave_id)
        if self.closings.owes(run, dropoff_id):
            with suppress(Stale):  # a repeat of this message has finished the part
                self._part(wave, run, dropoff_id)
        run = self.closings.tick_off(run, dropoff_id)
        if run.step == "cancel" and not run.owing:
            self._finish(wave, run)

    def resume(self, wave_id: str) -> None:
        """Begin, or do again what a crash may have left undone: every part may be repeated."""
        wave, run = self.waves.get(wave_id), self.closings.find(wave_id)
        if wave.status != "cancelled" or run is None:
            return
        self.waves.move_gates(self.shards.shut_gates(wave))
        run = self.closings.tick_off(run)
        if run.owing:
            send_parts(run.step, wave_id, self.closings.pending(run), self.queue)
        else:
            self._finish(wave, run)

    def _part(self, wave: Wave, run: Run, dropoff_id: str) -> None:
        called_off = 0
        for order in self.orders.of_dropoff(wave.id, dropoff_id):
            if not order.live:
                continue
            if called_off == AT_ONCE:
                send_parts(run.step, wave.id, [dropoff_id], self.queue)
                return
            self.orders.change(order.id, lambda order: self._called_off(order, wave))
            called_off += 1
        self.closings.finish_part(run, dropoff_id, {})

    def _called_off(self, order: Order, wave: Wave) -> tuple[Order, Sequence[Write]]:
        if not order.live:
            return order, []  # called off, expired or cancelled meanwhile
        why, at = _why(wave), self.now()
        after = order.call_off(at=at, by=why.by)
        writes = list(self.orders.follow(order, after, wave))
        if after.kept > 0:
            _, after, promised = self.refunds.decide(
                after, after.kept, cause="wave_cancelled", reason=f"Gelombang dibatalkan: {why.reason}",
                liable="programme", at=at, by=why.by,
            )  # fmt: skip
            writes += promised
        return after, writes

    def _finish(self, wave: Wave, run: Run) -> None:
        if run.step == "cancel":
            missing = [offer.id for offer in wave.offers if self.shards.sold(offer)]
            try:
                self.closings.advance(run, "cancel" if missing else "cancelled", wave.dropoff_ids if missing else ())
            except Stale:
                return  # another worker did
            if missing:
                send_parts("cancel", wave.id, wave.dropoff_ids, self.queue, delay_s=NEXT_ROUND_S)
                raise InvalidState(f"orders of {', '.join(missing)} were not all found: another round")
        self.waves.commit(self.waves.save(wave))  # the clock need not look for it any more


def _why(wave: Wave) -> Cancellation:
    if wave.cancellation is None:
        raise ValueError(f"{wave.id} was not cancelled")
    return wave.cancellation
