"""Somebody wants to be forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from infra import erasures
from lumbung.domain.people import Caller
from lumbung.runtime import clock, deps, deps_people
from lumbung.store.table import Item, Put
from ordering import api, nightly
from tests.faults.seam import crash_points, seam
from tests.integration.conftest import Reply
from tests.integration.office import DURING, OPERATOR, PIC, Office, a_member, office
from tests.integration.test_ordering_edits import BY_COURIER

__all__ = ["office"]

SITI = a_member(1)
LATER = DURING + timedelta(days=1)


def erase(office: Office, member: Caller = SITI, key: str = "forget") -> Reply:
    return office.post("/v1/me/erasure", key=key, caller=member)


def an_order_of_the_past(office: Office) -> Item:
    made = office.order(office.wave(), fulfilment=BY_COURIER, note="Pagar hijau").json
    office.http(api.handler, "PUT", "/v1/me", {"name": "Siti", "addresses": [BY_COURIER["address"]]}, caller=SITI,
                key="me", at=DURING)  # fmt: skip
    office.cancel(made["id"])
    return made


def known_of(office: Office, order_id: str) -> list[Any]:
    shown = office.get(f"/v1/orders/{order_id}").json
    return [shown["member"]["name"], shown["member"]["phone"], shown["note"], shown["fulfilment"]["address"]]


def sealed() -> list[tuple[str, str]]:
    """Return where anything sealed lies in the people table."""
    return [(i["pk"], i["sk"]) for i in deps.db().scan(deps.table("people")) if bytes in map(type, i.values())]


@pytest.fixture(autouse=True)
def at_the_time(office: Office) -> None:
    clock.use(lambda: DURING)


def test_who_owes_nothing_is_forgotten_at_once(office: Office) -> None:
    made = an_order_of_the_past(office)
    assert known_of(office, made["id"])[0] == "Siti"

    answer = erase(office)

    assert (answer.status, answer.json["status"], answer.json["waiting_for"]) == (202, "done", [])
    assert known_of(office, made["id"]) == [None] * 4, "the order stays, with its ids and amounts alone"
    assert office.get(f"/v1/orders/{made['id']}").json["total"] == made["total"]
    assert sealed() == []
    again = erase(office)
    assert (again.status, again.json, again.headers["idempotency-replayed"]) == (202, answer.json, "true")


def test_who_comes_back_is_met_anew(office: Office) -> None:
    an_order_of_the_past(office)
    erase(office)

    clock.use(lambda: LATER)
    assert office.get("/v1/me", SITI).json["name"] == SITI.name, "as the token says"
    placed = office.order(office.wave(name="Lain"), key="anew", member=SITI).json
    assert known_of(office, placed["id"])[0] == SITI.name


def test_what_is_owed_comes_first_and_the_night_goes_on_with_it(office: Office) -> None:
    made = office.order(office.wave()).json

    waiting = erase(office).json

    assert (waiting["status"], waiting["waiting_for"]) == ("waiting", [f"Pesanan {made['id']} belum selesai."])
    assert known_of(office, made["id"])[0] == SITI.name
    nightly.handler({"time": LATER.isoformat()}, None)
    assert known_of(office, made["id"])[0] == SITI.name
    office.cancel(made["id"])
    nightly.handler({"time": LATER.isoformat()}, None)
    assert (known_of(office, made["id"]), sealed()) == ([None] * 4, [])
    assert list(deps_people.erasures().unfinished()) == []


def test_whoever_is_in_charge_of_a_drop_off_hands_it_over_first(office: Office) -> None:
    assert erase(office, PIC).json["waiting_for"] == ["Anda masih penanggung jawab titik ambil Gedung Kementerian."]


def test_a_nip_on_a_list_is_nobody_s_again(office: Office) -> None:
    nip = "196608011988031001"
    lists = {"content-type": "text/csv"}
    path = f"/v1/institutions/{office.institution}/staff-imports"
    office.http(api.handler, "POST", path, f"nip\n{nip}\n", caller=OPERATOR, key="list", headers=lists)
    asked = {"institution_id": office.institution, "nip": nip}
    office.post("/v1/me/institution", asked, key="join", caller=SITI)
    assert office.get("/v1/me/institution", SITI).json["membership"]

    erase(office)

    assert [i for i in deps.db().scan(deps.table("people")) if "claimed_by" in i] == []
    assert office.get("/v1/me/institution", SITI).json["membership"]["ended_at"]
    office.post("/v1/me/institution", asked, key="again", caller=SITI)
    assert office.get("/v1/me/institution", SITI).json["membership"]["ended_at"] is None, (
        "they may show anew who they are"
    )


def test_whatever_call_an_erasure_breaks_off_at_it_is_done_in_the_end(office: Office) -> None:
    made = an_order_of_the_past(office)
    with Tables("people", "keys", "orders").kept() as again:
        with seam() as calls:
            erase(office)
        for at in crash_points(len(calls.calls)):
            for after in (False, True):
                again()
                with seam(at, after=after):
                    erase(office)
                assert erase(office).status == 202
                nightly.handler({"time": LATER.isoformat()}, None)
                assert (known_of(office, made["id"]), sealed()) == ([None] * 4, [])


class Tables:
    """Tables that can be put back to what they were: a restore."""

    def __init__(self, *names: str) -> None:
        self._names = names

    @contextmanager
    def kept(self) -> Iterator[Any]:
        rows = {name: list(deps.db().scan(deps.table(name))) for name in self._names}

        def restore() -> None:
            client = deps.aws("dynamodb")
            for name, kept in rows.items():
                table = deps.table(name)
                for item in deps.db().scan(table):
                    client.delete_item(TableName=table, Key={k: {"S": item[k]} for k in ("pk", "sk")})
                for item in kept:
                    deps.db().commit(Put(table, item))

        yield restore


def test_a_restore_of_people_and_keys_does_not_bring_anybody_back(office: Office) -> None:
    made = an_order_of_the_past(office)
    other = office.order(office.wave(name="Lain"), member=a_member(2)).json
    with Tables("people", "keys").kept() as restore:
        erase(office)
        restore()
        assert known_of(office, made["id"])[0] == "Siti", "a restore brings everything back"

        erasures.main()

    assert (known_of(office, made["id"]), len(sealed())) == ([None] * 4, 1)
    assert known_of(office, other["id"])[0] == "Siti 2", "of others nothing is lost"
    assert office.get("/v1/me", SITI).json["name"] == SITI.name, "met anew"


def test_an_erasure_that_is_applied_again_spares_who_came_back_since(office: Office) -> None:
    an_order_of_the_past(office)
    erase(office)
    clock.use(lambda: LATER)
    placed = office.order(office.wave(name="Lain"), key="anew", member=SITI).json

    erasures.main()

    assert known_of(office, placed["id"])[0] == SITI.name
