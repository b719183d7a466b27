"""From an address without coordinates to the door, by a drop-off's own rider on a page without scripts."""

from datetime import timedelta
from typing import Any

import pytest

from lumbung.domain.village import IN_THE_MIDDLE
from tests.journeys.conftest import Market

pytestmark = pytest.mark.slow

VILLAGES = "village_code,village,lat,lng\n31.74.02.1002,Karet,-6.2186,106.8236\n"
HOME = {
    "line": "Jl. Karet 1", "village_code": "31.74.02.1002", "postal_code": "12920", "recipient": "Siti",
    "phone": "081298765432",
}  # fmt: skip


def at_dropoff(market: Market) -> dict[str, Any]:
    """Return a courier order that lies at its drop-off."""
    operator, [pic, _], member = market.programme.operator, market.programme.pics, market.member("karet")
    brought = market.send(
        "PUT",
        "/v1/villages",
        sub="office",
        roles="operator",
        raw=VILLAGES.encode(),
        headers={"content-type": "text/csv"},
    )
    assert brought.json()["villages"] == 1
    wave = market.wave({5: 10})
    placed = member.post("/v1/orders", market.asked(wave, fulfilment={"method": "courier", "address": HOME}))
    pic.post(f"/v1/orders/{placed['id']}/cash-receipts", {"amount": placed["total"], "receipt_number": "KW-R"})
    market.stack.move_clock(market.stack.now() + timedelta(days=1, hours=2, minutes=2))
    offer = wave["offers"][0]["id"]
    market.programme.cooperative.post(f"/v1/waves/{wave['id']}/supply", {"lines": [{"offer_id": offer, "packs": 1}]})
    market.stack.idle()
    [consignment] = operator.everything(f"/v1/waves/{wave['id']}/consignments")
    counted = {"lines": [{"offer_id": offer, "received": 1, "damaged": 0}]}
    pic.post(f"/v1/consignments/{consignment['id']}/receipt", counted)
    market.stack.idle()
    return placed


def test_a_rider_brings_an_order_home(market: Market) -> None:
    placed, [pic, _] = at_dropoff(market), market.programme.pics
    dropoff = f"/v1/dropoffs/{placed['dropoff_id']}"
    rider = pic.post(f"{dropoff}/riders", {"name": "Joko", "phone": "081311112222", "plate": "B 1234 XYZ"})
    path = pic.post(f"{dropoff}/riders/{rider['id']}/link")["path"]
    pic.post(f"{dropoff}/dispatches", {"wave_id": placed["wave_id"], "by": "riders"})
    market.stack.idle()
    [trip] = pic.everything(f"{dropoff}/trips", wave_id=placed["wave_id"])
    code = market.member("karet").get(f"/v1/orders/{placed['id']}/pickup-code")["code"]

    def tap(**said: str) -> str:
        answer = market.stack.http.post(f"{path}/{trip['id']}", data=said)
        assert (answer.status_code, answer.headers["location"]) == (303, path)
        return str(market.stack.http.get(path).text)

    assert placed["fulfilment"]["warning"] == IN_THE_MIDDLE
    assert trip["stops"][0]["warning"] == IN_THE_MIDDLE
    assert "Jl. Karet 1" in tap(do="claim")
    assert "Kode pengambilan" in tap(do="pick_up")
    assert "Jl. Karet 1" not in tap(do="deliver", order_id=placed["id"], code=code, receiver="Siti")
    proof = market.member("karet").get(f"/v1/orders/{placed['id']}/delivery")["proof"]
    assert (proof["receiver"], proof["code"]) == ("Siti", "cocok")
    assert market.member("karet").get(f"/v1/orders/{placed['id']}")["fulfilment_status"] == "delivered"
    owed = market.programme.operator.get(f"/v1/ledger/accounts/courier:{rider['id']}")
    assert owed["balance"] == trip["fee"]
    assert market.programme.operator.get("/v1/reconciliation", wave_id=placed["wave_id"])["ok"]
