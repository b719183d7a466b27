"""Two hundred members race for fifty packs."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.journeys.conftest import Market

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("time", [1, 2, 3])
def test_exactly_fifty_of_two_hundred_get_a_pack(market: Market, time: int) -> None:
    wave = market.wave({5: 50})
    tokens = [market.stack.token(f"racer-{n}", ["member"]) for n in range(200)]

    def order(n: int) -> tuple[int, str | None]:
        headers = {"authorization": f"Bearer {tokens[n]}", "idempotency-key": f"race-{time}"}
        answer = market.stack.http.post("/v1/orders", json=market.asked(wave), headers=headers)
        return answer.status_code, answer.json().get("code")

    with ThreadPoolExecutor(16) as pool:
        outcome = Counter(pool.map(order, range(200)))

    assert outcome == {(201, None): 50, (409, "sold_out"): 150}
    [stock] = market.programme.operator.get(f"/v1/waves/{wave['id']}/stock")["items"]
    assert (stock["available"], stock["in_live_orders"], stock["difference"]) == (0, 50, 0)
