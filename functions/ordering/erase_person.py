"""Somebody is forgotten: their key is destroyed, and what was sealed with it is swept out.

Unreadable at once and everywhere, with one transaction; swept after that, so that a crash in between leaves only
what nobody can read, and the night goes on with it. A restore brings sealed fields back, and perhaps keys: then
`apply_again` destroys again what was made before the erasure, and sweeps.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from lumbung.domain.deduction import Consent
from lumbung.domain.erasure import Erasure, obligations
from lumbung.domain.once import Once
from lumbung.domain.order import Order
from lumbung.domain.registry import Dropoff
from lumbung.domain.staff import Membership
from ordering.ports import Decide, Memory, Write

PAGE = 100


class Erasures(Protocol):
    def find(self, member_id: str) -> Erasure | None: ...
    def save(self, erasure: Erasure) -> Write: ...


class OrderList(Protocol):
    def of_member(self, ids: Sequence[str], *, limit: int, start: Any) -> tuple[list[Order], Any]: ...


class Traces(Protocol):
    """What is kept of a person beside their orders."""

    def unlist_nip(self, person_id: str) -> Sequence[Write]: ...
    def destroy_key(self, subject: str, *, at: datetime) -> Sequence[Write]: ...
    def sweep(self, subjects: Sequence[str], order_ids: Sequence[str], *, at: datetime) -> None: ...


class Consents(Protocol):
    def find(self, member_id: str) -> Consent | None: ...
    def change(self, consent: Consent) -> Sequence[Write]: ...


class Memberships(Protocol):
    def find(self, person_id: str) -> Membership | None: ...
    def save(self, membership: Membership) -> Write: ...


@dataclass(frozen=True, slots=True)
class Erasing:
    decide: Decide
    orders: OrderList
    erasures: Erasures
    traces: Traces
    consents: Consents
    memberships: Memberships
    dropoffs: Callable[[], Iterator[Dropoff]]

    def ask(self, member_id: str, ids: tuple[str, ...], *, at: datetime, once: Once, remember: Memory) -> Erasure:
        """Note the wish, and fulfil it if nothing is in the way."""
        wish = Erasure(member_id, ids, at)
        self.decide(lambda: (None, [remember(once, member_id), self.erasures.save(wish)]), once)
        return self.go_on(wish, at=at)

    def in_the_way(self, erasure: Erasure) -> list[str]:
        mine = [one.name for one in self.dropoffs() if not one.pic_ids.isdisjoint(erasure.ids)]
        consent = self.consents.find(erasure.member_id)
        return obligations(self._orders(erasure), in_charge_of=mine, deductions=consent.open if consent else ())

    def go_on(self, erasure: Erasure, *, at: datetime) -> Erasure:
        """Do what is still to be done of an erasure, unless something is in its way."""
        if not erasure.done_at:
            if self.in_the_way(erasure):
                return erasure
            erasure = self.decide(lambda: self._destroy(erasure.do(at), at))
        self.sweep(erasure, at=at)
        swept = replace(erasure, swept=True)
        self.decide(lambda: (None, [self.erasures.save(swept)]))
        return swept

    def apply_again(self, erasure: Erasure, *, at: datetime) -> None:
        """Make unreadable once more what a restore has brought back of a person who was erased before."""
        before = erasure.done_at or at
        self.decide(lambda: (None, [w for id_ in erasure.ids for w in self.traces.destroy_key(id_, at=before)]))
        self.sweep(erasure, at=at)

    def sweep(self, erasure: Erasure, *, at: datetime) -> None:
        self.traces.sweep(erasure.ids, [order.id for order in self._orders(erasure)], at=at)

    def _destroy(self, erasure: Erasure, at: datetime) -> tuple[Erasure, Sequence[Write]]:
        writes = [self.erasures.save(erasure)]
        consent, membership = self.consents.find(erasure.member_id), self.memberships.find(erasure.member_id)
        if consent and not consent.withdrawn_at:
            writes += self.consents.change(consent.withdraw(at=at))
        if membership and membership.live:
            left = replace(membership, ended_at=at, ended_by=erasure.member_id, nip_digest=None)
            writes.append(self.memberships.save(left))
        for id_ in erasure.ids:
            writes += [*self.traces.unlist_nip(id_), *self.traces.destroy_key(id_, at=at)]
        return erasure, writes

    def _orders(self, erasure: Erasure) -> Iterator[Order]:
        start = None
        while True:
            page, start = self.orders.of_member(erasure.ids, limit=PAGE, start=start)
            yield from page
            if start is None:
                return
