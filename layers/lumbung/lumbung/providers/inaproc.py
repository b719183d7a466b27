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
from lumbung.domain.listing import sku_in
from lumbung.domain.market import Kind, Observed, Sampler
from lumbung.domain.supplier import Supplier, told_by
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
        self._observed: tuple[Observed, ...] = ()
        self._details: dict[str, Any] = {}

    def read(self, cursor: str | None) -> FeedPage:
        """Return the page that *cursor* names (None: the first): products of one supplier after another."""
        if not self._suppliers:
            raise SourceRefuses("no supplier is configured whose products are to be read")
        if self._prices is None or cursor is None:
            self._prices, self._observed = self._look_at_purchases()
        number, inner = json.loads(cursor) if cursor else (0, None)
        supplier = self._suppliers[number]
        rows, after = self._page("list-produk-penyedia", {"kode_penyedia": supplier}, inner)
        detail = self._detail(supplier)
        read = without_contradictions((to_row(row, supplier, self._prices, detail), row) for row in rows)
        observed = () if cursor else self._observed
        if after is not None:
            return FeedPage(read, json.dumps([number, after]), None, observed=observed)
        more = number + 1 < len(self._suppliers)
        return FeedPage(read, json.dumps([number + 1, None]) if more else None, None, observed=observed)

    def products_of(self, supplier: str) -> Iterator[Any]:
        """Yield what the catalogue shows of one supplier, as received."""
        return self._all("list-produk-penyedia", {"kode_penyedia": supplier})

    def _detail(self, code: str) -> Any:
        """Return the supplier's detail as received, asked for once; None where the gateway tells none."""
        if code not in self._details:
            rows, _ = self._page("penyedia-detail", {"kode_penyedia": code}, None)
            self._details[code] = rows[0] if rows else None
        return self._details[code]

    def _look_at_purchases(self) -> tuple[Prices, tuple[Observed, ...]]:
        """Return the suppliers' unit prices, by product, and a sample of what food of each kind was bought for."""
        prices: dict[str, list[int]] = defaultdict(list)
        sampler, wanted = Sampler(), set(self._suppliers)
        for year, institution in self._scope:
            asked = {"kode_klpd": institution, "tahun": str(year)}
            kinds = self._kinds(asked)
            for row in self._all("paket-e-purchasing", asked):
                if not isinstance(row, dict) or not (price := unit_price(row)):
                    continue
                product = str(row["product_id"]).strip()
                if row.get("kode_penyedia") in wanted:
                    prices[product].append(price)
                if product in kinds:
                    kind, grams = kinds[product]
                    sampler.note(*kind, price * 1000 // grams, str(row.get("order_id")))
        return prices, sampler.observed()

    def _kinds(self, asked: Mapping[str, str]) -> dict[str, tuple[Kind, int]]:
        """Return what is bought of food: its kind and grams, as the lines of purchases name their products."""
        kinds = {}
        for row in self._all("e-purchasing-by-produk", asked):
            if isinstance(row, dict) and (found := kind_of(cells.short(row.get("nama_produk")) or "")):
                kinds[str(row.get("product_id")).strip()] = found
        return kinds

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


def kind_of(name: str) -> tuple[Kind, int] | None:
    """Return what food a product is, and the grams of a pack; None where its name does not tell both.

    "Beras Premium 5 kg"   (("rice", "premium"), 5000)
    "Beras Premium"        None
    "Kertas A4 80 gr"      None
    """
    commodity, grams = normalise.commodity(name), normalise.pack_size_g(name)
    if commodity == "other" or not grams:
        return None
    return (commodity, normalise.rice_grade(name) if commodity == "rice" else None), grams


def to_supplier(received: Any, code: str) -> Supplier | None:
    """Return who a supplier is; None where its name cannot be read. Addresses and phones are not kept."""
    told = received if isinstance(received, dict) else {}
    name = cells.short(told.get("nama_penyedia"))
    numbers = (cells.short(told.get("nib")), cells.short(told.get("npwp_penyedia")))
    return told_by(code=code, name=name, nib_=numbers[0], npwp_=numbers[1]) if name else None


def _of_supplier(detail: Any) -> dict[str, Any]:
    """Return what procurement asks of a product's supplier: whether it is a small business, and of what kind."""
    told = detail if isinstance(detail, dict) else {}
    small = told.get("status_umkk")
    return {"umkm": bool(small) if small in (0, 1) else None, "kbli": cells.short(told.get("kbli_id"))}


def to_row(received: Any, supplier: str, prices: Prices, detail: Any = None) -> Read:
    """Return what one product says, with the price that was observed; why not, where it cannot be read.

    *detail*: the supplier's, as received. What is listed there from here is no product of another supplier.
    """
    sku = None
    try:
        if not isinstance(received, dict):
            raise ValueError("the row is no object")
        sku = cells.text(received.get("kd_produk"), "kd_produk")
        name = cells.text(received.get("nama_produk"), "nama_produk")
        if received.get("status_produk_tayang") is False or sku_in(name):
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
            attributes={"price_basis": "observed", "supplier": supplier, **_of_supplier(detail)},
            supplier=to_supplier(detail, supplier),
        )
    except ValueError as fault:
        return Broken(str(fault), without_reference(received), sku)


def without_reference(received: Any) -> Any:
    """Return the row without what changes on every fetch, so that the same fault reads the same."""
    return {k: v for k, v in received.items() if k != "last_update_ref"} if isinstance(received, dict) else received
