"""Addresses without coordinates, with the wrong ones, and when somebody is at home."""

from typing import Any

import pytest

from dispatch import api as dispatch_api
from lumbung.domain.geo import SWAPPED
from lumbung.domain.people import Caller
from lumbung.domain.village import IN_THE_MIDDLE
from lumbung.runtime import deps
from ordering import api
from tests.integration.conftest import Reply
from tests.integration.office import DURING, OPERATOR, PIC, Office, a_member, office

__all__ = ["office"]

VILLAGES = """village_code,village,district,postal_code,lat,lng
31.74.02.1001,Setiabudi,Setiabudi,12910,-6.2466,106.83
31.74.02.1002,Karet,Setiabudi,12920,106.82,-6.21
31.74.09.1004,Lenteng Agung,Jagakarsa,,-6.3256,106.8369
"""
CSV = {"content-type": "text/csv"}
HOME = {
    "line": "Jl. Setiabudi 9", "village_code": "31.74.02.1001", "postal_code": "12910", "recipient": "Siti",
    "phone": "081234567801",
}  # fmt: skip


def bring_in(office: Office, text: str = VILLAGES, *, caller: Caller = OPERATOR) -> Reply:
    return office.http(api.handler, "PUT", "/v1/villages", text, caller=caller, headers=CSV, at=DURING)


def to(**changes: Any) -> dict[str, Any]:
    window = {"window": changes.pop("window")} if "window" in changes else {}
    return {"fulfilment": {"method": "courier", "address": HOME | changes, **window}}


def test_the_office_brings_in_villages_and_a_bad_row_stops_only_itself(office: Office) -> None:
    brought = bring_in(office)

    assert brought.json == {"villages": 2, "left_out": 1, "rows": [{"row": 3, "reason": SWAPPED}]}
    assert office.get("/v1/villages/31.74.02.1001", caller=None).json == {
        "code": "31.74.02.1001", "name": "Setiabudi", "postal_code": "12910", "lat": -6.2466, "lng": 106.83,
    }  # fmt: skip
    assert office.get("/v1/villages/31.74.02.1002", caller=None).status == 404
    assert bring_in(office).json["villages"] == 2, "as often as wanted"
    assert bring_in(office, caller=a_member()).status == 403
    assert bring_in(office, "nama,kode\nSetiabudi,1").status == 422


def test_a_long_list_is_written_in_pieces(office: Office) -> None:
    rows = [f"31.74.{n // 100:02}.{1000 + n % 100},Desa {n},X,12910,-6.2,106.8" for n in range(120)]

    assert bring_in(office, "\n".join([VILLAGES.splitlines()[0], *rows])).json["villages"] == 120
    assert deps.villages().find("31.74.01.1019") is not None


def test_an_address_without_coordinates_is_taken_to_be_in_the_middle_of_its_village(office: Office) -> None:
    wave = office.wave()
    bring_in(office)

    made = office.order(wave, **to())

    assert made.status == 201, made.text
    shown = made.json["fulfilment"]
    assert (shown["address"], shown["warning"]) == (HOME | {"lat": None, "lng": None}, IN_THE_MIDDLE)
    assert made.json["courier_fee"] == 10_200, "3 km"
    assert office.get(f"/v1/orders/{made.json['id']}", caller=a_member()).json == made.json


def test_a_quote_for_a_village_holds_for_an_order_to_it(office: Office) -> None:
    wave = office.wave()
    bring_in(office)
    body = {"dropoff_id": office.dropoff, "address": {"village_code": "31.74.02.1001"}, "weight_g": 5_000}
    [quote] = office.http(dispatch_api.handler, "POST", "/v1/courier-quotes", body, caller=a_member(), at=DURING).json
    by_quote = to()
    by_quote["fulfilment"]["quote_id"] = quote["quote_id"]

    assert quote["warning"] == IN_THE_MIDDLE
    assert office.order(wave, **by_quote).json["courier_fee"] == quote["fee"]


def test_an_edit_and_what_a_member_keeps_are_found_by_village_too(office: Office) -> None:
    wave = office.wave()
    bring_in(office)
    made = office.order(wave).json

    edited = office.edit(made["id"], to(village_code="31.74.09.1004"))
    kept = office.http(api.handler, "PUT", "/v1/me", {"addresses": [HOME]}, caller=a_member(), key="me", at=DURING)

    assert edited.json["fulfilment"]["warning"] == IN_THE_MIDDLE, edited.text
    assert kept.json["addresses"] == [HOME | {"lat": None, "lng": None}], "which may be sent again as they are"


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        ({}, "/fulfilment/address/village_code", "tanpa koordinat"),
        ({"lat": 106.83, "lng": -6.2466}, "/fulfilment/address/lat", SWAPPED),
        ({"lat": -6.2, "lng": 0.0}, "/fulfilment/address/lng", SWAPPED),
        ({"lat": 52.5, "lng": 106.8}, "/fulfilment/address/lat", "di luar Indonesia (-11.1 sampai 6.1)"),
        ({"lat": -6.2}, "/fulfilment/address", "together"),
        ({"phone": ""}, "/fulfilment/address/phone", "pattern"),
    ],
    ids=["no such village", "swapped", "no longitude of ours", "abroad", "half a place", "no phone"],
)
def test_a_place_that_cannot_be_is_pointed_at(office: Office, changes: dict[str, Any], pointer: str, said: str) -> None:
    wave = office.wave()

    refused = office.order(wave, **to(**changes))

    assert refused.status == 422
    fault = refused.json["errors"][0]
    assert (fault["pointer"], said in fault["message"]) == (pointer, True), fault
    assert office.stock(wave)[0]["available"] == 10


def test_a_drop_off_the_wrong_way_round_is_refused(office: Office) -> None:
    body = {"name": "Gedung B", "address": "Jl. X", "lat": 106.83, "lng": -6.2196, "pic_ids": []}

    refused = office.post("/v1/dropoffs", body, key="b")

    assert [(f["pointer"], f["message"]) for f in refused.json["errors"]] == [("/lat", SWAPPED), ("/lng", SWAPPED)]


def test_a_member_says_when_somebody_is_at_home(office: Office) -> None:
    wave = office.wave()
    window = {"begin": "13:00", "end": "15:30"}

    made = office.order(wave, **to(lat=-6.2466, lng=106.83, window=window))

    assert made.json["fulfilment"]["window"] == window, made.text
    assert office.get(f"/v1/orders/{made.json['id']}").json["fulfilment"]["window"] == window


@pytest.mark.parametrize("window", [{"begin": "15:00", "end": "13:00"}, {"begin": "13:00", "end": "13:59"},
                                    {"begin": "25:00", "end": "26:00"}, {"begin": "13:00"}])  # fmt: skip
def test_a_window_that_nobody_can_keep_is_refused(office: Office, window: dict[str, str]) -> None:
    assert office.order(office.wave(), **to(lat=-6.2466, lng=106.83, window=window)).status == 422


def test_a_person_in_charge_is_told_which_drop_offs_are_theirs_and_no_other(office: Office) -> None:
    office.wave()
    elsewhere = {"name": "Gedung C", "address": "Jl. Y", "lat": -6.2, "lng": 106.8, "pic_ids": ["pic-2"]}
    other = office.post("/v1/dropoffs", elsewhere, key="c").json["id"]

    mine = [one["id"] for one in office.get("/v1/me/dropoffs", PIC).json["items"]]

    assert mine and other not in mine
    assert office.get("/v1/me/dropoffs", Caller("pic-9", frozenset({"pic"}))).json["items"] == []
    assert office.get("/v1/me/dropoffs", a_member()).status == 403
