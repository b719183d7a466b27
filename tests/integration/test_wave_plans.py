"""Waves are planned: contradictions are refused all at once, doubts are warned of, copies are new drafts."""

from dataclasses import replace
from typing import Any

import pytest

from lumbung.domain.people import Caller
from lumbung.domain.product import Pack
from lumbung.domain.registry import Dropoff
from lumbung.runtime import clock, deps, deps_ordering
from tests.integration.conftest import Reply
from tests.integration.faults import Snapshot, crash_points, seam
from tests.integration.office import CLOSES, DURING, Office, a_member, office
from tests.integration.test_ordering_closing import drain, sell, tick
from tests.integration.test_wave_cancellation import begin_again

__all__ = ["office"]

NEXT = {
    "opens_at": "2020-04-10T18:00:00+07:00", "closes_at": "2020-04-12T12:00:00+07:00",
    "payment_due_at": "2020-04-12T14:00:00+07:00", "delivery_date": "2020-04-13",
}  # fmt: skip


def a_plan(office: Office, **changes: Any) -> dict[str, Any]:
    offer = {"product_id": office.product, "sku": "B5", "quota": 10, "max_per_member": None}
    return {
        "name": "Gelombang II", "time_zone": "Asia/Jakarta", **NEXT, "eligible_institution_ids": None,
        "dropoff_ids": [office.dropoff], "allocation_policy": "first_come", "offers": [offer], **changes,
    }  # fmt: skip


def draft(office: Office, **changes: Any) -> Reply:
    return office.post("/v1/waves", a_plan(office, **changes), key="draft")


def offered(office: Office, **changes: Any) -> dict[str, Any]:
    return {"product_id": office.product, "sku": "B5", "quota": 10, "max_per_member": None, **changes}


def pointers(reply: Reply) -> list[str]:
    assert (reply.status, reply.json["code"]) == (422, "invalid_request"), reply.text
    return sorted(fault["pointer"] for fault in reply.json["errors"])


def warned(reply: Reply) -> list[tuple[str, str]]:
    assert reply.status in (200, 201), reply.text
    return [(warning["code"], warning["pointer"]) for warning in reply.json["warnings"]]


def change_product(**changes: Any) -> None:
    products = deps_ordering.products()
    [known] = products.stored(["prd_rice"]).values()
    deps.waves().commit(products.save(replace(known, **changes)))


def a_dropoff(**changes: Any) -> str:
    """Put a drop-off straight into the register: one as the interface would not let it be made any more."""
    known = Dropoff("drp_2", "Lenteng Agung", "Jl. Lenteng Agung", -6.3256, 106.8369, frozenset({"pic-2"}))
    deps.waves().commit(deps.dropoffs().add(replace(known, **changes)))
    return known.id


def test_every_contradiction_is_told_at_once_with_its_place(office: Office) -> None:
    nobody = a_dropoff(pic_ids=frozenset())
    offers = [
        offered(office, quota=-5),
        offered(office, sku="B10", quota=0, max_per_member=0, price=0),
        offered(office, sku="B10", quota=3, max_per_member=4),
        offered(office, sku="B99"),
        offered(office, product_id="prd_nothing"),
    ]

    refused = draft(
        office, closes_at="2020-04-10T17:00:00+07:00", payment_due_at="2020-04-10T16:00:00+07:00",
        delivery_date="2020-04-09", dropoff_ids=[office.dropoff, nobody, "drp_none", office.dropoff],
        eligible_institution_ids=[office.institution, "ins_none"], offers=offers,
    )  # fmt: skip

    assert pointers(refused) == sorted([
        "/closes_at", "/payment_due_at", "/delivery_date", "/dropoff_ids/0", "/dropoff_ids/1", "/dropoff_ids/2",
        "/dropoff_ids/3", "/eligible_institution_ids", "/offers/0/quota", "/offers/1", "/offers/1/quota",
        "/offers/1/max_per_member", "/offers/1/price", "/offers/2", "/offers/2/max_per_member", "/offers/3/sku",
        "/offers/4/product_id",
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        pytest.param({"offers": []}, "/offers", id="nothing offered"),
        pytest.param({"dropoff_ids": []}, "/dropoff_ids", id="nowhere handed out"),
        pytest.param({"eligible_institution_ids": []}, "/eligible_institution_ids", id="for nobody"),
        pytest.param({"price_zone": "IV"}, "/price_zone", id="a zone that does not exist"),
    ],
)
def test_a_plan_that_leads_nowhere_is_refused(office: Office, changes: dict[str, Any], pointer: str) -> None:
    assert pointers(draft(office, **changes)) == [pointer]


def test_a_pack_without_a_price_needs_one(office: Office) -> None:
    change_product(known_packs=(Pack("B5", 5_000, 0),))

    assert pointers(draft(office)) == ["/offers/0/price"]
    assert draft(office, offers=[offered(office, price=55_000)]).status == 201


def test_publication_tells_everything_that_has_come_to_forbid_it(office: Office) -> None:
    second = a_dropoff()
    offers = [offered(office), offered(office, sku="B10", price=110_000), offered(office, sku="B20")]
    made = draft(office, offers=offers, dropoff_ids=[office.dropoff, second]).json
    known = deps.dropoffs().get(second)
    deps.waves().commit(deps.dropoffs().save(replace(known, pic_ids=frozenset())))
    change_product(known_packs=(Pack("B5", 5_000, 0), Pack("B10", 10_000, 0), Pack("B20", 20_000, 1, active=False)))
    after = CLOSES.replace(day=13)

    refused = office.post(f"/v1/waves/{made['id']}/publication", key="p", at=after)

    assert pointers(refused) == ["/closes_at", "/dropoff_ids/1", "/offers/0/price", "/offers/2/product_id"]
    assert office.get(f"/v1/drafts/{made['id']}").json["state"] == "draft"


def test_a_wave_published_after_its_opening_opens_at_once(office: Office) -> None:
    made = draft(office).json
    clock.use(lambda: CLOSES.replace(day=11))

    published = office.post(f"/v1/waves/{made['id']}/publication", key="p", at=clock.now())

    assert (published.status, published.json["state"]) == (200, "open")


# -- warnings


def test_good_friday_is_warned_of_and_not_forbidden(office: Office) -> None:
    friday = draft(office, opens_at="2020-04-07T08:00:00+07:00", closes_at="2020-04-08T08:00:00+07:00",
                   payment_due_at="2020-04-08T10:00:00+07:00", delivery_date="2020-04-10")  # fmt: skip

    assert warned(friday) == [("delivery_on_holiday", "/delivery_date")]
    assert "Wafat Yesus Kristus" in friday.json["warnings"][0]["message"]
    path = f"/v1/drafts/{friday.json['id']}"
    assert warned(office.get(path)) == warned(friday)
    assert office.get("/v1/drafts").json["items"][0]["warnings"] == friday.json["warnings"]
    published = office.post(f"/v1/waves/{friday.json['id']}/publication", key="p")
    assert warned(published) == warned(friday)
    assert "warnings" not in office.get(f"/v1/waves/{friday.json['id']}", caller=None).json
    repeated = office.post(f"/v1/waves/{friday.json['id']}/publication", key="p")
    assert warned(repeated) == warned(friday)


@pytest.mark.parametrize(
    ("grade", "price", "zone", "codes"),
    [
        pytest.param("Premium", 64_000, None, [], id="at the ceiling"),
        pytest.param("Premium", 64_001, None, ["price_above_ceiling"], id="a rupiah above"),
        pytest.param("Premium", 66_500, "II", [], id="at the ceiling of the zone that was chosen"),
        pytest.param("Medium", 50_000, None, ["price_above_ceiling"], id="medium rice at a premium price"),
        pytest.param("Organik", 90_000, None, [], id="special rice"),
    ],
)
def test_a_price_above_the_regulated_ceiling_is_flagged(
    office: Office, grade: str, price: int, zone: str | None, codes: list[str]
) -> None:
    change_product(grade=grade)

    made = draft(office, offers=[offered(office, price=price)], price_zone=zone)

    assert [code for code, _ in warned(made)] == codes
    if price == 64_001:
        assert made.json["warnings"][0]["message"] == (
            "Beras Premium 5 kg: Rp12.801/kg di atas harga eceran tertinggi beras premium zona I, "
            "Rp12.800/kg (Permendag 57/2017)."
        )


def test_of_several_zones_the_strictest_flags_and_an_unknown_one_is_asked_for(office: Office) -> None:
    kupang = a_dropoff(lat=-10.18, lng=123.6)
    both = draft(office, offers=[offered(office, price=65_000)], dropoff_ids=[office.dropoff, kupang])
    known = deps.dropoffs().get(kupang)
    deps.waves().commit(deps.dropoffs().save(replace(known, lat=-2.99, lng=104.76)))
    palembang = office.post("/v1/waves", a_plan(office, dropoff_ids=[kupang]), key="other")

    assert warned(both) == [("price_above_ceiling", "/offers/0/price")]
    assert warned(palembang) == [("price_zone_unknown", "/price_zone")]


def test_quotas_that_fit_into_no_drop_off_are_warned_of(office: Office) -> None:
    known = deps.dropoffs().get(office.dropoff)
    deps.waves().commit(deps.dropoffs().save(replace(known, capacity_g=49_999)))

    assert warned(draft(office)) == [("quota_over_capacity", "/dropoff_ids")]


def test_a_drop_off_that_was_ordered_too_full_is_warned_of_with_the_demand(office: Office) -> None:
    wave = office.wave()
    sell(office, wave, 2, 1)
    known = deps.dropoffs().get(office.dropoff)
    deps.waves().commit(deps.dropoffs().save(replace(known, capacity_g=14_999)))
    tick()
    drain()
    path, cooperative = f"/v1/waves/{wave['id']}/demand", Caller("coop-1", frozenset({"cooperative"}))

    assert warned(office.get(path)) == [("dropoff_over_capacity", f"/by_dropoff/{office.dropoff}")]
    assert warned(office.get(path, cooperative)) == []  # sees its own part only


# -- copies


def test_a_copy_is_a_new_draft_with_everything_but_the_times(office: Office) -> None:
    source = draft(
        office, minimum_weight_g=10_000, orders_per_member=2, payment_window_s=3600, price_zone="I",
        eligible_institution_ids=[office.institution], allocation_policy="pro_rata",
        offers=[offered(office, max_per_member=3, price=54_000), offered(office, sku="B10", quota=None)],
    ).json  # fmt: skip
    times = {"opens_at": "2020-04-20T08:00:00+07:00", "closes_at": "2020-04-21T08:00:00+07:00",
             "payment_due_at": "2020-04-21T10:00:00+07:00", "delivery_date": "2020-04-23"}  # fmt: skip
    change_product(known_packs=(Pack("B5", 5_000, 60_000), Pack("B10", 10_000, 120_000)))

    copied = office.post(f"/v1/waves/{source['id']}/copy", {"name": "Gelombang III", **times}, key="copy")

    assert copied.status == 201, copied.text
    new = copied.json
    assert (new["id"] != source["id"], new["name"], new["state"]) == (True, "Gelombang III", "draft")
    assert new["opens_at"] == "2020-04-20T01:00:00Z"
    own = {"id", "name", "offers", "warnings", *times}
    assert {k: v for k, v in new.items() if k not in own} == {k: v for k, v in source.items() if k not in own}
    kept = ("product_id", "sku", "quota", "max_per_member")
    assert [[o[k] for k in kept] for o in new["offers"]] == [[o[k] for k in kept] for o in source["offers"]]
    assert [offer["price"] for offer in new["offers"]] == [54_000, 120_000]  # given once, and the product's own
    assert not {offer["id"] for offer in new["offers"]} & {offer["id"] for offer in source["offers"]}
    again = office.post(f"/v1/waves/{source['id']}/copy", {"name": "Gelombang III", **times}, key="copy")
    assert (again.status, again.json, again.headers["idempotency-replayed"]) == (201, new, "true")


def test_what_no_longer_exists_is_not_copied_and_pointed_at(office: Office) -> None:
    wave = office.wave(quotas={5: 10, 10: 5})
    change_product(known_packs=(Pack("B5", 5_000, 55_000), Pack("B10", 10_000, 110_000, active=False)))
    known = deps.dropoffs().get(office.dropoff)
    deps.waves().commit(deps.dropoffs().save(replace(known, pic_ids=frozenset())))

    refused = office.post(f"/v1/waves/{wave['id']}/copy", {**NEXT, "delivery_date": "2020-04-01"}, key="copy")

    assert pointers(refused) == ["/delivery_date", "/dropoff_ids/0", "/offers/1/sku"]


def test_only_an_operator_copies_what_is_there(office: Office) -> None:
    wave = office.wave()

    assert office.post(f"/v1/waves/{wave['id']}/copy", NEXT, key="c", caller=a_member()).json["code"] == "forbidden"
    assert office.post("/v1/waves/wav_none/copy", NEXT, key="c").json["code"] == "not_found"


def test_a_crash_at_any_call_of_a_copy_leaves_one_draft_in_the_end(office: Office) -> None:
    wave = office.wave()
    before = Snapshot()
    with seam() as calls:
        office.post(f"/v1/waves/{wave['id']}/copy", NEXT, key="copy")

    for crash_at in crash_points(len(calls.calls)):
        for after in (False, True):
            begin_again(before)
            with seam(crash_at, after=after):
                office.post(f"/v1/waves/{wave['id']}/copy", NEXT, key="copy")
            clock.use(lambda: DURING)
            copied = office.post(f"/v1/waves/{wave['id']}/copy", NEXT, key="copy")
            assert copied.status == 201
            assert [d["id"] for d in office.get("/v1/drafts").json["items"]] == [copied.json["id"]]
