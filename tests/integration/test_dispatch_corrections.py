"""What a run has allocated is corrected, order by order, until the goods leave."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dispatch import api, orders_stream
from lumbung.domain.consignment import consignment_id
from lumbung.domain.product import Pack, Product
from lumbung.runtime import deps, deps_dispatch, deps_ordering
from lumbung.store import open_orders
from lumbung.store.table import to_wire
from ordering import worker
from tests.integration.conftest import Reply
from tests.integration.dispatch_world import World
from tests.integration.faults import Snapshot, crash_points, seam
from tests.integration.office import DURING, OPERATOR, PIC, Office, a_member, office
from tests.integration.test_ordering_allocation import second_dropoff
from tests.integration.test_ordering_closing import FROZEN, allocated, drain, pay, supply, tick

__all__ = ["office"]


class Scene:
    """A first-come wave of 5 kg packs: 4, 3 and 1 were ordered, six came, so 4, 2 and 0 were allocated."""

    def __init__(self, office: Office, *, supplied: int | None = 6, places: int = 1) -> None:
        self.office = office
        self.places = [office.dropoff, *(second_dropoff(office) for _ in range(places - 1))]
        self.open(dropoff_ids=self.places)
        self.made = [self.place([packs], n) for n, packs in enumerate((4, 3, 1))]
        if supplied is not None:
            self.close(supplied)

    def open(self, **changes: Any) -> None:
        self.wave = self.office.wave(**changes)
        self.offer = self.wave["offers"][0]["id"]

    def place(self, packs: list[int], n: int = 0) -> str:
        """Have member *n* order and pay, each at the next place and a minute later."""
        lines = [
            {"offer_id": offer["id"], "quantity": wanted}
            for offer, wanted in zip(self.wave["offers"], packs, strict=True)
        ]
        placed = self.office.order(
            self.wave, lines=lines, member=a_member(n), key=f"{self.wave['id']}{n}",
            at=DURING + timedelta(minutes=n), dropoff_id=self.places[n % len(self.places)],
        )  # fmt: skip
        pay(placed.json["id"])
        return str(placed.json["id"])

    def close(self, *supplied: int) -> None:
        tick()
        drain()
        supply(self.office, self.wave, *supplied)
        drain()
        for opened in deps.goods().of_wave(self.wave["id"]):
            item = open_orders.lay_out("", opened).item
            record = {"dynamodb": {"SequenceNumber": "1", "NewImage": to_wire(item)}}
            assert orders_stream.handler({"Records": [record]}, None) == {"batchItemFailures": []}

    def correct(self, order: int, packs: int, *, key: str = "c", **changes: Any) -> Reply:
        body = {
            "order_id": self.made[order], "offer_id": self.offer, "packs": packs, "reason": "Salah hitung",
            "liable": "programme", **changes,
        }  # fmt: skip
        caller = body.pop("caller", OPERATOR)
        path = f"/v1/waves/{self.wave['id']}/corrections"
        return self.office.http(api.handler, "POST", path, body, caller=caller, key=key, at=FROZEN)

    def goods(self) -> tuple[int, int, int]:
        """Return (orders, packs) that the drop-off knows of, and the packs that its consignment is to bring."""
        [opened] = deps.goods().of_wave(self.wave["id"])
        consignment = deps_dispatch.consignments().get(self.consignment_id)
        return opened.orders, opened.packs[self.offer], consignment.packs

    @property
    def consignment_id(self) -> str:
        return consignment_id(self.wave["id"], self.office.cooperative, self.office.dropoff)

    def kept(self) -> list[int]:
        """Return the packs' worth of money that is kept for each order."""
        return [deps.orders().get(order_id).kept // 55_000 for order_id in self.made]

    def promised(self) -> int:
        """Return what the ledger owes to members."""
        return -World().balances().get("refund_payable", 0)


@pytest.fixture
def scene(office: Office) -> Scene:
    return Scene(office)


def test_fewer_packs_are_refunded_and_no_longer_expected(scene: Scene) -> None:
    made = scene.correct(0, 3)

    assert made.status == 201, made.text
    assert {name: made.json[name] for name in ("before", "packs", "amount", "liable", "by")} == {
        "before": 4, "packs": 3, "amount": 55_000, "liable": "programme", "by": OPERATOR.id,
    }  # fmt: skip
    assert allocated(scene.made) == [3, 2, 0]
    assert scene.kept() == [3, 2, 0]
    assert scene.goods() == (2, 5, 5)
    assert scene.promised() == 3 * 55_000


def test_an_order_that_is_left_with_nothing_is_at_its_end(scene: Scene) -> None:
    scene.correct(1, 0)

    assert deps.orders().get(scene.made[1]).fulfilment_status == "none"
    assert scene.goods() == (1, 4, 4)
    assert scene.kept() == [4, 0, 0]


def test_who_owes_for_goods_is_promised_nothing_back(scene: Scene) -> None:
    deps.orders().change(scene.made[0], lambda o: (o.unpay(110_000, method="cash", at=FROZEN, by="clock"), []))

    made = scene.correct(0, 3)

    assert (made.status, made.json["amount"]) == (201, 0)
    order = deps.orders().get(scene.made[0])
    assert (order.kept, order.balance) == (110_000, 55_000)


def test_a_pack_that_is_free_can_be_given_to_somebody_whose_money_is_still_there(scene: Scene) -> None:
    scene.correct(0, 3, key="first")

    raised = scene.correct(1, 3, key="second")

    assert (raised.status, raised.json["amount"]) == (201, -55_000)
    assert allocated(scene.made) == [3, 3, 0]
    assert scene.kept() == [3, 3, 0]
    assert scene.goods() == (2, 6, 6)
    assert scene.promised() == 2 * 55_000


def test_of_a_larger_refund_the_rest_stays_promised(office: Office) -> None:
    scene = Scene(office, supplied=5)  # 4, 1 and 0
    scene.correct(0, 3, key="first")

    scene.correct(1, 2, key="second")

    assert scene.kept() == [3, 2, 0]
    assert scene.promised() == 3 * 55_000
    liable = {r.liable for r in deps_dispatch.bookings().refunds_of(scene.made[1]) if r.owed}
    assert liable == {"cooperative"}


@pytest.mark.parametrize(
    ("order", "packs", "code"),
    [
        pytest.param(0, 5, "invalid_request", id="more than was ordered"),
        pytest.param(0, 4, "invalid_request", id="what it has already"),
        pytest.param(1, 3, "invalid_state", id="no pack is left over"),
        pytest.param(2, 1, "invalid_state", id="an order that got nothing"),
    ],
)
def test_what_cannot_be_corrected_is_refused(scene: Scene, order: int, packs: int, code: str) -> None:
    before = scene.goods(), scene.kept()

    assert scene.correct(order, packs).json["code"] == code

    assert (scene.goods(), scene.kept()) == before


def test_money_that_is_on_its_way_back_buys_nothing(scene: Scene) -> None:
    scene.correct(0, 3, key="first")
    bookings = deps_dispatch.bookings()
    [refund] = bookings.refunds_of(scene.made[1])
    bookings.commit(bookings.save_refund(refund.ask("provider", by="midtrans", at=refund.decided_at)))

    assert scene.correct(1, 3, key="second").json["code"] == "invalid_state"
    assert scene.goods() == (2, 5, 5)


def test_nothing_is_corrected_once_goods_have_left(scene: Scene) -> None:
    path = f"/v1/consignments/{scene.consignment_id}/departure"
    scene.office.http(api.handler, "POST", path, {}, caller=OPERATOR, key="go", at=FROZEN)

    assert scene.correct(0, 3).json["code"] == "invalid_state"


def test_nothing_is_corrected_before_the_wave_is_allocated(office: Office) -> None:
    scene = Scene(office, supplied=None)

    assert scene.correct(0, 1).json["code"] == "invalid_state"


def test_only_operators_correct_orders_of_the_wave(scene: Scene) -> None:
    assert scene.correct(0, 3, caller=PIC).status == 403
    assert scene.correct(0, 3, order_id="ord_other").json["code"] == "not_found"
    assert scene.correct(0, 3, offer_id="off_other").json["errors"][0]["pointer"] == "/offer_id"
    assert scene.correct(0, 3, reason="").json["code"] == "invalid_request"


def test_a_correction_is_read_beside_the_allocation_and_amends_the_purchase_order(scene: Scene) -> None:
    made = scene.correct(0, 3).json

    read = scene.office.get(f"/v1/waves/{scene.wave['id']}/allocation").json
    ordered = scene.office.get(
        f"/v1/waves/{scene.wave['id']}/purchase-orders?cooperative_id={scene.office.cooperative}"
    ).json

    assert (read["corrections"], read["offers"][0]["granted"]) == ([made], 6)
    assert (ordered["revision"], ordered["totals"]["packs"]) == (1, 5)


def test_a_repeat_of_the_run_keeps_corrections(scene: Scene) -> None:
    scene.correct(0, 3)
    before = [deps.orders().get(order_id) for order_id in scene.made]

    for step in ("aggregate", "tally", "ties", "apply"):
        worker.take({"step": step, "wave": scene.wave["id"], "dropoff": scene.office.dropoff})
    worker.take({"step": "allocate", "wave": scene.wave["id"]})
    worker.take({"step": "resume", "wave": scene.wave["id"]})

    assert [deps.orders().get(order_id) for order_id in scene.made] == before
    assert scene.goods() == (2, 5, 5)


def other_cooperative(office: Office) -> str:
    body = {
        "name": "Koperasi Ternak", "regency": "Blitar", "operator_ids": ["coop-2"],
        "bank": {"bank": "bri", "account_number": "0012345679", "account_name": "Koperasi Ternak"},
    }  # fmt: skip
    return str(office.post("/v1/cooperatives", body, key="eggs").json["id"])


def rival(monkeypatch: pytest.MonkeyPatch, store: Any, reading: str, act: Callable[[], Reply]) -> None:
    """Let *act* happen once, after a correction has been *reading* from a store and before it is written."""
    read, waiting = getattr(store, reading), [act]

    def look(*asked: Any) -> Any:
        found = read(*asked)
        if waiting:
            assert waiting.pop()().status in (200, 201)
        return found

    monkeypatch.setattr(store, reading, look)


def test_two_drop_offs_at_once_never_get_the_same_pack(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(office, supplied=6, places=2)  # 4 here, 2 there, 0 here
    scene.correct(0, 3, key="frees one")
    rival(monkeypatch, deps.closings(), "supplies", lambda: scene.correct(0, 4, key="rival"))

    assert scene.correct(1, 3, key="late").json["code"] == "invalid_state"

    assert allocated(scene.made) == [4, 2, 0]


def test_what_else_an_order_waits_for_must_not_have_left(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(office, supplied=None)
    eggs = Product("prd_eggs", "Telur", "eggs", (Pack("T1", 1_000, 30_000),), cooperative_id=other_cooperative(office))
    deps.waves().commit(*deps_ordering.products().add(eggs))
    offered = ((office.product, "B5"), (eggs.id, "T1"))
    scene.open(offers=[{"product_id": p, "sku": sku, "quota": 9, "max_per_member": None} for p, sku in offered])
    scene.made = [scene.place([2, 3])]
    scene.close(2, 3)
    consignment = consignment_id(scene.wave["id"], eggs.cooperative_id or "", office.dropoff)
    path = f"/v1/consignments/{consignment}/departure"

    def leave() -> Reply:
        return office.http(api.handler, "POST", path, {}, caller=OPERATOR, key="go", at=FROZEN)

    rival(monkeypatch, deps_dispatch.consignments(), "get_many", leave)

    assert scene.correct(0, 1).json["code"] == "invalid_state"

    assert allocated(scene.made) == [2]


def test_a_crash_at_any_call_corrects_once_or_not_at_all(scene: Scene) -> None:
    scene.correct(0, 3, key="first")
    before = Snapshot()
    with seam() as whole:
        scene.correct(1, 3, key="second")
    after = (allocated(scene.made), scene.kept(), scene.goods(), scene.promised())

    for crash_at in crash_points(len(whole.calls)):
        before.restore()
        with seam(crash_at, after=True):
            scene.correct(1, 3, key="second")
        again = scene.correct(1, 3, key="second")

        assert again.status == 201
        assert (allocated(scene.made), scene.kept(), scene.goods(), scene.promised()) == after
