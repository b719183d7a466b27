"""Which packs of rice cost more than the regulation of a zone allows on a day: told, and not refused."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from lumbung.domain.price_ceiling import Ceiling, ceiling
from lumbung.domain.product import Pack, Product

RICE = "rice"


@dataclass(frozen=True, slots=True)
class TooDear:
    product: Product
    pack: Pack
    ceiling: Ceiling


def above_ceiling(products: Iterable[Product], zone: str, on: date) -> Iterator[TooDear]:
    """Yield the active packs above the ceiling of *zone* on that day, in the order of *products*."""
    for product in products:
        limit = ceiling(zone, product.grade, on) if product.commodity == RICE else None
        for pack in product.packs:
            if limit and pack.active and limit.is_exceeded(pack.price, pack.weight_g):
                yield TooDear(product, pack, limit)
