"""A wave that was called off after allocation: no truck leaves for it, nothing of it is received or sent home."""

from dataclasses import replace
from typing import Any

import pytest

from dispatch import api, orders_stream
from lumbung.domain.order import Order
from lumbung.domain.order_parts import Hold
from lumbung.runtime import deps
from lumbung.store import open_orders
from lumbung.store.table import to_wire
from ordering import api as ordering_api
from ordering import worker
from tests.integration.conftest import Http, Reply
from tests.integration.dispatch_world import FARMER, NOW, OFFICE, PIC_ONE, World, take_all
from tests.integration.faults import Snapshot
from tests.integration.test_dispatch_goods import consignments, everything, receipt
from tests.integration.test_wave_cancellation import every_boundary

DEPARTURE = {"vehicle": "E 1234 AB"}


def made() -> World:
    """A wave that is allocated, with one order that awaits its goods."""
    world = World()
    world.set_up()
    order_id, held = world.order({"off_a5": 2}), Hold("off_a5", 0, 2)
    wave, shards = deps.waves().get("wav_1"), deps.shards()
    deps.waves().move_gates([write for offer in wave.offers for write in shards.open(offer, wave)])

    def hold(order: Order) -> tuple[Order, list[Any]]:
        joining = deps.people().limits.join(order, wave)
        return replace(order, holds=(held,)), [shards.take(held, limited=False, at=wave.opens_at), joining]

    deps.orders().change(order_id, hold)
    world.lay_out()
    return world


def cancel(http: Http) -> Reply:
    return http(
        ordering_api.handler, "POST", "/v1/waves/wav_1/cancellation", {"reason": "Gagal panen"}, caller=OFFICE,
        key="cancel", at=NOW,
    )  # fmt: skip


def depart(http: Http, consignment: dict[str, Any]) -> Reply:
    path = f"/v1/consignments/{consignment['id']}/departure"
    return http(api.handler, "POST", path, DEPARTURE, caller=FARMER, key="depart", at=NOW)


def call_off() -> None:
    while messages := take_all("ClosingQueue"):
        for message in messages:
            worker.take(message)


@pytest.fixture
def world(http: Http) -> World:
    return made()


def test_nothing_of_a_cancelled_wave_departs_is_received_or_sent(world: World, http: Http) -> None:
    [consignment] = consignments(http)
    assert cancel(http).status == 200

    dispatched = http(api.handler, "POST", "/v1/dropoffs/drp_1/dispatches", {"wave_id": "wav_1"}, caller=PIC_ONE,
                      key="d", at=NOW)  # fmt: skip

    refused = [depart(http, consignment), receipt(http, consignment, **everything(consignment)), dispatched]
    assert [reply.json["code"] for reply in refused] == ["invalid_state"] * 3
    assert take_all("PlanningQueue") == []
    call_off()
    order = deps.orders().get("ord_1")
    assert (order.status, order.fulfilment_status, order.kept) == ("cancelled", "none", 0)
    assert world.balances() == {"unearned:wav_1": 110_000, "refund_payable": -110_000}


def test_a_cancelled_wave_expects_no_more_consignments(world: World, http: Http) -> None:
    cancel(http)
    late = open_orders.lay_out(deps.table("orders"), open_orders.OpenOrders("wav_1", "drp_2", 1, {"off_a5": 1}))
    record = {"dynamodb": {"SequenceNumber": "1", "NewImage": to_wire(late.item)}}

    assert orders_stream.handler({"Records": [record]}, None) == {"batchItemFailures": []}

    assert [consignment["dropoff_id"] for consignment in consignments(http)] == ["drp_1"]


@pytest.mark.parametrize(
    ("first", "ends"), [("departure", {"cancelled"}), ("cancellation", {"cancelled", "delivering"})]
)
def test_of_a_departure_and_a_cancellation_one_wins(world: World, http: Http, first: str, ends: set[str]) -> None:
    """Whoever is interrupted has lost, until it has written."""
    [consignment] = consignments(http)
    answers: list[Reply] = []
    acts = [lambda: answers.append(depart(http, consignment)), lambda: answers.append(cancel(http))]
    seen = set()
    for _ in every_boundary(Snapshot(), *(acts if first == "departure" else reversed(acts))):
        assert sorted(reply.status for reply in answers[-2:]) == [200, 409]
        call_off()
        order, status = deps.orders().get("ord_1"), deps.waves().get("wav_1").status
        [after] = consignments(http)
        assert (status, order.status, after["state"]) in (
            ("cancelled", "cancelled", "expected"),
            ("delivering", "confirmed", "in_transit"),
        )
        seen.add(status)
    assert seen == ends
