"""The government's data gateway, INAPROC v1: the sixth catalogue's products of some suppliers (protocols, F.2).

It tells neither price, stock nor local content. What a product costs is therefore *observed*: the median unit price
of completed purchases of that product alone. A product that nobody has bought so has no price, and is set aside.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import median_low
from typing import Any

from lumbung.domain import normalise
from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.feed import Broken, FeedPage, Inactive, Read, SourceRefuses, without_contradictions
from lumbung.providers import feed_cells as cells
from lumbung.providers.feed_wire import Wire

PER_PAGE = 500
MAX_PAGES = 2_000  # of one list: a cursor that goes on longer never ends
Prices = Mapping[str, Sequence[int]]


class Inaproc:
    """*suppliers*: codes whose products are read; *scope*: (year, institution) whose purchases show prices."""

    def __init__(self, base_url: str, token: str, suppliers: Sequence[str], scope: Sequence[tuple[int, str]]) -> None:
        self._wire = Wire(base_url, {"Authorization": f"Bearer {token}"})
        self._suppliers, self._scope = suppliers, scope
        self._prices: Prices | None = None

    def read(self, cursor: str | None) -> FeedPage:
        """Return the page that *cursor* names (None: the first): products of one supplier after another."""
        if not self._suppliers:
            raise SourceRefuses("no supplier is configured whose products are to be read")
        if self._prices is None or cursor is None:
            self._prices = self._observed()
        number, inner = json.loads(cursor) if cursor else (0, None)
        supplier = self._suppliers[number]
        rows, after = self._page("list-produk-penyedia", {"kode_penyedia": supplier}, inner)
        read = without_contradictions((to_row(row, supplier, self._prices), row) for row in rows)
        if after is not None:
            return FeedPage(read, json.dumps([number, after]), None)
        more = number + 1 < len(self._suppliers)
        return FeedPage(read, json.dumps([number + 1, None]) if more else None, None)

    def _observed(self) -> Prices:
        """Return the unit prices seen, by product: bounded by what the suppliers sell, not by what was bought."""
        prices: dict[str, list[int]] = defaultdict(list)
        wanted = set(self._suppliers)
        for year, institution in self._scope:
            for row in self._all("paket-e-purchasing", {"kode_klpd": institution, "tahun": str(year)}):
                if isinstance(row, dict) and row.get("kode_penyedia") in wanted and (price := unit_price(row)):
                    prices[str(row["product_id"]).strip()].append(price)
        return prices

    def _all(self, name: str, asked: Mapping[str, str]) -> Iterator[Any]:
        cursor = None
        for _ in range(MAX_PAGES):
            rows, cursor = self._page(name, asked, cursor)
            yield from rows
            if cursor is None:
                return
        raise SourceRefuses(f"{name} does not end after {MAX_PAGES} pages")

    def _page(self, name: str, asked: Mapping[str, str], cursor: str | None) -> tuple[list[Any], str | None]:
        more = {"cursor": cursor} if cursor else {}
        answer = self._wire.json(f"/ekatalog/{name}", {**asked, "limit": str(PER_PAGE), **more})
        rows, meta = (answer.get("data"), answer.get("meta")) if isinstance(answer, dict) else (None, None)
        if not isinstance(rows, list) or not isinstance(meta, dict):
            raise ProviderUnavailable(f"{name} answers without `data` or `meta`")
        after = meta.get("cursor") if meta.get("has_more") is True else None
        if after is not None and (not isinstance(after, str) or after == cursor):
            raise ProviderUnavailable(f"{name} answers a cursor that leads nowhere")
        return rows, after


def unit_price(purchase: Mapping[str, Any]) -> int | None:
    """Return what one pack cost in a purchase; None where it does not show.

    status      products   quantity   total     shipping   unit price
    COMPLETED   one        10         650,000   null       65,000
    COMPLETED   one        10         670,000   20,000     65,000
    COMPLETED   two, …     10         650,000   null       None
    CANCELLED   one        10         650,000   null       None
    """
    product, quantity = purchase.get("product_id"), purchase.get("total_qty")
    if purchase.get("status") != "COMPLETED" or not isinstance(product, str) or "," in product:
        return None
    try:
        total, shipping = normalise.rupiah(purchase.get("total")), normalise.rupiah(purchase.get("shipping_fee"))
    except ValueError:
        return None
    if type(quantity) is not int or quantity < 1 or not total or total <= (shipping or 0):
        return None
    return (2 * (total - (shipping or 0)) + quantity) // (2 * quantity)


def to_row(received: Any, supplier: str, prices: Prices) -> Read:
    """Return what one product says, with the price that was observed; why not, where it cannot be read."""
    sku = None
    try:
        if not isinstance(received, dict):
            raise ValueError("the row is no object")
        sku = cells.text(received.get("kd_produk"), "kd_produk")
        name = cells.text(received.get("nama_produk"), "nama_produk")
        if received.get("status_produk_tayang") is False:
            return Inactive(sku)
        seen = prices.get(sku)
        if not seen:
            raise ValueError("there is no price: the gateway tells none, and no purchase shows one")
        return cells.row(
            sku,
            name,
            cells.weight_g(name, ()),
            cells.price([median_low(seen)]),
            origin=None,
            attributes={"price_basis": "observed", "supplier": supplier},
        )
    except ValueError as fault:
        return Broken(str(fault), without_reference(received), sku)


def without_reference(received: Any) -> Any:
    """Return the row without what changes on every fetch, so that the same fault reads the same."""
    return {k: v for k, v in received.items() if k != "last_update_ref"} if isinstance(received, dict) else received
