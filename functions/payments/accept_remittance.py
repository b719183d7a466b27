"""Somebody else counts what was handed over; what is missing stays the person's debt."""

from collections.abc import Sequence
from datetime import datetime

from lumbung.domain import ids, ledger
from lumbung.domain.cash import Remittance
from lumbung.domain.errors import InvalidState
from lumbung.domain.ledger import Transfer
from lumbung.domain.once import Once
from payments.ports import Decide, Memory, Post, Remittances, Tills, Write


def accept_remittance(
    remittance_id: str,
    counted: int,
    *,
    by: str,
    at: datetime,
    once: Once,
    remember: Memory,
    decide: Decide,
    remittances: Remittances,
    tills: Tills,
    post: Post,
) -> Remittance:
    """Book what was counted; Forbidden to whoever handed it over, InvalidState when it was accepted before."""

    def step() -> tuple[Remittance, Sequence[Write]]:
        remittance = remittances.get(remittance_id)
        if remittance.refund_id:
            raise InvalidState("Kas ini dibayarkan kepada anggota: konfirmasikan pengembaliannya.")
        accepted = remittance.accept(counted, by=by, at=at)
        dropoff_id = remittance.dropoff_id
        writes = [
            remember(once, remittance_id),
            remittances.accept(accepted),
            tills.hand_over(dropoff_id, announced=remittance.amount, counted=counted),
        ]
        if counted:
            id_ = ids.within(remittance_id, "trf_", "accepted")
            writes.append(post(Transfer(id_, ledger.BANK, ledger.pic(dropoff_id), counted, at, "Setoran kas diterima")))
        return accepted, writes

    return decide(step, once)
