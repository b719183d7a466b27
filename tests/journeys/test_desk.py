"""One order's whole road: paid in cash, closed by the clock, supplied, brought, and handed over for its code."""

from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.conftest import Market

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def order(market: Market) -> dict[str, Any]:
    """An order that lies at its drop-off, one pack of the three that were ordered having come in damaged."""
    wave = market.wave({5: 10})
    member, [pic, _] = market.member("lestari"), market.programme.pics
    placed = member.post("/v1/orders", market.asked(wave, packs=3))
    pic.post(f"/v1/orders/{placed['id']}/cash-receipts", {"amount": placed["total"], "receipt_number": "KW-1"})
    market.stack.move_clock(market.stack.now() + timedelta(days=1, hours=2, minutes=2))
    offer = wave["offers"][0]["id"]
    supplied = {"lines": [{"offer_id": offer, "packs": 3}]}
    market.programme.cooperative.post(f"/v1/waves/{wave['id']}/supply", supplied)
    market.stack.idle()
    consignments = market.programme.cooperative.everything(f"/v1/waves/{wave['id']}/consignments")
    [consignment] = [c for c in consignments if c["dropoff_id"] == placed["dropoff_id"]]
    counted = {"lines": [{"offer_id": offer, "received": 2, "damaged": 1}]}
    pic.post(f"/v1/consignments/{consignment['id']}/receipt", counted)
    market.stack.idle()
    return placed


def test_a_damaged_pack_is_taken_off_and_promised_back(market: Market, order: dict[str, Any]) -> None:
    now = market.member("lestari").get(f"/v1/orders/{order['id']}")

    assert [line["allocated"] for line in now["lines"]] == [2]
    assert (now["fulfilment_status"], now["payment_status"]) == ("at_dropoff", "refund_due")
    refunds = market.programme.operator.everything("/v1/refunds", wave_id=order["wave_id"])
    assert [(refund["amount"], refund["liable"]) for refund in refunds] == [(55_000, "cooperative")]


def test_the_cooperative_is_owed_what_was_received_whole(market: Market, order: dict[str, Any]) -> None:
    settlements = market.programme.cooperative.everything(
        f"/v1/cooperatives/{market.programme.cooperative_id}/settlements"
    )

    assert [s["amount"] for s in settlements if s["wave_id"] == order["wave_id"]] == [110_000]


def test_five_wrong_codes_lock_the_order_and_the_right_one_opens_it_later(
    market: Market, order: dict[str, Any]
) -> None:
    path = f"/v1/orders/{order['id']}/handover"
    right = market.member("lestari").get(f"/v1/orders/{order['id']}/pickup-code")["code"]
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"

    def try_code(code: str, key: str) -> Any:
        return market.send("POST", path, {"code": code}, sub="pic-setiabudi", roles="pic", key=key)

    tries = [try_code(wrong, f"try-{n}") for n in range(5)]
    locked = try_code(right, "locked")
    market.stack.move_clock(market.stack.now() + timedelta(minutes=16))
    opened = try_code(right, "opened")
    again = try_code(right, "opened")

    assert [(answer.status_code, answer.json()["code"]) for answer in tries] == [(403, "forbidden")] * 5
    assert (locked.status_code, locked.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(locked.headers["retry-after"]) <= 900
    assert (opened.status_code, opened.json()["fulfilment_status"]) == (200, "collected")
    assert again.headers["idempotency-replayed"] == "true"


def test_the_wave_completes_with_its_last_order_and_its_books_are_closed(market: Market, order: dict[str, Any]) -> None:
    market.stack.idle()
    operator = market.programme.operator

    assert operator.get(f"/v1/waves/{order['wave_id']}")["state"] == "completed"
    assert operator.get(f"/v1/ledger/accounts/unearned:{order['wave_id']}")["balance"] == 0
    checked = operator.get("/v1/reconciliation", wave_id=order["wave_id"])
    assert (checked["ok"], checked["findings"]) == (True, [])


def test_a_refund_is_paid_from_the_till_and_the_payout_is_found_at_the_bank(
    market: Market, order: dict[str, Any]
) -> None:
    operator, [pic, _], member = market.programme.operator, market.programme.pics, market.member("lestari")
    [promised] = member.everything(f"/v1/orders/{order['id']}/refunds")
    on_hand = pic.get(f"/v1/dropoffs/{order['dropoff_id']}/cash")["on_hand"]
    pic.post(f"/v1/refunds/{promised['id']}/cash")
    assert member.post(f"/v1/refunds/{promised['id']}/confirmation")["status"] == "done"
    assert pic.get(f"/v1/dropoffs/{order['dropoff_id']}/cash")["on_hand"] == on_hand - 55_000

    complaint = {"amount": 10_000, "reason": "Beras berkutu", "liable": "cooperative"}
    operator.post(f"/v1/orders/{order['id']}/refunds", complaint)
    market.stack.idle()
    path = f"/v1/cooperatives/{market.programme.cooperative_id}/settlements"
    [owed] = [s for s in market.programme.cooperative.everything(path) if s["wave_id"] == order["wave_id"]]
    assert (owed["deductions"], owed["amount"]) == (10_000, 100_000)

    operator.post(f"/v1/settlements/{owed['id']}/payouts", {"reference": "BRI-4711"})
    paid = f"{market.stack.now():%Y-%m-%d},TRF BRI-4711,-100000\n"
    sent = operator.post("/v1/statements", {"source": "bank_csv", "content": "Tanggal,Keterangan,Jumlah\n" + paid})
    market.stack.idle()
    assert operator.get(f"/v1/statements/{sent['id']}")["matched"] == 1
    checked = operator.get("/v1/reconciliation", wave_id=order["wave_id"])
    assert (checked["findings"], operator.get("/v1/ledger/trial-balance")["difference"]) == ([], 0)
