"""A member asks what the way home costs, orders by that quote, and thinks again: more, which they do not pay; less."""

from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.conftest import Market
from tests.journeys.test_cost import ADDRESS

pytestmark = pytest.mark.slow


def test_what_was_paid_for_stays_and_the_books_agree(market: Market) -> None:
    wave = market.wave({5: 10}, payment_window_s=3_600)
    member, [pic, _] = market.member("ragu"), market.programme.pics
    quotes = member.post(
        "/v1/courier-quotes",
        {"dropoff_id": market.programme.dropoff_ids[0], "address": ADDRESS, "weight_g": 10_000},
    )
    home = {"method": "courier", "address": ADDRESS, "quote_id": quotes[0]["quote_id"]}
    placed = member.post("/v1/orders", market.asked(wave, packs=2, fulfilment=home))
    path = f"/v1/orders/{placed['id']}"
    pic.post(f"{path}/cash-receipts", {"amount": placed["total"], "receipt_number": "KW-RAGU"})

    more = member.post(path, packs(wave, 4), method="PATCH")
    market.stack.move_clock(market.stack.now() + timedelta(minutes=62))
    market.stack.idle()
    back = member.get(path)
    fewer = member.post(path, packs(wave, 1), method="PATCH")
    market.stack.idle()

    assert {quote["courier"] for quote in quotes} == {"lumbung", "biteship", "lalamove", "grab", "gosend"}
    assert placed["courier_fee"] == quotes[0]["fee"]
    assert (more["status"], more["payment_status"]) == ("placed", "partially_paid")
    assert (back["status"], back["total"], back["fulfilment"]) == ("confirmed", placed["total"], placed["fulfilment"])
    assert [line["event"] for line in back["history"]] == ["placed", "paid", "edited", "edit_lapsed"]
    assert (fewer["status"], fewer["balance"], fewer["courier_fee"]) == ("confirmed", -55_000, placed["courier_fee"])
    stock = market.programme.operator.get(f"/v1/waves/{wave['id']}/stock")["items"]
    assert [(line["available"], line["difference"]) for line in stock] == [(9, 0)]
    checked = market.programme.operator.get("/v1/reconciliation", wave_id=wave["id"])
    assert (checked["ok"], checked["findings"]) == (True, [])


def packs(wave: dict[str, Any], quantity: int) -> dict[str, Any]:
    return {"lines": [{"offer_id": wave["offers"][0]["id"], "quantity": quantity}]}
