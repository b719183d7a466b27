"""What members keep about themselves."""

from typing import Any

import pytest

from lumbung.runtime import deps
from ordering import api
from tests.integration.conftest import Reply
from tests.integration.office import DURING, Office, a_member, office

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
        "id": "mem-1", "name": "Siti 1", "phone": "+6281234567801", "email": None, "nip": None,
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
