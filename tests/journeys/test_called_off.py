"""A wave that everybody is told of, and nobody gets: extended, called off, refunded, and planned once more."""

from datetime import timedelta

import pytest

from tests.journeys.conftest import Market

pytestmark = pytest.mark.slow


def test_a_wave_that_is_called_off_gives_every_rupiah_back_and_is_planned_again(market: Market) -> None:
    operator, member = market.programme.operator, market.member("called-off")
    wave = market.wave({5: 10}, minimum_weight_g=20_000)
    path = f"/v1/waves/{wave['id']}"
    placed = member.post("/v1/orders", market.asked(wave, packs=2))
    payment = member.post(f"/v1/orders/{placed['id']}/payments", {"method": "qris"})
    market.stack.simulate("midtrans", order_id=payment["id"], transaction_status="settlement", notify=1)
    market.stack.idle()
    later = market.stack.now() + timedelta(days=1, hours=1)

    extended = operator.post(f"{path}/extension", {"closes_at": later.isoformat()})
    cancelled = operator.post(f"{path}/cancellation", {"reason": "Panen gagal"})
    idle = market.stack.idle()

    assert extended["state"] == "open"
    assert (cancelled["state"], cancelled["cancellation"]["reason"]) == ("cancelled", "Panen gagal")
    assert idle["dead_letters"] == 0
    order = member.get(f"/v1/orders/{placed['id']}")
    assert (order["status"], order["payment_status"], order["refunded"]) == ("cancelled", "refunded", 110_000)
    assert operator.get(f"/v1/ledger/accounts/unearned:{wave['id']}")["balance"] == 0
    [stock] = operator.get(f"{path}/stock")["items"]
    assert (stock["available"], stock["difference"]) == (10, 0)
    times = {name: wave[name] for name in ("opens_at", "closes_at", "payment_due_at", "delivery_date")}
    assert operator.post(f"{path}/copy", {"name": "Sekali lagi", **times})["state"] == "draft"
