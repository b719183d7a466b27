"""Every pack of a drop-off is somewhere, in whatever state its order is."""

from dataclasses import replace

import pytest

from lumbung.domain.consignment import Consignment, ConsignmentLine, Count, Receipt
from lumbung.domain.delivery import Delivery, Part
from lumbung.domain.desk import Packs, Refused, Taking, give_up_waiting, hand_out, note_delivered, part_with
from lumbung.domain.goods_account import GoodsAccount
from lumbung.domain.order import Order
from tests.unit.domain.test_desk import AT, an_order

NOTHING = Delivery("ord_1")


def a_consignment(expected: int, *counts: Count, final: bool = True, shares: int | None = 0) -> Consignment:
    line = ConsignmentLine("off_a", "Beras 5 kg", 5_000, 55_000, expected)
    consignment = Consignment("con_1", "wav_1", "drp_1", "cop_1", (line,))
    return replace(consignment.receive(Receipt(AT, "pic-1", final, counts)), shares=shares)


def places(order: Order, delivery: Delivery = NOTHING, received: int = 3, **losses: int) -> dict[str, int]:
    account = GoodsAccount()
    account.add_consignment(a_consignment(3, Count("off_a", received)), {"ord_1": losses} if losses else {})
    account.add_order(order, delivery)
    assert account.unexplained() == {}, account.packs
    return {place: n for place, n in account.packs["off_a"].items() if n and place not in ("expected", "received")}


def sent(*parts: tuple[str, int]) -> Delivery:
    return Delivery("ord_1", tuple(Part(f"trp_{n}", {"off_a": packs}, state) for n, (state, packs) in enumerate(parts)))


def taken(order: Order, what: Taking) -> Order:
    return hand_out(order, what, at=AT, by="pic-1")


PARTLY = taken(an_order(), Taking((Packs("off_a", 1),)))
LEFT = give_up_waiting(PARTLY, at=AT)


@pytest.mark.parametrize(
    ("order", "delivery", "where"),
    [
        (an_order(status="allocated"), NOTHING, {"on_shelf": 3}),
        (an_order(), NOTHING, {"on_shelf": 3}),
        (PARTLY, NOTHING, {"collected": 1, "on_shelf": 2}),
        (taken(PARTLY, Taking()), NOTHING, {"collected": 3}),
        (taken(an_order(), Taking(refused=(Refused("off_a", 1, "damaged", "pic"),))), NOTHING,
         {"collected": 2, "written_off": 1}),
        (LEFT, NOTHING, {"collected": 1, "on_shelf": 2}),
        (part_with(LEFT, "sold", [Packs("off_a", 1)], at=AT, by="p"), NOTHING,
         {"collected": 1, "sold": 1, "on_shelf": 1}),
        (part_with(LEFT, "spoiled", [Packs("off_a", 2)], at=AT, by="p"), NOTHING, {"collected": 1, "written_off": 2}),
        (part_with(LEFT, "given", [Packs("off_a", 2)], at=AT, by="p"), NOTHING, {"collected": 1, "given": 2}),
        (an_order(status="dispatched"), sent(("under_way", 2), ("delivered", 1)), {"under_way": 2, "delivered": 1}),
        (an_order(), sent(("waiting", 3)), {"on_shelf": 3}),
        (an_order(status="dispatched"), sent(("under_way", 2), ("waiting", 1)), {"under_way": 2, "on_shelf": 1}),
        (an_order(), sent(("delivered", 1), ("back", 2)), {"delivered": 1, "on_shelf": 2}),
        (an_order(status="delivered"), sent(("delivered", 3)), {"delivered": 3}),
        (taken(note_delivered(an_order(), {"off_a": 2}), Taking()), sent(("delivered", 1), ("back", 2)),
         {"delivered": 1, "collected": 2}),
        (an_order(2, status="delivered"), sent(("delivered", 2), ("lost", 1)), {"delivered": 2, "written_off": 1}),
        (an_order(0, status="none"), sent(("lost", 3)), {"written_off": 3}),
    ],
    ids=["expected", "at the desk", "in part", "in two parts", "refused in part", "not fetched", "sold in part",
         "spoiled", "given away", "under way", "to be brought later", "a part of it later",
         "came back in part", "brought home", "the rest was fetched",
         "lost in part", "lost"],
)  # fmt: skip
def test_packs_are_where_their_order_says(order: Order, delivery: Delivery, where: dict[str, int]):
    assert places(order, delivery) == where


def test_a_shortage_is_missing_and_not_on_the_shelf_of_who_waits_for_other_goods():
    assert places(an_order(status="allocated"), received=2, off_a=1) == {"on_shelf": 2, "missing": 1}


@pytest.mark.parametrize(
    ("consignment", "where"),
    [
        (a_consignment(3, Count("off_a", 1, 1), final=False, shares=None),
         {"expected": 3, "received": 1, "damaged": 1, "to_come": 1, "on_shelf": 1}),
        (a_consignment(3, Count("off_a", 1, 1), shares=None),
         {"expected": 3, "received": 1, "damaged": 1, "missing": 1, "on_shelf": 1}),
    ],
    ids=["being counted", "not shared out yet"],
)  # fmt: skip
def test_what_nobody_was_given_yet_is_on_the_shelf_as_it_was_counted(consignment: Consignment, where: dict[str, int]):
    account = GoodsAccount()
    account.add_consignment(consignment, {})
    account.add_order(an_order(status="allocated"), NOTHING)

    assert {place: n for place, n in account.packs["off_a"].items() if n} == where
    assert account.unexplained() == {}


def test_a_pack_that_is_nowhere_and_one_that_nobody_received_are_found():
    for received, difference in ((3, 1), (1, -1)):
        account = GoodsAccount()
        account.add_consignment(a_consignment(3, Count("off_a", received)), {})
        account.add_order(an_order(2), NOTHING)
        assert account.unexplained() == {"off_a": difference}
