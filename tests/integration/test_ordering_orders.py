"""Members order from an open wave, through the real handler, on moto."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from lumbung.domain.people import Caller
from lumbung.runtime import clock, deps
from ordering import api, schedule
from tests.integration.conftest import Reply
from tests.integration.office import CLOSES, DURING, OPENS, OPERATOR, PIC, Office, a_member, office

__all__ = ["office"]


def test_an_order_takes_up_quota_and_reads_back(office: Office) -> None:
    wave = office.wave(quotas={5: 10, 10: 4})

    made = office.order(wave, packs=3)

    assert made.status == 201, made.text
    assert made.json["goods_total"] == made.json["total"] == made.json["balance"] == 165_000
    assert made.json["status"] == "placed"
    assert made.json["payment_status"] == "unpaid"
    assert made.json["payment_due_at"] == "2020-04-07T05:00:00Z"
    assert made.json["member"] == {"id": "mem-1", "name": "Siti 1", "phone": "+6281234567801"}
    assert office.get(f"/v1/orders/{made.json['id']}", a_member()).json == made.json
    assert [line["available"] for line in office.stock(wave)] == [7, 4]
    assert [line["difference"] for line in office.stock(wave)] == [0, 0]


def test_the_same_key_is_the_same_order_for_ever(office: Office) -> None:
    wave = office.wave()
    first = office.order(wave)

    again = office.order(wave, at=CLOSES + timedelta(days=400))

    assert again.status == 201
    assert again.json == first.json
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers


def test_the_same_key_with_another_body_is_refused(office: Office) -> None:
    wave = office.wave()
    office.order(wave)

    other = office.order(wave, packs=2)

    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")


def test_a_refused_order_leaves_nothing_and_its_key_can_be_used_again(office: Office) -> None:
    wave = office.wave(quotas={5: 2})
    assert office.order(wave, packs=3).json["code"] == "sold_out"

    assert office.order(wave, packs=2).status == 201


@pytest.mark.parametrize(
    ("at", "code"),
    [
        pytest.param(OPENS - timedelta(milliseconds=1), "wave_not_open", id="a millisecond before opening"),
        pytest.param(OPENS, None, id="at opening"),
        pytest.param(CLOSES - timedelta(milliseconds=1), None, id="a millisecond before closing"),
        pytest.param(CLOSES, "wave_not_open", id="at closing"),
    ],
)
def test_the_edges_of_a_wave_are_sharp(office: Office, at: datetime, code: str | None) -> None:
    wave = office.wave()

    made = office.order(wave, at=at)

    assert made.json.get("code") == code


def test_a_shard_decides_when_the_cached_wave_is_out_of_date(office: Office) -> None:
    wave = office.wave()
    office.order(wave, member=a_member(2))  # the wave is cached now
    office.post(f"/v1/waves/{wave['id']}/closing", key="close")
    deps.waves()._remembered[wave["id"]] = (DURING, replace(deps.waves().get(wave["id"]), closes_at=CLOSES))

    made = office.order(wave, at=DURING + timedelta(seconds=1))

    assert (made.status, made.json["code"]) == (409, "wave_not_open")


def test_all_packs_can_be_sold_however_they_lie_in_shards(office: Office) -> None:
    wave = office.wave(quotas={5: 100}, orders_per_member=None)

    sold = [office.order(wave, packs=7, key=f"k{n}", member=a_member(n)).status for n in range(16)]

    assert sold == [201] * 14 + [409] * 2
    assert office.order(wave, packs=2, key="rest", member=a_member(50)).status == 201
    assert office.stock(wave)[0] == {
        "offer_id": wave["offers"][0]["id"], "quota": 100, "available": 0, "in_live_orders": 100, "difference": 0,
    }  # fmt: skip


def test_sold_out_names_the_offers_and_points_at_the_lines(office: Office) -> None:
    wave = office.wave(quotas={5: 10, 10: 1})
    five, ten = (offer["id"] for offer in wave["offers"])

    lines = [{"offer_id": five, "quantity": 1}, {"offer_id": ten, "quantity": 2}]
    made = office.order(wave, lines=lines)

    assert (made.status, made.json["code"]) == (409, "sold_out")
    assert ten in made.json["detail"]
    assert [fault["pointer"] for fault in made.json["errors"]] == ["/lines/1"]
    assert [line["available"] for line in office.stock(wave)] == [10, 1]


def test_a_second_live_order_is_refused_and_names_the_first(office: Office) -> None:
    wave = office.wave()
    first = office.order(wave)

    second = office.order(wave, key="another")

    assert (second.status, second.json["code"]) == (409, "invalid_state")
    assert first.json["id"] in second.json["detail"]


def test_lines_of_one_offer_count_together_against_the_members_limit(office: Office) -> None:
    wave = office.wave(max_per_member=3, orders_per_member=None)
    offer = wave["offers"][0]["id"]

    twice = office.order(wave, lines=[{"offer_id": offer, "quantity": 2}, {"offer_id": offer, "quantity": 2}])
    fits = office.order(wave, packs=2)
    over = office.order(wave, packs=2, key="another")

    assert (twice.status, twice.json["code"]) == (409, "limit_exceeded")
    assert fits.status == 201
    assert (over.status, over.json["code"]) == (409, "limit_exceeded")


def test_only_staff_of_the_waves_institutions_may_order(office: Office) -> None:
    wave = office.wave(eligible_institution_ids=[office.institution])

    outsider = office.order(wave, member=a_member(1, institution_id="ins_other"))
    insider = office.order(wave, member=a_member(2, institution_id=office.institution))

    assert (outsider.status, outsider.json["code"]) == (403, "not_eligible")
    assert insider.status == 201


def test_an_unpaid_order_expires_and_its_packs_are_sold_again(office: Office) -> None:
    wave = office.wave(quotas={5: 3})
    first = office.order(wave, packs=3)
    later = DURING + timedelta(hours=2)
    clock.use(lambda: later)

    assert office.get(f"/v1/orders/{first.json['id']}", a_member()).json["status"] == "expired"
    assert office.order(wave, packs=3, member=a_member(2), at=later).json["code"] == "sold_out"
    schedule.handler({"time": later.isoformat()}, None)
    clock.use(lambda: later + timedelta(seconds=1))  # "sold out" is believed for a second
    again = office.order(wave, packs=3, member=a_member(3), at=later + timedelta(seconds=1))
    retry = office.order(wave, key="second try", at=later)

    assert again.status == 201, again.text
    assert retry.json["code"] == "sold_out"  # and not refused for the order that expired
    assert office.stock(wave)[0]["difference"] == 0


def test_an_order_can_be_cancelled_until_the_wave_closes(office: Office) -> None:
    wave = office.wave()
    made = office.order(wave, packs=3).json

    late = office.post(f"/v1/orders/{made['id']}/cancellation", key="late", caller=a_member(), at=CLOSES)
    done = office.post(f"/v1/orders/{made['id']}/cancellation", key="c", caller=a_member())
    again = office.post(f"/v1/orders/{made['id']}/cancellation", key="c", caller=a_member())

    assert (late.status, late.json["code"]) == (409, "wave_not_open")
    assert (done.status, done.json["status"]) == (200, "cancelled")
    assert again.json == done.json
    assert again.headers["idempotency-replayed"] == "true"
    assert office.stock(wave)[0]["available"] == 10
    assert office.order(wave, key="new").status == 201


def test_a_pic_orders_for_somebody_known_by_phone(office: Office) -> None:
    wave = office.wave()
    pak_budi = {"name": "Budi", "phone": "081298765432", "institution_id": office.institution}

    first = office.order(wave, member=PIC, on_behalf_of=pak_budi)
    second = office.order(wave, member=PIC, key="x", on_behalf_of={**pak_budi, "phone": "+6281298765432"})
    refused = office.order(wave, key="y", on_behalf_of=pak_budi)

    assert first.json["member"]["name"] == "Budi"
    assert first.json["history"][0]["by"] == PIC.id
    assert (second.status, second.json["code"]) == (409, "invalid_state")
    assert (refused.status, refused.json["code"]) == (403, "forbidden")
    listed = office.get(f"/v1/dropoffs/{office.dropoff}/orders?wave_id={wave['id']}", PIC)
    assert [order["member"]["name"] for order in listed.json["items"]] == ["Budi"]


@pytest.mark.parametrize("caller", [a_member(2), Caller("pic-2", frozenset({"pic"}))], ids=["a member", "another PIC"])
def test_somebody_elses_order_is_not_there(office: Office, caller: Caller) -> None:
    made = office.order(office.wave()).json

    assert office.get(f"/v1/orders/{made['id']}", caller).json["code"] == "not_found"
    assert office.post(f"/v1/orders/{made['id']}/cancellation", key="c", caller=caller).json["code"] == "not_found"


def test_home_delivery_costs_the_tariff_and_keeps_the_address_apart(office: Office) -> None:
    wave = office.wave(quotas={5: 10, 20: 10})
    address = {
        "line": "Jl. Kebagusan 1", "village_code": "31.74.04.1003", "postal_code": "12520",
        "lat": -6.3096, "lng": 106.83, "recipient": "Siti", "phone": "081234567801",
    }  # fmt: skip

    made = office.order(wave, fulfilment={"method": "courier", "address": address}, note="Pagar hijau")
    far = office.order(wave, key="far", fulfilment={"method": "courier", "address": address | {"lat": -6.9}})

    assert made.status == 201, made.text
    assert made.json["courier_fee"] == 32_525  # 10.008 km, by road 13.010 km
    assert made.json["total"] == 55_000 + 32_525
    assert made.json["fulfilment"]["address"] == address
    assert made.json["note"] == "Pagar hijau"
    assert office.get(f"/v1/orders/{made.json['id']}", a_member()).json == made.json
    assert (far.status, far.json["code"]) == (409, "limit_exceeded")


BAD: dict[str, Callable[[dict[str, Any]], Any]] = {
    "/lines/0/quantity zero": lambda b: b["lines"][0].update(quantity=0),
    "/lines/0/quantity negative": lambda b: b["lines"][0].update(quantity=-1),
    "/lines/0/quantity huge": lambda b: b["lines"][0].update(quantity=1001),
    "/lines/0/quantity text": lambda b: b["lines"][0].update(quantity="1"),
    "/lines/0/quantity float": lambda b: b["lines"][0].update(quantity=1.0),
    "/lines/0/quantity bool": lambda b: b["lines"][0].update(quantity=True),
    "/lines empty": lambda b: b.update(lines=[]),
    "/lines many": lambda b: b.update(lines=b["lines"] * 21),
    "/price unknown field": lambda b: b.update(price=1),
    "/note long": lambda b: b.update(note="x" * 501),
    "/wave_id missing": lambda b: b.pop("wave_id"),
    "/fulfilment unknown": lambda b: b.update(fulfilment={"method": "drone"}),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_pointed_at(office: Office, name: str) -> None:
    wave = office.wave()
    body = {
        "wave_id": wave["id"],
        "dropoff_id": office.dropoff,
        "lines": [{"offer_id": wave["offers"][0]["id"], "quantity": 1}],
        "fulfilment": {"method": "pickup"},
    }
    BAD[name](body)

    refused = office.post("/v1/orders", body, key="k", caller=a_member())

    assert (refused.status, refused.json["code"]) == (422, "invalid_request")
    assert any(fault["pointer"].startswith(name.split()[0]) for fault in refused.json["errors"])
    assert office.stock(wave)[0]["available"] == 10


def test_refusals_come_in_the_contracts_order(office: Office) -> None:
    nobody = Caller("c", frozenset({"cooperative"}))

    assert office.post("/v1/orders", "{", key="", caller=nobody).status == 403
    assert office.post("/v1/orders", "{", key="", caller=a_member()).json["code"] == "idempotency_key_required"
    assert office.post("/v1/orders", "{", key="k", caller=a_member()).json["code"] == "invalid_request"
    assert office.post("/v1/orders", "x" * 300_000, key="k", caller=a_member()).status == 413


def test_a_wave_read_carries_an_etag(office: Office) -> None:
    wave = office.wave()
    first = office.get(f"/v1/waves/{wave['id']}", caller=None)

    again = office.http(
        api.handler, "GET", f"/v1/waves/{wave['id']}", headers={"if-none-match": first.headers["etag"]}, at=DURING
    )

    assert first.json["state"] == "open"
    assert (again.status, again.text) == (304, "")


def test_contradictions_of_a_wave_are_told_all_at_once(office: Office) -> None:
    offer = {"product_id": "prd_nothing", "sku": "B5", "quota": 1, "max_per_member": None}
    body = {
        "name": "Salah", "time_zone": "Asia/Jakarta", "opens_at": "2020-04-08T08:00:00+07:00",
        "closes_at": "2020-04-07T08:00:00+07:00", "payment_due_at": "2020-04-06T08:00:00+07:00",
        "delivery_date": "2020-04-01", "eligible_institution_ids": None, "dropoff_ids": ["drp_nowhere"],
        "allocation_policy": "first_come", "offers": [offer],
    }  # fmt: skip

    refused = office.post("/v1/waves", body, key="w")

    pointers = {fault["pointer"] for fault in refused.json["errors"]}
    assert pointers == {"/closes_at", "/payment_due_at", "/delivery_date", "/dropoff_ids/0", "/offers/0/product_id"}


def test_an_access_token_says_nothing_about_who_is_calling(office: Office) -> None:
    """The gateway accepts the pool's access tokens too: they name no institution and no groups to rely on."""
    event = {
        "version": "2.0", "rawPath": "/v1/orders", "headers": {}, "requestContext": {
            "http": {"method": "GET", "path": "/v1/orders"}, "requestId": "r", "stage": "$default", "timeEpoch": 0,
            "authorizer": {"jwt": {"claims": {"sub": "mem-1", "cognito:groups": "[member]", "token_use": "access"}}},
        },
    }  # fmt: skip

    answer = Reply(api.handler(event, None))

    assert (answer.status, answer.json["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("by", [a_member(), PIC, OPERATOR], ids=["its owner", "its PIC", "an operator"])
def test_who_may_take_an_order_back_and_history_says_who_did(office: Office, by: Caller) -> None:
    made = office.order(office.wave()).json

    done = office.cancel(made["id"], caller=by)

    assert (done.status, done.json["status"]) == (200, "cancelled")
    assert [(line["event"], line["by"]) for line in done.json["history"]] == [("placed", "mem-1"), ("cancelled", by.id)]
    assert office.cancel(made["id"], key="again", caller=by).json["code"] == "invalid_state"


def test_packs_that_come_back_are_seen_and_sold_within_two_seconds(office: Office) -> None:
    wave = office.wave(quotas={5: 3})
    made = office.order(wave, packs=3).json

    def remaining(after_s: int) -> tuple[datetime, int]:
        at = DURING + timedelta(seconds=after_s)
        clock.use(lambda: at)
        return at, office.get(f"/v1/waves/{wave['id']}", caller=None, at=at).json["offers"][0]["remaining"]

    at, left = remaining(after_s=2)
    assert left == 0
    assert office.order(wave, member=a_member(2), key="early", at=at).json["code"] == "sold_out"
    office.cancel(made["id"], at=at)

    at, left = remaining(after_s=4)
    assert left == 3
    assert office.order(wave, packs=3, member=a_member(2), key="early", at=at).status == 201


def test_a_member_s_orders_are_listed_newest_first_page_by_page(office: Office) -> None:
    wave = office.wave(orders_per_member=None)
    made = [office.order(wave, key=f"k{n}", at=DURING + timedelta(minutes=n)).json["id"] for n in range(3)]
    office.order(wave, key="other", member=a_member(2))

    first = office.get("/v1/orders?limit=2", a_member()).json
    rest = office.get(f"/v1/orders?limit=2&cursor={first['next_cursor']}", a_member()).json

    assert [order["id"] for order in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None


def test_a_drop_off_lists_its_orders_of_one_status(office: Office) -> None:
    wave = office.wave(orders_per_member=None, quotas={5: 20})
    made = [office.order(wave, key=f"k{n}", at=DURING + timedelta(seconds=n)).json["id"] for n in range(5)]
    for order_id in made[1::2]:
        office.cancel(order_id, key=order_id)
    path = f"/v1/dropoffs/{office.dropoff}/orders?wave_id={wave['id']}"

    def listed(query: str) -> list[str]:
        return [order["id"] for order in office.get(path + query, PIC).json["items"]]

    page = office.get(f"{path}&status=placed&limit=2", PIC).json
    rest = listed(f"&status=placed&limit=2&cursor={page['next_cursor']}")
    unknown = office.get(f"{path}&status=lost", PIC)

    assert listed("") == made
    assert listed("&status=cancelled") == made[1::2]
    assert [order["id"] for order in page["items"]] + rest == made[::2]
    assert (unknown.status, unknown.json["errors"][0]["pointer"]) == (422, "/query/status")
    due = DURING + timedelta(hours=3)
    clock.use(lambda: due)
    assert listed("&status=placed") == []


def test_what_is_wrong_is_told_before_what_is_not_allowed_now(office: Office) -> None:
    wave = office.wave(eligible_institution_ids=[office.institution])
    insider, unknown = a_member(1, institution_id=office.institution), {"lines": [{"offer_id": "off_x", "quantity": 1}]}

    codes = [
        office.order(wave, member=member, at=CLOSES, **changes).json["code"]
        for member, changes in ((a_member(2), unknown), (insider, unknown), (insider, {}))
    ]

    assert codes == ["not_eligible", "invalid_request", "wave_not_open"]
