"""The people table: the only place with names, phones, e-mail addresses, NIP and addresses, each sealed.

A participation is a member's part in one wave: what decides limits (see `limits`), and what the token told of them.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from lumbung.domain.errors import Stale
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.order import Order
from lumbung.domain.people import Address, BankAccount, OrderPrivate, Person, Proxy
from lumbung.store import keys
from lumbung.store.limits import Limits
from lumbung.store.order_private import Said, address_item, changes
from lumbung.store.personal import Pen, Personal
from lumbung.store.table import Item, Put, Update, Write

KEPT = timedelta(days=366)  # what an order says of people: as long as somebody may ask about it
_SEALED = ("name", "phone", "nip", "email", "addresses")  # of a profile; the institution is no secret


class People:
    def __init__(self, personal: Personal) -> None:
        self._personal, self._table, self._db = personal, personal.table, personal.db
        self.limits = Limits(personal.table)

    def pen(self, subject: str) -> Pen:
        """Return what seals what is said of *subject*; its writes come with theirs."""
        return self._personal.pen(subject)

    # -- what an order says about people

    def told(self, pen: Pen, order: Order, said: Mapping[str, str | None]) -> Item | None:
        """Return what a token *said*, as the member's participation keeps it."""
        known = {name: value for name, value in said.items() if value}
        if not known:
            return None
        at = keys.participation(order.counted_as, order.wave_id)
        return {"subject": pen.subject, **pen.seal(at, {"told": known})}

    def keep(self, pen: Pen, private: OrderPrivate, *, at: datetime) -> Put:
        """Return the write of what an order says, for as long as it may be asked about."""
        address = private.address
        said = {"note": private.note, "address": address_item(address) if address else None}
        return self._personal.put(pen, {**keys.order_private(private.order_id), "expires": _until(at)}, said)

    def follow_private(self, before: Order, after: Order, said: Said | None) -> list[Write]:
        """Return the writes by which an order's address and note go along with it, if there are any to make."""
        at = keys.order_private(after.id)
        wanted = {name: address_item(v) if isinstance(v, Address) else v for name, v in (said or {}).items() if v}
        pen = self.pen(after.member_id) if wanted else None
        sealed = dict.fromkeys(said) | (pen.seal(at, wanted) if pen else {}) if said is not None else None
        change, values = changes(before, after, sealed)
        if not change:
            return []
        if pen:
            change = _with_subject(change)
            values = {**values, ":subject": pen.subject, ":until": _until(after.placed_at)}
        return [Update(self._table, at, change=change, values=values), *(pen.writes if pen else [])]

    def private_of(self, order_ids: Iterable[str]) -> dict[str, OrderPrivate]:
        items = self._personal.get_many([keys.order_private(order_id) for order_id in order_ids])
        return {private.order_id: private for private in map(_private, items)}

    def name_proxy(self, proxy: Proxy, member_id: str) -> list[Put]:
        """Return the writes of who may fetch an order in its member's place from now on, and of that it was said."""
        pen = self.pen(member_id)
        places = (keys.proxy(proxy.order_id), keys.proxy_as_it_was(proxy.order_id, proxy.number))
        clear = {"at": to_ms(proxy.at), "number": proxy.number, "expires": _until(proxy.at)}
        said = {"name": proxy.name, "phone": proxy.phone}
        return [*(self._personal.put(pen, {**place, **clear}, said) for place in places), *pen.writes]

    def proxies_of(self, order_ids: Iterable[str]) -> dict[str, Proxy]:
        """Return by order who may fetch it in its member's place, where that is somebody."""
        items = self._personal.get_many([keys.proxy(order_id) for order_id in order_ids])
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
        items = self._personal.get_many([key for _, key in sources])
        found = {(item["pk"], item["sk"]): item | item.get("told", {}) for item in items}
        people: dict[str, Person] = {}
        for member_id, key in sources:
            known, item = people.get(member_id, Person(member_id)), found.get((key["pk"], key["sk"]), {})
            people[member_id] = replace(
                known,
                name=item.get("name", known.name),
                phone=item.get("phone", known.phone),
                nip=item.get("nip", known.nip),
                email=item.get("email", known.email),
                forbidden=frozenset(item.get("forbidden", known.forbidden)),
            )
        return people

    def names(self, member_ids: list[str]) -> dict[str, str]:
        """Return the names that are known, by member id."""
        return {person.id: person.name for person in self.profiles(member_ids).values() if person.name}

    def profiles(self, member_ids: Iterable[str]) -> dict[str, Person]:
        """Return who is known, by member id, as they themselves said."""
        found = self._personal.get_many([keys.person(member_id) for member_id in member_ids])
        return {person.id: person for person in map(_person, found)}

    def keep_first(self, person: Person) -> None:
        """Keep *person* unless they are known already."""
        pen = self.pen(person.id)
        new = "attribute_not_exists(subject) OR attribute_exists(erased_at)"
        with suppress(Stale):
            self._db.commit(*(replace(write, when=new) for write in self.introduce(pen, person)), *pen.writes)

    def keep_refund_account(self, member_id: str, account: BankAccount) -> list[Put]:
        pen = self.pen(member_id)
        item = dict(keys.refund_account(member_id))
        return [self._personal.put(pen, item, asdict(account)), *pen.writes]

    def refund_account(self, member_id: str) -> BankAccount | None:
        item = self._personal.get(keys.refund_account(member_id))
        return BankAccount(item["bank"], item["number"], item["name"]) if item and "number" in item else None

    def get(self, member_id: str) -> Person | None:
        item = self._personal.get(keys.person(member_id))
        return _person(item) if item and "subject" in item and "erased_at" not in item else None

    def introduce(self, pen: Pen, person: Person) -> list[Update]:
        """Return the write of what somebody says about *person*; whatever else is known of them stays."""
        return self.amend(pen, person, [name for name, value in _all(person).items() if value])

    def amend(self, pen: Pen, person: Person, fields: Collection[str]) -> list[Update]:
        """Return the write of these *fields* of *person* alone, if they are any; one without a value is forgotten."""
        at = keys.person(person.id)
        said = {name: value for name, value in _all(person).items() if name in fields}
        if not said:
            return []
        kept: Item = {name: value for name, value in said.items() if value and name not in _SEALED}
        kept |= pen.seal(at, {name: value for name, value in said.items() if value and name in _SEALED})
        removes = ["erased_at", *(name for name, value in said.items() if not value)]
        sets = ", ".join(f"{name} = :{name}" for name in ("subject", *kept))
        values = {f":{name}": value for name, value in kept.items()} | {":subject": pen.subject}
        return [Update(self._table, at, change=f"SET {sets} REMOVE {', '.join(removes)}", values=values)]


def _with_subject(change: str) -> str:
    """Return an update that says as well under whose key its values are, and until when they are kept."""
    return change.replace("SET ", "SET subject = :subject, expires = :until, ", 1)


def _until(at: datetime) -> int:
    return int((at + KEPT).timestamp())


def _id(item: Item) -> str:
    return str(item["pk"].partition("#")[2])


def _private(item: Item) -> OrderPrivate:
    address = item.get("address")
    return OrderPrivate(_id(item), Address(**address) if address else None, item.get("note"))


def _all(person: Person) -> dict[str, Any]:
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
        id=_id(item),
        name=item.get("name"),
        phone=item.get("phone"),
        nip=item.get("nip"),
        email=item.get("email"),
        institution_id=item.get("institution"),
        addresses=tuple(Address(**address) for address in item.get("addresses", ())),
        forbidden=frozenset(item.get("forbidden", ())),
    )
