"""A wave: a time-boxed order window with offers, drop-offs and a delivery date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from lumbung.domain.errors import Fault, Invalid, InvalidState, LimitExceeded, NotEligible, WaveNotOpen
from lumbung.domain.order import Order
from lumbung.domain.order_parts import Fulfilment, Happening, OrderLine, Tolerance, packs_of
from lumbung.domain.uncollected import Uncollected

EXPECTED_PER_S = 200  # orders of one offer a second, if nobody says what a wave will see


@dataclass(frozen=True, slots=True)
class Offer:
    """A product's pack at a price in a wave. Grams and rupiah per pack; no quota: no limit."""

    id: str
    product_id: str
    sku: str
    name: str
    cooperative_id: str
    weight_g: int
    price: int
    quota: int | None = None
    max_per_member: int | None = None
    shards: int = 1
    price_given: bool = False  # set for this wave; otherwise it follows the product until publication
    expected_per_s: int = EXPECTED_PER_S  # orders when most come: what its shards are made for


@dataclass(frozen=True, slots=True)
class PriorityGroup:
    """Institutions whose members are served whole before those of the next group."""

    name: str
    institution_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a member asks for, from the shelf; `Home.bring` says how it goes home."""

    order_id: str
    wave_id: str
    dropoff_id: str
    institution_id: str | None
    member_id: str
    placed_by: str
    quantities: tuple[tuple[str, int], ...]
    request_hash: str
    private: bool = False
    person_id: str | None = None
    served_institution_ids: frozenset[str] = frozenset()  # whom a PIC may order for there; none named: anybody
    tolerances: Mapping[int, Tolerance] = field(default_factory=dict)  # by the number of the line


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Why a wave was called off, when and by whom; `was`: the state that it was in until then."""

    reason: str
    at: datetime
    by: str
    was: str


@dataclass(frozen=True, slots=True)
class Wave:
    """`price_zone`: the office's word on it (see `price_zone`); `prolonged`: opened again once, below its minimum.

    `uncollected`: what becomes of goods that nobody fetches; None: they wait.
    """

    id: str
    name: str
    time_zone: str
    opens_at: datetime
    closes_at: datetime
    payment_due_at: datetime
    delivery_date: date
    dropoff_ids: tuple[str, ...]
    offers: tuple[Offer, ...]
    allocation_policy: str = "first_come"
    payment_window_s: int | None = None
    minimum_weight_g: int | None = None
    orders_per_member: int | None = 1
    eligible_institution_ids: frozenset[str] | None = None
    price_zone: str | None = None
    prolonged: bool = False
    cancellation: Cancellation | None = None
    priority_groups: tuple[PriorityGroup, ...] = ()
    uncollected: Uncollected | None = None
    status: str = "draft"
    version: int = 1

    def state(self, now: datetime) -> str:
        """Return the contract's state: what is stored, and between publication and freeze the clock."""
        if self.status == "published":
            if now < self.opens_at:
                return "scheduled"
            return "open" if now < self.closes_at else "closed"
        return "closed" if self.status == "frozen" else self.status

    @property
    def is_public(self) -> bool:
        """Drafts are the office's own, also those that were given up."""
        was_draft = self.cancellation is not None and self.cancellation.was == "draft"
        return self.status != "draft" and not was_draft

    @property
    def offers_by_id(self) -> Mapping[str, Offer]:
        return {offer.id: offer for offer in self.offers}

    @property
    def cooperative_ids(self) -> tuple[str, ...]:
        return tuple(sorted({offer.cooperative_id for offer in self.offers}))

    def rank(self, institution_id: str | None) -> int:
        """Return the place of an institution's priority group; in none: after the last."""
        ranks = (n for n, group in enumerate(self.priority_groups) if institution_id in group.institution_ids)
        return next(ranks, len(self.priority_groups))

    @property
    def last_due(self) -> datetime:
        """When the last order that can still be placed must be paid."""
        return max(self.closes_at, self.due_for_order_placed(self.closes_at))

    def weight_of(self, packs: Mapping[str, int]) -> int:
        """Return the grams of *packs*, by offer."""
        return sum(offer.weight_g * packs.get(offer.id, 0) for offer in self.offers)

    def freezes_at(self, grace: timedelta) -> datetime:
        """Return when nothing that began in time can still be under way: *grace* = time-out + 30 s."""
        return self.last_due + grace

    def take_order(self, draft: Draft, *, at: datetime) -> Order:
        """Return the order that *draft* asks for, unpaid, or refuse it. The store refuses finally."""
        if self.eligible_institution_ids is not None and draft.institution_id not in self.eligible_institution_ids:
            raise NotEligible(f"Instansi Anda tidak termasuk dalam gelombang {self.id}.")
        if draft.dropoff_id not in self.dropoff_ids:
            raise Invalid("unknown drop-off", [Fault("/dropoff_id", "Titik ambil tidak termasuk dalam gelombang ini.")])
        if draft.served_institution_ids and draft.institution_id not in draft.served_institution_ids:
            pointer = "/on_behalf_of/institution_id"
            raise Invalid("institution not served", [Fault(pointer, "Titik ambil ini tidak melayani instansi itu.")])
        lines = self.tolerating(self.lines_for(draft.quantities), draft.tolerances)
        self.must_be_open(at)
        self.must_be_within_limits(lines)
        return Order(
            id=draft.order_id,
            wave_id=self.id,
            dropoff_id=draft.dropoff_id,
            institution_id=draft.institution_id,
            member_id=draft.member_id,
            placed_by=draft.placed_by,
            lines=lines,
            fulfilment=Fulfilment(),
            courier_fee=0,
            payment_due_at=self.due_for_order_placed(at),
            placed_at=at,
            request_hash=draft.request_hash,
            private=draft.private,
            person_id=draft.person_id,
            history=(Happening(at, "placed", draft.placed_by),),
        )

    def due_for_order_placed(self, at: datetime) -> datetime:
        if self.payment_window_s is None:
            return self.payment_due_at
        return min(self.payment_due_at, at + timedelta(seconds=self.payment_window_s))

    def tolerating(self, lines: Sequence[OrderLine], said: Mapping[int, Tolerance]) -> tuple[OrderLine, ...]:
        """Return *lines* with what their member would accept; Invalid where that is no other offer of this wave."""
        others = self.offers_by_id
        faults = [
            Fault(f"/lines/{n}/tolerance/instead/{m}/offer_id", "Harus penawaran lain dalam gelombang ini.")
            for n, tolerance in said.items()
            for m, (offer_id, _) in enumerate(tolerance.instead)
            if offer_id not in others or offer_id == lines[n].offer_id
        ]
        if faults:
            raise Invalid("unknown offer", faults)
        return tuple(replace(line, tolerance=said.get(n)) for n, line in enumerate(lines))

    def instead_g(self, lines: Sequence[OrderLine]) -> tuple[int, ...]:
        """Return the grams of a pack of each offer that may come instead of *lines*."""
        offers = {offer_id for line in lines if line.tolerance for offer_id, _ in line.tolerance.instead}
        return tuple(offer.weight_g for offer in self.offers if offer.id in offers)

    def publish(self) -> "Wave":
        return self._to("published", "draft")

    def close_at(self, at: datetime) -> "Wave":
        """Close now instead of at `closes_at`; payment deadlines stay."""
        if self.state(at) not in ("scheduled", "open"):
            raise InvalidState(f"Gelombang ini berstatus {self.state(at)}.")
        return replace(self, closes_at=max(at, self.opens_at))

    def freeze(self) -> "Wave":
        return self._to("frozen", "published")

    def allocate(self) -> "Wave":
        return self._to("allocated", "frozen")

    def deliver(self) -> "Wave":
        return self._to("delivering", "allocated")

    def complete(self) -> "Wave":
        return self._to("completed", "allocated", "delivering")

    def cancel(self, reason: str, *, at: datetime, by: str) -> "Wave":
        """Call the wave off: InvalidState from the first departure on."""
        after = self._to("cancelled", "draft", "published", "frozen", "allocated")
        return replace(after, cancellation=Cancellation(reason, at, by, self.state(at)))

    def _to(self, status: str, *allowed: str) -> "Wave":
        if self.status not in allowed:
            raise InvalidState(f"Gelombang ini berstatus {self.status}.")
        return replace(self, status=status)

    def must_be_open(self, at: datetime) -> None:
        if self.state(at) != "open":
            raise WaveNotOpen(f"Gelombang {self.id} tidak sedang dibuka.")

    def lines_for(self, quantities: tuple[tuple[str, int], ...]) -> tuple[OrderLine, ...]:
        """Return the lines of these (offer, packs); Invalid for an offer that is not the wave's."""
        offers = self.offers_by_id
        unknown = [
            Fault(f"/lines/{n}/offer_id", "Penawaran ini tidak ada dalam gelombang.")
            for n, (offer_id, _) in enumerate(quantities)
            if offer_id not in offers
        ]
        if unknown:
            raise Invalid("unknown offer", unknown)
        return tuple(
            OrderLine(offer.id, offer.name, offer.weight_g, quantity, offer.price, offer.cooperative_id)
            for offer, quantity in ((offers[offer_id], quantity) for offer_id, quantity in quantities)
        )

    def must_be_within_limits(self, lines: Sequence[OrderLine]) -> None:
        """Lines of one offer count together; LimitExceeded."""
        packs = packs_of(lines)
        over = {
            offer.id
            for offer in self.offers
            if offer.max_per_member is not None and packs[offer.id] > offer.max_per_member
        }
        if over:
            faults = [
                Fault(f"/lines/{n}/quantity", "Melebihi batas per anggota.")
                for n, line in enumerate(lines)
                if line.offer_id in over
            ]
            raise LimitExceeded(f"Melebihi batas per anggota: {', '.join(sorted(over))}.", faults)


def shards_for(quota: int | None, *, rate: int = EXPECTED_PER_S, hold_s: float = 0.01) -> int:
    """Return over how many shards an offer's quota is spread.

    Enough that at *rate* orders a second a shard is busy a tenth of the time, and at least ten packs each:

        quota       rate     shards
        18,000     2,000        200
        18,000       200         20
        50           200          5
        7            200          1
        none         200         20
    """
    wanted = max(1, round(rate * hold_s / 0.1))
    return wanted if quota is None else max(1, min(wanted, quota // 10))
