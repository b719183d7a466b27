"""Everything that ordering does, each thing at a moment when it has something to do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lumbung.domain.order import Order
from lumbung.runtime import deps
from lumbung.store import open_orders
from lumbung.store.table import to_wire
from ordering import stream
from tests.faults import edit_scenarios, people_scenarios, staff_scenarios, tolerance_scenarios
from tests.faults.ordering_world import FROZEN, World
from tests.faults.scenario import Phase, Scenario, both, cash, of_wave, once, step
from tests.faults.tolerance_scenarios import LOOKS_AGAIN
from tests.integration.office import DURING, PIC

QUOTAS = {5: 40, 10: 20}
OVERDUE_BY_NOW = DURING + timedelta(hours=2, minutes=1)


def draft(world: World) -> None:
    world.wave = world.post("/v1/waves", _plan(world), key="plan").json


def open_(world: World) -> None:
    """Three orders: one paid, one unpaid, one unpaid for too long."""
    world.publish(quotas=QUOTAS, max_per_member=15)
    world.ids["overdue"] = world.place(0, 2).json["id"]
    world.ids["paid"] = world.place(1, 3, 1).json["id"]
    world.cash(world.ids["paid"])
    world.at(OVERDUE_BY_NOW)
    world.ids["unpaid"] = world.place(2, 1).json["id"]


def called_off(world: World) -> None:
    open_(world)
    of_wave("cancellation", {"reason": "Banjir"})(world)
    world.work({"step": "resume", "wave": world.wave["id"]})


def over(world: World) -> None:
    """The last payment is due; nobody has looked yet."""
    world.publish(quotas=QUOTAS)
    for n, packs in enumerate((4, 3, 1)):
        world.at(DURING + timedelta(minutes=n))
        made = world.place(n, packs, int(n == 1), dropoff=n // 2).json["id"]
        world.ids[f"paid {n}"] = made
        world.cash(made)
    world.ids["unpaid"] = world.place(3, 2, dropoff=1).json["id"]
    world.at(FROZEN)


def frozen(world: World) -> None:
    over(world)
    world.tick()
    world.at(LOOKS_AGAIN)
    world.note_frozen()


def counted(world: World) -> None:
    frozen(world)
    world.drain()


def supplied(world: World) -> None:
    counted(world)
    world.supply(6, 1)
    world.work({"step": "allocate", "wave": world.wave["id"]})


def tallied(world: World) -> None:
    supplied(world)
    both("tally")(world)


def tied(world: World) -> None:
    tallied(world)
    both("ties")(world)


def handed_out(world: World) -> None:
    tied(world)
    world.drain()
    for order_id in ("paid 0", "paid 1", "paid 2"):
        _hand_over(world.ids[order_id])


def _plan(world: World, **changes: Any) -> dict[str, Any]:
    offer = {"product_id": world.office.product, "quota": 40, "max_per_member": None}
    return {
        "name": "Gelombang II", "time_zone": "Asia/Jakarta", "opens_at": "2020-04-07T08:00:00+07:00",
        "closes_at": "2020-04-08T08:00:00+07:00", "payment_due_at": "2020-04-08T10:00:00+07:00",
        "payment_window_s": 7200, "delivery_date": "2020-04-10", "eligible_institution_ids": None,
        "dropoff_ids": world.dropoffs, "allocation_policy": "first_come",
        "offers": [offer | {"sku": "B5"}, offer | {"sku": "B10", "quota": 10}], **changes,
    }  # fmt: skip


def _hand_over(order_id: str) -> None:
    def step(order: Order) -> tuple[Order, Any]:
        if order.fulfilment_status != "allocated":
            return order, []
        after = order.arrive(at=LOOKS_AGAIN).collect(at=LOOKS_AGAIN, by=PIC.id)
        return after, [open_orders.finish(deps.table("orders"), order.wave_id, order.dropoff_id)]

    deps.orders().change(order_id, step)


def _stream(world: World) -> None:
    images = [{"wave": world.wave["id"], "dropoff": dropoff_id} for dropoff_id in world.dropoffs]
    records = [{"dynamodb": {"SequenceNumber": i["dropoff"], "NewImage": to_wire(i)}} for i in images]
    world.answered_whole(stream.handler({"Records": records}, None))


def _for_somebody(world: World) -> Any:
    body = {
        "wave_id": world.wave["id"], "dropoff_id": world.dropoffs[0], "note": "Titip di satpam",
        "lines": [{"offer_id": world.wave["offers"][0]["id"], "quantity": 2}], "fulfilment": {"method": "pickup"},
        "on_behalf_of": {"name": "Budi", "phone": "081298765432", "institution_id": world.office.institution},
    }  # fmt: skip
    return world.post("/v1/orders", body, key="budi", by=PIC)


def _register(path: str, body: dict[str, Any], method: str = "POST") -> Callable[[World], Any]:
    return lambda w: w.post(path, body, key=f"same {sorted(body)}", method=method)


def _amend(path: str, thing: Callable[[World], str], body: dict[str, Any]) -> Callable[[World], Any]:
    return lambda w: w.post(f"{path}/{thing(w)}", body, key=f"same {sorted(body)}", method="PATCH")


VILLAGES = "village_code,village,lat,lng\n" + "".join(f"31.74.02.10{n:02},Desa {n},-6.2,106.8\n" for n in range(60))
COOPERATIVE = {
    "name": "Koperasi Lain", "regency": "Subang", "operator_ids": ["coop-2"],
    "bank": {"bank": "bri", "account_number": "0012345679", "account_name": "Koperasi Lain"},
}  # fmt: skip
DROPOFF = {"name": "Gedung", "address": "Jl. Merdeka", "lat": -6.2, "lng": 106.8, "pic_ids": [PIC.id]}
INSTITUTION = {"code": "K49", "name": "Kementerian UMKM", "kind": "ministry"}

PLACE, CANCEL = "POST /v1/orders", "POST /v1/orders/{order_id}/cancellation"
CLOSE, CLOCK, RESUME = "POST /v1/waves/{wave_id}/closing", "ordering.schedule.handler", "resume"
WAVE = "POST /v1/waves/{wave_id}"
NEXT = {
    "opens_at": "2020-04-14T08:00:00+07:00", "closes_at": "2020-04-15T08:00:00+07:00",
    "payment_due_at": "2020-04-15T10:00:00+07:00", "delivery_date": "2020-04-17",
}  # fmt: skip
SUPPLY = "POST /v1/waves/{wave_id}/supply"

PHASES = (
    Phase("a draft", draft, (
        Scenario("plan it again", lambda w: w.post("/v1/waves", _plan(w), key="plan"), "POST /v1/waves"),
        Scenario(
            "change it",
            lambda w: w.post(f"/v1/waves/{w.wave['id']}", _plan(w, name="Lain"), key="patch", method="PATCH"),
            "PATCH /v1/waves/{wave_id}",
        ),
        Scenario(
            "publish it",
            lambda w: w.post(f"/v1/waves/{w.wave['id']}/publication", key="publish"),
            "POST /v1/waves/{wave_id}/publication",
        ),
    )),
    Phase("a register", draft, (
        Scenario("an institution", _register("/v1/institutions", INSTITUTION), "POST /v1/institutions"),
        Scenario("a cooperative", _register("/v1/cooperatives", COOPERATIVE), "POST /v1/cooperatives"),
        Scenario("a drop-off", _register("/v1/dropoffs", DROPOFF), "POST /v1/dropoffs"),
        Scenario(
            "a cooperative moves", _amend("/v1/cooperatives", lambda w: w.office.cooperative, {"regency": "Subang"}),
            "PATCH /v1/cooperatives/{cooperative_id}",
        ),
        Scenario(
            "a drop-off moves", _amend("/v1/dropoffs", lambda w: w.dropoffs[0], {"address": "Jl. Merdeka"}),
            "PATCH /v1/dropoffs/{dropoff_id}",
        ),
        Scenario(
            "a drop-off gets a limit", _amend("/v1/dropoffs", lambda w: w.dropoffs[0], {"cash_limit": 1_000_000}),
            "PATCH /v1/dropoffs/{dropoff_id}",
        ),
        Scenario("villages", lambda w: w.post("/v1/villages", VILLAGES, key="any", method="PUT"), "PUT /v1/villages"),
        Scenario("who I am", _register("/v1/me", {"name": "Siti"}, "PUT"), "PUT /v1/me"),
        Scenario("my number", _register("/v1/me", {"phone": "081298765432"}, "PUT"), "PUT /v1/me"),
        Scenario("who am I", lambda w: w.get("/v1/me"), "GET /v1/me"),
    )),
    Phase("an open wave", open_, (
        Scenario("order one product", lambda w: w.place(3, 2), PLACE),
        Scenario("order it, being somebody else", lambda w: w.place(4, 2), PLACE),
        Scenario("order two products", lambda w: w.place(5, 1, 2), PLACE),
        Scenario("order more than a shard holds", lambda w: w.place(6, 12), PLACE),
        Scenario("order a second time", lambda w: w.place(2, 1, key="second"), PLACE),
        Scenario("order for somebody", _for_somebody, PLACE),
        Scenario("cancel what is paid", lambda w: w.cancel(w.ids["paid"], 1), CANCEL),
        Scenario("cancel what is not paid", lambda w: w.cancel(w.ids["unpaid"], 2), CANCEL),
        Scenario("cancel what is overdue", lambda w: w.cancel(w.ids["overdue"], 0), CANCEL),
        *edit_scenarios.CHANGES,
        Scenario("the clock", lambda w: w.tick(), CLOCK),
        Scenario("close it now", lambda w: w.close(), CLOSE),
        Scenario("extend it", of_wave("extension", {"closes_at": "2020-04-08T09:00:00+07:00"}), f"{WAVE}/extension"),
        Scenario("plan the next like it", of_wave("copy", NEXT), f"{WAVE}/copy"),
        Scenario("call it off", of_wave("cancellation", {"reason": "Banjir"}), f"{WAVE}/cancellation"),
        Scenario("pay", cash("unpaid")),
        Scenario("pay too late", cash("overdue")),
    )),
    Phase("a wave called off", called_off, (
        Scenario("the first drop-off's orders", step("cancel", 0), "cancel"),
        Scenario("the last drop-off's orders", step("cancel", 1), "cancel"),
        Scenario("resume", once("resume"), RESUME),
        Scenario("pay late", cash("unpaid")),
    )),
    Phase("a wave that is over", over, (
        Scenario("the clock freezes it", lambda w: w.tick(), CLOCK),
        Scenario("order late", lambda w: w.place(7, 1)),
        Scenario("cancel late", lambda w: w.cancel(w.ids["paid 0"], 0)),
        Scenario("pay late", cash("unpaid")),
    )),
    Phase("a frozen wave", frozen, (
        Scenario("count the first drop-off", step("aggregate", 0), "aggregate"),
        Scenario("count the last drop-off", step("aggregate", 1), "aggregate"),
        Scenario("resume", once("resume"), RESUME),
        Scenario("the clock looks again", lambda w: w.tick(), CLOCK),
        Scenario("pay late", cash("unpaid")),
    )),
    Phase("a counted wave", counted, (
        Scenario("confirm supply", lambda w: w.supply(6, 1), SUPPLY),
        Scenario("confirm it otherwise", lambda w: w.supply(5, 1, key="other"), SUPPLY),
        Scenario("allocate", once("allocate"), "allocate"),
        Scenario("resume", once("resume"), RESUME),
    )),
    Phase("a short supply", supplied, (
        Scenario("tally the first drop-off", step("tally", 0), "tally"),
        Scenario("tally the last drop-off", step("tally", 1), "tally"),
        Scenario("resume", once("resume"), RESUME),
    )),
    Phase("a tallied wave", tallied, (
        Scenario("ties of the first drop-off", step("ties", 0), "ties"),
        Scenario("ties of the last drop-off", step("ties", 1), "ties"),
        Scenario("resume", once("resume"), RESUME),
    )),
    Phase("a decided wave", tied, (
        Scenario("tell the first drop-off", step("apply", 0), "apply"),
        Scenario("tell the last drop-off", step("apply", 1), "apply"),
        Scenario("resume", once("resume"), RESUME),
    )),
    Phase("goods handed out", handed_out, (
        Scenario("complete it", _stream, "ordering.stream.handler"),
        Scenario("resume", once("resume"), RESUME),
    )),
    *edit_scenarios.PHASES,
    *tolerance_scenarios.PHASES,
    *staff_scenarios.PHASES,
    *people_scenarios.PHASES,
)  # fmt: skip
