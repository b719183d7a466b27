"""The people table: the only place with names, phones, e-mail addresses, NIP and addresses.

A participation is a member's part in one wave: live orders, packs per offer (both decide limits), and the
name, phone and e-mail address that the token carried.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace

from lumbung.domain.errors import Fault, InvalidState, LimitExceeded, LumbungError, Stale
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.order import Order
from lumbung.domain.people import Address, BankAccount, OrderPrivate, Person, Proxy
from lumbung.domain.wave import Wave
from lumbung.store import keys
from lumbung.store.order_private import Said, address_item, changes
from lumbung.store.table import Database, Item, Put, Update


class People:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    # -- participation

    def join(
        self, order: Order, wave: Wave, *, name: str | None = None, phone: str | None = None, email: str | None = None
    ) -> Update:
        """Return the write that counts *order* against its member's limits in the wave, or refuses it."""
        adds, rules, values = _counting(order.held, wave)
        adds.append("live :order")
        values[":order"] = {order.id}
        sets = []
        if wave.orders_per_member is not None:
            rules.append("(attribute_not_exists(live) OR size(live) < :orders)")
            values[":orders"] = wave.orders_per_member
        for field, value in (("name", name), ("phone", phone), ("email", email)):
            if value:
                sets.append(f"{field} = if_not_exists({field}, :{field})")
                values[f":{field}"] = value
        return Update(
            self._table,
            keys.participation(order.counted_as, order.wave_id),
            change=(f"SET {', '.join(sets)} " if sets else "") + f"ADD {', '.join(adds)}",
            when=" AND ".join(rules) or None,
            values=values,
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

    # -- what an order says about people

    def keep(self, private: OrderPrivate) -> Put:
        address = private.address
        item = {
            **keys.order_private(private.order_id),
            "note": private.note,
            "address": address_item(address) if address else None,
        }
        return Put(self._table, {name: value for name, value in item.items() if value is not None})

    def follow_private(self, before: Order, after: Order, said: Said | None) -> list[Update]:
        """Return the write by which an order's address and note go along with it, if there is one to make."""
        change, values = changes(before, after, said)
        return [Update(self._table, keys.order_private(after.id), change=change, values=values)] if change else []

    def private_of(self, order_ids: Iterable[str]) -> dict[str, OrderPrivate]:
        items = self._db.get_many(self._table, [keys.order_private(order_id) for order_id in order_ids])
        return {private.order_id: private for private in map(_private, items)}

    def name_proxy(self, proxy: Proxy) -> list[Put]:
        """Return the writes of who may fetch an order in its member's place from now on, and of that it was said."""
        told = {"name": proxy.name, "phone": proxy.phone, "at": to_ms(proxy.at), "number": proxy.number}
        item = {name: value for name, value in told.items() if value is not None}
        places = (keys.proxy(proxy.order_id), keys.proxy_as_it_was(proxy.order_id, proxy.number))
        return [Put(self._table, {**place, **item}) for place in places]

    def proxies_of(self, order_ids: Iterable[str]) -> dict[str, Proxy]:
        """Return by order who may fetch it in its member's place, where that is somebody."""
        items = self._db.get_many(self._table, [keys.proxy(order_id) for order_id in order_ids])
        named = ((_id(item), item) for item in items if "name" in item)
        return {o: Proxy(o, i["name"], i.get("phone"), from_ms(i["at"]), i["number"]) for o, i in named}

    # -- persons

    def of_orders(self, orders: Iterable[Order]) -> dict[str, Person]:
        """Return, by member id, whom *orders* belong to: the profile, completed by the participation."""
        sources = [
            (o.member_id, key)
            for o in orders
            for key in (keys.participation(o.counted_as, o.wave_id), keys.person(o.member_id))
        ]  # the profile comes second: it has the last word
        items = self._db.get_many(self._table, [key for _, key in sources])
        found = {(item["pk"], item["sk"]): item for item in items}
        people: dict[str, Person] = {}
        for member_id, key in sources:
            known, item = people.get(member_id, Person(member_id)), found.get((key["pk"], key["sk"]), {})
            people[member_id] = replace(
                known,
                name=item.get("name", known.name),
                phone=item.get("phone", known.phone),
                nip=item.get("nip", known.nip),
                email=item.get("email", known.email),
            )
        return people

    def names(self, member_ids: list[str]) -> dict[str, str]:
        """Return the names that are known, by member id."""
        found = self._db.get_many(self._table, [keys.person(member_id) for member_id in member_ids])
        return {item["pk"].partition("#")[2]: item["name"] for item in found if "name" in item}

    def profiles(self, member_ids: Iterable[str]) -> dict[str, Person]:
        """Return who is known, by member id, as they themselves said."""
        found = self._db.get_many(self._table, [keys.person(member_id) for member_id in member_ids])
        return {person.id: person for person in map(_person, found)}

    def keep_first(self, person: Person) -> None:
        """Keep *person* unless they are known already."""
        known = {name: value for name, value in _profile(person).items() if value}
        with suppress(Stale):
            self._db.commit(Put(self._table, {**keys.person(person.id), **known}, when="attribute_not_exists(pk)"))

    def keep_refund_account(self, member_id: str, account: BankAccount) -> Put:
        return Put(self._table, {**keys.refund_account(member_id), **asdict(account)})

    def refund_account(self, member_id: str) -> BankAccount | None:
        item = self._db.get(self._table, keys.refund_account(member_id))
        return BankAccount(item["bank"], item["number"], item["name"]) if item else None

    def get(self, member_id: str) -> Person | None:
        item = self._db.get(self._table, keys.person(member_id))
        return _person(item) if item else None

    def introduce(self, person: Person) -> list[Update]:
        """Return the write of what somebody says about *person*; whatever else is known of them stays."""
        return self.amend(person, [name for name, value in _profile(person).items() if value])

    def amend(self, person: Person, fields: Collection[str]) -> list[Update]:
        """Return the write of these *fields* of *person* alone, if they are any; one without a value is forgotten."""
        said = {name: value for name, value in _profile(person).items() if name in fields}
        sets = [f"{name} = :{name}" for name, value in said.items() if value]
        removes = [name for name, value in said.items() if not value]
        change = " ".join(f"{verb} {', '.join(of)}" for verb, of in (("SET", sets), ("REMOVE", removes)) if of)
        values = {f":{name}": value for name, value in said.items() if value}
        return [Update(self._table, keys.person(person.id), change=change, values=values)] if change else []


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


def _id(item: Item) -> str:
    return str(item["pk"].partition("#")[2])


def _private(item: Item) -> OrderPrivate:
    address = item.get("address")
    return OrderPrivate(item["pk"].partition("#")[2], Address(**address) if address else None, item.get("note"))


def _profile(person: Person) -> Item:
    return {
        "name": person.name,
        "phone": person.phone,
        "nip": person.nip,
        "email": person.email,
        "institution": person.institution_id,
        "addresses": [address_item(address) for address in person.addresses],
    }


def _person(item: Item) -> Person:
    return Person(
        id=item["pk"].partition("#")[2],
        name=item.get("name"),
        phone=item.get("phone"),
        nip=item.get("nip"),
        email=item.get("email"),
        institution_id=item.get("institution"),
        addresses=tuple(Address(**address) for address in item.get("addresses", ())),
    )
