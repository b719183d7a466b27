"""An order that is fetched after all: what its member paid for the courier goes back."""

from datetime import datetime

from dispatch.ports import Refunds, Write
from lumbung.domain.delivery import Delivery
from lumbung.domain.order import Order


def give_fee_back(
    before: Order, after: Order, delivery: Delivery, *, at: datetime, by: str, refunds: Refunds
) -> tuple[Order, list[Write]]:
    """Return *after*, which fell back to pick-up, promising *before*'s courier fee back, as far as it was paid.

    The courier is liable where one was to bring it and did not, else the programme.
    """
    back = min(before.courier_fee, after.kept - after.owed)
    if back <= 0:
        return after, []
    _, promised, writes = refunds.decide(
        after, back, cause="courier_fee", reason="Diambil sendiri, ongkos kirim dikembalikan",
        liable="courier" if delivery.failed_before else "programme", at=at, by=by,
    )  # fmt: skip
    return promised, list(writes)
