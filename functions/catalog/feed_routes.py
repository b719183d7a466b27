"""HTTP: what the government's e-catalogue and buyers' systems pull from us."""

import hmac
import re
from collections.abc import Iterable
from datetime import date
from math import ceil
from typing import Any

from catalog import peppol_feed
from catalog.lkpp_feed import WIB, to_produk, written
from lumbung.domain.errors import Fault, Forbidden, Invalid, InvalidState, NotFound
from lumbung.domain.product import Product
from lumbung.domain.product_search import Search
from lumbung.runtime import deps, deps_catalog
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
PER_PAGE = 500
MOST_PRODUCTS = 2_000  # of one cooperative: what fits into an answer
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2})?")


@routes.get(
    "/v1/feeds/lkpp/products",
    returns=dict,
    query=("order_by", "sort", "secretkey", "page", "per_page", "start_date", "end_date"),
    refuses=(403,),
)
def get_feed(call: Call) -> dict[str, Any]:
    """Return one page of packs, active or not: all, or those changed between two days (both whole, WIB)."""
    _know_caller(call)
    page, size = _number(call, "page", 1, at_most=1_000_000), _number(call, "per_page", PER_PAGE, at_most=PER_PAGE)
    start, end = _moment(call, "start_date", "00:00:00"), _moment(call, "end_date", "23:59:59")
    chosen = [
        place for place in deps_catalog.feed_directory().places(first_page=page == 1)
        if (not start or start <= written(place.changed_at)) and (not end or written(place.changed_at) <= end)
    ]  # fmt: skip
    if call.query.get("order_by") == "updated_date":
        chosen.sort(key=lambda place: place.changed_at, reverse=call.query.get("sort") == "desc")
    return {
        "total": len(chosen),
        "current_page": page,
        "per_page": size,
        "total_page": ceil(len(chosen) / size),
        "produk": _rows(chosen[(page - 1) * size : page * size]),
    }


@routes.get("/v1/feeds/lkpp/products/{no_produk_penyedia}", returns=dict, query=("secretkey",), refuses=(403,))
def get_feed_product(call: Call, no_produk_penyedia: str) -> dict[str, Any]:
    _know_caller(call)
    found = [
        place for place in deps_catalog.feed_directory().places(first_page=True) if place.sku == no_produk_penyedia
    ]
    for row in _rows(found):
        return {"produk": row}
    raise NotFound("Produk tidak ditemukan.")


@routes.get("/v1/feeds/peppol/{cooperative_id}", media=("application/xml",), cache_s=60, refuses=(409,))
def get_peppol(call: Call, cooperative_id: str) -> Answer:
    """Return a cooperative's catalogue as Peppol XML."""
    owner = deps.cooperatives().get(cooperative_id)
    found: list[Product] = []
    start = None
    while len(found) <= MOST_PRODUCTS:
        some, start = deps_catalog.products().page(Search(cooperative_id=owner.id), limit=100, start=start)
        found += some
        if start is None:
            issued = call.at.astimezone(WIB).date()
            return Answer(peppol_feed.catalogue(owner, found, issued=issued), media_type="application/xml")
    raise InvalidState(f"Katalog ini lebih besar dari {MOST_PRODUCTS} produk.")


def _know_caller(call: Call) -> None:
    """The e-catalogue proves itself by a secret in the address: that is its protocol."""
    given = call.query.get("secretkey", "").encode()
    if not any(hmac.compare_digest(given, known.encode()) for known in deps_catalog.feed_secrets()):
        raise Forbidden("secretkey tidak benar.")


def _rows(places: Iterable[Any]) -> list[dict[str, Any]]:
    places = list(places)
    products = deps_catalog.products().get_many(sorted({place.product_id for place in places}))
    return [
        to_produk(product, pack)
        for place in places
        if (product := products.get(place.product_id)) and (pack := product.pack(place.sku))
    ]


def _number(call: Call, name: str, default: int, *, at_most: int) -> int:
    raw = call.query.get(name) or str(default)
    if not (raw.isascii() and raw.isdecimal() and len(raw) < 10 and 1 <= int(raw) <= at_most):
        raise Invalid(f"{name}: 1 sampai {at_most}.", [Fault(f"/query/{name}", f"1 sampai {at_most}")])
    return int(raw)


def _moment(call: Call, name: str, time: str) -> str | None:
    """Return a day, or a day and time, as the feed writes times; None where it is not asked for."""
    raw = call.query.get(name)
    if not raw:
        return None
    if not _DAY.fullmatch(raw) or not _is_day(raw[:10]):
        raise Invalid(f"{name}: YYYY-MM-DD.", [Fault(f"/query/{name}", "YYYY-MM-DD")])
    return raw if len(raw) > 10 else f"{raw} {time}"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
