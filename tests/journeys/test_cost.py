"""What placing an order costs, in calls and units, as the stack has counted them."""

from typing import Any

import httpx
import pytest

from tests.journeys.conftest import Market

pytestmark = pytest.mark.slow

INDEXES = 3  # by drop-off, by member, by due time
ADDRESS = {
    "line": "Jl. Melati 1", "village_code": "31.74.02.1005", "postal_code": "12940", "lat": -6.2262, "lng": 106.8231,
    "recipient": "Siti", "phone": "081234567890",
}  # fmt: skip


def spent(market: Market, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    listed = market.stack.http.get("/dev/requests").json()["items"]
    return next(item for item in listed if item["request_id"] == answer.headers["x-request-id"])


@pytest.fixture(scope="module")
def wave(market: Market) -> dict[str, Any]:
    return market.wave({5: 500, 10: 500})


def place(market: Market, wave: dict[str, Any], sub: str, *, known: bool = True, **changes: Any) -> dict[str, Any]:
    """Order as somebody who has said their name before, so that there is a key for what is known of them."""
    if known:
        assert market.send("PUT", "/v1/me", {"name": "Siti"}, sub=sub, key="me").status_code == 200
    answer = market.send("POST", "/v1/orders", market.asked(wave, **changes), sub=sub, key="k")
    return spent(market, answer)


def test_one_product_is_one_transaction_of_six_units_and_one_per_index(market: Market, wave: dict[str, Any]) -> None:
    costs = [place(market, wave, f"cost-{n}") for n in range(12)]

    assert {cost["write_units"] for cost in costs} == {6 + INDEXES}
    assert max(cost["dynamodb_calls"] for cost in costs) <= 4, "also a wave and a ring that are not remembered"
    assert min(cost["dynamodb_calls"] for cost in costs) == 2, "the member's key, and the transaction"


def test_a_members_first_order_makes_their_key_in_the_same_transaction(market: Market, wave: dict[str, Any]) -> None:
    costs = {place(market, wave, f"cost-first-{n}", known=False)["write_units"] for n in range(4)}

    assert costs <= {8 + INDEXES, 10 + INDEXES}, "the key, and once for each of sixteen rings the ring it lies on"


def test_a_member_with_a_verified_phone_costs_no_more(market: Market, wave: dict[str, Any]) -> None:
    market.member("cost-phone").get("/v1/orders")  # their token says so from now on

    assert place(market, wave, "cost-phone")["write_units"] == 6 + INDEXES


def test_a_second_product_costs_two_units_more(market: Market, wave: dict[str, Any]) -> None:
    lines = [{"offer_id": offer["id"], "quantity": 1} for offer in wave["offers"]]

    assert place(market, wave, "cost-two", lines=lines)["write_units"] == 8 + INDEXES


def test_a_note_costs_two_units_more(market: Market, wave: dict[str, Any]) -> None:
    assert place(market, wave, "cost-note", note="Titip di satpam")["write_units"] == 8 + INDEXES


def test_an_address_costs_two_units_more(market: Market, wave: dict[str, Any]) -> None:
    home = {"method": "courier", "address": ADDRESS}

    assert place(market, wave, "cost-home", fulfilment=home)["write_units"] == 8 + INDEXES
