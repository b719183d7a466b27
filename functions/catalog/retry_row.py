"""Take a row after all that a run had set aside: its cause is mended, or a person says that it is right."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from catalog.ports import Products, Syncs
from lumbung.domain.errors import Fault, Invalid, InvalidState
from lumbung.domain.feed import Broken, Read, Row
from lumbung.domain.guard import doubt, implausible
from lumbung.domain.market import Market
from lumbung.domain.product import Product
from lumbung.domain.sync import Quarantined, take_row


def retry_row(
    row: Quarantined, *, believe: bool, market: Market, reread: Callable[[Quarantined], Read | None], at: datetime,
    by: str, product_id: Callable[[str], str], products: Products, syncs: Syncs, first: Sequence[Any],
) -> tuple[Product, Sequence[Any]]:  # fmt: skip
    """Return the product with the row's pack, and the writes that make it so.

    *believe*: also if its price is not plausible, or far from the *market*. Invalid (with what is still wrong) where
    it cannot be read or is not believed; InvalidState for a source whose rows only a new run can read.
    """
    read = row.read or reread(row)
    if read is None:
        raise InvalidState(f"Baris dari {row.source} hanya dapat dibaca ulang oleh sinkronisasi berikutnya.")
    if not isinstance(read, Row):
        why = read.reason if isinstance(read, Broken) else "kemasan tidak lagi dijual"
        raise Invalid("Baris masih belum dapat diambil.", [Fault("/row", why)])
    id_ = product_id(read.group)
    known = products.stored([id_]).get(id_)
    if not believe and (reason := implausible(known, read, market) or (doubt(known, read, market) if known else None)):
        raise Invalid("Baris masih diragukan.", [Fault("/believe", reason)])
    taken = take_row(known, read, product_id=id_, source=row.source, at=at, trusted=True)
    done = [*first, syncs.take_out(row, at=at, by=by)]
    if known is None:
        return taken.product, [*done, *products.add(taken.product)]
    return taken.product, done if taken.product is known else [*done, products.save(taken.product)]
