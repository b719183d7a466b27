"""The steps of closing a wave after its freeze, one message each.

    aggregate   each drop-off counts its confirmed orders; unpaid ones expire; below its minimum a wave is cancelled
    supply      every cooperative says what it will bring
    tally       only when something is short: each drop-off counts its claims by kind
    ties        … and reports the claims exactly where the packs run out
    wishes      only when something is left over too, and somebody would accept it: each drop-off counts wishes
    turns       … and reports the wishes exactly where what is left over runs out
    apply       each drop-off tells its orders what they get, and promises back what they do not
    done        every cooperative has its purchase order, and the wave is allocated

A drop-off's message may come twice or late; the last drop-off to finish a step begins the next one.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lumbung.domain.errors import InvalidState, Stale
from lumbung.domain.wave import Wave
from ordering.apply_allocation import Apply
from ordering.closing_ports import Closings, Rules, Run
from ordering.freeze_wave import send_parts
from ordering.look_at_orders import Looks, short
from ordering.order_goods import OrderGoods
from ordering.ports import Messages, Shards, Waves
from ordering.share_out import cooperatives_asked, decided, settled, share_out, total


class CancelWave(Protocol):
    """`cancel_wave`, wired."""

    def __call__(self, wave_id: str, reason: str, *, by: str, at: datetime) -> Wave: ...


@dataclass(frozen=True, slots=True)
class Closing:
    """Everything that the steps work with."""

    waves: Waves
    shards: Shards
    closings: Closings
    looks: Looks
    apply: Apply
    order_goods: OrderGoods
    queue: Messages
    now: Callable[[], datetime]
    cancel: CancelWave

    def take_step(self, step: str, wave_id: str, dropoff_id: str) -> None:
        """Take a drop-off's part of *step*; if it was the last one, begin the next step."""
        run = self.closings.find(wave_id)
        if run is None or run.step != step:
            return  # a repeat of a step that is over
        wave = self.waves.recent(wave_id)
        if self.closings.owes(run, dropoff_id):
            with suppress(Stale):  # a repeat of this message has finished the part
                self._part(wave, run, dropoff_id)
        run = self.closings.tick_off(run, dropoff_id)
        if run.step == step and not run.owing:
            self._next(wave, run)

    def resume(self, wave_id: str) -> None:
        """Send again what a crash may have left unsent: every step may be repeated."""
        run, wave = self.closings.find(wave_id), self.waves.get(wave_id)
        if run is None or wave.status != "frozen":
            return
        if run.step == "supply":
            self.allocate(wave_id)
        else:
            self.waves.move_gates(self.shards.shut_gates(wave))  # the freeze may have died before it did
            owing = self.closings.pending(self.closings.tick_off(run))
            send_parts(run.step, wave_id, owing or wave.dropoff_ids[:1], self.queue)

    def allocate(self, wave_id: str) -> None:
        """Begin allocation if every cooperative has confirmed its supply: look closer only at what is short."""
        run = self.closings.find(wave_id)
        if run is None or run.step != "supply":
            return
        wave = self.waves.get(wave_id)
        counted = list(self.closings.parts(wave_id, "aggregate"))
        demand = total(part["packs"] for part in counted)
        supplies = self.closings.supplies(wave_id)
        if not cooperatives_asked(wave, demand) <= supplies.keys():
            return
        rules, spare = share_out(wave, demand, supplies.values())
        accepted = short(rules) and any(part["tolerant"] for part in counted)
        self._advance(run, wave, "tally" if short(rules) else "apply", rules=rules, spare=spare if accepted else {})

    def _part(self, wave: Wave, run: Run, dropoff_id: str) -> None:
        if run.step == "apply":
            if not self.apply(wave, run, dropoff_id):
                send_parts(run.step, wave.id, [dropoff_id], self.queue)
            return
        self.closings.finish_part(run, dropoff_id, self.looks.take(wave, run, dropoff_id))

    def _next(self, wave: Wave, run: Run) -> None:
        parts = self.closings.parts(wave.id, run.step)
        match run.step:
            case "aggregate":
                self._check_against_shards(wave)
                if self._is_given_up(wave):
                    return
                self._advance(run, wave, "supply")
                self.allocate(wave.id)  # at once if nothing was ordered: there is no supply to wait for
            case "tally":
                self._advance(run, wave, "ties", rules=decided(run.rules, parts))
            case "ties":
                self._advance(run, wave, "wishes" if run.spare else "apply", rules=settled(run.rules, parts))
            case "wishes":
                self._advance(run, wave, "turns", spare=decided(run.spare, parts))
            case "turns":
                self._advance(run, wave, "apply", spare=settled(run.spare, parts))
            case "apply":
                self.order_goods(wave)
                self._advance(run, wave, "done")
                self._finish(wave.id)
            case "done":  # a crash came between the two
                self._finish(wave.id)

    def _check_against_shards(self, wave: Wave) -> None:
        """What the drop-offs counted must be what the shards sold: an index that lags behind is noticed here."""
        counted = total(part["packs"] for part in self.closings.parts(wave.id, "aggregate"))
        differing = [offer.id for offer in wave.offers if self.shards.sold(offer) != counted[offer.id]]
        if differing:
            raise InvalidState(f"orders and shards differ for {', '.join(differing)}")

    def _is_given_up(self, wave: Wave) -> bool:
        """Call the wave off if what was ordered and paid is less than its minimum."""
        weight = wave.weight_of(total(part["packs"] for part in self.closings.parts(wave.id, "aggregate")))
        if wave.minimum_weight_g is None or weight >= wave.minimum_weight_g:
            return False
        reason = f"Berat minimum {wave.minimum_weight_g / 1000:g} kg tidak tercapai: terpesan {weight / 1000:g} kg."
        self.cancel(wave.id, reason, by="clock", at=self.now())
        return True

    def _advance(
        self, run: Run, wave: Wave, step: str, *, rules: Rules | None = None, spare: Rules | None = None
    ) -> None:
        pending = () if step in ("supply", "done") else wave.dropoff_ids
        try:
            self.closings.advance(run, step, pending, rules=rules, spare=spare)
        except Stale:
            return  # another worker did, and sent the messages
        send_parts(step, wave.id, pending, self.queue)

    def _finish(self, wave_id: str) -> None:
        wave = self.waves.get(wave_id)
        if wave.status == "frozen":
            self.waves.commit(self.waves.save(wave.allocate()))
        self.apply.goods.complete_if_done(wave_id)
