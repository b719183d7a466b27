"""A cooperative is paid what it is still owed for a wave."""

from collections.abc import Sequence
from datetime import datetime

from lumbung.domain import ids, ledger
from lumbung.domain.ledger import Transfer
from lumbung.domain.once import Once
from lumbung.domain.settlement import Payout
from payments.carry_deductions import carry_deductions
from payments.ports import Decide, Memory, Post, Settlements, Write


def pay_out(
    settlement_id: str,
    *,
    reference: str | None,
    by: str,
    at: datetime,
    once: Once,
    remember: Memory,
    decide: Decide,
    settlements: Settlements,
    post: Post,
) -> Payout:
    """Book the payout of everything outstanding; InvalidState when nothing is."""
    known = settlements.get(settlement_id)
    carry_deductions(known.wave_id, known.cooperative_id, settlements=settlements)

    def step() -> tuple[Payout, Sequence[Write]]:
        before = settlements.get(settlement_id)
        after = before.pay_out(at=at)
        paid = Payout.of(after, before.outstanding, at=at, by=by, reference=reference)
        transfer = Transfer(
            id=ids.within(settlement_id, "trf_", "payout", str(after.payouts)),
            debit=ledger.cooperative(before.cooperative_id),
            credit=ledger.BANK,
            amount=before.outstanding,
            at=at,
            reason="Pembayaran kepada koperasi",
            wave_id=before.wave_id,
            reference=reference,
        )
        return paid, [remember(once, paid.id), settlements.save(after), settlements.add_payout(paid), post(transfer)]

    return decide(step, once)
