"""Refunds for which a cooperative is liable are taken off its settlement; what is too much, off another wave's."""

from lumbung.domain import ledger
from lumbung.domain.errors import Stale
from lumbung.domain.ledger import Transfer
from lumbung.domain.settlement import Settlement, carry_forward, settlement_id
from payments.ports import Settlements

TRIES = 8


def deduct_refund(transfer: Transfer, *, settlements: Settlements) -> bool:
    """Take a transfer off its cooperative's settlement if it charges one with a refund; False when nothing is new."""
    kind, _, cooperative_id = transfer.debit.partition(":")
    wave_id = transfer.wave_id
    if kind != "cooperative" or wave_id is None or transfer.credit != ledger.unearned(wave_id):
        return False
    for _ in range(TRIES):
        before = settlements.find(wave_id, cooperative_id) or Settlement(wave_id, cooperative_id, transfer.at)
        after = before.deduct(transfer.id, transfer.amount)
        try:
            if after is not before:
                settlements.commit(settlements.save(after))
        except Stale:
            continue  # goods of it arrived, or it was paid out, in between
        carry_deductions(wave_id, cooperative_id, settlements=settlements)
        return after is not before
    raise Stale(f"settlement of {cooperative_id} in {wave_id}")


def carry_deductions(wave_id: str, cooperative_id: str, *, settlements: Settlements) -> None:
    """Carry forward whatever the cooperative's settlements are overdrawn by, as far as others are still owed."""
    for _ in range(TRIES):
        known = settlements.of_cooperative(cooperative_id, also=settlement_id(wave_id, cooperative_id))
        changed = carry_forward(known)
        try:
            if changed:
                settlements.commit(*map(settlements.save, changed))
        except Stale:
            continue
        return
    raise Stale(f"settlements of {cooperative_id}")
