"""Rice paid out of an allowance: consents, claims, treasurers' lists and answers."""

from typing import Any

from lumbung.domain.people import Caller, Person
from lumbung.runtime import deps
from tests.faults.money_world import SECOND, MoneyWorld, staff
from tests.faults.paying_scenarios import ASK, CLOCK
from tests.faults.scenario import Act, Phase, Scenario
from tests.integration.office import OPERATOR

NIP, UNIT = "198703122010121001", "Biro Umum"
CONSENT, WITHDRAW = "PUT /v1/me/tpp-consent", "POST /v1/me/tpp-consent/withdrawal"
EXPORT, ANSWER = "POST /v1/tpp/batches", "POST /v1/tpp/batches/{batch_id}/results"


def claimed(world: MoneyWorld) -> None:
    """Of four orders a treasurer has one, one is claimed, and the consent has room for one of the other two."""
    deps.people().keep_first(Person("mem-1", "Siti", nip=NIP))
    world.publish(quotas={5: 20}, orders_per_member=None)
    for n in range(4):
        world.ids[f"order {n}"] = world.place(1, 1, key=f"o{n}", dropoff=0).json["id"]
    _consent(170_000, "before")(world)
    _claim(0)(world)
    world.ids["batch"] = _export(OPERATOR, "before")(world).json["id"]
    _claim(1)(world)
    world.later(minutes=6)


def _consent(amount: int, key: str) -> Act:
    body = {
        "unit": UNIT, "max_amount": amount, "valid_from": "2020-04-01", "valid_until": "2020-12-31",
        "text_version": "2020-1",
    }  # fmt: skip
    return lambda w: w.money("/me/tpp-consent", body, key=key, by=staff(w, 1), method="PUT")


def _claim(n: int) -> Act:
    return lambda w: w.ask(f"order {n}", "tpp", key=f"claim {n}", by=staff(w, 1))


def _export(by: Caller, key: str) -> Act:
    return lambda w: w.money("/tpp/batches", {"institution_id": w.office.institution, "unit": UNIT}, key=key, by=by)


def _answer(deducted: int, by: Caller) -> Act:
    def act(world: Any) -> Any:
        body = {"lines": [{"payment_id": world.ids["order 0 tpp"], "deducted": deducted}]}
        return world.money(f"/tpp/batches/{world.ids['batch']}/results", body, key="answer", by=by)

    return act


PHASES = (
    Phase("deductions from an allowance", claimed, (
        Scenario("claim another", _claim(2), ASK),
        Scenario("claim one too many", _claim(3), ASK),
        Scenario("consent anew", _consent(300_000, "anew"), CONSENT),
        Scenario(
            "withdraw it", lambda w: w.money("/me/tpp-consent/withdrawal", key="withdraw", by=staff(w, 1)), WITHDRAW
        ),
        Scenario("ask the treasurer", _export(OPERATOR, "export"), EXPORT),
        Scenario("ask the treasurer too", _export(SECOND, "export"), EXPORT),
        Scenario("all of it was deducted", _answer(55_000, OPERATOR), ANSWER),
        Scenario("nothing was", _answer(0, SECOND), ANSWER),
        Scenario("pay another way what the treasurer has", lambda w: w.ask("order 0", key="other"), ASK),
        Scenario("cancel what is claimed", lambda w: w.cancel(w.ids["order 1"], 1)),
        Scenario("the clock", lambda w: w.minute(), CLOCK),
    ), one_by_one=False),
)  # fmt: skip
