"""A wave closes later, or opens once more below its minimum; whoever closes, freezes or cancels it meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lumbung.domain.moments import parse, rfc3339, to_ms
from lumbung.runtime import clock, deps, deps_ordering
from lumbung.store import waves as wave_store
from ordering import schedule, worker
from tests.integration.conftest import Reply
from tests.integration.dispatch_world import take_all
from tests.integration.faults import Snapshot, crash_points, seam
from tests.integration.office import CLOSES, DURING, Office, a_member, office
from tests.integration.test_ordering_closing import FROZEN, drain, sell, tick
from tests.integration.test_wave_cancellation import begin_again, cancel, every_boundary, everybody_is_refunded

__all__ = ["office"]

LATER = CLOSES + timedelta(hours=1)
AFTER = CLOSES + timedelta(minutes=1)


def extend(office: Office, wave: dict[str, Any], *, key: str = "extend", to: datetime = LATER, **more: str) -> Reply:
    body = {"closes_at": rfc3339(to), **more}
    return office.post(f"/v1/waves/{wave['id']}/extension", body, key=key, at=clock.now())


def close(office: Office, wave: dict[str, Any]) -> Reply:
    return office.post(f"/v1/waves/{wave['id']}/closing", key="close", at=clock.now())


def gates(wave: dict[str, Any]) -> set[tuple[bool, int]]:
    """Return how the wave's gates stand: (open, closing time), once for all that agree."""
    offers = deps.waves().get(wave["id"]).offers
    return {(item["open"], item["closes"]) for offer in offers for item in deps.shards().items(offer)}


def gates_follow_the_wave(wave: dict[str, Any]) -> None:
    stored = deps.waves().get(wave["id"])
    if stored.status == "published":
        assert gates(wave) == {(True, to_ms(stored.closes_at))}
    else:
        assert {is_open for is_open, _ in gates(wave)} == {False}


@pytest.fixture
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gates in several transactions, as in a large wave."""
    monkeypatch.setattr(wave_store, "MAX_WRITES", 2)


def test_an_open_wave_is_extended_for_readers_and_for_orders(office: Office) -> None:
    wave = office.wave()
    due = CLOSES + timedelta(hours=3)

    extended = extend(office, wave, payment_due_at=rfc3339(due), delivery_date="2020-04-13")

    assert extended.status == 200, extended.text
    read = office.get(f"/v1/waves/{wave['id']}", caller=None, at=AFTER).json
    assert (read["closes_at"], read["payment_due_at"], read["delivery_date"]) == (
        rfc3339(LATER), rfc3339(due), "2020-04-13",
    )  # fmt: skip
    assert office.order(wave, at=LATER - timedelta(milliseconds=1)).status == 201
    assert office.order(wave, at=LATER, key="late", member=a_member(2)).json["code"] == "wave_not_open"
    assert extend(office, wave, payment_due_at=rfc3339(due), delivery_date="2020-04-13").json == extended.json


def test_the_freeze_moves_along(office: Office) -> None:
    wave = office.wave(payment_due_at=rfc3339(CLOSES + timedelta(hours=9)))
    extend(office, wave)

    tick()
    assert deps.waves().get(wave["id"]).status == "published"
    clock.use(lambda: FROZEN + timedelta(hours=1))
    schedule.handler({"time": (FROZEN + timedelta(hours=1)).isoformat()}, None)

    assert deps.waves().get(wave["id"]).status == "frozen"


def test_contradictions_of_an_extension_are_told_all_at_once(office: Office) -> None:
    wave = office.wave()

    refused = extend(office, wave, to=CLOSES, payment_due_at=rfc3339(CLOSES - timedelta(1)), delivery_date="2020-04-01")

    assert (refused.status, refused.json["code"]) == (422, "invalid_request")
    pointers = {fault["pointer"] for fault in refused.json["errors"]}
    assert pointers == {"/closes_at", "/payment_due_at", "/delivery_date"}
    gates_follow_the_wave(wave)


def test_a_refused_extension_leaves_its_key_unused(office: Office) -> None:
    wave = office.wave()
    assert extend(office, wave, to=CLOSES).status == 422

    assert extend(office, wave).status == 200


def test_a_holiday_on_the_new_delivery_date_is_warned_of(office: Office) -> None:
    extended = extend(office, office.wave(), delivery_date="2020-05-01").json

    assert [(w["code"], w["pointer"]) for w in extended["warnings"]] == [("delivery_on_holiday", "/delivery_date")]


@pytest.mark.usefixtures("two_at_a_time")
def test_a_crash_at_any_call_of_an_extension_leaves_nothing_or_all_of_it(office: Office) -> None:
    wave = office.wave(quotas={5: 50})
    before = Snapshot()
    with seam() as calls:
        extend(office, wave)

    for crash_at in crash_points(len(calls.calls)):
        for after in (False, True):
            begin_again(before)
            with seam(crash_at, after=after):
                extend(office, wave)
            clock.use(lambda: AFTER)
            if parse(office.get(f"/v1/waves/{wave['id']}").json["closes_at"]) == CLOSES:
                assert office.order(wave, at=AFTER).json["code"] == "wave_not_open"  # whatever the gates say
            clock.use(lambda: DURING)
            assert extend(office, wave).status == 200  # the same key
            gates_follow_the_wave(wave)


@pytest.mark.usefixtures("two_at_a_time")
def test_of_an_extension_and_an_early_closing_the_closing_wins(office: Office) -> None:
    wave = office.wave(quotas={5: 50})
    before = Snapshot()
    closings: list[int] = []

    for extended in every_boundary(
        before, lambda: extend(office, wave), lambda: closings.append(close(office, wave).status)
    ):
        assert extended.json.get("code") in (None, "invalid_state")
        assert deps.waves().get(wave["id"]).state(DURING) == "closed"
        gates_follow_the_wave(wave)
    assert set(closings) == {200}


@pytest.mark.usefixtures("two_at_a_time")
def test_an_early_closing_closes_what_is_extended_meanwhile(office: Office) -> None:
    wave = office.wave(quotas={5: 50})
    before = Snapshot()
    answers: list[str | None] = []

    def other() -> None:
        answers.append(extend(office, wave).json.get("code"))

    for closed in every_boundary(before, lambda: close(office, wave), other):
        assert closed.status == 200, closed.text
        assert deps.waves().get(wave["id"]).state(DURING) == "closed"
        gates_follow_the_wave(wave)
    assert set(answers) == {None, "invalid_state"}


@pytest.mark.usefixtures("two_at_a_time")
def test_of_two_extensions_at_once_the_longer_one_stands(office: Office) -> None:
    wave = office.wave(quotas={5: 50})
    before = Snapshot()
    longer = LATER + timedelta(minutes=30)

    for first, second in ((LATER, longer), (longer, LATER)):
        for _ in every_boundary(
            before,
            lambda to=first: extend(office, wave, to=to),
            lambda to=second: extend(office, wave, key="other", to=to),
        ):
            assert deps.waves().get(wave["id"]).closes_at == longer
            gates_follow_the_wave(wave)


@pytest.mark.usefixtures("two_at_a_time")
def test_of_an_extension_and_a_cancellation_the_cancellation_wins(office: Office) -> None:
    wave = office.wave(quotas={5: 50})
    sell(office, wave, 2)
    before = Snapshot()

    for _ in every_boundary(before, lambda: extend(office, wave), lambda: cancel(office, wave)):
        drain()
        everybody_is_refunded(office, wave)
        gates_follow_the_wave(wave)


def test_gates_that_are_never_all_at_rest_are_moved_in_smaller_parts(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = office.wave(quotas={5: 100})
    real, sizes = BaseClient._make_api_call, list[int]()

    def busy(client: Any, operation: str, params: Any) -> Any:
        writes = params.get("TransactItems", [])
        if sum("Update" in write for write in writes) > 3:
            sizes.append(len(writes))
            reasons = [{"Code": "TransactionConflict"}, *[{"Code": "None"}] * (len(writes) - 1)]
            error = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise ClientError(error, operation)
        return real(client, operation, params)

    monkeypatch.setattr(BaseClient, "_make_api_call", busy)
    assert close(office, wave).status == 200

    assert sizes == [10, 5, 5]
    gates_follow_the_wave(wave)


# -- below the minimum


def test_how_far_a_wave_is_from_its_minimum_is_shown_to_everybody(office: Office) -> None:
    wave = office.wave(quotas={5: 10, 10: None}, minimum_weight_g=50_000)
    other = office.wave(name="Tanpa minimum")

    office.order(wave, packs=2)
    office.order(wave, packs=1, offer=1, key="ten", member=a_member(2))
    clock.use(lambda: DURING + timedelta(seconds=2))

    assert office.get(f"/v1/waves/{wave['id']}", caller=None).json["ordered_weight_g"] == 20_000
    assert office.get(f"/v1/waves/{other['id']}", caller=None).json["ordered_weight_g"] is None


@pytest.mark.parametrize(
    ("paid", "status"),
    [pytest.param((2, 2), "frozen", id="reached exactly"), pytest.param((2, 1), "cancelled", id="a pack too little")],
)
def test_a_wave_below_its_minimum_is_cancelled_by_rule(office: Office, paid: tuple[int, ...], status: str) -> None:
    wave = office.wave(minimum_weight_g=20_000)
    sell(office, wave, *paid, 5, unpaid=(2,))  # what is not paid for does not count

    tick()
    drain()

    stored = deps.waves().get(wave["id"])
    assert stored.status == status
    if status == "cancelled":
        assert stored.cancellation is not None and stored.cancellation.by == "clock"
        assert stored.cancellation.reason == "Berat minimum 20 kg tidak tercapai: terpesan 15 kg."
        everybody_is_refunded(office, wave)


def test_a_crash_at_any_call_while_a_wave_is_found_below_its_minimum_changes_nothing(office: Office) -> None:
    wave = office.wave(minimum_weight_g=20_000)
    sell(office, wave, 2, 1)
    tick()
    counted, message = Snapshot(), {"step": "aggregate", "wave": wave["id"], "dropoff": office.dropoff}
    with seam() as calls:
        worker.take(message)

    for crash_at in crash_points(len(calls.calls)):
        for after in (False, True):
            begin_again(counted)
            clock.use(lambda: FROZEN)
            with seam(crash_at, after=after):
                worker.take(message)
            worker.take(message)  # delivered again
            later = (FROZEN + timedelta(minutes=20)).replace(minute=20)
            clock.use(lambda at=later: at)
            schedule.handler({"time": later.isoformat()}, None)
            drain()
            everybody_is_refunded(office, wave)


def test_a_closed_wave_below_its_minimum_is_opened_again_once(office: Office) -> None:
    wave = office.wave(minimum_weight_g=20_000)
    sell(office, wave, 2)
    clock.use(lambda: AFTER)

    again = extend(office, wave)

    assert (again.status, again.json["state"]) == (200, "open")
    assert office.order(wave, packs=1, key="more", member=a_member(9), at=AFTER).status == 201
    gates_follow_the_wave(wave)
    clock.use(lambda: LATER + timedelta(minutes=1))
    twice = extend(office, wave, key="twice", to=LATER + timedelta(minutes=30))
    assert (twice.status, twice.json["code"]) == (409, "invalid_state")


def test_a_closed_wave_that_has_reached_its_minimum_stays_closed(office: Office) -> None:
    wave = office.wave(minimum_weight_g=10_000)
    sell(office, wave, 2)
    clock.use(lambda: AFTER)

    assert extend(office, wave).json["code"] == "invalid_state"


def test_of_a_second_chance_and_a_freeze_one_wins(office: Office) -> None:
    """The clock was down for a while, so that both are due."""
    wave = office.wave(minimum_weight_g=20_000)
    sell(office, wave, 2)
    sold, until = Snapshot(), FROZEN + timedelta(hours=1)
    states = set()

    def rescue() -> None:
        clock.use(lambda: FROZEN)
        due = {"payment_due_at": rfc3339(until + timedelta(hours=1))}
        states.add(extend(office, wave, to=until, **due).status)

    for act, other in ((tick, rescue), (rescue, tick)):
        for _ in every_boundary(sold, act, other):
            gates_follow_the_wave(wave)
            stored = deps.waves().get(wave["id"])
            assert (stored.status, stored.prolonged) in (("frozen", False), ("published", True))
            assert (deps.closings().find(wave["id"]) is None) == stored.prolonged
            take_all("ClosingQueue")
    assert states == {200, 409}


# -- however it is closed


def by_the_clock(office: Office, wave: dict[str, Any]) -> None:
    tick()


def by_the_office(office: Office, wave: dict[str, Any]) -> None:
    clock.use(lambda: CLOSES - timedelta(minutes=5))
    assert close(office, wave).status == 200
    tick()


def late(office: Office, wave: dict[str, Any]) -> None:
    days_later = FROZEN + timedelta(days=3)
    clock.use(lambda: days_later)
    schedule.handler({"time": days_later.isoformat()}, None)


def test_a_wave_closes_the_same_by_the_clock_by_the_office_or_late(office: Office) -> None:
    wave = office.wave(quotas={5: 20}, minimum_weight_g=10_000)
    sell(office, wave, 4, 3, 1, 2, unpaid=(3,))
    sold = Snapshot()
    ways: list[Callable[[Office, dict[str, Any]], None]] = [by_the_clock, by_the_office, late]
    seen = []
    for way in ways:
        begin_again(sold)
        deps_ordering.remaining.cache_clear()
        way(office, wave)
        drain()
        demand = office.get(f"/v1/waves/{wave['id']}/demand").json
        lines = [{"offer_id": wave["offers"][0]["id"], "packs": 6}]
        assert office.post(f"/v1/waves/{wave['id']}/supply", {"lines": lines}, key="supply").status == 200
        drain()
        run = deps.closings().find(wave["id"])
        orders = [(o.status, o.fulfilment_status, o.lines, o.refund_decided)
                  for o in deps.orders().of_dropoff(wave["id"], office.dropoff)]  # fmt: skip
        seen.append(
            (demand, run.step, deps.closings().pending(run), run.rules, orders, deps.waves().get(wave["id"]).status)
        )

    assert seen[0][0]["totals"]["packs"] == 8
    assert seen[0] == seen[1] == seen[2]
