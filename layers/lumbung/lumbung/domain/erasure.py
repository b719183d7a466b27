"""Somebody wants to be forgotten (UU 27/2022, articles 8, 43 and 44): at once, or as soon as nothing is owed any more.

What was bought and paid stays with its ids, because the law on accounts wants it kept; whose it was is gone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lumbung.domain.desk import ended
from lumbung.domain.order import Order

WAITING, DONE = "waiting", "done"


@dataclass(frozen=True, slots=True)
class Erasure:
    """A member's wish, ids only. `ids`: every id under which this human is known; `swept`: nothing sealed is left."""

    member_id: str
    ids: tuple[str, ...]
    asked_at: datetime
    done_at: datetime | None = None
    swept: bool = False

    @property
    def status(self) -> str:
        return DONE if self.done_at else WAITING

    def do(self, at: datetime) -> "Erasure":
        return replace(self, done_at=at)


def obligations(
    orders: Iterable[Order], *, in_charge_of: Sequence[str] = (), deductions: Iterable[str] = ()
) -> list[str]:
    """Return what has to come to its end before somebody can be forgotten, as they are told it.

    order                                        in the way
    placed or paid, its goods still to come      yes: without a name nobody could hand them over
    over, and a refund is owed                   yes: without an account nobody could pay it
    cancelled, expired or over, nothing owed     no
    """
    found = [f"Pesanan {order.id} belum selesai." for order in orders if _open(order)]
    found += [f"Anda masih penanggung jawab titik ambil {dropoff}." for dropoff in in_charge_of]
    found += [f"Potongan TPP untuk pembayaran {payment} masih berjalan." for payment in sorted(deductions)]
    return found


def _open(order: Order) -> bool:
    on_its_way = order.live and not ended(order)
    return on_its_way or order.refund_decided > order.refunded or order.kept > order.owed
