"""Statements of providers and banks against the ledger: explained once; what nothing explains is worked off."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lumbung.domain.people import Caller
from lumbung.runtime import clock, deps, deps_payments
from tests.integration.conftest import Reply
from tests.integration.faults import crash_points, rival, rival_points, seam
from tests.integration.office import OPERATOR, PIC, a_member, office
from tests.integration.payments_world import World, other, world
from tests.integration.test_payments_refunds import SECOND, step, transfer
from tests.integration.test_payments_settlements import a_received_wave, pay, settlement
from tests.integration.test_payments_settling import an_asked_order, snapshots

__all__ = ["office", "world"]

HEAD = "Order ID,Transaction status,Amount,Fee,Settlement Time\n"
BANK = "Tanggal,Keterangan,Jumlah,Ref\n"


def send(world: World, content: str, source: str = "midtrans", *, key: str = "s", caller: Caller = OPERATOR) -> Reply:
    return world.post("/v1/statements", {"source": source, "content": content}, key=key, caller=caller)


def imported(world: World, content: str, source: str = "midtrans", *, key: str = "s") -> dict[str, Any]:
    sent = send(world, content, source, key=key)
    assert sent.status == 202, sent.text
    world.import_all()
    return dict(world.get(f"/v1/statements/{sent.json['id']}").json)


def counts(statement: dict[str, Any]) -> tuple[int, int, int, int]:
    return statement["matched"], statement["unmatched"], statement["known"], len(statement["errors"])


def worklist(world: World) -> list[dict[str, Any]]:
    return list(world.get("/v1/reconciliation/worklist").json["items"])


def day(**ago: float) -> str:
    return (clock.now() - timedelta(**ago) + timedelta(hours=7)).strftime("%Y-%m-%d %H:%M:%S")


def a_paid_order(world: World) -> tuple[str, str, str]:
    wave, order, payment = an_asked_order(world)
    world.happens(payment, "settlement")
    return wave, order, payment


# -- providers


def test_a_provider_s_line_is_held_against_the_payment_and_its_fee_is_booked(world: World) -> None:
    wave, _, payment = a_paid_order(world)
    file = HEAD + f"{payment},settlement,55000.00,4440,{day()}\n"

    sent = send(world, file)
    assert (sent.status, sent.json["status"]) == (202, "received")
    world.import_all()

    assert counts(world.get(f"/v1/statements/{sent.json['id']}").json) == (1, 0, 0, 0)
    assert world.balances() == {
        "gateway:midtrans": 50_560, "provider_fees": 4_440, f"unearned:{wave}": 55_000,
    }  # fmt: skip
    assert world.reconciled(wave)["findings"] == []


def test_the_same_file_twice_and_a_file_that_overlaps_change_nothing(world: World) -> None:
    _, _, payment = a_paid_order(world)
    line = f"{payment},settlement,55000.00,4440,{day()}\n"
    first = imported(world, HEAD + line)
    balances = world.balances()

    again = imported(world, HEAD + line, key="t")
    overlapping = imported(world, HEAD + line + line.replace(payment, "pay_other"), key="u")

    assert again["id"] == first["id"]
    assert counts(again) == (1, 0, 0, 0)
    assert counts(overlapping) == (0, 1, 1, 0)
    assert world.balances() == balances
    assert send(world, HEAD + line, key="t").headers["idempotency-replayed"] == "true"
    assert send(world, HEAD, key="t").json["code"] == "idempotency_key_reused"


def test_what_differs_is_a_finding_until_somebody_says_why(world: World) -> None:
    _, _, payment = a_paid_order(world)
    refunded = f"{payment},refund,10000,0,{day()}\n"

    result = imported(
        world, HEAD + f"{payment},settlement,54000,0,{day()}\npay_unknown,settlement,1,0,{day()}\n" + refunded
    )

    assert counts(result) == (0, 3, 0, 0)
    lines = {line["number"]: line for line in worklist(world)}
    assert [lines[n]["reason"] for n in (2, 3, 4)] == ["amount_differs", "unknown_payment", "amount_differs"]
    assert lines[2]["detail"] == "midtrans Rp 54000, tercatat Rp 55000."
    world.night()
    night = world.get("/v1/reconciliation").json
    assert night["ok"] is False
    assert {finding["check"] for finding in night["findings"]} == {
        "statement_amount_differs",
        "statement_unknown_payment",
    }

    for n, line in lines.items():
        resolve(world, line["id"], key=f"r{n}")
    world.night()

    assert worklist(world) == []
    assert world.get("/v1/reconciliation").json["ok"] is True


def test_what_the_provider_gave_back_is_held_against_it_too(world: World) -> None:
    _, _, payment = an_asked_order(world, method="qris")
    world.happens(payment, "settlement")
    world.happens(payment, "refund")

    assert counts(imported(world, HEAD + f"{payment},refund,55000,0,{day()}\n")) == (1, 0, 0, 0)


def test_what_the_ledger_has_and_the_provider_s_file_does_not_is_found(world: World) -> None:
    _, order, payment = a_paid_order(world)
    file = HEAD + f"pay_a,settlement,1,0,{day(days=2)}\npay_b,settlement,1,0,{day(days=-2)}\n"

    imported(world, file)

    [missing] = [line for line in worklist(world) if line["reason"] == "not_in_statement"]
    assert (missing["reference"], missing["amount"]) == (order, 55_000)
    complete = file + f"{payment},settlement,55000,0,{day()}\n"
    assert counts(imported(world, complete, key="whole")) == (1, 0, 2, 0)


def test_bad_lines_are_reported_by_line_and_the_others_count(world: World) -> None:
    _, _, payment = a_paid_order(world)

    result = imported(world, HEAD + f"x,settlement,gratis,0,{day()}\n{payment},settlement,55000,0,{day()}\n")

    assert counts(result) == (1, 0, 0, 1)
    assert result["errors"][0]["line"] == 2


def test_statements_are_the_operators(world: World) -> None:
    for caller in (a_member(), PIC):
        assert send(world, HEAD, caller=caller).status == 403
        assert world.get("/v1/reconciliation/worklist", caller).status == 403
    assert world.get("/v1/statements/stm_none").status == 404
    refused = world.post("/v1/statements", {"source": "mt940", "content": "x" * 250_001}, key="k", caller=OPERATOR)
    assert refused.status == 422


# -- the bank


def resolve(world: World, line: str, *, key: str = "r", **more: Any) -> Reply:
    body = {"reason": "Sudah diperiksa"} | more
    return world.post(f"/v1/reconciliation/worklist/{line}/resolution", body, key=key, caller=OPERATOR)


def test_what_a_provider_pays_out_leaves_its_gateway_for_the_bank(world: World) -> None:
    a_paid_order(world)
    file = BANK + f"{day()},PT MIDTRANS SETTLEMENT 0704,50560,\n"

    assert counts(imported(world, file, "bank_csv")) == (1, 0, 0, 0)
    assert counts(imported(world, file + f"{day()},BIAYA ADM,-5000,\n", "bank_csv", key="t")) == (0, 1, 1, 0)

    assert world.balances()["bank"] == 50_560
    assert world.balances()["gateway:midtrans"] == 4_440


def test_payouts_refunds_and_hand_overs_are_found_by_reference_amount_time_and_name(world: World) -> None:
    wave, _ = a_received_wave(world)
    pay(world, settlement(world, wave)["id"])
    _, refund = a_refund_of_another(world)
    transfer(world, refund)
    step(world, refund, "confirmation", caller=SECOND)
    slip = world.post(
        f"/v1/dropoffs/{world.office.dropoff}/remittances",
        {"amount": 70_000, "method": "transfer"},
        key="h",
        caller=PIC,
    ).json["id"]
    world.post(f"/v1/remittances/{slip}/acceptance", {"counted": 70_000}, key="a", caller=OPERATOR)
    world.drain()
    balances = world.balances()

    result = imported(world, """:20:START
:25:BRI/0012345678
:28C:00001/001
:60F:C200407IDR200000,00
:61:2004070407D110000,00NTRFNONREF
:86:TRF KOPERASI TANI MULUS
:61:2004070407D20000,00NTRFBRI-77
:86:TRF SITI
:61:2004080408C70000,00NTRFNONREF
:86:SETOR TUNAI
:61:2004080408C1234,00NTRFNONREF
:86:BUNGA
:62F:C200408IDR141234,00
""", "mt940")  # fmt: skip

    assert counts(result) == (3, 1, 0, 0)
    assert world.balances() == balances
    [interest] = worklist(world)
    assert (interest["reason"], interest["amount"], interest["text"]) == ("no_match", 1_234, "BUNGA")
    world.night()
    open_items = world.get("/v1/reconciliation").json["open_items"]
    assert "statement_no_match" in {item["check"] for item in open_items}


def a_refund_of_another(world: World) -> tuple[str, str]:
    wave = world.office.wave(name="Gelombang II")
    order = world.office.order(wave, key="second", member=a_member(2)).json["id"]
    world.happens(world.pay(order, key="p2", caller=a_member(2)).json["id"], "settlement")
    body = {"amount": 20_000, "reason": "x", "liable": "programme"}
    return wave["id"], world.post(f"/v1/orders/{order}/refunds", body, key="r2", caller=OPERATOR).json["id"]


def test_one_transfer_explains_one_line(world: World) -> None:
    wave, _ = a_received_wave(world)
    pay(world, settlement(world, wave)["id"])
    line = f"{day()},KOPERASI TANI MULUS,-110000,\n"

    assert counts(imported(world, BANK + line + line, "bank_csv")) == (1, 1, 0, 0)
    assert counts(imported(world, BANK + line + line + line, "bank_csv", key="t")) == (0, 1, 2, 0)


def test_a_line_of_an_earlier_file_does_not_take_the_place_of_a_new_one(world: World) -> None:
    order = world.office.order(world.office.wave(), packs=2).json["id"]
    world.cash(order, 110_000)

    def handed_over(key: str) -> str:
        path, body = f"/v1/dropoffs/{world.office.dropoff}/remittances", {"amount": 55_000, "method": "transfer"}
        slip = world.post(path, body, key=key, caller=PIC).json["id"]
        world.post(f"/v1/remittances/{slip}/acceptance", {"counted": 55_000}, key=key, caller=OPERATOR)
        return f"{day()},SETOR TUNAI {key},55000,\n"

    first = handed_over("pagi")
    assert counts(imported(world, BANK + first, "bank_csv")) == (1, 0, 0, 0)

    assert counts(imported(world, BANK + first + handed_over("sore"), "bank_csv", key="t")) == (1, 0, 1, 0)


def test_money_on_a_virtual_account_of_our_own_bank_is_found_by_its_number(world: World) -> None:
    _, _, payment = a_paid_order(world)
    known = world.payment(payment)
    deps_payments.payments().commit(deps_payments.payments().save(replace(known, provider="snap")))

    assert counts(imported(world, BANK + f"{day()},VA 8127800001 SITI,55000,\n", "bank_csv")) == (1, 0, 0, 0)

    assert (world.balances()["bank"], world.balances()["gateway:snap"]) == (55_000, 55_000)
    again = imported(world, BANK + f"{day(hours=-1)},VA 8127800001 SITI,55000,\n", "bank_csv", key="t")
    assert counts(again) == (0, 1, 0, 0)
    assert [line["reason"] for line in worklist(world)] == ["explained_before"]
    assert world.balances()["bank"] == 55_000


def test_a_bank_s_line_is_booked_where_somebody_says_it_belongs(world: World) -> None:
    imported(world, BANK + f"{day()},BIAYA ADM,-5000,\n{day()},SETORAN,7000,\n", "bank_csv")
    fee, paid_in = sorted(worklist(world), key=lambda line: line["amount"])

    assert resolve(world, fee["id"], account="provider_fees").json["status"] == "resolved"
    assert resolve(world, fee["id"], key="again", account="provider_fees").json["code"] == "invalid_state"
    assert resolve(world, fee["id"], account="provider_fees").headers["idempotency-replayed"] == "true"
    assert resolve(world, paid_in["id"], key="s", account="suspense").status == 200
    assert resolve(world, paid_in["id"], key="x", account="unearned:wav_1").status == 422
    world.drain()

    assert world.balances() == {"bank": 2_000, "provider_fees": 5_000, "suspense": 7_000}


def test_a_provider_s_line_is_not_booked_at_the_bank(world: World) -> None:
    imported(world, HEAD + f"pay_unknown,settlement,1,0,{day()}\n")

    refused = resolve(world, worklist(world)[0]["id"], account="suspense")

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/account")


def test_files_and_what_was_explained_are_forgotten_after_ninety_days_and_the_worklist_is_not(world: World) -> None:
    _, _, payment = a_paid_order(world)
    imported(world, HEAD + f"{payment},settlement,55000,0,{day()}\npay_x,settlement,1,0,{day()}\n")

    items = list(deps.db().scan(deps.table("payments")))
    kept = {item["sk"]: "expires" in item for item in items if item["pk"].startswith("STATEMENT#")}
    lines = {item["status"]: "expires" in item for item in items if item.get("kind") == "LINE"}

    assert kept == {"STATEMENT": False, "FILE": True}
    assert lines == {"matched": True, "unmatched": False}


@pytest.mark.parametrize("source", ["midtrans", "bank_csv"])
def test_a_crash_at_any_call_of_an_import_explains_every_line_once(world: World, source: str) -> None:
    _, _, payment = a_paid_order(world)
    files = {
        "midtrans": HEAD + f"{payment},settlement,55000,4440,{day()}\npay_x,settlement,1,0,{day()}\n",
        "bank_csv": BANK + f"{day()},MIDTRANS,50000,\n{day()},BUNGA,10,\n",
    }
    send(world, files[source], source)
    restore, pumped = snapshots(), set(world.pumped)
    with seam() as counted:
        world.import_all()
    [statement] = world.items("STATEMENT")
    wanted = world.balances(), worklist(world), statement["counts"]

    for number in crash_points(len(counted.calls)):
        for after in (False, True):
            restore()
            world.pumped = set(pumped)
            with seam(crash_at=number, after=after):
                world.import_all()
            world.pumped = set(pumped)
            world.import_all()
            [statement] = world.items("STATEMENT")
            assert (world.balances(), worklist(world), statement["counts"]) == wanted, (number, after)


def test_a_line_resolved_by_two_at_once_is_booked_once(world: World) -> None:
    imported(world, BANK + f"{day()},SETORAN,7000,\n", "bank_csv")
    [line] = worklist(world)
    restore = snapshots()
    with seam() as counted:
        resolve(world, line["id"], account="suspense")

    for number in rival_points(counted.calls):
        restore()
        statuses: list[int] = []

        def theirs(statuses: list[int] = statuses) -> None:
            body = {"reason": "lain", "account": "write_off"}
            path = f"/v1/reconciliation/worklist/{line['id']}/resolution"
            statuses.append(world.post(path, body, key="o", caller=other(OPERATOR, "op-2")).status)

        with rival(number, theirs):
            statuses.append(resolve(world, line["id"], account="suspense").status)
        assert sorted(statuses) in ([200, 409], [200]), number
        assert sum(item["debit_key"] == "bank" for item in world.items("TRANSFER")) == 1
