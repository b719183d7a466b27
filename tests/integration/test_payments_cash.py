"""Cash: what a person in charge holds is what they collected less what somebody else counted."""

from datetime import timedelta

from lumbung.domain.moments import rfc3339
from lumbung.domain.people import Caller
from lumbung.runtime import clock, deps
from tests.integration.faults import seam
from tests.integration.office import CLOSES, OPERATOR, PIC, a_member, office
from tests.integration.payments_world import World, a_consignment, other, world

__all__ = ["office", "world"]


def limit(world: World, amount: int) -> None:
    dropoff = world.office.dropoff
    from ordering import api

    changed = world.office.http(
        api.handler, "PATCH", f"/v1/dropoffs/{dropoff}", {"cash_limit": amount}, caller=OPERATOR, key=f"l{amount}"
    )
    assert changed.status == 200, changed.text


def test_cash_settles_the_order_and_is_on_hand(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]

    taken = world.cash(order, 55_000)

    assert taken.status == 201, taken.text
    assert (taken.json["method"], taken.json["status"], taken.json["amount"]) == ("cash", "settled", 55_000)
    assert world.order(order).status == "confirmed"
    world.drain()
    dropoff = world.office.dropoff
    assert world.get(f"/v1/dropoffs/{dropoff}/cash", PIC).json == {
        "on_hand": 55_000, "limit": None, "receipts_total": 55_000, "remitted_total": 0,
    }  # fmt: skip
    assert world.balances() == {f"pic:{dropoff}": 55_000, f"unearned:{wave['id']}": 55_000}
    world.agree(wave["id"])


def test_the_amount_must_be_what_is_owed(world: World) -> None:
    order = world.office.order(world.office.wave()).json["id"]

    for amount in (54_999, 55_001):
        assert world.cash(order, amount).json["code"] == "amount_mismatch"
    assert world.items("PAYMENT") == []
    assert world.cash(order, 55_000).status == 201
    assert world.cash(order, 55_000, key="again").json["code"] == "invalid_state"


def test_the_same_receipt_is_the_first_one_under_any_key(world: World) -> None:
    order = world.office.order(world.office.wave()).json["id"]
    first = world.cash(order, 55_000, key="a", receipt_number="A-001")

    again = world.cash(order, 55_000, key="b", receipt_number="A-001")
    and_again = world.cash(order, 55_000, key="b", receipt_number="A-001")

    assert (again.status, again.json) == (201, first.json)
    assert (and_again.status, and_again.json) == (201, first.json)
    assert len(world.items("TRANSFER")) == 1


def test_the_same_receipt_over_another_amount_or_order_is_an_incident(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    theirs = world.office.order(wave, key="b", member=a_member(2)).json["id"]
    world.cash(order, 55_000, key="a", receipt_number="A-001")

    for key, id_, amount in (("b", order, 50_000), ("c", theirs, 55_000)):
        refused = world.cash(id_, amount, key=key, receipt_number="A-001", received_at=rfc3339(clock.now()))
        assert (refused.status, refused.json["code"]) == (409, "amount_mismatch")

    assert [item["about"] for item in world.items("INCIDENT")] == ["receipt_reused", "receipt_reused"]
    assert len(world.items("TRANSFER")) == 1


def test_the_cash_limit_is_never_crossed(world: World) -> None:
    wave = world.office.wave()
    orders = [world.office.order(wave, key=f"k{n}", member=a_member(n)).json["id"] for n in (1, 2)]
    limit(world, 100_000)
    assert world.cash(orders[0], 55_000, key="a").status == 201

    refused = world.cash(orders[1], 55_000, key="b")
    limit(world, 110_000)

    assert (refused.status, refused.json["code"]) == (409, "limit_exceeded")
    assert world.cash(orders[1], 55_000, key="b").status == 201


def test_cash_taken_offline_is_booked_over_the_limit_and_somebody_is_told(world: World) -> None:
    order = world.office.order(world.office.wave()).json["id"]
    limit(world, 1)

    assert world.cash(order, 55_000, receipt_number="A-1", received_at=rfc3339(clock.now())).status == 201

    assert world.order(order).status == "confirmed"
    assert [item["about"] for item in world.items("INCIDENT")] == ["cash_over_limit"]


def test_cash_taken_offline_and_uploaded_after_the_wave_closed_is_promised_back(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    taken = rfc3339(CLOSES + timedelta(minutes=1))
    world.at(CLOSES + timedelta(hours=3))
    world.minute()

    assert world.cash(order, 55_000, receipt_number="A-1", received_at=taken).status == 201
    world.drain()

    assert (world.order(order).status, world.order(order).payment_status) == ("expired", "refund_due")
    assert [item["about"] for item in world.items("INCIDENT")] == ["cash_late"]
    world.agree(wave["id"])


def test_cash_taken_offline_of_another_amount_is_booked_as_it_was_taken(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]

    assert world.cash(order, 60_000, receipt_number="A-1", received_at=rfc3339(clock.now())).status == 201

    assert (world.order(order).status, world.order(order).refund_decided) == ("confirmed", 5_000)
    assert [item["about"] for item in world.items("INCIDENT")] == ["cash_differs"]
    world.drain()
    world.agree(wave["id"])


def test_a_receipt_from_the_future_is_refused(world: World) -> None:
    order = world.office.order(world.office.wave()).json["id"]

    refused = world.cash(order, 55_000, received_at=rfc3339(clock.now() + timedelta(minutes=1)))

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/received_at")


def test_cash_stops_what_was_still_to_be_paid_at_the_provider(world: World) -> None:
    order = world.office.order(world.office.wave()).json["id"]
    payment = world.pay(order).json["id"]

    assert world.cash(order, 55_000).status == 201

    assert world.midtrans.truths[payment].status == "expire"
    assert world.payment(payment).status == "expired"


def test_while_the_provider_is_down_cash_is_taken_and_the_other_attempt_stopped_later(world: World) -> None:
    order = world.office.order(world.office.wave()).json["id"]
    payment = world.pay(order).json["id"]
    world.midtrans.down = True
    assert world.cash(order, 55_000).status == 201
    world.midtrans.down = False

    world.minute(6)

    assert world.midtrans.truths[payment].status == "expire"


def test_only_the_person_in_charge_takes_cash(world: World) -> None:
    order = world.office.order(world.office.wave()).json["id"]

    assert world.cash(order, 55_000, key="a", caller=a_member()).status == 403
    assert world.cash(order, 55_000, key="b", caller=other(PIC, "pic-9")).status == 404
    assert world.cash(order, 55_000, key="c", caller=OPERATOR).status == 403
    assert world.get(f"/v1/dropoffs/{world.office.dropoff}/cash", other(PIC, "pic-9")).status == 404


def a_remittance(world: World, amount: int, key: str = "r") -> str:
    made = world.post(
        f"/v1/dropoffs/{world.office.dropoff}/remittances",
        {"amount": amount, "method": "setor tunai"}, key=key, caller=PIC,
    )  # fmt: skip
    assert made.status == 201, made.text
    return str(made.json["id"])


def test_a_hand_over_is_announced_then_counted_by_somebody_else(world: World) -> None:
    wave = world.office.wave()
    world.cash(world.office.order(wave).json["id"], 55_000)
    path, dropoff = f"/v1/dropoffs/{world.office.dropoff}", world.office.dropoff
    slip = a_remittance(world, 55_000)
    assert [item["check"] for item in world.reconciled(wave["id"])["open_items"]] == ["remittance"]
    too_much = world.post(f"{path}/remittances", {"amount": 1, "method": "tunai"}, key="s", caller=PIC)
    assert too_much.json["code"] == "limit_exceeded"

    accepted = world.post(f"/v1/remittances/{slip}/acceptance", {"counted": 50_000}, key="a", caller=OPERATOR)

    assert (accepted.status, accepted.json["shortage"], accepted.json["status"]) == (201, 5_000, "accepted")
    assert world.get(f"{path}/cash").json == {
        "on_hand": 5_000, "limit": None, "receipts_total": 55_000, "remitted_total": 50_000,
    }  # fmt: skip
    world.drain()
    assert world.balances() == {"bank": 50_000, f"pic:{dropoff}": 5_000, f"unearned:{wave['id']}": 55_000}
    a_remittance(world, 5_000, "rest")
    world.agree(wave["id"])


def test_the_office_sees_who_owes_what_and_what_was_short(world: World) -> None:
    world.cash(world.office.order(world.office.wave()).json["id"], 55_000)
    slip, dropoff = a_remittance(world, 55_000), world.office.dropoff
    assert world.get("/v1/cash").json["items"][0]["announced"] == 55_000
    world.post(f"/v1/remittances/{slip}/acceptance", {"counted": 50_000}, key="a", caller=OPERATOR)

    [till] = world.get("/v1/cash").json["items"]
    [handed] = world.get(f"/v1/dropoffs/{dropoff}/remittances", PIC).json["items"]

    assert (till["dropoff_id"], till["pic_ids"], till["on_hand"], till["announced"]) == (dropoff, ["pic-1"], 5_000, 0)
    assert (handed["id"], handed["handed_by"], handed["shortage"]) == (slip, "pic-1", 5_000)
    assert world.get("/v1/cash", PIC).status == 403
    assert world.get(f"/v1/dropoffs/{dropoff}/remittances", other(PIC, "pic-9")).status == 404


def test_nobody_accepts_their_own_hand_over(world: World) -> None:
    world.cash(world.office.order(world.office.wave()).json["id"], 55_000)
    slip = a_remittance(world, 55_000)
    both = Caller(PIC.id, frozenset({"pic", "operator"}))

    own = world.post(f"/v1/remittances/{slip}/acceptance", {"counted": 55_000}, key="a", caller=both)
    more = world.post(f"/v1/remittances/{slip}/acceptance", {"counted": 55_001}, key="b", caller=OPERATOR)

    assert (own.status, own.json["code"]) == (403, "forbidden")
    assert more.json["code"] == "amount_mismatch"
    assert world.post(f"/v1/remittances/{slip}/acceptance", {"counted": 1}, key="c", caller=PIC).status == 403


def test_a_hand_over_is_accepted_once_and_repeats_as_it_was(world: World) -> None:
    world.cash(world.office.order(world.office.wave()).json["id"], 55_000)
    slip = a_remittance(world, 55_000)
    path = f"/v1/remittances/{slip}/acceptance"
    first = world.post(path, {"counted": 55_000}, key="a", caller=OPERATOR)

    again = world.post(path, {"counted": 55_000}, key="a", caller=OPERATOR)
    other_key = world.post(path, {"counted": 55_000}, key="b", caller=OPERATOR)

    assert again.json == first.json
    assert (other_key.status, other_key.json["code"]) == (409, "invalid_state")
    assert sum(item["debit_key"] == "bank" for item in world.items("TRANSFER")) == 1


def test_a_crash_at_any_call_of_taking_cash_leaves_all_of_it_or_nothing(world: World) -> None:
    wave = world.office.wave(quotas={5: 100}, orders_per_member=None)
    orders = [world.office.order(wave, key=f"k{n}").json["id"] for n in range(24)]
    with seam() as counted:
        world.cash(orders.pop(), 55_000, key="counted")

    for number in range(1, len(counted.calls) + 1):
        for after in (False, True):
            order = orders.pop()
            with seam(crash_at=number, after=after):
                world.cash(order, 55_000, key=f"{number}{after}")
            assert world.cash(order, 55_000, key=f"{number}{after}").status == 201
            assert world.order(order).paid == 55_000
    till = world.get(f"/v1/dropoffs/{world.office.dropoff}/cash").json
    assert till["on_hand"] == 55_000 * (1 + 2 * len(counted.calls))
    world.drain()
    world.agree(wave["id"])


# -- settlement


def test_a_cooperative_is_owed_what_was_received_and_paid_once(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave, packs=3).json["id"]
    world.cash(order, 165_000)
    coop, dropoff = world.office.cooperative, world.office.dropoff
    received = a_consignment(wave["id"], coop, dropoff, good=2, damaged=1)

    world.receive(received, times=3)

    path = f"/v1/cooperatives/{coop}/settlements"
    [settlement] = world.get(path, Caller("coop-1", frozenset({"cooperative"}))).json["items"]
    assert settlement["received"] == [{"offer_id": "off_1", "name": "Beras 5 kg", "packs": 2, "weight_g": 10_000}]
    assert (settlement["goods_value"], settlement["amount"], settlement["status"]) == (110_000, 110_000, "owed")
    assert world.balances() == {
        f"cooperative:{coop}": 110_000, f"pic:{dropoff}": 165_000, f"unearned:{wave['id']}": 55_000,
    }  # fmt: skip

    payout = f"/v1/settlements/{settlement['id']}/payouts"
    first = world.post(payout, key="p", caller=OPERATOR)
    again = world.post(payout, key="p", caller=OPERATOR)
    second = world.post(payout, {"reference": "BRI-1"}, key="q", caller=OPERATOR)

    assert (first.status, first.json["amount"]) == (201, 110_000)
    assert again.json == first.json
    assert (second.status, second.json["code"]) == (409, "invalid_state")
    world.drain()
    [paid] = world.get(path).json["items"]
    assert (paid["paid"], paid["status"]) == (110_000, "paid")
    assert world.get(f"/v1/ledger/accounts/cooperative:{coop}").json["balance"] == 0
    world.agree(wave["id"])


def test_two_consignments_add_up(world: World) -> None:
    wave, coop, dropoff = world.office.wave()["id"], world.office.cooperative, world.office.dropoff

    for n in (1, 2):
        world.receive(a_consignment(wave, coop, dropoff, good=n, n=n))
    world.receive(a_consignment(wave, coop, dropoff, good=0, damaged=4, n=3))

    [settlement] = world.get(f"/v1/cooperatives/{coop}/settlements").json["items"]
    assert settlement["goods_value"] == 165_000


def test_a_cooperative_sees_only_its_own_settlements(world: World) -> None:
    path = f"/v1/cooperatives/{world.office.cooperative}/settlements"

    assert world.get(path, Caller("coop-2", frozenset({"cooperative"}))).status == 404
    assert world.get(path, a_member()).status == 403


def test_a_crash_at_any_call_of_settling_a_cooperative_books_it_once(world: World) -> None:
    wave, coop, dropoff = world.office.wave()["id"], world.office.cooperative, world.office.dropoff
    with seam() as counted:
        world.receive(a_consignment(wave, coop, dropoff, good=1, n=0))

    n = 0
    for number in range(1, len(counted.calls) + 1):
        for after in (False, True):
            n += 1
            with seam(crash_at=number, after=after):
                world.receive(a_consignment(wave, coop, dropoff, good=1, n=n))
            world.receive(a_consignment(wave, coop, dropoff, good=1, n=n))
    world.pumped.clear()  # the stream delivers again what was not answered for
    world.drain()
    assert world.balances()[f"cooperative:{coop}"] == 55_000 * (n + 1)


# -- checks of the whole


def test_an_account_is_read_page_by_page_newest_first(world: World) -> None:
    wave = world.office.wave(orders_per_member=None)
    for n in range(5):
        world.later(seconds=1)
        world.cash(world.office.order(wave, key=f"k{n}").json["id"], 55_000, key=f"c{n}")
    a_slip = a_remittance(world, 100_000)
    world.later(seconds=1)
    world.post(f"/v1/remittances/{a_slip}/acceptance", {"counted": 100_000}, key="a", caller=OPERATOR)
    world.drain()

    path, seen, cursor = f"/v1/ledger/accounts/pic:{world.office.dropoff}?limit=2", [], ""
    for _ in range(10):
        page = world.get(path + cursor).json
        seen += page["entries"]
        assert (page["balance"], page["kind"]) == (175_000, "asset")
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert [entry["amount"] for entry in seen] == [100_000, *[55_000] * 5]
    assert len({entry["id"] for entry in seen}) == 6
    assert [entry["at"] for entry in seen] == sorted((entry["at"] for entry in seen), reverse=True)


def test_an_account_that_is_not_in_the_chart_is_not_found(world: World) -> None:
    assert world.get("/v1/ledger/accounts/nonsense").status == 404
    assert world.get("/v1/ledger/accounts/bank").json["balance"] == 0


def test_reconciliation_finds_what_was_tampered_with(world: World) -> None:
    wave = world.office.wave()
    order = world.office.order(wave).json["id"]
    world.cash(order, 55_000)
    world.drain()
    client = deps.aws("dynamodb")
    client.update_item(
        TableName=deps.table("payments"),
        Key={"pk": {"S": f"TILL#{world.office.dropoff}"}, "sk": {"S": "TILL"}},
        UpdateExpression="ADD collected :n",
        ExpressionAttributeValues={":n": {"N": "1"}},
    )
    [transfer] = world.items("TRANSFER")
    client.delete_item(TableName=deps.table("payments"), Key={"pk": {"S": transfer["pk"]}, "sk": {"S": transfer["sk"]}})

    result = world.reconciled(wave["id"])

    assert result["ok"] is False
    checks = {finding["check"] for finding in result["findings"]}
    assert checks == {"order_paid", "cash_collected", "receipts"}
    assert world.night()["findings"] > len(checks)
    assert "account" in {finding["check"] for finding in world.get("/v1/reconciliation").json["findings"]}


def test_the_night_finds_what_the_provider_knows_better(world: World) -> None:
    order = world.office.order(world.office.wave()).json["id"]
    payment = world.pay(order).json["id"]
    world.happens(payment, "settlement")
    assert world.get("/v1/reconciliation").status == 404
    assert world.night() == {"findings": 0, "open_items": 0}
    assert world.get("/v1/reconciliation").json["ok"] is True

    world.midtrans.truths[payment].be("deny", clock.now())

    assert world.night()["findings"] == 1
    assert world.get("/v1/reconciliation").json["findings"][0]["check"] == "provider"


def test_the_checks_are_the_operators(world: World) -> None:
    for path in (
        "/v1/ledger/trial-balance",
        "/v1/ledger/accounts/bank",
        "/v1/reconciliation",
        "/v1/inbox",
        "/v1/refunds",
    ):
        assert world.get(path, a_member()).status == 403
        assert world.get(path, PIC).status == 403
