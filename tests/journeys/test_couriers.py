"""Four couriers are asked one after the other: what the second brings, and what nobody does, which is then fetched."""

from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.conftest import Market

pytestmark = pytest.mark.slow

HOME = {
    "line": "Jl. Salemba 4", "village_code": "31.71.01.1001", "postal_code": "10430", "lat": -6.2050, "lng": 106.8400,
    "recipient": "Siti Aminah", "phone": "081298765432",
}  # fmt: skip
COURIERS = ("biteship", "lalamove", "grab", "gosend")
NOBODY = {"biteship": "courier_not_found", "lalamove": "EXPIRED", "grab": "FAILED", "gosend": "no_driver"}


@pytest.fixture(scope="module")
def orders(market: Market) -> dict[str, dict[str, Any]]:
    """Two orders that lie at their drop-off, to be brought home by courier."""
    wave, [pic, _] = market.wave({5: 10}), market.programme.pics
    placed = {}
    for sub in ("wati", "yono"):
        home = {"method": "courier", "address": HOME | {"lat": HOME["lat"] + 0.03 * (sub == "yono")}}
        placed[sub] = market.member(sub).post("/v1/orders", market.asked(wave, packs=2, fulfilment=home))
        pic.post(f"/v1/orders/{placed[sub]['id']}/cash-receipts", {"amount": placed[sub]["total"]})
    market.stack.move_clock(market.stack.now() + timedelta(days=1, hours=2, minutes=2))
    offer = wave["offers"][0]["id"]
    supplied = {"lines": [{"offer_id": offer, "packs": 4}]}
    market.programme.cooperative.post(f"/v1/waves/{wave['id']}/supply", supplied)
    market.stack.idle()
    for consignment in market.programme.cooperative.everything(f"/v1/waves/{wave['id']}/consignments"):
        if consignment["dropoff_id"] == placed["wati"]["dropoff_id"]:
            counted = {"lines": [{"offer_id": offer, "received": 4, "damaged": 0}]}
            pic.post(f"/v1/consignments/{consignment['id']}/receipt", counted)
    market.stack.idle()
    pic.post(f"/v1/dropoffs/{placed['wati']['dropoff_id']}/dispatches", {"wave_id": wave["id"]})
    market.stack.idle()
    return placed


def delivery(market: Market, sub: str, order: dict[str, Any]) -> Any:
    market.stack.idle()
    return market.member(sub).get(f"/v1/orders/{order['id']}/delivery")


def told(market: Market, order: dict[str, Any]) -> list[str]:
    market.stack.idle()
    items = market.stack.http.get("/dev/outbox").json()["items"]
    return [item["body"] for item in items if item["order_id"] == order["id"]]


def test_the_second_courier_brings_what_the_first_found_nobody_for(market, orders) -> None:
    first = delivery(market, "wati", orders["wati"])
    assert (first["courier"], first["status"], first["rider"]) == ("biteship", "searching", None)
    market.stack.simulate("biteship", id=first["id"], status=NOBODY["biteship"])
    second = delivery(market, "wati", orders["wati"])
    assert (second["courier"], second["status"]) == ("lalamove", "searching")
    for status in ("ON_GOING", "PICKED_UP"):
        market.stack.simulate("lalamove", id=second["id"], status=status)
    under_way = delivery(market, "wati", orders["wati"])
    market.stack.simulate("lalamove", id=second["id"], status="COMPLETED", notify=2)
    there = delivery(market, "wati", orders["wati"])

    assert under_way["rider"]["name"].isalpha() and under_way["rider"]["plate"].startswith("B ")
    assert under_way["tracking_url"] and under_way["stops"][0]["window"]
    assert (there["status"], there["proof"]["at"] is not None) == ("delivered", True)
    assert there["proof"]["photo"].endswith(".jpg")
    assert market.member("wati").get(f"/v1/orders/{orders['wati']['id']}")["fulfilment_status"] == "delivered"


def test_what_no_courier_brings_is_fetched_and_its_fee_goes_back(market, orders) -> None:
    order, member = orders["yono"], market.member("yono")
    for courier in COURIERS:
        trip = delivery(market, "yono", order)
        assert (trip["courier"], trip["status"]) == (courier, "searching")
        market.stack.simulate(courier, id=trip["id"], status=NOBODY[courier])
    market.stack.idle()

    now = member.get(f"/v1/orders/{order['id']}")
    assert (now["fulfilment_status"], now["fulfilment"]["method"], now["courier_fee"]) == ("at_dropoff", "pickup", 0)
    refunds = market.programme.operator.everything("/v1/refunds", wave_id=order["wave_id"])
    assert [r["amount"] for r in refunds if r["order_id"] == order["id"]] == [order["courier_fee"]]
    texts = told(market, order)
    assert sum("mencari kurir lain" in text for text in texts) == 3
    assert sum("tidak ada kurir yang dapat mengantar" in text for text in texts) == 1

    code = member.get(f"/v1/orders/{order['id']}/pickup-code")["code"]
    [pic, _] = market.programme.pics
    assert pic.post(f"/v1/orders/{order['id']}/handover", {"code": code})["fulfilment_status"] == "collected"
    market.stack.idle()
    assert market.programme.operator.get("/v1/reconciliation", wave_id=order["wave_id"])["findings"] == []
