"""Tills, hand-overs, and what a cooperative is owed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lumbung.domain import ledger
from lumbung.domain.cash import Remittance, Till, receipt_id
from lumbung.domain.errors import AmountMismatch, Forbidden, InvalidState
from lumbung.domain.settlement import Received, ReceivedLine, Settlement, carry_forward

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
    return Received(f"con_{number}", "wav_1", "cop_1", (ReceivedLine("off_1", "Beras 5 kg", 5_000, 55_000, packs),), AT)


def test_a_cooperative_is_owed_good_packs_of_every_consignment_once() -> None:
    settlement = Settlement("wav_1", "cop_1", AT).add(a_consignment(1, 10)).add(a_consignment(2, 5))

    assert settlement.add(a_consignment(1, 10)) is settlement
    assert settlement.received["off_1"].packs == 15
    assert (settlement.amount, settlement.status) == (825_000, "owed")


def test_a_payout_pays_everything_and_a_second_one_nothing() -> None:
    paid = Settlement("wav_1", "cop_1", AT).add(a_consignment(1, 10)).pay_out(at=AT)

    assert (paid.paid, paid.outstanding, paid.status) == (550_000, 0, "paid")
    with pytest.raises(InvalidState):
        paid.pay_out(at=AT)


def test_what_arrives_after_a_payout_is_owed_again() -> None:
    settlement = Settlement("wav_1", "cop_1", AT).add(a_consignment(1, 10)).pay_out(at=AT).add(a_consignment(2, 1))

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


def a_settlement(wave: str, *, packs: int, refunds: int = 0, paid: bool = False, fee_bp: int = 0) -> Settlement:
    day = int(wave[-1])
    settlement = Settlement(wave, "cop_1", AT + timedelta(days=day), fee_bp).add(
        Received(f"con_{wave}", wave, "cop_1", (ReceivedLine("off_1", "Beras 5 kg", 5_000, 100, packs),), AT)
    )
    settlement = settlement.pay_out(at=AT) if paid else settlement
    return settlement.deduct(f"trf_{wave}", refunds) if refunds else settlement


def test_refunds_and_the_programme_s_fee_are_taken_off() -> None:
    settlement = a_settlement("wav_1", packs=7, refunds=100, fee_bp=150)

    assert settlement.deduct("trf_wav_1", 100) is settlement
    assert (settlement.goods_value, settlement.fee, settlement.amount) == (700, 10, 590)


@pytest.mark.parametrize(
    ("paid_wave", "others", "carried", "left"),
    [
        pytest.param(200, [0], [0], 200, id="nothing else is owed yet"),
        pytest.param(200, [50], [50], 150, id="as far as the next wave is owed"),
        pytest.param(200, [50, 400], [50, 150], 0, id="the rest off the one after it"),
        pytest.param(0, [400], [0], 0, id="nothing too much"),
    ],
)
def test_what_is_deducted_after_it_was_paid_is_carried_forward(
    paid_wave: int, others: list[int], carried: list[int], left: int
) -> None:
    first = a_settlement("wav_1", packs=5, paid=True, refunds=paid_wave)
    later = [a_settlement(f"wav_{n}", packs=owed // 50) for n, owed in enumerate(others, 2)]
    later = [replace(s, received={k: replace(line, price=50) for k, line in s.received.items()}) for s in later]

    changed = {s.id: s for s in carry_forward([*reversed(later), first])}
    after = [changed.get(s.id, s) for s in (first, *later)]

    assert after[0].overdrawn == left
    assert [sum(s.carried_in.values()) for s in after[1:]] == carried
    assert sum(s.outstanding for s in after[1:]) == sum(others) - sum(carried)
    assert carry_forward(after) == []


def test_days_to_pay_run_from_the_last_receipt_to_the_last_payout() -> None:
    owed = a_settlement("wav_1", packs=1)

    assert owed.days_to_pay is None
    assert owed.pay_out(at=AT + timedelta(days=3, hours=12)).days_to_pay == 3.5
