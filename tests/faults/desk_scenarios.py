"""Everything that happens on a day of hand-out, each thing at a moment when it has something to do."""

from datetime import timedelta
from typing import Any

from dispatch import orders_stream
from lumbung.store.table import to_wire
from tests.faults.desk_world import DeskWorld, answered_whole
from tests.faults.scenario import Act, Phase, Scenario
from tests.integration.dispatch_world import FARMER, NOW, member

ONE, TWO, MIXED, HOME = "ord_1", "ord_2", "ord_3", "ord_4"
OVER = NOW + timedelta(hours=72)
RICE, EGGS = {"off_a5": (6, 1)}, {"off_b5": (1, 0)}
OF_CONSIGNMENT = "POST /v1/consignments/{consignment_id}"
HANDOVER, UPLOADS = "POST /v1/orders/{order_id}/handover", "POST /v1/dropoffs/{dropoff_id}/handovers"
LEFTOVERS, PROXY = "POST /v1/orders/{order_id}/leftovers", "PUT /v1/orders/{order_id}/proxy"
WORKER, CLOCK, STREAM = "dispatch.worker.handler", "dispatch.schedule.handler", "dispatch.orders_stream.handler"


def expected(world: DeskWorld) -> None:
    """Eight packs of rice and one of eggs are to come for three who fetch and one who does not."""
    world.begin()
    world.order({"off_a5": 2})
    world.order({"off_a5": 3})
    world.order({"off_a5": 1, "off_b5": 1})
    world.order({"off_a5": 2}, courier=True)
    world.here.lay_out()


def counted(world: DeskWorld) -> None:
    """Two packs of rice are missing; nobody's order knows it yet."""
    expected(world)
    world.receipt("cop_1", key="rice", **RICE)
    world.receipt("cop_2", key="eggs", **EGGS)


def at_the_desk(world: DeskWorld) -> None:
    counted(world)
    world.settle()


def over(world: DeskWorld) -> None:
    """One was fetched in part; the time to fetch the rest is over, and nobody has looked."""
    at_the_desk(world)
    world.hand_over(ONE, key="first", lines=packs(1))
    world.at(OVER)


def left_over(world: DeskWorld) -> None:
    over(world)
    world.settle()


def packs(count: int) -> list[dict[str, Any]]:
    return [{"offer_id": "off_a5", "packs": count}]


def _of(cooperative: str, step: str, body: Any = None, **more: Any) -> Act:
    def act(world: DeskWorld) -> None:
        path = f"/v1/consignments/{world.consignment(cooperative)['id']}/{step}"
        world.post(path, body, key=step, **more)

    return act


def _receive(cooperative: str, key: str, *, final: bool = True, **counts: tuple[int, int]) -> Act:
    return lambda w: w.receipt(cooperative, key=key, final=final, **counts)


def _hand_over(order_id: str, key: str, **said: Any) -> Act:
    return lambda w: w.hand_over(order_id, key=key, **said)


def _upload(device: str, *told: tuple[str, int, dict[str, Any]]) -> Act:
    return lambda w: w.upload(*(w.entry(order_id, n, **said) for order_id, n, said in told), device=device)


def _leave(order_id: str, outcome: str, count: int) -> Act:
    return lambda w: w.leftovers(order_id, outcome, count, key=f"{outcome} {count}")


def _name(name: str | None) -> Act:
    body = {"proxy": {"name": name} if name else None}
    path = f"/v1/orders/{TWO}/proxy"
    return lambda w: w.post(path, body, key=f"proxy {name}", by=member(2), method="PUT")


def _lay_out_again(world: DeskWorld) -> None:
    item = {"wave": "wav_1", "dropoff": "drp_1", "orders": 4, "packs": {"off_a5": 8, "off_b5": 1}}
    record = {"dynamodb": {"SequenceNumber": "1", "NewImage": to_wire(item)}}
    answered_whole(orders_stream.handler({"Records": [record]}, None))


def _end_waiting(world: DeskWorld) -> None:
    world.work({"do": "end_waiting", "consignment_id": world.consignment("cop_1")["id"]})


TO_MOVE_ON = {"do": "move_on", "wave_id": "wav_1", "dropoff_id": "drp_1"}
MOVE_ON = Scenario("move orders on", lambda w: w.work(TO_MOVE_ON), WORKER)
LOOK = Scenario("the clock", lambda w: w.tick(), CLOCK)
DAMAGED = [{**packs(1)[0], "reason": "damaged"}]

PHASES = (
    Phase("goods to come", expected, (
        Scenario("the drop-off is told of again", _lay_out_again, STREAM),
        Scenario("the truck leaves", _of("cop_1", "departure", {"lot": "7"}, by=FARMER), f"{OF_CONSIGNMENT}/departure"),
        Scenario("the truck arrives", _of("cop_1", "arrival"), f"{OF_CONSIGNMENT}/arrival"),
        Scenario("count some", _receive("cop_1", "some", final=False, off_a5=(3, 0)), f"{OF_CONSIGNMENT}/receipt"),
        Scenario("count the rest", _receive("cop_1", "rest", **RICE), f"{OF_CONSIGNMENT}/receipt"),
        Scenario("count the rest otherwise", _receive("cop_1", "otherwise", off_a5=(5, 0))),
        Scenario("count the eggs", _receive("cop_2", "eggs", **EGGS)),
    )),
    Phase("goods counted", counted, (
        MOVE_ON, LOOK,
        Scenario("hand over early", _hand_over(TWO, "early")),
        Scenario("tell of a hand-over", _upload("hp-1", (TWO, 1, {})), UPLOADS),
    )),
    Phase("goods at the desk", at_the_desk, (
        Scenario("hand it over", _hand_over(TWO, "whole"), HANDOVER),
        Scenario("hand over a part", _hand_over(TWO, "part", lines=packs(1)), HANDOVER),
        Scenario("refuse a part", _hand_over(TWO, "refuse", refused=DAMAGED), HANDOVER),
        Scenario("fetch what was to be brought", _hand_over(HOME, "home"), HANDOVER),
        Scenario("a wrong code", _hand_over(TWO, "wrong", code="x"), HANDOVER),
        Scenario("a device tells of it", _upload("hp-1", (TWO, 1, {}), (ONE, 2, {"lines": packs(1)})), UPLOADS),
        Scenario("another tells of it", _upload("hp-2", (TWO, 1, {"lines": packs(1)}), (MIXED, 2, {})), UPLOADS),
        Scenario("name a proxy", _name("Budi"), PROXY),
        Scenario("take the consent back", _name(None), PROXY),
        MOVE_ON,
    )),
    Phase("time is over", over, (
        LOOK,
        Scenario("wait no longer", _end_waiting, WORKER),
        Scenario("hand it over late", _hand_over(TWO, "late"), HANDOVER),
        Scenario("a device tells late", _upload("hp-1", (TWO, 1, {"at": NOW.isoformat()})), UPLOADS),
    )),
    Phase("goods left over", left_over, (
        Scenario("sell two", _leave(TWO, "sold", 2), LEFTOVERS),
        Scenario("give one away", _leave(TWO, "given", 1), LEFTOVERS),
        Scenario("throw one away", _leave(ONE, "spoiled", 1), LEFTOVERS),
        Scenario("hand over what is left", _hand_over(TWO, "late"), HANDOVER),
        Scenario("a device tells late", _upload("hp-1", (TWO, 1, {"at": NOW.isoformat()})), UPLOADS),
        LOOK,
    )),
)  # fmt: skip
