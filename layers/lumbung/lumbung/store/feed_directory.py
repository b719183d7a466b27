"""Which packs there are, in the feed's order: what makes a page number of a feed mean something.

The e-catalogue asks for page after page by number, and a table has no page numbers. So the packs are listed once,
small, when it asks for the first page, and the pages that follow are cut from that list: a pull sees every pack
once, whatever is added meanwhile. What a page shows of its packs is read anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumbung.store.catalog import Products

FRESH = timedelta(seconds=2)  # a first page is never older
ONE_PULL = timedelta(minutes=10)  # in which the pages that follow it are asked for


@dataclass(frozen=True, slots=True)
class Place:
    """One pack, and when it was last changed."""

    sku: str
    product_id: str
    changed_at: datetime


class Directory:
    """Remembers the list between the pages of a pull; *now* is a clock."""

    def __init__(self, products: Products, now: Callable[[], datetime]) -> None:
        self._products, self._now = products, now
        self._made: datetime | None = None
        self._places: list[Place] = []

    def places(self, *, first_page: bool) -> list[Place]:
        """Return every pack by sku. A sku that two products claim is the one whose product's id comes first."""
        good_for = FRESH if first_page else ONE_PULL
        if self._made is None or self._now() - self._made >= good_for:
            found: dict[str, Place] = {}
            for product in self._products.every():
                for pack in product.known_packs:
                    known = found.get(pack.sku)
                    if known is None or product.id < known.product_id:
                        found[pack.sku] = Place(pack.sku, product.id, product.changed_at)
            self._made, self._places = self._now(), sorted(found.values(), key=lambda place: place.sku)
        return self._places
