"""What a member has of a wave: live orders, and packs per offer. Both decide what more they may order.

Without a word about who they are: that is sealed beside it, see `people`.
"""

from collections.abc import Mapping

from lumbung.domain.errors import Fault, InvalidState, LimitExceeded, LumbungError
from lumbung.domain.order import Order
from lumbung.domain.wave import Wave
from lumbung.store import keys
from lumbung.store.table import Item, Update


class Limits:
    def __init__(self, table: str) -> None:
        self._table = table

    def join(self, order: Order, wave: Wave, told: Item | None = None) -> Update:
        """Return the write that counts *order* against its member's limits in the wave, or refuses it.

        *told*: what the token said of the member, sealed; the first stays.
        """
        adds, rules, values = _counting(order.held, wave)
        adds.append("live :order")
        values[":order"] = {order.id}
        if wave.orders_per_member is not None:
            rules.append("(attribute_not_exists(live) OR size(live) < :orders)")
            values[":orders"] = wave.orders_per_member
        sets = [f"{name} = if_not_exists({name}, :{name})" for name in told or ()]
        return Update(
            self._table,
            keys.participation(order.counted_as, order.wave_id),
            change=(f"SET {', '.join(sets)} " if sets else "") + f"ADD {', '.join(adds)}",
            when=" AND ".join(rules) or None,
            values=values | {f":{name}": value for name, value in (told or {}).items()},
            otherwise=lambda old: _why_refused(order, wave, order.held, old),
        )

    def follow(self, before: Order, after: Order, wave: Wave) -> list[Update]:
        """Return the write by which the member's limits count *after* in place of *before*, if that differs."""
        if before.held == after.held:
            return []
        if not before.held:
            return [self.join(after, wave)]
        return [self._count_anew(before, after, wave) if after.held else self.leave(before)]

    def _count_anew(self, before: Order, after: Order, wave: Wave) -> Update:
        more = {o: n for o in {*before.held, *after.held} if (n := after.held[o] - before.held[o])}
        adds, rules, values = _counting(more, wave)
        return Update(
            self._table,
            keys.participation(after.counted_as, after.wave_id),
            change=f"ADD {', '.join(adds)}",
            when=" AND ".join(rules) or None,
            values=values,
            otherwise=lambda old: _why_refused(after, wave, more, old),
        )

    def leave(self, order: Order) -> Update:
        """Return the write by which *order* counts no longer."""
        values: Item = {":order": {order.id}}
        adds = []
        for n, (offer_id, quantity) in enumerate(sorted(order.held.items())):
            adds.append(f"{offer_id} :n{n}")
            values[f":n{n}"] = -quantity
        return Update(
            self._table,
            keys.participation(order.counted_as, order.wave_id),
            change=f"ADD {', '.join(adds)} DELETE live :order",
            when="contains(live, :id)",
            values=values | {":id": order.id},
        )


def _counting(packs: Mapping[str, int], wave: Wave) -> tuple[list[str], list[str], Item]:
    """Return the additions, the rules and the values by which a participation counts *packs* more."""
    adds, rules, values = [], [], Item()
    for n, (offer_id, more) in enumerate(sorted(packs.items())):
        adds.append(f"{offer_id} :n{n}")
        values[f":n{n}"] = more
        limit = wave.offers_by_id[offer_id].max_per_member
        if limit is not None and more > 0:
            rules.append(f"(attribute_not_exists({offer_id}) OR {offer_id} <= :room{n})")
            values[f":room{n}"] = limit - more
    return adds, rules, values


def _why_refused(order: Order, wave: Wave, packs: Mapping[str, int], old: Item | None) -> LumbungError:
    """Return why *order* does not count for *packs* more in its member's participation, as it was found."""
    counted = old or {}
    live = sorted(counted.get("live", ()))
    if order.id not in live and wave.orders_per_member is not None and len(live) >= wave.orders_per_member:
        return InvalidState(f"Anda sudah mempunyai pesanan {live[0]} dalam gelombang ini.")
    limits = {offer.id: offer.max_per_member for offer in wave.offers if offer.max_per_member is not None}
    over = {o for o, more in packs.items() if o in limits and counted.get(o, 0) + more > limits[o]}
    faults = [
        Fault(f"/lines/{n}/quantity", "Melebihi batas per anggota.")
        for n, line in enumerate(order.lines)
        if line.offer_id in over
    ]
    return LimitExceeded(f"Melebihi batas per anggota: {', '.join(sorted(over))}.", faults)
