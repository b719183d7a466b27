"""One human, whoever orders: a verified phone sees, and counts against the limits, what a PIC ordered for it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dispatch import api as dispatch_api
from lumbung.domain.people import Caller
from lumbung.runtime import clock, deps
from lumbung.store.order_items import to_item
from lumbung.store.table import to_wire
from ordering import api, schedule
from payments import api as payments_api
from tests.integration import conftest
from tests.integration.conftest import Reply
from tests.integration.office import DURING, OPERATOR, PIC, Office, a_member, office
from tests.integration.test_dispatch_rivals import rival

__all__ = ["office"]

PHONE = "+6281234567801"  # of a_member(1), as their token says
SAME_PHONE = "0812-3456-7801"  # as somebody may write it
SITI = a_member(1)


def for_siti(office: Office, wave: dict[str, Any], *, key: str = "pic", **changes: Any) -> Reply:
    person = {"name": "Bu Siti", "phone": SAME_PHONE, "institution_id": office.institution, **changes}
    return office.order(wave, member=PIC, key=key, on_behalf_of=person)


def own_orders(office: Office, caller: Caller = SITI, query: str = "") -> list[str]:
    return [order["id"] for order in office.get(f"/v1/orders{query}", caller).json["items"]]


def test_what_a_pic_orders_for_a_phone_is_its_owners(office: Office) -> None:
    made = for_siti(office, office.wave()).json

    assert own_orders(office) == [made["id"]]
    assert office.get(f"/v1/orders/{made['id']}", SITI).json["member"] == {
        "id": made["member"]["id"], "name": "Bu Siti", "phone": PHONE,
    }  # fmt: skip
    assert office.post(f"/v1/orders/{made['id']}/cancellation", key="c", caller=SITI).json["status"] == "cancelled"


def test_its_owner_may_pay_for_it_and_fetch_it(office: Office) -> None:
    made, other = for_siti(office, office.wave()).json, a_member(2)

    def ask(handler: Any, path: str, caller: Caller) -> int:
        return office.http(handler, "GET", f"/v1/orders/{made['id']}/{path}", caller=caller, at=DURING).status

    for handler, path in ((payments_api.handler, "payments"), (dispatch_api.handler, "pickup-code")):
        assert (ask(handler, path, SITI), ask(handler, path, other)) == (200, 404)
    undelivered = office.http(dispatch_api.handler, "GET", f"/v1/orders/{made['id']}/delivery", caller=SITI, at=DURING)
    assert undelivered.json["detail"] == "Pesanan ini belum dikirim."  # it is theirs, and not sent


@pytest.mark.parametrize("pic_first", [True, False], ids=["the PIC was first", "the owner was first"])
def test_a_human_orders_once_in_a_wave_whoever_places_it(office: Office, pic_first: bool) -> None:
    wave = office.wave()
    orders = [lambda: for_siti(office, wave), lambda: office.order(wave, member=SITI)]
    first, second = (order() for order in (orders if pic_first else reversed(orders)))

    assert first.status == 201, first.text
    assert (second.status, second.json["code"]) == (409, "invalid_state")
    assert first.json["id"] in second.json["detail"]


def test_packs_ordered_for_somebody_count_against_their_limit(office: Office) -> None:
    wave = office.wave(orders_per_member=None, max_per_member=3)
    for_siti(office, wave)

    over = office.order(wave, member=SITI, packs=3)
    fits = office.order(wave, member=SITI, packs=2, key="fits")

    assert (over.status, over.json["code"], fits.status) == (409, "limit_exceeded", 201)


def test_two_accounts_of_one_phone_are_one_human(office: Office) -> None:
    wave = office.wave()
    office.order(wave, member=SITI)

    again = office.order(wave, member=replace(a_member(2), phone=PHONE))

    assert (again.status, again.json["code"]) == (409, "invalid_state")


@pytest.mark.parametrize("limit", [1, 2])
def test_a_pic_inside_any_call_of_the_owners_order_cannot_get_them_one_more(office: Office, limit: int) -> None:
    wave = office.wave(name="Hitung")
    with rival(0, lambda: None) as calls:
        office.order(wave, member=SITI, key="count")
    for at in range(1, len(calls) + 1):
        wave = office.wave(name=f"Gelombang {limit} {at}", orders_per_member=limit)
        answers: list[Reply] = []
        with rival(at, lambda: answers.extend(for_siti(office, wave, key=f"p{at}{n}") for n in range(limit))):  # noqa: B023 - called at once
            answers.append(office.order(wave, member=SITI, key=f"o{at}"))

        assert sorted(answer.status for answer in answers) == [201] * limit + [409]
        assert office.stock(wave)[0]["in_live_orders"] == limit


@pytest.mark.parametrize("end", ["cancellation", "expiry"])
def test_an_order_that_ended_counts_no_longer(office: Office, end: str) -> None:
    wave = office.wave()
    made = office.order(wave, member=SITI).json
    later = DURING + timedelta(hours=2)
    if end == "cancellation":
        office.post(f"/v1/orders/{made['id']}/cancellation", key="c", caller=SITI)
    else:
        clock.use(lambda: later)
        schedule.handler({"time": later.isoformat()}, None)

    assert for_siti(office, wave).status == 201


def test_a_phone_that_was_not_verified_opens_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    wave = office.wave()
    made = for_siti(office, wave).json
    claims = conftest._claims
    said: dict[str, str] = {}
    monkeypatch.setattr(
        conftest, "_claims", lambda c: {k: v for k, v in claims(c).items() if k != "phone_number_verified"} | said
    )
    stranger = Caller("mem-9", SITI.roles, None, "Mallory", PHONE)

    for word in ({}, {"phone_number_verified": "false"}):
        said = word
        assert own_orders(office, stranger) == []
        assert office.get(f"/v1/orders/{made['id']}", stranger).status == 404
    assert office.order(wave, member=stranger).status == 201  # and counts for themselves


def test_a_phone_set_by_hand_opens_nothing(office: Office) -> None:
    made = for_siti(office, office.wave()).json
    stranger = Caller("mem-9", SITI.roles)

    said = office.http(api.handler, "PUT", "/v1/me", {"phone": PHONE}, caller=stranger, key="me", at=DURING)

    assert said.json["phone"] == PHONE
    assert own_orders(office, stranger) == []
    assert office.get(f"/v1/orders/{made['id']}", stranger).status == 404


def test_both_kinds_of_orders_are_listed_together_newest_first_page_by_page(office: Office) -> None:
    wave = office.wave(orders_per_member=None, quotas={5: 100})
    placed = [
        (office.order(wave, member=SITI, key=f"k{n}", at=at) if n % 3 else for_siti_at(office, wave, n)).json["id"]
        for n, at in ((n, DURING + timedelta(seconds=n)) for n in range(8))
    ]

    listed, cursor = [], ""
    while cursor is not None:
        page = office.get(f"/v1/orders?limit=3{cursor and f'&cursor={cursor}'}", SITI).json
        listed += [order["id"] for order in page["items"]]
        cursor = page["next_cursor"]

    assert listed == placed[::-1]


def for_siti_at(office: Office, wave: dict[str, Any], n: int) -> Reply:
    person = {"name": "Bu Siti", "phone": PHONE, "institution_id": office.institution}
    return office.order(wave, member=PIC, key=f"p{n}", on_behalf_of=person, at=DURING + timedelta(seconds=n))


def test_an_order_from_before_still_works(office: Office) -> None:
    """Orders once counted against the account alone, and said nothing of a person."""
    wave = office.wave()
    nobody = replace(SITI, phone=None)
    made = office.order(wave, member=nobody).json  # as it was written then

    assert "person" not in to_wire(to_item(deps.orders().get(made["id"])))
    assert own_orders(office) == [made["id"]]
    assert office.post(f"/v1/orders/{made['id']}/cancellation", key="c", caller=SITI).json["status"] == "cancelled"
    assert office.order(wave, member=nobody, key="again").status == 201


def test_a_pic_orders_only_for_institutions_that_their_drop_off_serves(office: Office) -> None:
    wave = office.wave()
    office.http(api.handler, "PATCH", f"/v1/dropoffs/{office.dropoff}", {"institution_ids": [office.institution]},
                caller=OPERATOR, key="serve", at=DURING)  # fmt: skip

    other = for_siti(office, wave, institution_id="ins_other")
    own = for_siti(office, wave)

    assert (other.status, [fault["pointer"] for fault in other.json["errors"]]) == (
        422,
        ["/on_behalf_of/institution_id"],
    )
    assert own.status == 201
