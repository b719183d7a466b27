"""What a cooperative is paid: good packs, less what it is liable for, less the programme's fee."""

import csv
import io
from typing import Any

import pytest

from lumbung.domain.people import Caller
from tests.integration.conftest import ENVIRONMENTS, call
from tests.integration.faults import crash_points, rival, rival_points, seam
from tests.integration.office import OPERATOR, a_member, office
from tests.integration.payments_world import World, a_consignment, world
from tests.integration.test_payments_refunds import arrived, decide
from tests.integration.test_payments_settling import snapshots

__all__ = ["office", "world"]

COOPERATIVE = Caller("coop-1", frozenset({"cooperative"}))


def a_received_wave(world: World, n: int = 1, *, packs: int = 2) -> tuple[str, str]:
    """Return (wave, order) of a wave whose goods were paid for and received for good."""
    wave = world.office.wave(name=f"Gelombang {n}")
    member = a_member(n)
    order = world.office.order(wave, packs=packs, key=f"o{n}", member=member).json["id"]
    world.cash(order, packs * 55_000, key=f"c{n}")
    world.receive(a_consignment(wave["id"], world.office.cooperative, world.office.dropoff, packs, n=n))
    arrived(world, order)
    return wave["id"], order


def settlement(world: World, wave: str) -> dict[str, Any]:
    found = world.get(f"/v1/cooperatives/{world.office.cooperative}/settlements", COOPERATIVE).json["items"]
    return next(item for item in found if item["wave_id"] == wave)


def pay(world: World, settlement_id: str, key: str = "p") -> Any:
    paid = world.post(f"/v1/settlements/{settlement_id}/payouts", {"reference": "BRI-1"}, key=key, caller=OPERATOR)
    world.drain()
    return paid


def test_a_refund_on_received_packs_is_taken_off_what_the_cooperative_is_owed(world: World) -> None:
    wave, order = a_received_wave(world)

    decide(world, order, 30_000)
    owed = settlement(world, wave)

    assert (owed["goods_value"], owed["deductions"], owed["amount"]) == (110_000, 30_000, 80_000)
    assert owed["deducted"] == {"refunds": 30_000, "programme_fee": 0, "carried_in": 0}
    assert pay(world, owed["id"]).json["amount"] == 80_000
    assert world.balances()["bank"] == 80_000
    assert f"cooperative:{world.office.cooperative}" not in world.balances()
    world.agree(wave)


def test_refunds_for_which_others_are_liable_are_not_the_cooperative_s(world: World) -> None:
    wave, order = a_received_wave(world)

    decide(world, order, 30_000, liable="programme")

    assert settlement(world, wave)["deductions"] == 0
    world.agree(wave)


def test_the_programme_s_fee_is_taken_off_and_is_its_income(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROGRAMME_FEE_BP", "150")
    monkeypatch.setitem(ENVIRONMENTS["payments.deliveries_stream.handler"], "PROGRAMME_FEE_BP", "150")
    wave, coop, dropoff = world.office.wave()["id"], world.office.cooperative, world.office.dropoff

    for n in (1, 2):
        world.receive(a_consignment(wave, coop, dropoff, good=1, n=n), times=2)

    owed = settlement(world, wave)
    assert (owed["deducted"]["programme_fee"], owed["amount"]) == (1_650, 108_350)
    assert world.balances()["programme_fee"] == 1_650
    world.agree(wave)


def test_what_is_deducted_after_the_payout_is_carried_to_the_next_wave(world: World) -> None:
    first, order = a_received_wave(world, 1)
    pay(world, settlement(world, first)["id"])
    decide(world, order, 80_000)
    assert settlement(world, first)["outstanding"] == 0

    second, _ = a_received_wave(world, 2, packs=1)  # worth less than what is to be carried
    third, _ = a_received_wave(world, 3)

    assert [settlement(world, wave)["outstanding"] for wave in (first, second, third)] == [0, 0, 85_000]
    assert settlement(world, first)["carried_forward"] == 80_000
    assert settlement(world, second)["deducted"]["carried_in"] == 55_000
    assert pay(world, settlement(world, second)["id"]).json["code"] == "invalid_state"
    assert pay(world, settlement(world, third)["id"], key="q").json["amount"] == 85_000
    assert f"cooperative:{world.office.cooperative}" not in world.balances()
    for wave in (first, second, third):
        world.agree(wave)


def test_a_statement_is_read_by_programs_spreadsheets_and_people(world: World) -> None:
    wave, order = a_received_wave(world)
    decide(world, order, 30_000)
    id_ = settlement(world, wave)["id"]
    world.later(days=2)
    pay(world, id_)
    path = f"/v1/settlements/{id_}/statement"

    from payments import api

    def read(accept: str, caller: Caller = COOPERATIVE) -> Any:
        return call(api.handler, "GET", path, caller=caller, headers={"accept": accept})

    sheet = list(csv.reader(io.StringIO(read("text/csv").text)))
    page = read("text/html")
    document = read("application/json").json

    assert sheet[1] == ["Beras 5 kg", "2", "10", "55000", "110000"]
    assert [row[-1] for row in sheet[2:]] == ["110000", "-30000", "80000", "-80000", "0"]
    assert page.headers["content-type"].startswith("text/html")
    assert "<h1>Penyelesaian Gelombang 1: Koperasi Tani Mulus</h1>" in page.text and "110.000" in page.text
    assert (document["lines"][0]["price"], document["lines"][0]["value"]) == (55_000, 110_000)
    assert document["payouts"][0]["reference"] == "BRI-1"
    assert document["settlement"]["days_to_pay"] == 2.0
    assert read("text/csv", Caller("coop-2", frozenset({"cooperative"}))).status == 404
    report = world.office.get(f"/v1/waves/{wave}/report").json["settlement"]
    assert [(line["deductions"], line["days_to_pay"]) for line in report] == [(30_000, 2.0)]


def test_what_a_cooperative_typed_is_no_formula_and_no_markup(world: World) -> None:
    wave, coop, dropoff = world.office.wave(name="<b>=1</b>")["id"], world.office.cooperative, world.office.dropoff
    item = a_consignment(wave, coop, dropoff, good=1)
    item["lines"][0][1] = "=HYPERLINK(<x>)"
    world.receive(item)
    path = f"/v1/settlements/{settlement(world, wave)['id']}/statement"

    from payments import api

    sheet = call(api.handler, "GET", path, caller=OPERATOR, headers={"accept": "text/csv"}).text
    page = call(api.handler, "GET", path, caller=OPERATOR, headers={"accept": "text/html"}).text

    assert "'=HYPERLINK(<x>)" in sheet
    assert "<x>" not in page and "<b>" not in page


# -- crashes and rivals


def state(world: World, *waves: str) -> tuple[Any, ...]:
    world.pumped.clear()  # the stream delivers again what was not answered for
    world.drain()
    for wave in waves:
        world.agree(wave)
    return world.balances(), [settlement(world, wave) for wave in waves], len(world.items("TRANSFER"))


def test_a_crash_at_any_call_of_deducting_and_carrying_does_it_once(world: World) -> None:
    first, order = a_received_wave(world, 1)
    pay(world, settlement(world, first)["id"])
    second, _ = a_received_wave(world, 2)
    restore = snapshots()
    with seam() as counted:
        decide(world, order, 80_000)
    wanted = state(world, first, second)

    for number in crash_points(len(counted.calls)):
        for after in (False, True):
            restore()
            with seam(crash_at=number, after=after):
                decide(world, order, 80_000)
            assert decide(world, order, 80_000).status == 201
            assert state(world, first, second) == wanted, (number, after)


def test_a_crash_at_any_call_of_paying_out_pays_once(world: World) -> None:
    wave, _ = a_received_wave(world)
    id_ = settlement(world, wave)["id"]
    restore = snapshots()
    with seam() as counted:
        pay(world, id_)
    wanted = state(world, wave)

    for number in crash_points(len(counted.calls)):
        for after in (False, True):
            restore()
            with seam(crash_at=number, after=after):
                pay(world, id_)
            assert pay(world, id_).status == 201
            assert state(world, wave) == wanted, (number, after)


def test_a_refund_and_a_payout_at_once_is_taken_off_it_or_carried(world: World) -> None:
    wave, order = a_received_wave(world)
    id_ = settlement(world, wave)["id"]
    restore = snapshots()
    with seam() as counted:
        pay(world, id_)

    for number in rival_points(counted.calls):
        restore()
        with rival(number, lambda: decide(world, order, 30_000)):
            paid = pay(world, id_)
        if not world.order(order).refund_decided:
            continue  # warm, it makes fewer calls
        state(world, wave)
        found = settlement(world, wave)
        assert found["deductions"] == 30_000, number
        assert found["paid"] == paid.json["amount"] in (80_000, 110_000)
        assert world.balances().get(f"cooperative:{world.office.cooperative}", 0) == found["paid"] - 80_000


def test_two_payouts_at_once_pay_once(world: World) -> None:
    wave, _ = a_received_wave(world)
    id_ = settlement(world, wave)["id"]
    restore = snapshots()
    with seam() as counted:
        world.post(f"/v1/settlements/{id_}/payouts", key="p", caller=OPERATOR)

    for number in rival_points(counted.calls):
        restore()
        theirs: list[int] = []
        with rival(number, lambda theirs=theirs: theirs.append(pay(world, id_, key="other").status)):  # type: ignore[misc]  # mypy cannot infer the default
            mine = world.post(f"/v1/settlements/{id_}/payouts", key="p", caller=OPERATOR).status
        assert sorted([mine, *theirs]) == [201, 409], number
        assert state(world, wave)[0]["bank"] == 110_000
