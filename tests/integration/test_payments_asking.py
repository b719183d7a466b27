"""A member asks how to pay: one live attempt, never beyond the order's time, nothing made twice."""

from datetime import timedelta

from lumbung.domain.moments import parse
from lumbung.runtime import clock
from tests.integration.faults import seam
from tests.integration.office import OPERATOR, PIC, a_member, office
from tests.integration.payments_world import World, other, world

__all__ = ["office", "world"]


def test_a_virtual_account_is_given_until_just_before_the_order_is_due(world: World) -> None:
    order = world.office.order(world.office.wave()).json

    asked = world.pay(order["id"])

    assert asked.status == 201, asked.text
    assert asked.json["instructions"] == {"bank": "bca", "va_number": "8127800001"}
    assert (asked.json["amount"], asked.json["status"], asked.json["method"]) == (55_000, "pending", "virtual_account")
    assert parse(order["payment_due_at"]) - parse(asked.json["expires_at"]) == timedelta(seconds=30)
    assert world.get(f"/v1/orders/{order['id']}/payments", a_member()).json["items"] == [asked.json]


def test_the_same_key_is_the_same_payment_in_its_present_state(world: World) -> None:
    order = world.office.order(world.office.wave()).json
    first = world.pay(order["id"])
    world.happens(first.json["id"], "settlement")

    again = world.pay(order["id"])

    assert (again.status, again.json["id"], again.json["status"]) == (201, first.json["id"], "settled")
    assert again.headers["idempotency-replayed"] == "true"
    assert world.midtrans.calls.count("charge") == 1


def test_the_same_key_with_another_body_is_refused(world: World) -> None:
    order = world.office.order(world.office.wave()).json
    world.pay(order["id"])

    assert world.pay(order["id"], method="qris").json["code"] == "idempotency_key_reused"


def test_another_method_stops_the_first_attempt_at_the_provider(world: World) -> None:
    order = world.office.order(world.office.wave()).json
    first = world.pay(order["id"], key="a").json

    second = world.pay(order["id"], key="b", method="qris").json

    assert world.midtrans.truths[first["id"]].status == "expire"
    assert world.payment(first["id"]).status == "expired"
    assert second["instructions"]["qr_string"].startswith("000201")


def test_the_same_method_again_is_a_new_attempt_after_the_old_one_was_stopped(world: World) -> None:
    order = world.office.order(world.office.wave()).json
    first = world.pay(order["id"], key="a").json
    second = world.pay(order["id"], key="b").json

    pending = [t.payment.id for t in world.midtrans.truths.values() if t.status == "pending"]
    assert pending == [second["id"]] != [first["id"]]


def test_an_attempt_that_was_paid_meanwhile_pays_the_order_instead(world: World) -> None:
    order = world.office.order(world.office.wave()).json
    first = world.pay(order["id"], key="a").json
    world.midtrans.truths[first["id"]].be("settlement", clock.now())

    second = world.pay(order["id"], key="b", method="qris")

    assert (second.status, second.json["code"]) == (409, "invalid_state")
    assert world.order(order["id"]).status == "confirmed"


def test_while_the_provider_is_down_nothing_is_given_and_the_same_key_works_later(world: World) -> None:
    order = world.office.order(world.office.wave()).json
    world.midtrans.down = True
    refused = world.pay(order["id"])
    assert (refused.status, refused.json["code"]) == (503, "provider_unavailable")
    assert world.get(f"/v1/orders/{order['id']}/payments", a_member()).json["items"] == []
    world.midtrans.down = False

    assert world.pay(order["id"]).status == 201
    assert len(world.midtrans.truths) == 1


def test_a_charge_whose_answer_was_lost_is_found_again_with_its_instructions(world: World) -> None:
    order = world.office.order(world.office.wave()).json
    with seam() as counted:
        world.pay(order["id"], key="measured")
    next_order = world.office.order(world.office.wave(name="II"), key="k2").json
    made = set(world.midtrans.truths)

    with seam(crash_at=len(counted.calls)):  # the last write: Midtrans has answered, and nobody lived to say so
        world.pay(next_order["id"], key="lost")
    [charged] = set(world.midtrans.truths) - made

    again = world.pay(next_order["id"], key="lost")

    assert (again.status, again.json["id"]) == (201, charged)
    assert world.midtrans.calls.count("charge") == 2


def test_less_than_a_minute_before_it_is_due_nothing_can_be_asked_for(world: World) -> None:
    order = world.office.order(world.office.wave()).json
    world.at(parse(order["payment_due_at"]) - timedelta(seconds=59))
    assert world.pay(order["id"]).json["code"] == "invalid_state"

    world.at(parse(order["payment_due_at"]) - timedelta(seconds=60))
    assert world.pay(order["id"]).status == 201


def test_only_owner_and_person_in_charge_may_ask(world: World) -> None:
    order = world.office.order(world.office.wave()).json

    assert world.pay(order["id"], key="a", caller=a_member(2)).status == 404
    assert world.pay(order["id"], key="b", caller=other(PIC, "pic-9")).status == 404
    assert world.pay(order["id"], key="c", caller=OPERATOR).status == 403
    assert world.pay(order["id"], key="d", caller=PIC).status == 201
    assert world.get(f"/v1/orders/{order['id']}/payments", a_member(2)).status == 404
    assert len(world.get(f"/v1/orders/{order['id']}/payments", OPERATOR).json["items"]) == 1


def test_what_is_asked_wrongly_is_refused_with_a_pointer(world: World) -> None:
    order = world.office.order(world.office.wave()).json
    path = f"/v1/orders/{order['id']}/payments"
    wrong = [
        ({"method": "virtual_account"}, "/bank"),
        ({"method": "virtual_account", "bank": "bankx"}, "/bank"),
        ({"method": "qris", "bank": "bca"}, "/bank"),
        ({"method": "cheque"}, "/method"),
        ({"method": "qris", "amount": 1}, "/amount"),
    ]
    for body, pointer in wrong:
        refused = world.post(path, body, key="k")
        assert (refused.status, refused.json["code"]) == (422, "invalid_request")
        assert pointer in [error["pointer"] for error in refused.json["errors"]], body
    assert world.post(path, {"method": "qris"}, key="").json["code"] == "idempotency_key_required"


def test_a_silent_payment_is_asked_after_and_found_paid(world: World) -> None:
    order = world.office.order(world.office.wave()).json
    payment = world.pay(order["id"]).json
    world.midtrans.truths[payment["id"]].be("settlement", clock.now())

    world.minute(6)

    assert world.order(order["id"]).status == "confirmed"


def test_a_payment_that_nobody_waits_for_is_stopped_at_the_provider(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json
    payment = world.pay(order["id"]).json
    assert world.office.post(f"/v1/orders/{order['id']}/cancellation", key="c", caller=a_member()).status == 200

    world.minute(6)

    assert world.midtrans.truths[payment["id"]].status == "expire"
    assert world.payment(payment["id"]).status == "expired"
