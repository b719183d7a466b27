"""A key for each person: what is known of them lies sealed, and is gone with their key."""

from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from dispatch import api as dispatch
from lumbung.domain.people import Person
from lumbung.runtime import aead, deps
from lumbung.store import keys
from lumbung.store.keyring import Keyring
from lumbung.store.personal import Personal
from lumbung.store.rings import RINGS, Rings
from lumbung.store.table import Database, Put
from tests.faults.memory_aws import indexes_of
from tests.faults.modes import RIVAL, Fault
from tests.faults.seam import seam
from tests.integration.conftest import call, template
from tests.integration.office import DURING, PIC, Office, a_member, office
from tests.integration.test_ordering_edits import BY_COURIER
from tests.memory_dynamodb import MemoryDynamoDB
from tests.people import Kms, introduced

__all__ = ["office"]

SITI = a_member(1, phone="+6281234567801", email="siti@kemenkop.go.id")


def erase_key(subject: str) -> None:
    deps.db().commit(*deps.personal().destroy_key(subject, at=DURING))


def test_what_lies_in_the_table_says_nothing_of_anybody(office: Office) -> None:
    made = office.order(office.wave(), member=SITI, fulfilment=BY_COURIER, note="Pagar hijau").json
    proxy = {"proxy": {"name": "Budi", "phone": "081298765432"}}
    named = call(dispatch.handler, "PUT", f"/v1/orders/{made['id']}/proxy", proxy, caller=SITI, key="p", at=DURING)
    assert named.status == 200
    kept = repr([list(deps.db().scan(deps.table(name))) for name in ("people", "orders", "keys")])

    for said in ("Siti", "81234", "kemenkop", "Pagar", BY_COURIER["address"]["line"], "Budi", "9876"):
        assert said not in kept
    shown = office.get(f"/v1/orders/{made['id']}", SITI).json
    assert (shown["member"]["name"], shown["note"]) == ("Siti 1", "Pagar hijau")
    assert shown["fulfilment"]["address"]["line"] == BY_COURIER["address"]["line"]


def test_what_an_order_says_of_people_goes_after_a_year(office: Office) -> None:
    made = office.order(office.wave(), member=SITI, note="Pagar hijau").json
    plain = office.order(office.wave(name="Lain"), member=SITI, key="plain").json
    office.edit(plain["id"], {"note": "Pagar biru"}, caller=SITI)

    kept = (deps.db().get(deps.table("people"), keys.order_private(o["id"])) or {} for o in (made, plain))

    assert [item["expires"] for item in kept] == [int((DURING + timedelta(days=366)).timestamp())] * 2


def test_without_its_key_nothing_is_known_and_nothing_fails(office: Office) -> None:
    made = office.order(office.wave(), member=SITI, fulfilment=BY_COURIER, note="Pagar hijau").json
    for subject in (SITI.id, made["member"]["id"]):
        erase_key(subject)

    [shown] = office.get(f"/v1/dropoffs/{office.dropoff}/orders?wave_id={made['wave_id']}", PIC).json["items"]

    assert shown["member"] == {"id": SITI.id, "name": None, "phone": None}
    assert (shown["note"], shown["fulfilment"]["address"], shown["total"]) == (None, None, made["total"])
    assert deps.people().get(SITI.id) in (None, Person(SITI.id))


def test_of_two_first_orders_at_once_both_tell_who_ordered(office: Office) -> None:
    """A rival inside every call of an order: of two keys for one person one is made, and holds for both."""
    for at in count(1):
        member, wave, other = a_member(at), office.wave(name=f"Ini {at}"), office.wave(name=f"Lain {at}")
        rival = partial(office.order, other, member=member, key="rival")
        with seam(fault=Fault(at, RIVAL, rival)) as calls:
            placed = office.order(wave, member=member)
        if not calls.struck:
            break

        assert placed.status == 201
        mine = office.get("/v1/orders", member).json["items"]
        assert [order["member"]["name"] for order in mine] == [member.name] * 2
    assert at > 2, "it has met the reading and the making of a key"


def test_what_is_sealed_can_neither_be_changed_nor_moved(office: Office) -> None:
    deps.waves().commit(*introduced(Person("mem-1", "Siti", phone="+6281234567801")))
    at = keys.person("mem-1")
    kept = deps.db().get(deps.table("people"), at) or {}

    for changed in ({"phone": kept["name"]}, {"name": kept["name"][:-1] + b"x"}):
        deps.db().commit(Put(deps.table("people"), kept | changed))
        with pytest.raises(InvalidTag):
            deps.people().get("mem-1")


def test_who_is_known_anew_is_not_known_by_what_was(office: Office) -> None:
    deps.waves().commit(*introduced(Person("mem-1", "Siti", phone="+6281234567801")))
    erase_key("mem-1")

    deps.waves().commit(*introduced(Person("mem-1", "Siti Aminah")))

    assert deps.people().get("mem-1") == Person("mem-1", "Siti Aminah")


# -- keys of keys


class Cabinet:
    """The keys' table in memory, a KMS that counts, and as many containers as one asks for."""

    def __init__(self) -> None:
        self.db, self.kms = Database(MemoryDynamoDB(indexes_of(template()["Resources"]))), Kms()

    def container(self) -> Personal:
        rings = Rings(self.db, "KeysTable", lambda: self.kms, "kms")
        return Personal(self.db, "PeopleTable", Keyring(self.db, "KeysTable", rings, aead, lambda: DURING))


def test_five_thousand_people_are_fifty_reads_of_keys_and_one_call_a_ring() -> None:
    cabinet = Cabinet()
    people = [f"mem-{n}" for n in range(5_000)]
    writer = cabinet.container()
    for member in people:
        pen = writer.pen(member)
        cabinet.db.commit(writer.put(pen, dict(keys.person(member)), {"name": member}), *pen.writes)
    cabinet.kms.asked, reads = 0, []
    client: Any = cabinet.db._client
    batch_get_item = client.batch_get_item
    client.batch_get_item = lambda RequestItems: (reads.append(1), batch_get_item(RequestItems))[1]

    reader = cabinet.container()
    names = {item["name"] for item in reader.get_many([keys.person(member) for member in people])}

    assert names == set(people)
    assert (len(reads), cabinet.kms.asked) == (50 + 50, RINGS)
    reader.get_many([keys.person(member) for member in people])
    assert cabinet.kms.asked == RINGS, "the next five thousand cost none"


def test_two_containers_that_make_a_ring_at_once_have_one(monkeypatch: pytest.MonkeyPatch) -> None:
    cabinet = Cabinet()
    first, second = cabinet.container(), cabinet.container()
    generate = cabinet.kms.generate_data_key

    def rival(**asked: Any) -> Any:
        monkeypatch.setattr(cabinet.kms, "generate_data_key", generate)
        rivals.append(second.pen("mem-1"))
        return generate(**asked)

    rivals: list[Any] = []
    monkeypatch.setattr(cabinet.kms, "generate_data_key", rival)
    pen = first.pen("mem-1")
    cabinet.db.commit(first.put(pen, dict(keys.person("mem-1")), {"name": "Siti"}), *pen.writes)

    assert rivals
    assert (second.get(keys.person("mem-1")) or {})["name"] == "Siti"


def test_a_key_that_was_put_in_another_person_s_place_opens_nothing() -> None:
    cabinet = Cabinet()
    personal = cabinet.container()
    for member in ("mem-1", "mem-2"):
        cabinet.db.commit(*personal.pen(member).writes)
    stolen = cabinet.db.get("KeysTable", keys.person_key("mem-1")) or {}
    cabinet.db.commit(Put("KeysTable", stolen | keys.person_key("mem-2")))

    with pytest.raises(InvalidTag):
        personal.pen("mem-2")


def test_a_rider_is_known_until_their_key_is_gone(office: Office) -> None:
    body = {"name": "Joko", "phone": "081311112222", "plate": "B 1234 XYZ"}
    made = call(dispatch.handler, "POST", f"/v1/dropoffs/{office.dropoff}/riders", body, caller=PIC, key="r").json
    listed = lambda: call(dispatch.handler, "GET", f"/v1/dropoffs/{office.dropoff}/riders", caller=PIC).json  # noqa: E731 - twice
    assert [rider["name"] for rider in listed()["items"]] == ["Joko"]

    erase_key(made["id"])

    assert listed()["items"] == []


def test_a_refusal_leaves_no_key(office: Office) -> None:
    wave = office.wave(quotas={5: 1})
    office.order(wave, member=a_member(1))

    assert office.order(wave, member=a_member(2)).status == 409
    assert deps.db().get(deps.table("keys"), keys.person_key("mem-2")) is None
