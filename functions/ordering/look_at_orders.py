"""What one drop-off finds among its orders in each step of closing: small answers, however many orders."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from lumbung.domain.allocation import Claim, Rule, tally
from lumbung.domain.order import Order
from lumbung.domain.tolerance import Wish, wanted, wishes_of
from lumbung.domain.wave import Wave
from ordering.closing_ports import Part, Run
from ordering.expire_orders import expire
from ordering.ports import Orders, Refunds, Waves

Claims = Callable[[Order], Mapping[str, Claim]]


@dataclass(frozen=True, slots=True)
class Looks:
    """One look per step; each reads the drop-off's orders page by page."""

    waves: Waves
    orders: Orders
    refunds: Refunds
    now: Callable[[], datetime]

    def take(self, wave: Wave, run: Run, dropoff_id: str) -> Part:
        """Return what the drop-off finds in the run's step."""
        ordered = partial(claims_of, wave=wave, offer_ids=short(run.rules))
        wished = partial(wish_claims, wave=wave, run=run)
        match run.step:
            case "aggregate":
                return self._aggregate(wave, dropoff_id)
            case "tally":
                return self._tally(wave, dropoff_id, run.rules, ordered)
            case "ties":
                return self._ties(wave, dropoff_id, run.rules, ordered)
            case "wishes":
                return self._tally(wave, dropoff_id, run.spare, wished)
            case "turns":
                return self._ties(wave, dropoff_id, run.spare, wished)
        raise ValueError(f"no drop-off takes part in {run.step}")

    def _aggregate(self, wave: Wave, dropoff_id: str) -> Part:
        """Count what was paid for, and by how many who would accept something else; unpaid orders expire."""
        packs: Counter[str] = Counter()
        orders = tolerant = 0
        for order in self._settled(wave, dropoff_id):
            orders += 1
            tolerant += order.tolerant
            packs.update(order.packs_by_offer)
        return {"orders": orders, "tolerant": tolerant, "packs": dict(packs)}

    def _tally(self, wave: Wave, dropoff_id: str, rules: Mapping[str, Rule], claims: Claims) -> Part:
        tallies: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for order in self._confirmed(wave, dropoff_id):
            for offer_id, claim in claims(order).items():
                tallies[offer_id].update(tally(rules[offer_id].policy, [claim]))
        return {"tallies": {offer_id: dict(kinds) for offer_id, kinds in tallies.items()}}

    def _ties(self, wave: Wave, dropoff_id: str, rules: Mapping[str, Rule], claims: Claims) -> Part:
        ties: defaultdict[str, list[list[int]]] = defaultdict(list)
        for order in self._confirmed(wave, dropoff_id):
            for offer_id, claim in claims(order).items():
                if rules[offer_id].at_cut(claim):
                    ties[offer_id].append([rules[offer_id].tie(claim), claim.packs])
        return {"ties": dict(ties)}

    def _settled(self, wave: Wave, dropoff_id: str) -> Iterator[Order]:
        """Yield the confirmed orders, once whoever has not paid has lost their place."""
        for order in self.orders.of_dropoff(wave.id, dropoff_id):
            if order.status == "placed":
                due = max(self.now(), order.payment_due_at)
                expire(order.id, now=due, waves=self.waves, orders=self.orders, refunds=self.refunds)
                order = self.orders.find(order.id) or order  # paid in the meantime: counts
            if order.status == "confirmed":
                yield order

    def _confirmed(self, wave: Wave, dropoff_id: str) -> Iterator[Order]:
        return (order for order in self.orders.of_dropoff(wave.id, dropoff_id) if order.status == "confirmed")


def short(rules: Mapping[str, Rule]) -> set[str]:
    """Return the offers of which there is less than was ordered."""
    return {offer_id for offer_id, rule in rules.items() if rule.short}


def claims_of(order: Order, wave: Wave, offer_ids: set[str]) -> dict[str, Claim]:
    """Return what *order* claims of each of *offer_ids*: lines of one offer are one claim."""
    return _claims(order, wave, {o: packs for o, packs in order.packs_by_offer.items() if o in offer_ids})


def grants_of(order: Order, wave: Wave, run: Run) -> dict[str, int]:
    """Return the packs by offer that *order* gets of what it ordered."""
    claims = _claims(order, wave, order.packs_by_offer)
    return {offer_id: run.rules[offer_id].grant(claim) for offer_id, claim in claims.items()}


def wishes(order: Order, wave: Wave, run: Run) -> list[Wish]:
    """Return what *order* would take instead of what it does not get, as its member said before."""
    return wishes_of(order, wave, grants_of(order, wave, run), run.spare.keys()) if order.tolerant else []


def wish_claims(order: Order, wave: Wave, run: Run) -> dict[str, Claim]:
    return _claims(order, wave, wanted(wishes(order, wave, run)))


def _claims(order: Order, wave: Wave, packs: Mapping[str, int]) -> dict[str, Claim]:
    rank = wave.rank(order.institution_id)
    return {offer_id: Claim(order.id, n, order.placed_at, rank) for offer_id, n in packs.items()}
