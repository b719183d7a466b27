"""The supplier feed of LKPP's fifth e-catalogue: one row a pack, read in pages (protocols, section F.3)."""

import json
from typing import Any

import urllib3

from lumbung.domain import normalise
from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.feed import Broken, FeedPage, Inactive, Read, Row, SourceRefuses, without_contradictions

PER_PAGE = 500
MAX_PAGES = 20_000  # ten million rows: a feed that goes on longer never ends
MAX_ANSWER = 32 * 1024 * 1024  # bytes; 500 rows of a talkative supplier are about two
MAX_PRICE, MAX_WEIGHT_G = 1_000_000_000, 1_000_000  # rupiah and grams of one pack of food
_TIMEOUT = urllib3.Timeout(connect=3, read=15)
_RETRIES = urllib3.Retry(
    total=2, backoff_factor=0.2, status_forcelist=(500, 502, 503, 504), raise_on_status=False, redirect=0
)
_SIZE_LABELS = ("berat", "berat bersih", "kemasan", "ukuran", "isi", "netto")


class LkppV5:
    """*base_url* without the `/lkpp/v1` that all its paths begin with."""

    def __init__(self, base_url: str, secretkey: str) -> None:
        self._base_url, self._secretkey = base_url.rstrip("/"), secretkey
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT, retries=_RETRIES)

    def read(self, cursor: str | None) -> FeedPage:
        """Return the page that *cursor* names (None: the first).

        ProviderUnavailable where trying again later may help; SourceRefuses where it does not.
        """
        number = int(cursor or 1)
        if number > MAX_PAGES:
            raise SourceRefuses(f"the feed does not end after {MAX_PAGES} pages")
        page = self._ask(number)
        rows, total = page.get("produk"), page.get("total")
        if not isinstance(rows, list) or type(total) is not int:
            raise ProviderUnavailable("the feed's page has no `produk` list or no `total`")
        last = page.get("total_page")  # a feed may give smaller pages than it was asked for
        more = bool(rows) and number < (last if type(last) is int else -(-total // PER_PAGE))
        return FeedPage(
            without_contradictions((to_row(row), row) for row in rows), str(number + 1) if more else None, total
        )

    def _ask(self, number: int) -> dict[str, Any]:
        asked = {"secretkey": self._secretkey, "page": str(number), "per_page": str(PER_PAGE)}
        try:
            answer = self._pool.request(
                "GET", f"{self._base_url}/lkpp/v1/all_produk", fields=asked, preload_content=False
            )
            body = answer.read(MAX_ANSWER + 1)
            answer.release_conn()
        except urllib3.exceptions.HTTPError as failure:
            raise ProviderUnavailable(f"the feed does not answer: {type(failure).__name__}") from None
        if answer.status in (401, 403, 404):
            raise SourceRefuses(f"the feed answers {answer.status}")
        if answer.status != 200 or len(body) > MAX_ANSWER:
            raise ProviderUnavailable(f"the feed answers {answer.status} with {len(body)} bytes")
        try:
            page = json.loads(body)
        except (ValueError, RecursionError):
            raise ProviderUnavailable("the feed's answer is no JSON") from None
        if not isinstance(page, dict):
            raise ProviderUnavailable("the feed's answer is no object")
        return page


def to_row(produk: Any) -> Read:
    """Return what one `produk` says, or why it cannot be read.

    The price is the government's, else the retail price. The size is the one in the name, else that of a
    specification; where both are there and differ by more than a tenth, nobody knows which is right.
    """
    sku = None
    try:
        about = _part(produk, "informasi")
        sku = _sku(about)
        name = _text(about.get("nama_produk"), "nama_produk")
        if about.get("produk_aktif") in (0, "0", False):
            return Inactive(sku)
        details = _details(produk)
        return Row(
            sku=sku,
            name=normalise.base_name(name),
            weight_g=_weight_g(name, details),
            price=_price(_part(produk, "harga")),
            commodity=normalise.commodity(name),
            grade=normalise.rice_grade(name) if normalise.commodity(name) == "rice" else None,
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


def _sku(about: dict[str, Any]) -> str:
    raw = about.get("no_produk_penyedia")
    return _text(str(raw) if type(raw) is int else raw, "no_produk_penyedia")


def _text(raw: Any, name: str) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError(f"{name} is missing")
    if len(raw) > 200 or not raw.strip().isprintable():
        raise ValueError(f"{name} is too long, or not printable")
    return raw.strip()


def _price(prices: dict[str, Any]) -> int:
    for name in ("harga_pemerintah", "harga_retail"):
        if price := normalise.rupiah(prices.get(name)):
            return _within(price, MAX_PRICE, "price")
    raise ValueError("there is no price")


def _weight_g(name: str, details: dict[str, str]) -> int:
    named = normalise.pack_size_g(name)
    told = next((g for label in _SIZE_LABELS if (g := normalise.pack_size_g(details.get(label, "")))), None)
    if named and told and abs(named - told) * 10 > named:
        raise ValueError(f"the name says {named} g, the specification {told} g")
    if size := named or told:
        return _within(size, MAX_WEIGHT_G, "weight")
    raise ValueError("there is no weight")


def _within(value: int, limit: int, name: str) -> int:
    if value > limit:
        raise ValueError(f"the {name} {value:.3g} cannot be right")
    return value


def _details(produk: dict[str, Any]) -> dict[str, str]:
    """Return the specification's descriptions by lower-case label."""
    part = produk.get("spesifikasi")
    items = part.get("item") if isinstance(part, dict) else None
    return {
        item["label"].strip().lower(): item["deskripsi"].strip()
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict) and _is_short(item.get("label")) and _is_short(item.get("deskripsi"))
    }


def _is_short(text: Any) -> bool:
    return isinstance(text, str) and len(text) <= 200 and text.strip().isprintable()


def _attributes(about: dict[str, Any], details: dict[str, str]) -> dict[str, Any]:
    """Return local content (per cent), domestic product, and the marks that the specification names."""
    attributes: dict[str, Any] = {name: details[name] for name in ("sni", "halal") if details.get(name)}
    content = about.get("tkdn_produk")
    if isinstance(content, int | float) and not isinstance(content, bool) and 0 <= content <= 100:
        attributes["tkdn"] = content
    if (local := about.get("apakah_produk_lokal")) in (0, 1):
        attributes["pdn"] = bool(local)
    return attributes
