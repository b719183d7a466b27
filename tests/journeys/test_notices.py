"""What a member reads on the way of one order: as the outbox shows it, whichever way it went."""

from datetime import timedelta
from typing import Any

import pytest

from infra.replay.client import Actor
from tests.journeys.conftest import Market

pytestmark = pytest.mark.slow


def told(market: Market, order_id: str) -> list[dict[str, Any]]:
    market.stack.idle()
    items = market.stack.http.get("/dev/outbox").json()["items"]
    return [item for item in items if item["order_id"] == order_id]


def test_an_order_is_told_from_placing_to_pick_up(market: Market) -> None:
    wave = market.wave({5: 10})
    member = Actor(market.stack, "ratna", "member", name="Ratna", phone="081234500001", email="ratna@example.go.id")
    [pic, _] = market.programme.pics
    pic.put("/v1/me", {"name": "Ibu Rini"})
    order = member.post("/v1/orders", market.asked(wave, packs=2))
    due = market.stack.now() + timedelta(days=1, hours=2)
    market.stack.move_clock(due - timedelta(hours=6))
    pic.post(f"/v1/orders/{order['id']}/cash-receipts", {"amount": order["total"], "receipt_number": "KW-N1"})
    market.stack.move_clock(due + timedelta(minutes=2))
    supplied = {"lines": [{"offer_id": wave["offers"][0]["id"], "packs": 2}]}
    market.programme.cooperative.post(f"/v1/waves/{wave['id']}/supply", supplied)
    market.stack.idle()
    [consignment] = market.programme.cooperative.everything(f"/v1/waves/{wave['id']}/consignments")
    counted = {"lines": [{"offer_id": wave["offers"][0]["id"], "received": 2, "damaged": 0}]}
    pic.post(f"/v1/consignments/{consignment['id']}/receipt", counted)

    sent = told(market, order["id"])

    assert [item["kind"] for item in sent] == ["placed", "payment_due", "paid_cash", "wave_closed", "ready"]
    assert {(item["channel"], item["to"]) for item in sent} == {("whatsapp", "+6281234500001")}
    assert sent[2]["body"].startswith("Kuitansi nomor KW-N1 atas nama Ratna. Uang tunai Rp110.000 untuk pesanan")
    assert "diterima oleh Ibu Rini di Gedung Kementerian Koperasi dan UKM" in sent[2]["body"]
    assert f"pemesanan {wave['name']} sudah ditutup" in sent[3]["body"]
    assert "2 × Beras Premium Tani Mulus 5 kg" in sent[4]["body"]


def test_whom_whatsapp_does_not_know_reads_it_in_a_mail(market: Market) -> None:
    wave = market.wave({5: 10})
    market.stack.simulate("whatsapp", to="6281234500002", on_whatsapp=False)
    member = Actor(market.stack, "sari", "member", name="Sari", phone="+6281234500002", email="sari@example.go.id")
    order = member.post("/v1/orders", market.asked(wave))
    member.post(f"/v1/orders/{order['id']}/cancellation")

    sent = told(market, order["id"])

    assert [(item["channel"], item["to"], item["kind"]) for item in sent][-1] == (
        "email", "sari@example.go.id", "cancelled",
    )  # fmt: skip
    assert sent[-1]["subject"] == "Pesanan Anda dibatalkan"
    assert sent[-1]["body"].startswith(f"Halo Sari, pesanan {order['id']} di {wave['name']} dibatalkan pada ")


def test_each_notice_is_sent_once_though_the_provider_fails(market: Market) -> None:
    wave = market.wave({5: 10})
    market.stack.simulators.post("/faults", json={"provider": "whatsapp", "mode": "error", "requests": 2})
    orders = [market.member(f"often-{n}").post("/v1/orders", market.asked(wave)) for n in range(3)]

    assert [[item["kind"] for item in told(market, order["id"])] for order in orders] == [["placed"]] * 3
    assert market.stack.idle()["dead_letters"] == 0
