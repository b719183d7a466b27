"""What the sixth e-catalogue is to show of a cooperative's packs, against what is known to be there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lumbung.domain.listing import GATEWAY, Entry, Line, Listing, entry, standing
from lumbung.domain.product import Product


@dataclass(frozen=True, slots=True)
class Place:
    """One pack: its state, what the next workbook is to do, and what both sides say."""

    sku: str
    product_id: str
    state: str
    action: str | None
    wanted: Entry | None
    listing: Listing | None

    @property
    def commodity(self) -> str | None:
        """The category whose workbook it belongs into."""
        known = self.wanted or (self.listing.written if self.listing else None)
        return known.commodity if known else None

    @property
    def line(self) -> Line | None:
        """What the next workbook is to say of it; what ends is named as it was written."""
        said = self.wanted or (self.listing.written if self.listing else None)
        number = self.listing.shown.number if self.listing and self.listing.shown else None
        return Line(self.action, self.sku, said, number) if self.action and said else None


def outbox(products: Iterable[Product], listings: Mapping[str, Listing]) -> Iterator[Place]:
    """Yield the packs of one cooperative by number: those it sells, and those that are or may be listed.

    What came from the catalogue itself is listed there already. Of two products that claim a number it is the one
    whose id comes first.
    """
    wanted: dict[str, tuple[str, Entry]] = {}
    for product in sorted(products, key=lambda one: one.id):
        if product.source is None or product.source.system != GATEWAY:
            for pack in product.known_packs:
                if pack.active:
                    wanted.setdefault(pack.sku, (product.id, entry(product, pack)))
    for sku in sorted(wanted.keys() | listings.keys()):
        listing = listings.get(sku)
        product_id, said = wanted.get(sku, (listing.product_id if listing else "", None))
        state, action = standing(said, listing)
        if state:
            yield Place(sku, product_id, state, action, said, listing)
