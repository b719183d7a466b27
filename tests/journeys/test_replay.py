"""`make run`, and its figures read back from the stack that it leaves serving."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from infra.replay.client import Actor, Stack
from tests.journeys.conftest import ROOT, started, two_free_ports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]


@pytest.fixture(scope="module")
def replayed() -> Iterator[Stack]:
    port = two_free_ports()
    os.environ["PORT"] = str(port)
    process, line = started([sys.executable, "-m", "infra.replay"], until="replay done")
    yield Stack(line.split()[-1])
    process.terminate()
    assert process.wait(30) == 0


@pytest.fixture(scope="module")
def operator(replayed: Stack) -> Actor:
    return Actor(replayed, "op-audit", "operator")


@pytest.fixture(scope="module")
def waves(operator: Actor) -> dict[str, str]:
    return {wave["name"]: wave["id"] for wave in operator.everything("/v1/waves")}


def test_what_was_handed_out_is_what_the_press_wrote(operator: Actor, waves: dict[str, str]) -> None:
    handed = {
        name: operator.get(f"/v1/waves/{wave_id}/report")["totals"]["handed_over"] for name, wave_id in waves.items()
    }

    assert handed["Gelombang I"]["weight_g"] == 2_900_000
    assert handed["Gelombang I"]["goods_value"] == 31_900_000
    assert sum(wave["weight_g"] for wave in handed.values()) == 4_400_000
    assert sum(wave["goods_value"] for wave in handed.values()) == 48_400_000


def test_the_groups_of_a_report_sum_up_to_its_totals(operator: Actor, waves: dict[str, str]) -> None:
    for wave_id in waves.values():
        report = operator.get(f"/v1/waves/{wave_id}/report")
        for group in ("by_institution", "by_dropoff", "by_cooperative", "by_product"):
            assert sum(row["handed_over"]["goods_value"] for row in report[group]) == report["totals"]["goods_value"]
        assert len(report["by_institution"]) == 4
        assert set(report["payments_by_method"]) == {"virtual_account", "qris", "cash"}


def test_the_report_as_csv_says_the_same(operator: Actor, waves: dict[str, str]) -> None:
    answer = operator.read(f"/v1/waves/{waves['Gelombang I']}/report", accept="text/csv")

    assert answer.headers["content-type"].startswith("text/csv")
    header, totals = (line.split(",") for line in answer.text.splitlines()[:2])
    assert dict(zip(header, totals, strict=True))["handed_over_goods_value"] == "31900000"


def test_the_cooperative_was_paid_for_what_was_received(operator: Actor) -> None:
    [cooperative] = operator.everything("/v1/cooperatives")
    settlements = operator.everything(f"/v1/cooperatives/{cooperative['id']}/settlements")
    account = operator.get(f"/v1/ledger/accounts/cooperative:{cooperative['id']}")

    assert sum(settlement["paid"] for settlement in settlements) == 48_400_000
    assert (account["credits"], account["balance"]) == (48_400_000, 0)


def test_the_books_balance_and_nothing_is_unexplained(operator: Actor, waves: dict[str, str]) -> None:
    assert operator.get("/v1/ledger/trial-balance")["difference"] == 0
    for wave_id in waves.values():
        stock = operator.get(f"/v1/waves/{wave_id}/stock")["items"]
        assert [(line["available"], line["difference"]) for line in stock] == [(0, 0)] * 3
        checked = operator.get("/v1/reconciliation", wave_id=wave_id)
        assert (checked["ok"], checked["findings"]) == (True, [])
        assert operator.get(f"/v1/waves/{wave_id}")["state"] == "completed"
        assert operator.get(f"/v1/ledger/accounts/unearned:{wave_id}")["balance"] == 0


def test_the_failed_delivery_ended_at_the_desk_and_its_fee_was_given_back(
    operator: Actor, waves: dict[str, str]
) -> None:
    for wave_id in waves.values():
        orders = [
            order
            for dropoff in operator.everything("/v1/dropoffs")
            for order in operator.everything(f"/v1/dropoffs/{dropoff['id']}/orders", wave_id=wave_id)
        ]
        failed = [order for order in orders if "failed" in [h["event"] for h in order["history"]]]

        assert failed, "a door stayed shut"
        for order in failed:
            assert order["fulfilment_status"] == "collected"
            assert order["courier_fee"] == 0
            assert order["payment_status"] == "paid"
            assert order["refunded"] > 0


def test_nothing_lies_in_a_dead_letter_queue(replayed: Stack) -> None:
    assert replayed.idle()["dead_letters"] == 0


def test_the_replay_says_so_when_its_port_is_taken(replayed: Stack) -> None:
    port = replayed.url.rpartition(":")[2]

    ended = subprocess.run(
        [sys.executable, "-m", "infra.replay"],
        env={**os.environ, "PORT": port}, capture_output=True, text=True, timeout=30, cwd=ROOT,
    )  # fmt: skip

    assert ended.returncode != 0
    assert port in ended.stderr
    assert "Traceback" not in ended.stderr
