"""The ledger: booked once, never changed, and counted once into its accounts."""

from typing import Any

import pytest

from lumbung.domain.errors import AlreadyDone
from lumbung.domain.incident import Incident
from lumbung.domain.ledger import CHART, Transfer, kind
from lumbung.runtime import clock, deps, deps_payments
from lumbung.store import incidents
from lumbung.store.table import Database, Delete, Put, Update, Write
from payments import stream
from tests.integration.office import DURING, PIC, office
from tests.integration.payments_world import World, a_consignment, as_record, world
from tests.integration.test_payments_refunds import SECOND, a_refund, arrived, decide, step, transfer
from tests.integration.test_payments_settlements import pay, settlement

__all__ = ["office", "world"]


def a_transfer(n: int, amount: int = 100, credit: str = "suspense") -> Transfer:
    return Transfer(f"trf_{n}", "bank", credit, amount, clock.now(), "uji")


def test_a_cause_is_booked_once_and_stays_as_it_was(world: World) -> None:
    deps.db().commit(deps_payments.post(a_transfer(1, 100)))

    with pytest.raises(AlreadyDone):
        deps.db().commit(deps_payments.post(a_transfer(1, 999)))

    assert [item["amount"] for item in world.items("TRANSFER")] == [100]


@pytest.mark.parametrize("amount", [0, -1])
def test_a_transfer_moves_something(world: World, amount: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        deps_payments.post(a_transfer(1, amount))


def test_no_code_writes_a_transfer_but_as_a_new_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Write] = []
    real = Database.commit

    def commit(database: Database, *writes: Write, **more: Any) -> None:
        written.extend(writes)
        real(database, *writes, **more)

    monkeypatch.setattr(Database, "commit", commit)
    wave, refund = a_refund(world)
    transfer(world, refund)
    step(world, refund, "confirmation", caller=SECOND)
    step(world, refund, "failure", {"reason": "kembali"}, key="f", caller=SECOND)
    order = world.get(f"/v1/refunds/{refund}").json["order_id"]
    arrived(world, order)
    world.receive(a_consignment(wave, world.office.cooperative, world.office.dropoff, good=1))
    decide(world, order, 1_000, key="more")
    pay(world, settlement(world, wave)["id"])
    world.post(f"/v1/dropoffs/{world.office.dropoff}/remittances", {"amount": 1, "method": "x"}, key="r", caller=PIC)
    world.minute()

    def key_of(write: Any) -> str:
        return str((write.item if isinstance(write, Put) else write.key)["pk"])

    booked = [write for write in written if key_of(write).startswith("TRANSFER#")]
    assert len(booked) > 6
    assert {(type(write), write.when) for write in booked} == {(Put, "attribute_not_exists(pk)")}
    assert not [write for write in written if isinstance(write, Delete)]
    assert any(isinstance(write, Update) for write in written)


def test_every_account_that_was_posted_to_is_in_the_chart(world: World) -> None:
    _, refund = a_refund(world, by="cash")
    step(world, refund, "cash", caller=PIC)
    step(world, refund, "confirmation", caller=SECOND)
    world.drain()

    assert all(kind(account["account"]) for account in world.get("/v1/ledger/trial-balance").json["accounts"])
    assert all(held for _, held in CHART.values())


def deliver(*transfers: Transfer) -> None:
    records = [as_record(deps_payments.post(transfer).item) for transfer in transfers]
    assert stream.handler({"Records": records}, None) == {"batchItemFailures": []}


def test_a_batch_that_comes_again_in_part_counts_only_what_is_new(world: World) -> None:
    deliver(*map(a_transfer, range(10)))
    deliver(*map(a_transfer, range(5, 15)))
    deliver(*map(a_transfer, range(15)))
    deliver(a_transfer(3), a_transfer(99, credit="write_off"), a_transfer(3))

    assert world.balances() == {"bank": 1_600, "suspense": 1_500, "write_off": 100}


def test_an_incident_is_said_once_by_id_and_kind_for_the_alarm_that_counts_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    incident = Incident("inc_1", "event_parked", "pay_1", "Tidak ada pembayaran seperti itu.", DURING, "wav_1")

    stream.handler({"Records": [as_record(incidents.raise_("payments", incident).item)]}, None)

    [said] = [vars(record) for record in caplog.records if record.message == "incident"]
    assert (said["incident_id"], said["about"], said["subject"]) == ("inc_1", "event_parked", "pay_1")
    assert incident.detail not in str(said)


def test_a_hot_account_is_written_once_for_a_whole_batch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    committed: list[int] = []
    real = Database.commit

    def commit(database: Database, *writes: Write, **more: Any) -> None:
        committed.append(sum(isinstance(write, Update) for write in writes))
        real(database, *writes, **more)

    monkeypatch.setattr(Database, "commit", commit)

    deliver(*map(a_transfer, range(25)))

    assert committed == [2]


def test_the_night_reports_an_account_that_was_counted_wrongly(world: World) -> None:
    deps.db().commit(deps_payments.post(a_transfer(1)))
    world.drain()
    assert world.night()["findings"] == 0

    deps_payments.accounts().project([a_transfer(2, 7)])  # counted, and never booked

    assert world.night()["findings"] == 2
    found = world.get("/v1/reconciliation").json["findings"]
    assert [(finding["check"], finding["subject"]) for finding in found] == [
        ("account", "bank"),
        ("account", "suspense"),
    ]
