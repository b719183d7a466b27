"""Tills, hand-overs, and what a cooperative is owed."""

from datetime import UTC, datetime

import pytest

from lumbung.domain import ledger
from lumbung.domain.cash import Remittance, Till, receipt_id
from lumbung.domain.errors import AmountMismatch, Forbidden, InvalidState
from lumbung.domain.settlement import Received, ReceivedLine, Settlement

AT = datetime(2020, 4, 10, 3, 0, tzinfo=UTC)


def test_what_is_announced_is_on_hand_and_not_free() -> None:
    till = Till("drp_1", collected=300, remitted=100, announced=150)

    assert (till.on_hand, till.free) == (200, 50)


def test_what_was_not_counted_is_a_shortage() -> None:
    accepted = Remittance("rem_1", "drp_1", 200, "tunai", "pic", AT).accept(180, by="op", at=AT)

    assert (accepted.status, accepted.shortage) == ("accepted", 20)


@pytest.mark.parametrize(
    ("counted", "by", "error"),
    [
        pytest.param(200, "pic", Forbidden, id="by whoever handed it over"),
        pytest.param(201, "op", AmountMismatch, id="more than was announced"),
        pytest.param(-1, "op", AmountMismatch, id="less than nothing"),
    ],
)
def test_a_hand_over_is_not_accepted(counted: int, by: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        Remittance("rem_1", "drp_1", 200, "tunai", "pic", AT).accept(counted, by=by, at=AT)


def test_a_hand_over_is_accepted_once() -> None:
    accepted = Remittance("rem_1", "drp_1", 200, "tunai", "pic", AT).accept(200, by="op", at=AT)

    with pytest.raises(InvalidState):
        accepted.accept(200, by="op-2", at=AT)


def test_a_receipt_number_is_one_payment_in_its_drop_off() -> None:
    assert receipt_id("drp_1", "A-1") == receipt_id("drp_1", "A-1") != receipt_id("drp_2", "A-1")


def a_consignment(number: int, packs: int) -> Received:
    return Received(f"con_{number}", "wav_1", "cop_1", (ReceivedLine("off_1", "Beras 5 kg", 5_000, 55_000, packs),))


def test_a_cooperative_is_owed_good_packs_of_every_consignment_once() -> None:
    settlement = Settlement("wav_1", "cop_1").add(a_consignment(1, 10)).add(a_consignment(2, 5))

    assert settlement.add(a_consignment(1, 10)) is settlement
    assert settlement.received["off_1"].packs == 15
    assert (settlement.amount, settlement.status) == (825_000, "owed")


def test_a_payout_pays_everything_and_a_second_one_nothing() -> None:
    paid = Settlement("wav_1", "cop_1").add(a_consignment(1, 10)).pay_out()

    assert (paid.paid, paid.outstanding, paid.status) == (550_000, 0, "paid")
    with pytest.raises(InvalidState):
        paid.pay_out()


def test_what_arrives_after_a_payout_is_owed_again() -> None:
    settlement = Settlement("wav_1", "cop_1").add(a_consignment(1, 10)).pay_out().add(a_consignment(2, 1))

    assert (settlement.outstanding, settlement.status) == (55_000, "partially_paid")


@pytest.mark.parametrize(
    ("account", "kind"),
    [
        ("gateway:midtrans", "asset"),
        ("bank", "asset"),
        ("unearned:wav_1", "liability"),
        ("write_off", "expense"),
        ("gateway:", None),
        ("bank:x", None),
        ("gateway", None),
        ("nonsense", None),
    ],
)
def test_the_chart_of_accounts_knows_its_accounts(account: str, kind: str | None) -> None:
    assert ledger.kind(account) == kind


def test_balances_are_read_from_their_own_side() -> None:
    assert ledger.balance("bank", 100, 30) == 70
    assert ledger.balance("cooperative:cop_1", 30, 100) == 70
