"""A closed wave's goods are shared out by every policy, by tolerance, and on paper; whatever crashes on the way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dispatch import api as dispatch_api
from lumbung.domain.people import COOPERATIVE, Caller
from lumbung.domain.product import Pack, Product
from lumbung.runtime import deps, deps_ordering
from lumbung.store import open_orders
from ordering import api, worker
from tests.integration.faults import Snapshot, crash_points, seam
from tests.integration.office import DURING, OPERATOR, PIC, Office, a_member, office
from tests.integration.test_ordering_closing import FROZEN, allocated, drain, pay, sell, supply, tick

__all__ = ["office"]


def second_dropoff(office: Office) -> str:
    place = {"name": "Kantor Cabang", "address": "=Jl. <Merdeka> 1", "lat": -6.2, "lng": 106.8, "pic_ids": [PIC.id]}
    return str(office.post("/v1/dropoffs", place, key="second").json["id"])


def close(office: Office, wave: dict[str, Any], *packs: int) -> None:
    """Freeze, supply and allocate the wave."""
    tick()
    drain()
    assert supply(office, wave, *packs).status == 200
    drain()


def sell_tolerantly(office: Office, orders: int = 4) -> tuple[dict[str, Any], list[str]]:
    """Two of 10 kg, for each of which two of 5 kg would do; one of 10 kg that must be that; and two of 5 kg."""
    wave = office.wave(quotas={5: 20, 10: 20})
    five, ten = (offer["id"] for offer in wave["offers"])
    lines = [
        [{"offer_id": ten, "quantity": 2, "tolerance": {"instead": [{"offer_id": five, "packs": 2}]}}],
        [{"offer_id": ten, "quantity": 1}],
        [{"offer_id": five, "quantity": 2}],
        [{"offer_id": ten, "quantity": 1}, {"offer_id": five, "quantity": 1, "tolerance": {"more": 3}}],
    ]
    made = []
    for n, wanted in enumerate(lines[:orders]):
        placed = office.order(wave, lines=wanted, member=a_member(n), key=f"k{n}", at=DURING + timedelta(minutes=n))
        assert placed.status == 201, placed.text
        made.append(placed.json["id"])
        pay(made[-1])
    return wave, made


def gets(order_ids: list[str]) -> list[list[int | None]]:
    return [[line.allocated for line in deps.orders().get(order_id).lines] for order_id in order_ids]


@pytest.mark.parametrize(
    ("policy", "granted"),
    [
        pytest.param("first_come", [4, 2, 0], id="first come"),
        pytest.param("pro_rata", [3, 1, 2], id="pro rata"),
        pytest.param("equal_rounds", [2, 2, 2], id="equal rounds"),
        pytest.param("priority", [3, 0, 3], id="priority"),
    ],
)
def test_every_policy_shares_out_over_drop_offs(office: Office, policy: str, granted: list[int]) -> None:
    other = second_dropoff(office)
    groups = [{"name": "Tenaga kesehatan", "institution_ids": [office.institution]}] if policy == "priority" else []
    wave = office.wave(dropoff_ids=[office.dropoff, other], allocation_policy=policy, priority_groups=groups)
    made = []
    for n, (packs, dropoff) in enumerate(((4, office.dropoff), (2, other), (3, other))):
        member = a_member(n, institution_id=office.institution if n == 2 else None)
        at = DURING + timedelta(minutes=n)
        placed = office.order(wave, packs=packs, member=member, key=f"k{n}", at=at, dropoff_id=dropoff)
        made.append(placed.json["id"])
        pay(made[-1])

    close(office, wave, 6)

    assert allocated(made) == granted


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        pytest.param({"allocation_policy": "priority"}, ["/priority_groups"], id="priority without groups"),
        pytest.param({"priority_groups": [["ins_1"]]}, ["/priority_groups"], id="groups without priority"),
        pytest.param(
            {"allocation_policy": "priority", "priority_groups": [["ins_1"], ["ins_1", "ins_2"]]},
            ["/priority_groups/0", "/priority_groups/1"], id="an institution in two groups",
        ),
        pytest.param(
            {"allocation_policy": "priority", "priority_groups": [["ins_1"]], "eligible_institution_ids": ["ins_2"]},
            ["/priority_groups/0"], id="an institution that may not order",
        ),
    ],
)  # fmt: skip
def test_contradictory_groups_are_refused(office: Office, changes: dict[str, Any], pointers: list[str]) -> None:
    groups = [{"name": "Kelompok", "institution_ids": ids} for ids in changes.pop("priority_groups", [])]
    offer = {"product_id": office.product, "sku": "B5", "quota": 9, "max_per_member": None}
    body = {
        "name": "Gelombang", "time_zone": "Asia/Jakarta", "opens_at": "2020-04-07T08:00:00+07:00",
        "closes_at": "2020-04-08T08:00:00+07:00", "payment_due_at": "2020-04-08T10:00:00+07:00",
        "delivery_date": "2020-04-10", "eligible_institution_ids": None, "dropoff_ids": [office.dropoff],
        "allocation_policy": "first_come", "priority_groups": groups, "offers": [offer], **changes,
    }  # fmt: skip

    refused = office.post("/v1/waves", body, key="w")

    told = [fault["pointer"] for fault in refused.json["errors"]]
    assert [pointer for pointer in told if pointer.startswith("/priority_groups")] == pointers


def test_a_wave_shows_its_priority_groups(office: Office) -> None:
    groups = [{"name": "Tenaga kesehatan", "institution_ids": [office.institution]}]

    wave = office.wave(allocation_policy="priority", priority_groups=groups)

    assert office.get(f"/v1/waves/{wave['id']}").json["priority_groups"] == groups


def test_what_is_left_over_goes_to_those_who_said_they_would_take_it(office: Office) -> None:
    wave, made = sell_tolerantly(office)

    close(office, wave, 9, 1)  # 5 kg: six more than the three ordered; 10 kg: one of the four ordered

    assert gets(made) == [[1, 2], [0], [2], [0, 1, 2]]
    orders = [deps.orders().get(order_id) for order_id in made]
    assert [order.total for order in orders] == [220_000, 0, 110_000, 165_000]
    assert [order.kept - order.total for order in orders] == [0, 0, 0, 0]
    assert [order.refund_decided for order in orders] == [0, 110_000, 0, 0]
    [opened] = open_orders.of_wave(deps.db(), deps.table("orders"), wave["id"])
    five, ten = (offer["id"] for offer in wave["offers"])
    assert (opened.orders, opened.packs) == (3, {five: 7, ten: 1})


def test_a_member_sees_what_came_instead_as_a_line_of_its_own(office: Office) -> None:
    wave, made = sell_tolerantly(office)
    close(office, wave, 9, 1)

    shown = office.get(f"/v1/orders/{made[0]}", caller=a_member(0)).json

    five, ten = (offer["id"] for offer in wave["offers"])
    assert [(x["offer_id"], x["quantity"], x["allocated"], x["subtotal"]) for x in shown["lines"]] == [
        (ten, 2, 1, 220_000),
        (five, 0, 2, 0),
    ]
    assert shown["lines"][0]["tolerance"] == {"instead": [{"offer_id": five, "packs": 2}], "more": 0}
    assert (shown["total"], shown["balance"], shown["payment_status"]) == (220_000, 0, "paid")


def test_the_person_in_charge_hands_out_what_came_instead(office: Office) -> None:
    wave, made = sell_tolerantly(office)
    close(office, wave, 9, 1)

    listed = office.get(f"/v1/dropoffs/{office.dropoff}/orders?wave_id={wave['id']}", caller=PIC).json["items"]
    path = f"/v1/dropoffs/{office.dropoff}/manifest?wave_id={wave['id']}"
    manifest = office.http(dispatch_api.handler, "GET", path, caller=PIC).json

    assert [sum(line["allocated"] for line in order["lines"]) for order in listed] == [3, 0, 2, 3]
    rows = {row["order_id"]: [(line["name"], line["packs"]) for line in row["lines"]] for row in manifest["items"]}
    assert rows[made[0]] == [("Beras Premium 10 kg", 1), ("Beras Premium 5 kg", 2)]
    assert (manifest["packs"], manifest["weight_g"]) == (8, 45_000)


def test_nothing_may_come_instead_that_no_courier_carries(office: Office) -> None:
    packs = (Pack("K5", 5_000, 60_000), Pack("K25", 25_000, 290_000))
    sacks = Product("prd_sack", "Beras Karung", "rice", packs, cooperative_id=office.cooperative)
    deps.waves().commit(*deps_ordering.products().add(sacks))
    offered = [{"product_id": sacks.id, "sku": p.sku, "quota": 9, "max_per_member": None} for p in packs]
    wave = office.wave(offers=offered)
    small, large = (offer["id"] for offer in wave["offers"])
    home = {"line": "Jl. Salemba 4", "village_code": "31.74.02.1001", "postal_code": "12940", "lat": -6.2, "lng": 106.8,
            "recipient": "Siti", "phone": "081298765432"}  # fmt: skip
    line = {"offer_id": small, "quantity": 5, "tolerance": {"instead": [{"offer_id": large, "packs": 1}]}}

    by_courier = office.order(wave, lines=[line], fulfilment={"method": "courier", "address": home}, key="courier")
    fetched = office.order(wave, lines=[line], key="pickup")

    assert (by_courier.json["code"], fetched.status) == ("limit_exceeded", 201)


def test_too_little_is_left_over_for_every_wish(office: Office) -> None:
    wave, made = sell_tolerantly(office)

    close(office, wave, 6, 1)  # three of 5 kg are left over: two for the first, one for the last

    assert gets(made) == [[1, 2], [0], [2], [0, 1, 1]]
    assert [deps.orders().get(order_id).refund_decided for order_id in made] == [0, 110_000, 0, 55_000]


def test_what_nobody_consented_to_stays_with_the_cooperative(office: Office) -> None:
    wave = office.wave(quotas={5: 20, 10: 20})
    placed = office.order(wave, packs=2, offer=1)
    pay(placed.json["id"])

    close(office, wave, 9, 1)

    assert gets([placed.json["id"]]) == [[1]]
    steps = office.get(f"/v1/waves/{wave['id']}/closing").json["steps"]
    assert [step["step"] for step in steps] == ["aggregate", "supply", "tally", "ties", "apply", "done"]


def test_money_that_is_no_longer_there_pays_for_nothing_further(office: Office) -> None:
    wave, made = sell_tolerantly(office)
    tick()
    drain()
    deps.orders().change(made[0], lambda o: (o.decide_refund(110_000, at=FROZEN, by="op-1"), []))

    supply(office, wave, 9, 1)
    drain()

    assert gets(made[:1]) == [[1]]
    assert deps.orders().get(made[0]).kept == 110_000


@pytest.mark.parametrize(
    ("tolerance", "pointer"),
    [
        pytest.param({"instead": [{"offer_id": "off_x", "packs": 1}]}, "instead/0/offer_id", id="an unknown offer"),
        pytest.param({"instead": [{"offer_id": None, "packs": 1}]}, "instead/0/offer_id", id="the same offer"),
        pytest.param({"more": -1}, "more", id="less than nothing"),
    ],
)
def test_what_cannot_be_accepted_is_refused(office: Office, tolerance: dict[str, Any], pointer: str) -> None:
    wave = office.wave()
    offer = wave["offers"][0]["id"]
    for one in tolerance.get("instead", []):
        one["offer_id"] = one["offer_id"] or offer

    refused = office.order(wave, lines=[{"offer_id": offer, "quantity": 1, "tolerance": tolerance}])

    assert refused.json["code"] == "invalid_request"
    assert refused.json["errors"][0]["pointer"] == f"/lines/0/tolerance/{pointer}"


def test_an_order_that_says_nothing_stays_as_small_as_it_was(office: Office) -> None:
    wave = office.wave(quotas={5: 20, 10: 20})
    placed = office.order(wave).json["id"]

    item = deps.db().get(deps.table("orders"), {"pk": f"ORDER#{placed}", "sk": "ORDER"})

    assert item is not None
    assert len(item["lines"][0]) == 7


def test_a_drop_off_too_large_for_one_message_goes_on_where_it_was(office: Office) -> None:
    wave = office.wave()
    made = sell(office, wave, 1, 1, 1)
    tick()
    drain()
    supply(office, wave, 3)
    worker.closing.cache_clear()
    closing = worker.closing()
    closing.allocate(wave["id"])
    run = deps.closings().find(wave["id"])

    outcomes = [closing.apply(deps.waves().get(wave["id"]), run, office.dropoff, at_most=2) for _ in range(2)]
    drain()

    assert outcomes == [False, True]
    assert allocated(made) == [1, 1, 1]
    assert office.get(f"/v1/waves/{wave['id']}/allocation").json["orders"] == {"full": 3, "short": 0, "none": 0}


# -- whatever crashes, repeats or comes late


def outcome(wave: dict[str, Any], made: list[str]) -> Any:
    orders = [deps.orders().get(order_id) for order_id in made]
    opened = [
        (o.dropoff_id, o.orders, o.packs) for o in open_orders.of_wave(deps.db(), deps.table("orders"), wave["id"])
    ]
    return [(o.lines, o.kept, o.refund_decided, o.fulfilment_status) for o in orders], opened


def test_a_crash_after_any_call_changes_nothing_about_tolerance(office: Office) -> None:
    wave, made = sell_tolerantly(office, 2)
    tick()
    drain()
    supply(office, wave, 3, 1)
    supplied = Snapshot()
    calls = share_out_with_crash(wave, None)
    whole = outcome(wave, made)
    assert calls > 30

    for crash_at in crash_points(calls):
        supplied.restore()
        deps.waves.cache_clear()
        share_out_with_crash(wave, crash_at)
        assert outcome(wave, made) == whole, f"crash at call {crash_at}"
        assert deps.closings().find(wave["id"]).step == "done"


def share_out_with_crash(wave: dict[str, Any], crash_at: int | None) -> int:
    """Take every step from supply on, with one crash after call *crash_at*, and the clock's resumption after it."""
    worker.closing.cache_clear()
    with seam(crash_at, after=True) as calls:
        worker.take({"step": "allocate", "wave": wave["id"]})
        drain()
    for _ in range(10):
        if deps.waves().get(wave["id"]).status != "frozen":
            break
        worker.take({"step": "resume", "wave": wave["id"]})
        drain()
    return len(calls.calls)


def test_messages_of_a_step_may_come_in_any_order_and_twice(office: Office) -> None:
    dropoffs = [office.dropoff, second_dropoff(office)]
    wave = office.wave(dropoff_ids=dropoffs, allocation_policy="equal_rounds")
    made = []
    for n, packs in enumerate((4, 2, 3)):
        placed = office.order(wave, packs=packs, member=a_member(n), key=f"k{n}", dropoff_id=dropoffs[n % 2])
        made.append(placed.json["id"])
        pay(made[-1])
    tick()
    drain()
    supply(office, wave, 6)
    supplied, seen = Snapshot(), []
    steps = [
        {"step": step, "wave": wave["id"], "dropoff": dropoff}
        for step in ("tally", "ties", "apply")
        for dropoff in dropoffs
    ]

    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0)):
        supplied.restore()
        deps.waves.cache_clear()
        worker.closing.cache_clear()
        messages = [steps[2 * n + m] for n in order for m in (1, 0)]
        for message in [{"step": "allocate", "wave": wave["id"]}, *messages * 3]:
            worker.take(message)
        seen.append(outcome(wave, made))

    assert [o.kept // 55_000 for o in map(deps.orders().get, made)] == [2, 2, 2]
    assert all(one == seen[0] for one in seen)


# -- what can be read of it


def test_an_operator_sees_where_the_closing_stands(office: Office) -> None:
    wave = office.wave()
    path = f"/v1/waves/{wave['id']}/closing"
    assert office.get(path).json | {"state": "open"} == {
        "wave_id": wave["id"], "state": "open", "freezes_at": "2020-04-08T03:00:40Z", "step": None, "steps": [],
        "pending_dropoff_ids": [], "supply_confirmed_by": [], "supply_awaited_from": [],
    }  # fmt: skip
    sell(office, wave, 2)
    tick()

    began = office.get(path).json
    drain()
    waiting = office.get(path).json
    supply(office, wave, 1)
    drain()
    done = office.get(path).json

    assert (began["step"], began["pending_dropoff_ids"]) == ("aggregate", [office.dropoff])
    assert (waiting["step"], waiting["supply_awaited_from"]) == ("supply", [office.cooperative])
    assert (done["step"], done["state"], done["supply_confirmed_by"]) == ("done", "allocated", [office.cooperative])
    assert [step["step"] for step in done["steps"]] == ["aggregate", "supply", "tally", "ties", "apply", "done"]
    assert all(step["finished_at"] for step in done["steps"])


def test_inputs_and_result_of_an_allocation_can_be_read(office: Office) -> None:
    wave, _ = sell_tolerantly(office)
    path = f"/v1/waves/{wave['id']}/allocation"
    assert office.get(path).json["code"] == "invalid_state"

    close(office, wave, 9, 1)

    read = office.get(path).json
    assert (read["policy"], read["orders"], read["corrections"]) == (
        "first_come", {"full": 1, "short": 2, "none": 1}, [],
    )  # fmt: skip
    facts = ("demand", "supply", "granted", "granted_by_tolerance", "left_over")
    assert [[offer[fact] for fact in facts] for offer in read["offers"]] == [[3, 9, 7, 4, 2], [4, 1, 1, 0, 0]]
    assert read["offers"][0]["tolerance_rule"]["supply"] == 6
    assert read["offers"][1]["rule"]["policy"] == "first_come"


@pytest.mark.parametrize("path", ["closing", "allocation"])
def test_only_operators_read_the_run(office: Office, path: str) -> None:
    wave = office.wave()

    assert office.get(f"/v1/waves/{wave['id']}/{path}", caller=PIC).status == 403


def a_farmer(name: str) -> Caller:
    return Caller(name, frozenset({COOPERATIVE}))


def test_a_purchase_order_says_what_is_to_be_brought_where(office: Office) -> None:
    other = second_dropoff(office)
    wave = office.wave(dropoff_ids=[office.dropoff, other])
    path = f"/v1/waves/{wave['id']}/purchase-orders?cooperative_id={office.cooperative}"
    for n, dropoff in enumerate((office.dropoff, other)):
        pay(office.order(wave, packs=2 + n, member=a_member(n), key=f"k{n}", dropoff_id=dropoff).json["id"])
    assert office.get(path).json["code"] == "invalid_state"
    close(office, wave, 5)

    read = office.get(path, caller=a_farmer("coop-1")).json

    assert read == office.get(path).json
    assert (read["cooperative"], read["regency"]) == ("Koperasi Tani Mulus", "Indramayu")
    assert (read["number"][:12], read["revision"], read["delivery_date"]) == ("PO-20200410-", 0, "2020-04-10")
    assert read["totals"] == {"packs": 5, "weight_g": 25_000, "value": 275_000}
    assert sorted((line["dropoff"], line["packs"], line["value"]) for line in read["lines"]) == [
        ("Gedung Kementerian", 2, 110_000),
        ("Kantor Cabang", 3, 165_000),
    ]


def test_a_purchase_order_stays_what_it_was_when_places_are_renamed(office: Office) -> None:
    wave = office.wave()
    sell(office, wave, 2)
    close(office, wave, 2)
    path = f"/v1/waves/{wave['id']}/purchase-orders?cooperative_id={office.cooperative}"
    before = office.get(path).json

    deps.waves().commit(deps.dropoffs().save(replace(deps.dropoffs().get(office.dropoff), name="Lain")))
    deps.waves().commit(deps.cooperatives().save(replace(deps.cooperatives().get(office.cooperative), name="Lain")))
    worker.closing().order_goods(deps.waves().get(wave["id"]))

    assert office.get(path).json == before


def test_a_purchase_order_runs_nothing_in_a_spreadsheet_or_a_browser(office: Office) -> None:
    other = second_dropoff(office)
    wave = office.wave(dropoff_ids=[other])
    pay(office.order(wave, packs=2, dropoff_id=other).json["id"])
    close(office, wave, 2)
    path = f"/v1/waves/{wave['id']}/purchase-orders?cooperative_id={office.cooperative}"

    sheet = office.http(api.handler, "GET", path, caller=OPERATOR, headers={"accept": "text/csv"})
    page = office.http(api.handler, "GET", path, caller=OPERATOR, headers={"accept": "text/html"})

    assert sheet.headers["content-type"].startswith("text/csv")
    assert "1,Kantor Cabang,'=Jl. <Merdeka> 1,Beras Premium 5 kg,2,10,55000,110000" in sheet.text.splitlines()
    assert page.headers["content-type"].startswith("text/html")
    assert "<td>=Jl. &lt;Merdeka&gt; 1</td>" in page.text
    assert '<td class="n">110.000</td>' in page.text


def test_a_cooperative_reads_its_own_purchase_orders_only(office: Office) -> None:
    wave = office.wave()
    close_empty = f"/v1/waves/{wave['id']}/purchase-orders"
    tick()
    drain()

    assert office.get(close_empty).json["errors"][0]["pointer"] == "/query/cooperative_id"
    own = f"{close_empty}?cooperative_id={office.cooperative}"
    assert office.get(own, caller=a_farmer("somebody")).json["code"] == "not_found"
    assert office.get(f"{close_empty}?cooperative_id=cop_other").json["code"] == "not_found"
    assert office.get(own, caller=PIC).status == 403
