"""Rice out of an allowance: consent, the treasurer's list, their answer, the rest by QRIS, and the bank's word."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from infra.replay.client import Actor
from tests.journeys.conftest import Market

pytestmark = pytest.mark.slow

UNIT = "Biro Keuangan"
DEDUCTED = "Dipotong (Rp)"


def staff(market: Market) -> Actor:
    institution = market.programme.institution_ids[0]
    member = Actor(market.stack, "pegawai-tpp", "member", name="Bu Wati", institution_id=institution)
    member.put("/v1/me", {"nip": "198703122010121001", "phone": "081200990011"})
    return member


def answered(sheet: str, *deducted: int) -> str:
    """Return the treasurer's sheet with what was deducted filled in, line by line."""
    head, *lines = csv.reader(io.StringIO(sheet))
    for line, amount in zip(lines, deducted, strict=True):
        line[head.index(DEDUCTED)] = str(amount)
    text = io.StringIO()
    csv.writer(text).writerows([head, *lines])
    return text.getvalue()


def test_what_a_treasurer_deducts_pays_and_the_rest_is_paid_another_way(market: Market) -> None:
    operator, member, stack = market.programme.operator, staff(market), market.stack
    today = stack.now().date()
    member.put("/v1/me/tpp-consent", {
        "unit": UNIT, "max_amount": 200_000, "text_version": "2020-1",
        "valid_from": today.isoformat(), "valid_until": (today + timedelta(days=60)).isoformat(),
    })  # fmt: skip
    wave = market.wave({5: 10}, orders_per_member=None)
    orders = [member.post("/v1/orders", market.asked(wave)) for _ in range(2)]
    for order in orders:
        member.post(f"/v1/orders/{order['id']}/payments", {"method": "tpp"})

    batch = operator.post("/v1/tpp/batches", {"institution_id": market.programme.institution_ids[0], "unit": UNIT})
    path = f"/v1/tpp/batches/{batch['id']}"
    sheet = operator.read(path, accept="text/csv").text
    results = market.send(
        "POST", f"{path}/results", sub="op-kantor", roles="operator", key="tpp-results",
        headers={"content-type": "text/csv"}, raw=answered(sheet, 55_000, 20_000).encode(),
    )  # fmt: skip
    stack.idle()

    assert [line["outcome"] for line in results.json()["lines"]] == ["full", "partial"]
    assert [state(member, order) for order in orders] == [("confirmed", 0), ("placed", 35_000)]

    rest = member.post(f"/v1/orders/{orders[1]['id']}/payments", {"method": "qris"})
    stack.simulate("midtrans", order_id=rest["id"], transaction_status="settlement", notify=1)
    member.post("/v1/me/tpp-consent/withdrawal")
    stack.idle()
    assert [state(member, order) for order in orders] == [("confirmed", 0)] * 2
    assert member.get("/v1/me/tpp-consent")["remaining"] == 0

    sent = f"Tanggal,Keterangan,Jumlah\n{stack.now():%Y-%m-%d},SETORAN BENDAHARA {UNIT},75000\n"
    operator.post("/v1/statements", {"source": "bank_csv", "content": sent})
    stack.idle()
    [line] = [one for one in operator.everything("/v1/reconciliation/worklist") if UNIT in one["text"]]
    account = f"tpp:{market.programme.institution_ids[0]}"
    operator.post(
        f"/v1/reconciliation/worklist/{line['id']}/resolution", {"reason": "Potongan April", "account": account}
    )
    stack.idle()
    assert operator.get(f"/v1/ledger/accounts/{account}")["balance"] == 0
    assert operator.get("/v1/reconciliation", wave_id=wave["id"])["findings"] == []


def state(member: Actor, order: dict[str, Any]) -> tuple[str, int]:
    now = member.get(f"/v1/orders/{order['id']}")
    return now["status"], now["balance"]
