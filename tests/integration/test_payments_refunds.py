"""Refunds that no provider gives back: paid by one person, confirmed by another, out of the bank or a till."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from lumbung.domain.people import Caller
from lumbung.runtime import clock, deps
from tests.integration.conftest import Reply
from tests.integration.faults import crash_points, rival, rival_points, seam
from tests.integration.office import OPERATOR, PIC, a_member, office
from tests.integration.payments_world import World, a_consignment, other, world
from tests.integration.test_payments_settling import snapshots

__all__ = ["office", "world"]

SECOND = other(OPERATOR, "op-2")
ACCOUNT = {"bank": "BRI", "account_number": "9988776655", "account_name": "Siti"}


def a_refund(world: World, *, by: str = "virtual_account", amount: int = 20_000, **more: Any) -> tuple[str, str]:
    """Return (wave, refund) of an order that was paid *by* virtual account or cash."""
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    if by == "cash":
        assert world.cash(order, 55_000).status == 201
    else:
        world.happens(world.pay(order, method=by).json["id"], "settlement")
    return wave["id"], decide(world, order, amount, **more).json["id"]


def decide(world: World, order: str, amount: int, *, key: str = "r", **more: Any) -> Reply:
    body = {"amount": amount, "reason": "Rusak", "liable": "cooperative"} | more
    decided = world.post(f"/v1/orders/{order}/refunds", body, key=key, caller=OPERATOR)
    world.drain()
    return decided


def step(world: World, refund: str, what: str, body: Any = None, *, key: str = "k", caller: Caller = OPERATOR) -> Reply:
    return world.post(f"/v1/refunds/{refund}/{what}", body, key=key, caller=caller)


def transfer(world: World, refund: str, **more: Any) -> Reply:
    return step(world, refund, "transfer", {"bank_reference": "BRI-77"}, **more)


def arrived(world: World, order: str) -> None:
    """Let the order's goods be at the drop-off."""

    def arrive(before: Any) -> Any:
        lines = {line.offer_id: line.quantity for line in before.lines}
        return before.allocate(lines, at=clock.now()).arrive(at=clock.now()), []

    deps.orders().change(order, arrive)


def test_a_transfer_is_recorded_by_one_operator_and_made_done_by_another(world: World) -> None:
    wave, refund = a_refund(world)

    assert transfer(world, refund).json["status"] == "requested"
    own = step(world, refund, "confirmation", key="own")
    done = step(world, refund, "confirmation", caller=SECOND)
    world.drain()

    assert (own.status, own.json["code"]) == (403, "forbidden")
    assert (done.status, done.json["status"], done.json["channel"]) == (200, "done", "transfer")
    assert world.balances() == {"bank": 20_000, "gateway:midtrans": 55_000, f"unearned:{wave}": 35_000}
    detail = world.get(f"/v1/refunds/{refund}").json
    assert [(s["what"], s["by"], s["reference"]) for s in detail["steps"]] == [
        ("requested", "op-1", "BRI-77"), ("done", "op-2", None),
    ]  # fmt: skip
    assert world.order(done.json["order_id"]).refunded == 20_000
    world.agree(wave)


def test_a_transfer_that_failed_is_still_owed_and_can_be_made_again(world: World) -> None:
    wave, refund = a_refund(world)
    transfer(world, refund)
    assert step(world, refund, "failure", {"reason": "Rekening salah"}, key="own").json["code"] == "forbidden"

    failed = step(world, refund, "failure", {"reason": "Rekening salah"}, caller=SECOND)

    assert failed.json["status"] == "failed"
    assert [item["check"] for item in world.reconciled(wave)["open_items"]] == ["refund"]
    assert transfer(world, refund, key="again").json["status"] == "requested"
    assert step(world, refund, "confirmation", key="c", caller=SECOND).json["status"] == "done"
    world.drain()
    assert world.balances()["bank"] == 20_000
    world.agree(wave)


def test_a_transfer_that_the_bank_sends_back_is_owed_again(world: World) -> None:
    wave, refund = a_refund(world)
    transfer(world, refund)
    step(world, refund, "confirmation", caller=SECOND)

    back = step(world, refund, "failure", {"reason": "Rekening ditutup"}, key="f", caller=SECOND)
    world.drain()

    assert back.json["status"] == "failed"
    assert world.balances() == {"gateway:midtrans": 55_000, "refund_payable": 20_000, f"unearned:{wave}": 35_000}
    world.agree(wave)


def test_nothing_is_paid_twice_by_hand(world: World) -> None:
    _, refund = a_refund(world)
    assert step(world, refund, "confirmation", key="early", caller=SECOND).json["code"] == "invalid_state"
    transfer(world, refund)

    assert transfer(world, refund, key="b", caller=SECOND).json["code"] == "invalid_state"
    step(world, refund, "confirmation", caller=SECOND)
    assert step(world, refund, "confirmation", key="again", caller=SECOND).json["code"] == "invalid_state"
    assert transfer(world, refund, key="c").json["code"] == "invalid_state"
    assert transfer(world, refund).headers["idempotency-replayed"] == "true"


def test_a_refund_on_its_way_through_the_provider_is_not_transferred_as_well(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    payment = world.pay(order, method="qris").json["id"]
    world.happens(payment, "settlement")
    world.midtrans.down = True
    refund = decide(world, order, 20_000).json["id"]

    assert transfer(world, refund).json["code"] == "invalid_state"
    world.midtrans.down = False
    world.minute()

    assert world.get(f"/v1/refunds/{refund}").json["channel"] == "provider"
    world.agree(wave["id"])


def test_a_refund_that_is_being_transferred_is_not_asked_of_the_provider(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    payment = world.pay(order, method="qris").json["id"]
    world.happens(payment, "settlement")
    world.midtrans.refuses_refunds = True
    refund = decide(world, order, 20_000).json["id"]
    assert transfer(world, refund).json["status"] == "requested"
    world.midtrans.refuses_refunds = False

    world.minute(2)

    assert world.midtrans.calls.count("refund") == 1
    assert step(world, refund, "confirmation", caller=SECOND).json["status"] == "done"
    world.drain()
    world.agree(wave["id"])


def test_after_the_provider_s_window_a_refund_is_left_to_people(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    world.happens(world.pay(order, method="qris").json["id"], "settlement")
    world.at(clock.now() + timedelta(days=7))

    refund = decide(world, order, 20_000).json["id"]

    assert world.get(f"/v1/refunds/{refund}").json["status"] == "decided"
    assert "refund" not in world.midtrans.calls


# -- cash


def on_hand(world: World) -> int:
    return int(world.get(f"/v1/dropoffs/{world.office.dropoff}/cash").json["on_hand"])


def test_cash_goes_back_out_of_the_till_and_its_member_confirms(world: World) -> None:
    wave, refund = a_refund(world, by="cash")

    paid = step(world, refund, "cash", caller=PIC)
    assert (paid.status, paid.json["status"]) == (200, "requested")
    assert on_hand(world) == 55_000
    assert step(world, refund, "confirmation", key="c", caller=a_member(2)).status == 404
    done = step(world, refund, "confirmation", key="c", caller=a_member())
    world.drain()

    assert (done.status, done.json["status"], done.json["channel"]) == (200, "done", "cash")
    assert on_hand(world) == 35_000
    assert world.balances() == {f"pic:{world.office.dropoff}": 35_000, f"unearned:{wave}": 35_000}
    world.agree(wave)


def test_cash_that_was_not_handed_over_is_free_again(world: World) -> None:
    wave, refund = a_refund(world, by="cash")
    step(world, refund, "cash", caller=PIC)

    failed = step(world, refund, "failure", {"reason": "Tidak datang"})
    world.drain()

    assert failed.json["status"] == "failed"
    world.agree(wave)
    assert transfer(world, refund, key="t").json["status"] == "requested"
    whole = {"amount": 55_000, "method": "tunai"}
    remitted = world.post(f"/v1/dropoffs/{world.office.dropoff}/remittances", whole, key="s", caller=PIC)
    assert remitted.status == 201


def test_a_till_pays_only_what_it_holds_and_only_what_was_paid_in_cash(world: World) -> None:
    _, refund = a_refund(world, by="cash")
    slip = {"amount": 40_000, "method": "tunai"}
    assert world.post(f"/v1/dropoffs/{world.office.dropoff}/remittances", slip, key="s", caller=PIC).status == 201
    _, at_the_bank = a_refund_again(world)

    assert step(world, refund, "cash", caller=PIC).json["code"] == "limit_exceeded"
    assert step(world, at_the_bank, "cash", key="b", caller=PIC).json["code"] == "invalid_state"
    assert step(world, refund, "cash", key="c", caller=other(PIC, "pic-9")).status == 404


def a_refund_again(world: World) -> tuple[str, str]:
    wave = world.office.wave(name="Gelombang II")
    order = world.office.order(wave, key="second", member=a_member(2)).json["id"]
    world.happens(world.pay(order, key="p2", caller=a_member(2)).json["id"], "settlement")
    return wave["id"], decide(world, order, 20_000, key="r2").json["id"]


def test_a_refund_s_slip_is_no_hand_over_to_the_office(world: World) -> None:
    _, refund = a_refund(world, by="cash")
    step(world, refund, "cash", caller=PIC)
    [slip] = world.items("REMITTANCE")

    taken = world.post(
        f"/v1/remittances/{slip['pk'].partition('#')[2]}/acceptance", {"counted": 20_000}, key="a", caller=OPERATOR
    )

    assert (taken.status, taken.json["code"]) == (409, "invalid_state")


def test_a_member_does_not_confirm_a_transfer(world: World) -> None:
    _, refund = a_refund(world)
    transfer(world, refund)

    assert step(world, refund, "confirmation", caller=a_member()).status == 404


# -- where it goes


def test_a_bank_account_is_kept_with_the_person_and_shown_with_the_refund_only(world: World) -> None:
    _, refund = a_refund(world)
    put = world.office.http

    from payments import api

    kept = put(api.handler, "PUT", "/v1/me/refund-account", ACCOUNT, caller=a_member(), key="me", at=clock.now())
    assert (kept.status, kept.json["account_number"]) == (200, "******6655")
    assert world.get("/v1/me/refund-account", a_member()).json == kept.json

    assert world.get(f"/v1/refunds/{refund}").json["account"] == ACCOUNT
    order = world.get("/v1/refunds").json["items"][0]["order_id"]
    for seen in (world.get("/v1/refunds"), world.get(f"/v1/orders/{order}/refunds", a_member())):
        assert "9988776655" not in seen.text
    assert world.get(f"/v1/refunds/{refund}", a_member()).status == 403
    for table in ("orders", "payments"):
        assert "9988776655" not in str(list(deps.db().scan(deps.table(table))))


def test_a_person_in_charge_gives_the_account_of_whom_they_ordered_for(world: World) -> None:
    _, refund = a_refund(world)
    order = world.get("/v1/refunds").json["items"][0]["order_id"]
    put = world.office.http

    from payments import api

    path = f"/v1/orders/{order}/refund-account"
    kept = put(api.handler, "PUT", path, ACCOUNT, caller=PIC, key="k", at=clock.now())
    theirs = put(api.handler, "PUT", path, ACCOUNT, caller=other(PIC, "pic-9"), key="k", at=clock.now())

    assert (kept.status, theirs.status) == (200, 404)
    assert world.get(f"/v1/refunds/{refund}").json["account"] == ACCOUNT


# -- who is liable


def test_goods_that_were_received_are_refunded_at_the_expense_of_who_is_liable(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    world.happens(world.pay(order).json["id"], "settlement")
    arrived(world, order)
    coop, unearned = f"cooperative:{world.office.cooperative}", f"unearned:{wave['id']}"

    decided = decide(world, order, 20_000)

    assert world.balances() == {
        "gateway:midtrans": 55_000, "refund_payable": 20_000, unearned: 55_000, coop: 20_000,
    }  # fmt: skip
    assert world.get(f"/v1/refunds/{decided.json['id']}").json["borne_by"] == coop
    assert (world.order(order).balance, world.order(order).payment_status) == (-20_000, "refund_due")
    transfer(world, decided.json["id"])
    step(world, decided.json["id"], "confirmation", caller=SECOND)
    assert (world.order(order).balance, world.order(order).payment_status) == (0, "paid")
    world.agree(wave["id"])


@pytest.mark.parametrize(
    ("liable", "party", "account"),
    [
        ("pic", None, "claim:{dropoff}"),
        ("courier", None, "claim:courier"),
        ("courier", "biteship", "courier:biteship"),
        ("programme", None, "write_off"),
    ],
)
def test_whoever_else_is_liable_is_booked(world: World, liable: str, party: str | None, account: str) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    world.happens(world.pay(order).json["id"], "settlement")
    arrived(world, order)

    assert decide(world, order, 1_000, liable=liable, party=party).status == 201

    assert world.balances()[account.format(dropoff=world.office.dropoff)] == 1_000
    assert world.balances()[f"unearned:{wave['id']}"] == 55_000
    world.agree(wave["id"])


def test_a_cooperative_that_supplied_nothing_of_it_is_not_liable(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    world.cash(order, 55_000)

    refused = decide(world, order, 1_000, party="cop_other")

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/party")


def test_a_refund_decided_before_the_goods_came_is_charged_once_they_did(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    world.happens(world.pay(order).json["id"], "settlement")
    decide(world, order, 20_000)
    coop, dropoff = world.office.cooperative, world.office.dropoff
    world.receive(a_consignment(wave["id"], coop, dropoff, good=1))
    assert world.balances()[f"unearned:{wave['id']}"] == 20_000  # too little by what was refunded
    arrived(world, order)

    world.receive(a_consignment(wave["id"], coop, dropoff, good=1, moved_on=True), times=3)

    assert world.balances() == {"gateway:midtrans": 55_000, "refund_payable": 20_000, f"cooperative:{coop}": 35_000}
    assert world.order(order).borne == 20_000
    world.agree(wave["id"])


# -- crashes and rivals


def handlers() -> dict[str, tuple[str, Callable[[World, str], Any], Callable[[World, str, str], Reply]]]:
    """By name: how the order was paid, what came before, and the step itself."""

    def nothing(world: World, refund: str) -> None:
        pass

    def asked(world: World, refund: str) -> None:
        transfer(world, refund, key="before")

    def at_the_till(world: World, refund: str) -> None:
        step(world, refund, "cash", key="before", caller=PIC)

    failure = {"reason": "Rekening salah"}
    return {
        "transfer": ("virtual_account", nothing, lambda w, r, k: transfer(w, r, key=k)),
        "confirmation": ("virtual_account", asked, lambda w, r, k: step(w, r, "confirmation", key=k, caller=SECOND)),
        "failure": ("virtual_account", asked, lambda w, r, k: step(w, r, "failure", failure, key=k, caller=SECOND)),
        "cash": ("cash", nothing, lambda w, r, k: step(w, r, "cash", key=k, caller=PIC)),
        "cash confirmed": ("cash", at_the_till, lambda w, r, k: step(w, r, "confirmation", key=k, caller=SECOND)),
        "cash called off": ("cash", at_the_till, lambda w, r, k: step(w, r, "failure", failure, key=k, caller=SECOND)),
    }


def outcome(world: World, wave: str, refund: str) -> tuple[Any, ...]:
    world.drain()
    world.agree(wave)
    return (
        world.get(f"/v1/refunds/{refund}").json["status"],
        world.balances(),
        on_hand(world),
        len(world.items("TRANSFER")),
    )


@pytest.mark.parametrize("name", handlers())
def test_a_crash_at_any_call_of_a_refund_by_hand_loses_and_doubles_nothing(world: World, name: str) -> None:
    by, before, act = handlers()[name]
    wave, refund = a_refund(world, by=by)
    before(world, refund)
    world.drain()
    restore, pumped = snapshots(), set(world.pumped)
    with seam() as counted:
        assert act(world, refund, "k").status == 200
    wanted = outcome(world, wave, refund)

    for number in crash_points(len(counted.calls)):
        for after in (False, True):
            restore()
            world.pumped = set(pumped)
            with seam(crash_at=number, after=after):
                act(world, refund, "k")
            assert act(world, refund, "k").status == 200
            assert outcome(world, wave, refund) == wanted, (number, after)


def _also(statuses: list[int], act: Callable[..., Reply], *arguments: Any, **more: Any) -> None:
    statuses.append(act(*arguments, **more).status)


@pytest.mark.parametrize("name", handlers())
def test_two_at_once_pay_or_confirm_a_refund_once(world: World, name: str) -> None:
    """The same step by a rival, inside each boundary: with another key one is refused, with the same both agree."""
    by, before, act = handlers()[name]
    wave, refund = a_refund(world, by=by)
    before(world, refund)
    world.drain()
    restore, pumped = snapshots(), set(world.pumped)
    with seam() as counted:
        act(world, refund, "k")
    wanted = outcome(world, wave, refund)

    for number in rival_points(counted.calls):
        for key in ("k", "other"):
            restore()
            world.pumped = set(pumped)
            theirs: list[int] = []
            with rival(number, partial(_also, theirs, act, world, refund, key)):
                mine = act(world, refund, "k").status
            assert sorted([mine, *theirs]) == ([200, 200] if key == "k" else [200, 409]), (number, key)
            assert outcome(world, wave, refund) == wanted


def test_two_refunds_of_sixty_per_cent_at_once_are_one_and_a_refusal(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    world.happens(world.pay(order).json["id"], "settlement")
    restore = snapshots()
    with seam() as counted:
        decide(world, order, 33_000, key="k")

    for number in rival_points(counted.calls):
        restore()
        statuses: list[int] = []
        with rival(number, partial(_also, statuses, decide, world, order, 33_000, key="b")):
            statuses.append(decide(world, order, 33_000, key="a").status)
        if len(statuses) == 2:
            assert sorted(statuses) == [201, 409], number
            assert world.order(order).refund_decided == 33_000
