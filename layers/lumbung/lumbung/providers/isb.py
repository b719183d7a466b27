"""LKPP's older service bus: products of the fifth catalogue, one call each (protocols, section F.1).

It has no list of products. Which there are follows from what an institution bought in a year; each is then asked
for by its number. The key is part of every address, so addresses are never told in errors or logs.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.feed import Broken, FeedPage, Inactive, Read, without_contradictions
from lumbung.domain.supplier import Supplier, told_by
from lumbung.providers import feed_cells as cells
from lumbung.providers.feed_wire import Wire

PER_PAGE = 50  # products, each a call: a page is far within an invocation
NUMBER, STRING = "4", "12"  # the bus's types of parameters


class Isb:
    """*codes* are the numbers under which the bus serves this key: `purchases`, `products` and, where it is served,
    `suppliers`.

    *scope* is what to look through: (year, code of an institution as in the government's list).
    """

    def __init__(self, base_url: str, api_key: str, codes: Mapping[str, str], scope: Sequence[tuple[int, str]]) -> None:
        self._wire, self._codes, self._scope = Wire(f"{base_url.rstrip('/')}/{api_key}/json"), codes, scope
        self._numbers: list[str] | None = None
        self._seller: dict[str, str] = {}
        self._details: dict[str, Any] = {}

    def read(self, cursor: str | None) -> FeedPage:
        """Return the page of products that *cursor* names (None: the first); errors as of `Wire.json`."""
        if self._numbers is None or cursor is None:
            self._numbers = self._bought()
        start = int(cursor or 0)
        rows = []
        for number in self._numbers[start : start + PER_PAGE]:
            path = f"/{self._codes['products']}/Ecat-ProdukDetail/tipe/{NUMBER}/parameter/{number}"
            rows += [(to_row(row, self._supplier_of(number)), row) for row in self._array(path)]
        end = start + PER_PAGE
        more = str(end) if end < len(self._numbers) else None
        return FeedPage(without_contradictions(rows), more, None)

    def _bought(self) -> list[str]:
        """Return the numbers of all products bought within the scope, each once, and note who sold each."""
        found: set[str] = set()
        for year, institution in self._scope:
            asked = f"tipe/{NUMBER}:{STRING}/parameter/{year}:{institution}"
            path = f"/{self._codes['purchases']}/Ecat-PaketEPurchasing/{asked}"
            for row in map(_lowered, self._array(path)):
                if type(row.get("kd_produk")) is int:
                    found.add(str(row["kd_produk"]))
                    if type(row.get("kd_penyedia")) is int:
                        self._seller[str(row["kd_produk"])] = str(row["kd_penyedia"])
        return sorted(found, key=int)

    def _supplier_of(self, product: str) -> Any:
        """Return the detail of who sold a product, as received; None where the bus does not say."""
        code, served = self._seller.get(product), self._codes.get("suppliers")
        if code is None or served is None:
            return None
        if code not in self._details:
            found = self._array(f"/{served}/Ecat-PenyediaDetail/tipe/{NUMBER}/parameter/{code}")
            self._details[code] = found[0] if found else None
        return self._details[code]

    def _array(self, path: str) -> list[Any]:
        answer = self._wire.json(path)
        if not isinstance(answer, list):
            raise ProviderUnavailable("the service bus answers no list")
        return answer


def to_supplier(received: Any) -> Supplier | None:
    """Return who a supplier is; None where its name cannot be read. Addresses and phones are not kept."""
    told = _lowered(received)
    name, code = cells.short(told.get("nama_penyedia")), cells.short(told.get("kd_penyedia"))
    number = cells.short(told.get("npwp_16")) or cells.short(told.get("npwp_penyedia"))
    return told_by(code=code, name=name, npwp_=number) if name else None


def to_row(received: Any, supplier: Any = None) -> Read:
    """Return what one product detail says, or why it cannot be read. Prices are text, some with cents.

    *supplier*: the detail of who sold it, as received; else it is known by the name alone that the product tells.
    """
    sku = None
    try:
        detail = _lowered(received)
        if not detail:
            raise ValueError("the row is no object")
        sku = cells.text(detail.get("no_produk_penyedia") or detail.get("kd_produk"), "no_produk_penyedia")
        name = cells.text(detail.get("nama_produk"), "nama_produk")
        if not _is_sold(detail):
            return Inactive(sku)
        return cells.row(
            sku,
            name,
            cells.weight_g(name, [cells.short(detail.get("unit_pengukuran")) or ""]),
            cells.price([detail.get("harga")]),
            origin=None,
            attributes={**_attributes(detail), **_of_supplier(supplier)},
            hint=" ".join(
                filter(None, (cells.short(detail.get(n)) for n in ("nama_kategori_terkecil", "nama_komoditas")))
            ),
            supplier=to_supplier(supplier) or _named(detail),
        )
    except ValueError as fault:
        return Broken(str(fault), received, sku)


def _of_supplier(received: Any) -> dict[str, Any]:
    """Return what procurement asks of a product's supplier: whether it is a small business, and of what kinds."""
    told = _lowered(received)
    small = {"umkk": True, "ya": True, "non umkk": False, "tidak": False}
    return {
        "umkm": small.get((cells.short(told.get("penyedia_ukm")) or "").lower()),
        "kbli": cells.short(told.get("kbli2020_penyedia")),
    }


def _named(detail: dict[str, Any]) -> Supplier | None:
    name = cells.short(detail.get("nama_penyedia"))
    return told_by(code=None, name=name) if name else None


def _lowered(row: Any) -> dict[str, Any]:
    """Return the row with lower-case names: the bus writes them in either case."""
    return {name.lower(): value for name, value in row.items()} if isinstance(row, dict) else {}


def _is_sold(detail: dict[str, Any]) -> bool:
    shown = str(detail.get("status_tayang", "tayang")).strip().lower()
    return detail.get("active", 1) in (1, True, None) and shown in ("tayang", "none", "")


def _attributes(detail: dict[str, Any]) -> dict[str, Any]:
    kind = (cells.short(detail.get("jenis_produk")) or "").lower()
    return {
        "tkdn": cells.percent(detail.get("tkdn_produk")),
        "bmp": cells.percent(detail.get("nilai_bmp")),
        "kbki": cells.short(detail.get("kbki_id")),
        "pdn": {"lokal": True, "impor": False}.get(kind),
    }
