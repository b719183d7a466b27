"""The supplier feed of LKPP's fifth e-catalogue: one row a pack, read in pages (protocols, section F.3)."""

from typing import Any

from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.feed import Broken, FeedPage, Inactive, Read, SourceRefuses, without_contradictions
from lumbung.providers import feed_cells as cells
from lumbung.providers.feed_wire import Wire

PER_PAGE = 500
MAX_PAGES = 20_000  # ten million rows: a feed that goes on longer never ends
_SIZE_LABELS = ("berat", "berat bersih", "kemasan", "ukuran", "isi", "netto")


class LkppV5:
    """*base_url* without the `/lkpp/v1` that all its paths begin with."""

    def __init__(self, base_url: str, secretkey: str) -> None:
        self._wire, self._secretkey = Wire(base_url), secretkey

    def read(self, cursor: str | None) -> FeedPage:
        """Return the page that *cursor* names (None: the first).

        ProviderUnavailable where trying again later may help; SourceRefuses where it does not.
        """
        number = int(cursor or 1)
        if number > MAX_PAGES:
            raise SourceRefuses(f"the feed does not end after {MAX_PAGES} pages")
        asked = {"secretkey": self._secretkey, "page": str(number), "per_page": str(PER_PAGE)}
        page = self._wire.json("/lkpp/v1/all_produk", asked)
        rows, total = (page.get("produk"), page.get("total")) if isinstance(page, dict) else (None, None)
        if not isinstance(rows, list) or type(total) is not int:
            raise ProviderUnavailable("the feed's page has no `produk` list or no `total`")
        last = page.get("total_page")  # a feed may give smaller pages than it was asked for
        more = bool(rows) and number < (last if type(last) is int else -(-total // PER_PAGE))
        return FeedPage(
            without_contradictions((to_row(row), row) for row in rows), str(number + 1) if more else None, total
        )


def to_row(produk: Any) -> Read:
    """Return what one `produk` says, or why it cannot be read.

    The price is the government's, else the retail price; the size is the one in the name, else that of a
    specification.
    """
    sku = None
    try:
        about = _part(produk, "informasi")
        sku = cells.text(about.get("no_produk_penyedia"), "no_produk_penyedia")
        name = cells.text(about.get("nama_produk"), "nama_produk")
        if about.get("produk_aktif") in (0, "0", False):
            return Inactive(sku)
        details, prices = _details(produk), _part(produk, "harga")
        return cells.row(
            sku,
            name,
            cells.weight_g(name, (details.get(label, "") for label in _SIZE_LABELS)),
            cells.price(prices.get(kind) for kind in ("harga_pemerintah", "harga_retail")),
            origin=details.get("asal") or details.get("asal produk"),
            attributes=_attributes(about, details),
        )
    except ValueError as fault:
        return Broken(str(fault), produk, sku)


def _part(produk: Any, name: str) -> dict[str, Any]:
    part = produk.get(name) if isinstance(produk, dict) else None
    if not isinstance(part, dict):
        raise ValueError(f"{name} is no object")
    return part


def _details(produk: dict[str, Any]) -> dict[str, str]:
    """Return the specification's descriptions by lower-case label."""
    part = produk.get("spesifikasi")
    items = part.get("item") if isinstance(part, dict) else None
    return {
        label.lower(): told
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict)
        and (label := _words(item.get("label"))) is not None
        and (told := _words(item.get("deskripsi"))) is not None
    }


def _words(raw: Any) -> str | None:
    return raw.strip() if isinstance(raw, str) and len(raw) <= 200 and raw.strip().isprintable() else None


def _attributes(about: dict[str, Any], details: dict[str, str]) -> dict[str, Any]:
    """Return local content (per cent), domestic product, and the marks that the specification names."""
    attributes: dict[str, Any] = {name: details[name] for name in ("sni", "halal") if details.get(name)}
    content = about.get("tkdn_produk")
    if not isinstance(content, str):
        attributes["tkdn"] = cells.percent(content)
    if (local := about.get("apakah_produk_lokal")) in (0, 1):
        attributes["pdn"] = bool(local)
    return attributes
