"""The steps of closing a wave after its freeze, one message each.

    aggregate   each drop-off counts its confirmed orders; unpaid ones expire; below its minimum a wave is cancelled
    supply      every cooperative says what it will bring
    tally       only when something is short: each drop-off counts its claims by place
    ties        … and reports the claims exactly where the packs run out
    apply       each drop-off tells its orders what they get, and promises back what they do not

A drop-off's message may come twice or late; the last drop-off to finish a step begins the next one.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

from lumbung.domain.allocation import Claim, Rule, decide, tally
from lumbung.domain.errors import InvalidState, Stale
from lumbung.domain.order import Order
from lumbung.domain.wave import Wave
from ordering.apply_allocation import Goods, apply_allocation
from ordering.closing_ports import Closings, Part, Run
from ordering.expire_orders import expire
from ordering.freeze_wave import send_parts
from ordering.ports import Messages, Orders, Refunds, Shards, Waves


class CancelWave(Protocol):
    """`cancel_wave`, wired."""

    def __call__(self, wave_id: str, reason: str, *, by: str, at: datetime) -> Wave: ...


@dataclass(frozen=True, slots=True)
class Closing:
    """Everything that the steps work with."""

    waves: Waves
    shards: Shards
    orders: Orders
    refunds: Refunds
    closings: Closings
    goods: Goods
    queue: Messages
    now: Callable[[], datetime]
    cancel: CancelWave

    def take_step(self, step: str, wave_id: str, dropoff_id: str) -> None:
        """Take a drop-off's part of *step*; if it was the last one, begin the next step."""
        run = self.closings.find(wave_id)
        if run is None or run.step != step:
            return  # a repeat of a step that is over
        wave = self.waves.recent(wave_id)
        if dropoff_id in run.pending:
            with suppress(Stale):  # a repeat of this message has finished the part
                self._part(wave, run, dropoff_id)
            run = self.closings.find(wave_id)
        if run.step == step and not run.pending:
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
            send_parts(run.step, wave_id, run.pending or wave.dropoff_ids[:1], self.queue)

    def allocate(self, wave_id: str) -> None:
        """Begin allocation if every cooperative has confirmed its supply: look closer only at what is short."""
        run = self.closings.find(wave_id)
        if run is None or run.step != "supply":
            return
        wave = self.waves.get(wave_id)
        demand = total(self.closings.parts(wave_id, "aggregate"), "packs")
        supplies = self.closings.supplies(wave_id)
        if not cooperatives_asked(wave, demand) <= supplies.keys():
            return
        supply: Counter[str] = Counter()
        for packs in supplies.values():
            supply.update(packs)
        rules = {
            offer_id: asdict(Rule(wave.allocation_policy, min(supply[offer_id], packs), packs))
            for offer_id, packs in demand.items()
        }
        short = any(rule["supply"] < rule["demand"] for rule in rules.values())
        self._advance(run, wave, "tally" if short else "apply", rules)

    def _part(self, wave: Wave, run: Run, dropoff_id: str) -> None:
        if run.step == "apply":
            apply_allocation(
                wave, run, dropoff_id, now=self.now(), rules=rules_of(run),
                orders=self.orders, refunds=self.refunds, closings=self.closings, goods=self.goods,
            )  # fmt: skip
            return
        look = {"aggregate": self._aggregate, "tally": self._tally, "ties": self._ties}[run.step]
        self.closings.finish_part(run, dropoff_id, look(wave, run, dropoff_id))

    def _aggregate(self, wave: Wave, run: Run, dropoff_id: str) -> Part:
        packs: Counter[str] = Counter()
        orders = 0
        for order in self.orders.of_dropoff(wave.id, dropoff_id):
            if order.status == "placed":
                due = max(self.now(), order.payment_due_at)
                expire(order.id, now=due, waves=self.waves, orders=self.orders, refunds=self.refunds)
                order = self.orders.find(order.id) or order  # paid in the meantime: counts
            if order.status == "confirmed":
                orders += 1
                packs.update({line.offer_id: 0 for line in order.lines})
                for line in order.lines:
                    packs[line.offer_id] += line.quantity
        return {"orders": orders, "packs": dict(packs)}

    def _tally(self, wave: Wave, run: Run, dropoff_id: str) -> Part:
        claims = self._claims_of_short_offers(wave, run, dropoff_id)
        return {"tallies": {offer_id: dict(tally(wave.allocation_policy, made)) for offer_id, made in claims.items()}}

    def _ties(self, wave: Wave, run: Run, dropoff_id: str) -> Part:
        rules = rules_of(run)
        claims = self._claims_of_short_offers(wave, run, dropoff_id)
        at_cut = {
            offer_id: [[c.tie, c.packs] for c in made if rules[offer_id].at_cut(c)] for offer_id, made in claims.items()
        }
        return {"ties": at_cut}

    def _claims_of_short_offers(self, wave: Wave, run: Run, dropoff_id: str) -> dict[str, list[Claim]]:
        short = {offer_id for offer_id, rule in rules_of(run).items() if rule.supply < rule.demand}
        claims: dict[str, list[Claim]] = {offer_id: [] for offer_id in short}
        for order in self.orders.of_dropoff(wave.id, dropoff_id):
            if order.status == "confirmed":
                for offer_id, packs in packs_by_offer(order).items():
                    if offer_id in short:
                        claims[offer_id].append(Claim(order.id, packs, order.placed_at))
        return claims

    def _next(self, wave: Wave, run: Run) -> None:
        match run.step:
            case "aggregate":
                self._check_against_shards(wave)
                if self._is_given_up(wave):
                    return
                self._advance(run, wave, "supply")
                self.allocate(wave.id)  # at once if nothing was ordered: there is no supply to wait for
            case "tally":
                self._advance(run, wave, "ties", self._decided(wave, run))
            case "ties":
                self._advance(run, wave, "apply", self._settled(wave, run))
            case "apply":
                self._finish(wave)

    def _check_against_shards(self, wave: Wave) -> None:
        """What the drop-offs counted must be what the shards sold: an index that lags behind is noticed here."""
        counted = total(self.closings.parts(wave.id, "aggregate"), "packs")
        differing = [offer.id for offer in wave.offers if self.shards.sold(offer) != counted[offer.id]]
        if differing:
            raise InvalidState(f"orders and shards differ for {', '.join(differing)}")

    def _is_given_up(self, wave: Wave) -> bool:
        """Call the wave off if what was ordered and paid is less than its minimum."""
        weight = wave.weight_of(total(self.closings.parts(wave.id, "aggregate"), "packs"))
        if wave.minimum_weight_g is None or weight >= wave.minimum_weight_g:
            return False
        reason = f"Berat minimum {wave.minimum_weight_g / 1000:g} kg tidak tercapai: terpesan {weight / 1000:g} kg."
        self.cancel(wave.id, reason, by="clock", at=self.now())
        return True

    def _decided(self, wave: Wave, run: Run) -> dict[str, dict[str, object]]:
        parts = self.closings.parts(wave.id, "tally")
        rules = {offer_id: asdict(rule) for offer_id, rule in rules_of(run).items()}
        for offer_id in {offer_id for part in parts for offer_id in part["tallies"]}:
            places: Counter[str] = Counter()
            for part in parts:
                places.update(part["tallies"].get(offer_id, {}))
            rules[offer_id] = asdict(decide(wave.allocation_policy, places, int(rules[offer_id]["supply"])))
        return rules

    def _settled(self, wave: Wave, run: Run) -> dict[str, dict[str, object]]:
        parts = self.closings.parts(wave.id, "ties")
        rules = rules_of(run)
        for offer_id in {offer_id for part in parts for offer_id in part["ties"]}:
            ties = [(tie, packs) for part in parts for tie, packs in part["ties"].get(offer_id, [])]
            rules[offer_id] = rules[offer_id].settle(ties)
        return {offer_id: asdict(rule) for offer_id, rule in rules.items()}

    def _advance(
        self, run: Run, wave: Wave, step: str, rules: Mapping[str, Mapping[str, object]] | None = None
    ) -> None:
        pending = () if step == "supply" else wave.dropoff_ids
        try:
            self.closings.advance(run, step, pending, rules=rules)
        except Stale:
            return  # another worker did, and sent the messages
        send_parts(step, wave.id, pending, self.queue)

    def _finish(self, wave: Wave) -> None:
        wave = self.waves.get(wave.id)
        if wave.status == "frozen":
            self.waves.commit(self.waves.save(wave.allocate()))
        self.goods.complete_if_done(wave.id)


def rules_of(run: Run) -> dict[str, Rule]:
    return {
        offer_id: Rule(
            policy=str(rule["policy"]),
            supply=int(rule["supply"]),
            demand=int(rule["demand"]),
            cut=(int(rule["cut"][0]), int(rule["cut"][1])) if rule.get("cut") is not None else None,
            left=int(rule["left"]),
            last_tie=int(rule["last_tie"]),
            last_packs=int(rule["last_packs"]),
        )
        for offer_id, rule in run.rules.items()
    }


def cooperatives_asked(wave: Wave, demand: Mapping[str, int]) -> set[str]:
    """Return the cooperatives of which something is wanted."""
    return {offer.cooperative_id for offer in wave.offers if demand.get(offer.id)}


def packs_by_offer(order: Order) -> Counter[str]:
    packs: Counter[str] = Counter()
    for line in order.lines:
        packs[line.offer_id] += line.quantity
    return packs


def total(parts: list[Part], field: str) -> Counter[str]:
    """Return the sum over drop-offs of the packs by offer that each part holds under *field*."""
    packs: Counter[str] = Counter()
    for part in parts:
        packs.update(part[field])
    return packs
