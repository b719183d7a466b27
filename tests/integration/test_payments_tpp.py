"""Rice paid out of an allowance: never without its owner's consent, and booked when the treasurer has answered."""

import base64
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from lumbung.domain.errors import AlreadyDone, LimitExceeded, Stale
from lumbung.domain.people import Person
from lumbung.runtime import clock, deps, deps_payments
from payments import api, schedule
from tests.integration.conftest import Reply, call
from tests.integration.faults import Snapshot, crash_points, rival, rival_points, seam
from tests.integration.office import CLOSES, DURING, OPERATOR, PIC, a_member, office
from tests.integration.payments_world import MIDTRANS_ALONE, World, serve_by, world

__all__ = ["office", "world"]

UNIT = "Biro Umum"
NIP = "198703122010121001"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def tpp(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    serve_by(monkeypatch, f"{MIDTRANS_ALONE}; tpp=tpp")
    deps.people().keep_first(Person("mem-1", "Siti", nip=NIP))
    return world


def staff(world: World, n: int = 1) -> Any:
    return a_member(n, institution_id=world.office.institution)


def consent(world: World, amount: int = 200_000, *, key: str = "consent", **changes: Any) -> Reply:
    body = {
        "unit": UNIT, "max_amount": amount, "valid_from": "2020-04-01", "valid_until": "2020-12-31",
        "text_version": "2020-1", **changes,
    }  # fmt: skip
    return call(api.handler, "PUT", "/v1/me/tpp-consent", body, caller=staff(world), key=key, at=clock.now())


def withdraw(world: World, *, key: str = "w") -> Reply:
    return world.post("/v1/me/tpp-consent/withdrawal", key=key, caller=staff(world))


def remaining(world: World) -> int:
    return int(world.get("/v1/me/tpp-consent", staff(world)).json["remaining"])


def a_wave(world: World, **changes: Any) -> dict[str, Any]:
    """Publish a wave in which a member may have several orders."""
    return world.office.wave(orders_per_member=5, **changes)


def a_claim(world: World, *, packs: int = 1, wave: dict[str, Any] | None = None, key: str = "k") -> tuple[str, str]:
    """Return an order that is to be paid by deduction, and its payment."""
    order = world.office.order(wave or world.office.wave(), packs=packs, key=key).json["id"]
    asked = world.pay(order, method="tpp", key=f"pay-{key}", caller=staff(world))
    assert asked.status == 201, asked.text
    return order, asked.json["id"]


def export(world: World, *, unit: str = UNIT, key: str = "b", caller: Any = OPERATOR) -> Reply:
    body = {"institution_id": world.office.institution, "unit": unit}
    return world.post("/v1/tpp/batches", body, key=key, caller=caller)


def a_batch(world: World) -> str:
    made = export(world)
    assert made.status == 201, made.text
    return str(made.json["id"])


def answer(world: World, batch: str, *lines: tuple[str, int], key: str = "r") -> Reply:
    body = {"lines": [{"payment_id": payment, "deducted": deducted} for payment, deducted in lines]}
    return world.post(f"/v1/tpp/batches/{batch}/results", body, key=key, caller=OPERATOR)


def booked(world: World) -> int:
    """Return the sum of all transfers."""
    return sum(item["amount"] for item in world.items("TRANSFER"))


def account(world: World) -> str:
    return f"tpp:{world.office.institution}"


# -- consent


def test_nothing_is_deducted_without_consent_and_an_attempt_that_was_live_stays(tpp: World) -> None:
    order = tpp.office.order(tpp.office.wave(), packs=2).json["id"]
    other = tpp.pay(order, key="va").json["id"]

    refused = tpp.pay(order, method="tpp", key="t", caller=staff(tpp))

    assert (refused.status, refused.json["code"]) == (409, "invalid_state")
    assert tpp.payment(other).status == "pending"
    assert tpp.get("/v1/me/tpp-consent", staff(tpp)).status == 404
    assert withdraw(tpp).status == 404


def test_a_consent_counts_as_far_as_it_goes(tpp: World) -> None:
    order = tpp.office.order(tpp.office.wave(), packs=2).json["id"]
    for changes, code in (
        ({"max_amount": 109_999}, "limit_exceeded"),
        ({"valid_until": "2020-04-06"}, "invalid_state"),
        ({"valid_from": "2020-04-08"}, "invalid_state"),
    ):
        assert consent(tpp, key=str(changes), **changes).status == 200

        assert tpp.pay(order, method="tpp", key=str(changes), caller=staff(tpp)).json["code"] == code
    assert tpp.items("PAYMENT") == []


def test_a_consent_is_the_member_s_own_and_names_who_they_are(tpp: World) -> None:
    body = {"unit": UNIT, "max_amount": 1, "valid_from": "2020-04-02", "valid_until": "2020-04-01", "text_version": "1"}
    path = "/v1/me/tpp-consent"
    assert call(api.handler, "PUT", path, body, caller=staff(tpp), key="a").json["code"] == "invalid_request"
    body |= {"valid_from": "2020-04-01"}
    assert call(api.handler, "PUT", path, body, caller=a_member(), key="b").json["code"] == "not_eligible"
    assert call(api.handler, "PUT", path, body, caller=staff(tpp, 2), key="c").json["code"] == "invalid_state"
    assert consent(tpp).json["remaining"] == 200_000


def test_nobody_pays_for_another_by_deduction(tpp: World) -> None:
    consent(tpp)
    order = tpp.office.order(tpp.office.wave()).json["id"]

    refused = tpp.pay(order, method="tpp", caller=PIC)

    assert (refused.status, refused.json["code"]) == (403, "forbidden")


def test_each_version_of_a_consent_is_kept(tpp: World) -> None:
    consent(tpp, key="a")
    consent(tpp, 300_000, key="b", text_version="2020-2")
    withdraw(tpp)
    assert (withdraw(tpp, key="again").status, withdraw(tpp).status) == (409, 200)

    kept = [item for item in deps.db().scan(deps.table("people")) if item["sk"].startswith("TPP#")]

    assert [(k["text_version"], k["max_amount"], "withdrawn_at" in k) for k in sorted(kept, key=lambda k: k["sk"])] == [
        ("2020-1", 200_000, False), ("2020-2", 300_000, False), ("2020-2", 300_000, True),
    ]  # fmt: skip


def test_two_orders_do_not_claim_the_same_rupiah(tpp: World) -> None:
    consent(tpp, 100_000)
    wave = a_wave(tpp)
    orders = [tpp.office.order(wave, key=key).json["id"] for key in ("a", "b")]

    def pay(n: int) -> Reply:
        return tpp.pay(orders[n], method="tpp", key=f"p{n}", caller=staff(tpp))

    snapshot = Snapshot()
    with seam() as counted:
        assert pay(0).status == 201
    for at in [n for n, name in enumerate(counted.calls, 1) if name == "TransactWriteItems"]:
        snapshot.restore()
        answers = []
        with rival(at, lambda: answers.append(pay(1))):  # noqa: B023 - used within this round
            answers.append(pay(0))

        assert sorted(a.status for a in answers) == [201, 409]
        assert remaining(tpp) == 45_000


def test_an_asking_that_breaks_off_or_meets_its_own_repeat_claims_once(tpp: World) -> None:
    consent(tpp, 100_000)
    order = tpp.office.order(a_wave(tpp)).json["id"]

    def pay(key: str = "p") -> Reply:
        return tpp.pay(order, method="tpp", key=key, caller=staff(tpp))

    snapshot = Snapshot()
    with seam() as counted:
        assert pay().status == 201
    for at in crash_points(len(counted.calls)):
        for key in ("p", "another"):
            snapshot.restore()
            with seam(at, after=True):
                pay()

            assert (pay(key).status, remaining(tpp)) == (201, 45_000), (at, key)
    for at in rival_points(counted.calls):
        snapshot.restore()
        with rival(at, pay):
            pay()

        assert (pay().status, remaining(tpp)) == (201, 45_000), at


def test_a_claim_is_refused_by_the_store_above_the_limit_and_under_another_version(tpp: World) -> None:
    consent(tpp, 100_000)
    _, payment = a_claim(tpp)
    held = deps_payments.consents().find("mem-1")
    deduction = deps_payments.deductions().find(payment)
    assert held and deduction

    more = replace(deduction, payment_id="pay_more")
    with pytest.raises(LimitExceeded):
        deps_payments.deductions().claim(more, held)
    with pytest.raises(Stale):
        deps_payments.deductions().claim(replace(more, amount=1), replace(held, version=2))


def test_a_consent_is_changed_from_what_it_was_read_as(tpp: World) -> None:
    consent(tpp)
    read = deps_payments.consents().find("mem-1")
    assert read
    consent(tpp, key="meanwhile")

    for late in (read, read.withdraw(at=clock.now())):
        with pytest.raises(Stale):
            deps_payments.consents().commit(deps_payments.consents().change(late)[0])


def test_a_deduction_is_changed_from_what_it_was_read_as(tpp: World) -> None:
    consent(tpp)
    _, payment = a_claim(tpp)
    store = deps_payments.deductions()
    claimed = store.find(payment)
    assert claimed

    with pytest.raises(Stale):  # under another version of its consent
        store.hand_over(replace(claimed, consent=2), claimed.hand_over("bat_1"))
    store.hand_over(claimed, exported := claimed.hand_over("bat_1"))
    for late in (
        lambda: store.hand_over(claimed, claimed.hand_over("bat_2")),
        lambda: store.stop(claimed),
        lambda: store.apply(exported.stop(), exported.stop().apply(1, at=clock.now())),
        lambda: store.claim(claimed, deps_payments.consents().find("mem-1")),
    ):
        with pytest.raises((Stale, AlreadyDone)):
            late()
    assert (store.find(payment), remaining(tpp)) == (exported, 145_000)


# -- batches


def test_a_treasurer_gets_each_deduction_once_with_who_it_is_about(tpp: World) -> None:
    consent(tpp)
    order, payment = a_claim(tpp)
    assert export(tpp, caller=staff(tpp)).status == 403

    made = export(tpp, unit="BIRO  umum")
    again, other = export(tpp, unit="BIRO  umum"), export(tpp, key="other")

    line = {"payment_id": payment, "order_id": order, "nip": NIP, "name": "Siti", "month": "2020-04",
            "amount": 55_000, "deducted": None, "status": "exported"}  # fmt: skip
    assert (made.status, made.json["lines"], other.json["lines"]) == (201, [line], [])
    assert (again.json, again.headers["idempotency-replayed"]) == (made.json, "true")
    assert {batch["id"] for batch in tpp.get("/v1/tpp/batches").json["items"]} == {made.json["id"], other.json["id"]}

    path = f"/v1/tpp/batches/{made.json['id']}"
    sheet = call(api.handler, "GET", path, caller=OPERATOR, headers={"accept": "text/csv"})
    book = call(api.handler, "GET", path, caller=OPERATOR, headers={"accept": WORKBOOK})
    assert f"1,{NIP},Siti,{order},2020-04,55000,,,{payment}" in sheet.text
    rows = load_workbook(io.BytesIO(base64.b64decode(book.text))).worksheets[0].iter_rows(values_only=True)
    assert list(rows)[1][:6] == (1, NIP, "Siti", order, "2020-04", 55_000)
    for item in deps.db().scan(deps.table("payments")):
        assert NIP not in str(item) and "Siti" not in str(item)


def test_a_withdrawal_stops_what_no_treasurer_has(tpp: World) -> None:
    consent(tpp)
    _, payment = a_claim(tpp)

    assert withdraw(tpp).json["remaining"] == 0

    assert tpp.payment(payment).status == "expired"
    assert export(tpp).json["lines"] == []
    assert consent(tpp, key="anew").json["remaining"] == 200_000


def test_what_a_withdrawal_that_breaks_off_has_not_stopped_the_clock_stops(tpp: World) -> None:
    consent(tpp)
    _, payment = a_claim(tpp)
    snapshot = Snapshot()
    with seam() as counted:
        withdraw(tpp)

    for number in range(counted.calls.index("TransactWriteItems") + 1, len(counted.calls) + 1):
        snapshot.restore()
        tpp.at(DURING)
        with seam(number, after=True):
            withdraw(tpp)
        tpp.minute(6)

        assert tpp.payment(payment).status == "expired", number
        assert consent(tpp, key="again").json["remaining"] == 200_000, number


def test_a_withdrawal_between_any_two_steps_of_an_export_is_before_or_after_it(tpp: World) -> None:
    consent(tpp)
    _, payment = a_claim(tpp)
    snapshot = Snapshot()
    with seam() as counted:
        export(tpp)
    for at in rival_points(counted.calls):
        snapshot.restore()
        with rival(at, lambda: withdraw(tpp)):
            lines = export(tpp).json["lines"]

        status = deps_payments.deductions().find(payment)
        assert status
        outcome = [line["status"] for line in lines], status.status, status.batch_id is None
        assert outcome in (([], "ended", True), (["exported"], "exported", False)), at


def test_a_consent_that_is_over_or_an_order_that_is_cancelled_is_not_handed_over(tpp: World) -> None:
    consent(tpp, valid_until="2020-04-07")
    wave = a_wave(tpp, payment_window_s=172_800)
    a_claim(tpp, wave=wave)
    cancelled, payment = a_claim(tpp, wave=wave, key="c")
    tpp.office.cancel(cancelled, caller=staff(tpp))
    tpp.later(hours=20)

    assert export(tpp).json["lines"] == []
    assert tpp.payment(payment).status == "expired"


def test_an_export_that_breaks_off_is_ended_by_the_same_key(tpp: World) -> None:
    consent(tpp)
    wave = a_wave(tpp)
    claims = {a_claim(tpp, wave=wave, key=key)[1] for key in ("a", "b")}
    snapshot = Snapshot()
    with seam() as counted:
        export(tpp)
    for at in crash_points(len(counted.calls)):
        snapshot.restore()
        with seam(at, after=True):
            export(tpp)

        assert {line["payment_id"] for line in export(tpp).json["lines"]} == claims, at


# -- results


def test_a_full_deduction_pays_the_order_and_the_transfer_clears_what_the_treasurer_owes(tpp: World) -> None:
    consent(tpp)
    wave = tpp.office.wave()
    order, payment = a_claim(tpp, wave=wave)
    batch = a_batch(tpp)

    result = answer(tpp, batch, (payment, 55_000))
    again, other_key = answer(tpp, batch, (payment, 55_000)), answer(tpp, batch, (payment, 55_000), key="r2")
    tpp.drain()

    outcome = {"line": 1, "payment_id": payment, "outcome": "full"}
    assert (result.status, result.json["lines"], result.json["errors"]) == (200, [outcome], [])
    assert result.json == again.json == other_key.json
    assert (tpp.order(order).status, tpp.payment(payment).status) == ("confirmed", "settled")
    assert tpp.balances() == {account(tpp): 55_000, f"unearned:{wave['id']}": 55_000}
    tpp.agree(wave["id"])

    assert tpp.night()["findings"] == 0
    assert {"check": "tpp", "subject": account(tpp), "detail": "Rp 55000 belum disetor bendahara."} in tpp.get(
        "/v1/reconciliation"
    ).json["open_items"]

    statement = "Tanggal,Keterangan,Kredit,Debet\n08/04/2020,TRF BENDAHARA,55000,\n"
    tpp.post("/v1/statements", {"source": "bank_csv", "content": statement}, key="s", caller=OPERATOR)
    tpp.import_all()
    [line] = tpp.get("/v1/reconciliation/worklist").json["items"]
    resolution = {"reason": "Setoran potongan TPP", "account": account(tpp)}
    path = f"/v1/reconciliation/worklist/{line['id']}/resolution"
    assert tpp.post(path, resolution, key="x", caller=OPERATOR).status == 200
    tpp.drain()
    assert tpp.balances() == {"bank": 55_000, f"unearned:{wave['id']}": 55_000}
    tpp.night()
    assert "tpp" not in {item["check"] for item in tpp.get("/v1/reconciliation").json["open_items"]}


def test_of_a_partial_deduction_the_rest_is_paid_another_way(tpp: World) -> None:
    consent(tpp)
    wave = tpp.office.wave()
    order, payment = a_claim(tpp, wave=wave)

    assert answer(tpp, a_batch(tpp), (payment, 20_000)).json["lines"][0]["outcome"] == "partial"

    assert (tpp.order(order).payment_status, tpp.order(order).balance) == ("partially_paid", 35_000)
    assert remaining(tpp) == 180_000
    rest = tpp.pay(order, key="rest", method="qris").json
    assert rest["amount"] == 35_000
    tpp.happens(rest["id"], "settlement")
    assert tpp.order(order).status == "confirmed"
    assert tpp.balances() == {
        account(tpp): 20_000, "gateway:midtrans": 35_000, f"unearned:{wave['id']}": 55_000,
    }  # fmt: skip
    tpp.agree(wave["id"])


def test_when_nothing_was_deducted_everything_is_owed_and_the_consent_is_free_again(tpp: World) -> None:
    consent(tpp)
    order, payment = a_claim(tpp)

    assert answer(tpp, a_batch(tpp), (payment, 0)).json["lines"][0]["outcome"] == "none"

    assert (tpp.payment(payment).status, tpp.order(order).balance, remaining(tpp)) == ("failed", 55_000, 200_000)
    assert tpp.pay(order, key="va").status == 201


def test_too_much_is_held_in_suspense_and_somebody_is_told(tpp: World) -> None:
    consent(tpp)
    wave = tpp.office.wave()
    order, payment = a_claim(tpp, wave=wave)

    assert answer(tpp, a_batch(tpp), (payment, 60_000)).json["lines"][0]["outcome"] == "too_much"
    tpp.drain()

    assert tpp.order(order).status == "placed"
    assert tpp.balances() == {account(tpp): 60_000, "suspense": 60_000}
    assert [item["about"] for item in tpp.items("INCIDENT")] == ["amount_differs"]
    tpp.agree(wave["id"])


def test_lines_that_are_wrong_stop_only_themselves(tpp: World) -> None:
    consent(tpp)
    wave = a_wave(tpp)
    order, payment = a_claim(tpp, wave=wave)
    batch = a_batch(tpp)
    _, not_handed_over = a_claim(tpp, wave=wave, key="later")

    lines = (
        f"payment_id,deducted\npay_unknown,1\n{not_handed_over},55000\n{payment},abc\n{payment},55000\n{payment},1\n"
    )
    path = f"/v1/tpp/batches/{batch}/results"
    sent = call(
        api.handler, "POST", path, lines, caller=OPERATOR, key="csv", at=clock.now(),
        headers={"content-type": "text/csv"},
    )  # fmt: skip

    assert [line["line"] for line in sent.json["lines"]] == [4]
    assert [error["line"] for error in sent.json["errors"]] == [1, 2, 3, 5]
    assert tpp.order(order).status == "confirmed"
    assert answer(tpp, "bat_unknown", (payment, 1), key="u").status == 404
    assert booked(tpp) == 55_000


def test_a_deduction_for_an_order_that_was_cancelled_meanwhile_is_promised_back(tpp: World) -> None:
    consent(tpp)
    wave = tpp.office.wave()
    order, payment = a_claim(tpp, wave=wave)
    batch = a_batch(tpp)
    tpp.office.cancel(order, caller=staff(tpp))
    tpp.minute(6)
    assert tpp.get(f"/v1/tpp/batches/{batch}").json["lines"][0]["status"] == "recalled"

    answer(tpp, batch, (payment, 55_000))
    tpp.drain()

    assert (tpp.order(order).status, tpp.order(order).payment_status) == ("cancelled", "refund_due")
    assert tpp.balances() == {account(tpp): 55_000, "refund_payable": 55_000}
    tpp.agree(wave["id"])


def test_an_answer_while_the_clock_stops_the_deduction_is_booked_once(tpp: World) -> None:
    consent(tpp)
    wave = tpp.office.wave()
    order, payment = a_claim(tpp, wave=wave)
    batch = a_batch(tpp)
    tpp.office.cancel(order, caller=staff(tpp))
    due = {"time": tpp.later(minutes=6).isoformat()}
    snapshot = Snapshot()
    with seam() as counted:
        schedule.handler(due, None)
    for at in rival_points(counted.calls):
        snapshot.restore()
        with rival(at, lambda: answer(tpp, batch, (payment, 55_000))):
            schedule.handler(due, None)

        assert (tpp.payment(payment).held, tpp.order(order).refund_decided) == (55_000, 55_000), at


def test_a_result_after_the_order_has_expired_is_late_money(tpp: World) -> None:
    consent(tpp)
    wave = tpp.office.wave()
    order, payment = a_claim(tpp, wave=wave)
    batch = a_batch(tpp)
    tpp.at(CLOSES + timedelta(hours=3))
    tpp.minute(2)
    assert (tpp.order(order).status, tpp.payment(payment).status) == ("expired", "expired")

    answer(tpp, batch, (payment, 20_000))
    tpp.drain()

    assert (tpp.order(order).status, tpp.order(order).payment_status) == ("expired", "refund_due")
    tpp.agree(wave["id"])


def test_an_order_paid_another_way_while_the_treasurer_has_it_is_paid_back_what_comes_twice(tpp: World) -> None:
    consent(tpp)
    wave = tpp.office.wave()
    order, payment = a_claim(tpp, wave=wave)
    batch = a_batch(tpp)
    assert tpp.cash(order, 55_000).status == 201

    answer(tpp, batch, (payment, 55_000))
    tpp.drain()

    assert (tpp.order(order).status, tpp.order(order).refund_decided) == ("confirmed", 55_000)
    tpp.agree(wave["id"])


def test_an_import_that_breaks_off_is_ended_when_it_is_sent_again(tpp: World) -> None:
    consent(tpp)
    wave = a_wave(tpp)
    claims = [a_claim(tpp, wave=wave, key=key) for key in ("a", "b")]
    batch = a_batch(tpp)
    results = [(claims[0][1], 55_000), (claims[1][1], 20_000)]
    snapshot = Snapshot()
    with seam() as counted:
        answer(tpp, batch, *results)
    for at in crash_points(len(counted.calls)):
        snapshot.restore()
        with seam(at, after=True):
            answer(tpp, batch, *results)

        assert answer(tpp, batch, *results).status == 200
        assert [tpp.order(order).paid for order, _ in claims] == [55_000, 20_000], at
        assert (booked(tpp), remaining(tpp)) == (75_000, 125_000), at
