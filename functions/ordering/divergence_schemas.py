"""What the programme office reads of offers that the catalogue has moved on from."""

from lumbung.runtime.schema import View
from ordering.compare_offers import Divergence


class DivergenceView(View):
    """`field`: name, cooperative_id, weight_g, price, or state (the pack was withdrawn)."""

    offer_id: str
    product_id: str
    sku: str
    field: str
    in_wave: str | int
    in_catalog: str | int

    @classmethod
    def of(cls, found: Divergence) -> "DivergenceView":
        return cls(
            offer_id=found.offer.id, product_id=found.offer.product_id, sku=found.offer.sku, field=found.field,
            in_wave=found.in_wave, in_catalog=found.in_catalog,
        )  # fmt: skip


class DivergenceList(View):
    items: list[DivergenceView]
