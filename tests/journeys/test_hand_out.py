"""A day of hand-out: a truck that is short of a pack, a device without a network, and goods that nobody fetches."""

from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.conftest import Market

pytestmark = pytest.mark.slow
WHO = {"ani": 2, "bayu": 1, "citra": 1}


@pytest.fixture(scope="module")
def wave(market: Market) -> dict[str, Any]:
    """A wave that waits two days, whose goods have been counted at the drop-off: one pack of four was damaged."""
    made = market.wave({5: 10}, uncollected={"after_hours": 48, "rule": "refund_if_sold"})
    [pic, _], offer = market.programme.pics, made["offers"][0]["id"]
    made["orders"] = {}
    for sub, packs in WHO.items():
        order = market.member(sub).post("/v1/orders", market.asked(made, packs=packs))
        made["orders"][sub] = order["id"]
        pic.post(f"/v1/orders/{order['id']}/cash-receipts", {"amount": order["total"], "receipt_number": f"D-{sub}"})
    market.stack.move_clock(market.stack.now() + timedelta(days=1, hours=2, minutes=2))
    market.programme.cooperative.post(f"/v1/waves/{made['id']}/supply", {"lines": [{"offer_id": offer, "packs": 4}]})
    market.stack.idle()
    [truck] = [c for c in pic.everything(f"/v1/waves/{made['id']}/consignments") if c["packs"]]
    market.programme.cooperative.post(f"/v1/consignments/{truck['id']}/departure", {"lot": "L-7", "load_g": 20_000})
    pic.post(f"/v1/consignments/{truck['id']}/arrival")
    counted = {"lines": [{"offer_id": offer, "received": 3, "damaged": 1}], "photo": "foto/1.jpg"}
    pic.post(f"/v1/consignments/{truck['id']}/receipt", counted)
    market.stack.idle()
    return made


def code(market: Market, wave: dict[str, Any], sub: str) -> str:
    return str(market.member(sub).get(f"/v1/orders/{wave['orders'][sub]}/pickup-code")["code"])


def test_two_devices_that_tell_of_one_hand_over_hand_it_over_once(market: Market, wave: dict[str, Any]) -> None:
    [pic, _], [dropoff_id, _] = market.programme.pics, market.programme.dropoff_ids
    listed = pic.get(f"/v1/dropoffs/{dropoff_id}/pickup-list", wave_id=wave["id"])
    entry = {"number": 1, "order_id": wave["orders"]["bayu"], "code": code(market, wave, "bayu")}
    entry["at"] = market.stack.now().isoformat()

    told = [
        pic.post(f"/v1/dropoffs/{dropoff_id}/handovers", {"device_id": device, "entries": [entry]})["items"][0]
        for device in ("hp-1", "hp-1", "hp-2")
    ]

    assert listed["list"].count(".") == 2 and entry["code"] not in listed["list"]
    assert [(t["outcome"], t["repeated"]) for t in told] == [("collected", False), ("collected", True),
                                                             ("conflict", False)]  # fmt: skip


def test_what_nobody_fetched_is_sold_and_the_wave_completes(market: Market, wave: dict[str, Any]) -> None:
    [pic, _], operator, ani = market.programme.pics, market.programme.operator, wave["orders"]["ani"]
    one = [{"offer_id": wave["offers"][0]["id"], "packs": 1}]
    pic.post(f"/v1/orders/{ani}/handover", {"code": code(market, wave, "ani"), "lines": one})
    for hours in (25, 24):
        market.stack.move_clock(market.stack.now() + timedelta(hours=hours))
        market.stack.idle()
    assert market.member("ani").get(f"/v1/orders/{ani}")["fulfilment_status"] == "not_collected"

    pic.post(f"/v1/orders/{ani}/leftovers", {"outcome": "sold", "lines": one})
    market.stack.idle()

    report = operator.get(f"/v1/waves/{wave['id']}/dispatch-report")
    [rice] = report["totals"]["goods"]
    assert {name: rice[name] for name in ("expected", "received", "damaged", "collected", "sold", "on_shelf")} == {
        "expected": 4, "received": 3, "damaged": 1, "collected": 2, "sold": 1, "on_shelf": 0,
    }  # fmt: skip
    assert (report["totals"]["unexplained_packs"], report["totals"]["orders"]["not_collected"]) == (0, 1)
    assert operator.get(f"/v1/waves/{wave['id']}")["state"] == "completed"
    assert operator.get(f"/v1/ledger/accounts/unearned:{wave['id']}")["balance"] == 0
    checked = operator.get("/v1/reconciliation", wave_id=wave["id"])
    assert (checked["ok"], checked["findings"]) == (True, [])
