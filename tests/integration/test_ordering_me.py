"""What members keep about themselves."""

from typing import Any

import pytest

from lumbung.domain.people import Address, Person
from lumbung.runtime import deps
from ordering import api
from tests.faults.modes import RIVAL, Fault
from tests.faults.seam import seam
from tests.integration.conftest import Reply
from tests.integration.office import DURING, PIC, Office, a_member, office
from tests.people import introduced

__all__ = ["office"]

HOME = {
    "line": "Jl. Kebagusan 1", "village_code": "31.74.04.1003", "postal_code": "12520",
    "lat": -6.3096, "lng": 106.83, "recipient": "Siti", "phone": "081234567801",
}  # fmt: skip
WORK = HOME | {"line": "Jl. H.R. Rasuna Said"}
SITI = a_member(1, institution_id="ins_1")


def put(office: Office, key: str = "k", **body: Any) -> Reply:
    return office.http(api.handler, "PUT", "/v1/me", body, caller=SITI, key=key, at=DURING)


def test_the_token_s_name_and_phone_are_kept_until_they_are_set_by_hand(office: Office) -> None:
    first = office.get("/v1/me", SITI).json

    assert first == {
        "id": "mem-1", "name": "Siti 1", "phone": "+6281234567801", "nip": None, "email": None,
        "institution_id": "ins_1", "addresses": [],
    }  # fmt: skip
    changed = put(office, name="Siti Aminah", nip="198503152010122003").json
    assert changed == {**first, "name": "Siti Aminah", "nip": "1985**************"}
    assert office.get("/v1/me", SITI).json == changed


def test_addresses_are_kept_replaced_and_cleared_as_a_whole(office: Office) -> None:
    assert put(office, addresses=[HOME, WORK]).json["addresses"] == [HOME, WORK]
    assert put(office, "name", name="Siti Aminah").json["addresses"] == [HOME, WORK]
    assert put(office, "one", addresses=[WORK]).json["addresses"] == [WORK]
    assert put(office, "none", addresses=[]).json["addresses"] == []
    assert "addresses" not in deps.db().get(deps.table("people"), {"pk": "PERSON#mem-1", "sk": "PROFILE"})


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param({"institution_id": "ins_2"}, "/institution_id", id="the institution is the office's to say"),
        pytest.param({"addresses": [HOME] * 11}, "/addresses", id="eleven addresses"),
        pytest.param({"addresses": [HOME | {"lat": 52.5}]}, "/addresses/0/lat", id="an address abroad"),
        pytest.param({"addresses": [HOME | {"phone": "021555"}]}, "/addresses/0/phone", id="no mobile phone"),
        pytest.param({"nip": "123"}, "/nip", id="three digits"),
    ],
)
def test_what_cannot_be_kept_is_pointed_at(office: Office, body: dict[str, Any], pointer: str) -> None:
    refused = put(office, **body)

    assert (refused.status, [fault["pointer"] for fault in refused.json["errors"]]) == (422, [pointer])


def test_of_two_changes_at_once_both_are_kept(office: Office) -> None:
    put(office, name="Siti")

    with seam() as calls:
        put(office, "name", name="Siti Aminah")
    for at in range(1, len(calls.calls) + 1):
        with seam(fault=Fault(at, RIVAL, lambda at=at: put(office, f"nip {at}", nip="198503152010122003"))):
            put(office, f"name {at}", name=f"Siti {at}")

        known = deps.people().get(SITI.id)
        assert known and (known.name, known.nip) == (f"Siti {at}", "198503152010122003")
        put(office, f"forget {at}", nip=None)


def test_what_is_named_as_nothing_is_forgotten_and_does_not_come_back_from_the_token(office: Office) -> None:
    put(office, name=None)
    put(office, "phone", phone="081234567899")

    assert office.get("/v1/me", SITI).json["name"] is None


def test_what_a_pic_says_of_somebody_leaves_the_rest_of_what_is_known(office: Office) -> None:
    wave = office.wave()
    budi = {"name": "Budi", "phone": "081298765432", "institution_id": office.institution}
    placed = office.order(wave, member=PIC, on_behalf_of=budi | {"nip": "198503152010122003"}).json
    known = Person(placed["member"]["id"], email="budi@kemenkop.go.id", addresses=(Address(**HOME),))
    deps.waves().commit(*introduced(known))
    office.cancel(placed["id"], caller=PIC)

    office.order(wave, member=PIC, key="again", on_behalf_of=budi | {"name": "Budi Santoso"})

    kept = deps.people().get(known.id)
    assert kept and (kept.name, kept.nip) == ("Budi Santoso", "198503152010122003")
    assert (kept.email, kept.addresses) == (known.email, known.addresses)
