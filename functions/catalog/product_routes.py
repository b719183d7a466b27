"""HTTP: products, read by anybody, set by their cooperative."""

from collections.abc import Mapping
from typing import Any

from catalog import json_ld
from catalog.edit_product import add_product, edit_product, follow_source
from catalog.product_schemas import FollowRequest, HistoryView, NewProduct, ProductEdit, ProductList, ProductView
from lumbung.domain import compliance
from lumbung.domain.errors import Fault, Forbidden, Invalid, NotFound
from lumbung.domain.people import COOPERATIVE, OPERATOR, Caller
from lumbung.domain.product import COMMODITIES, Product
from lumbung.domain.product_search import Search
from lumbung.domain.registry import Cooperative
from lumbung.runtime import deps, deps_catalog
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import PAGED, Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
STATES = ("active", "withdrawn")
MOST_COOPERATIVES = 50  # of one region, in one search
VARIES = {"Vary": "Accept"}


@routes.get(
    "/v1/catalog/products",
    returns=ProductList,
    cache_s=2,
    query=("commodity", "cooperative_id", "state", "q", "region", "min_price_per_kg", "max_price_per_kg", *PAGED),
)
def get_products(call: Call) -> Any:
    limit, start = call.page()
    found, more = deps_catalog.products().page(_search(call.query), limit=limit, start=start)
    owners = deps.cooperatives().get_many(sorted({p.cooperative_id for p in found if p.cooperative_id}))
    return call.listing([ProductView.of(p, owners.get(p.cooperative_id or "")) for p in found], more)


@routes.get("/v1/catalog/products/{product_id}", returns=ProductView, cache_s=2, media=(json_ld.MEDIA_TYPE,))
def get_product(call: Call, product_id: str) -> Any:
    """Return the product; as linked data where `Accept` asks for that."""
    product = deps_catalog.products().get(product_id)
    if json_ld.MEDIA_TYPE in (call.header("accept") or ""):
        return Answer(json_ld.document(product, _owner(product)), media_type=json_ld.MEDIA_TYPE, headers=VARIES)
    return Answer(_view(product), headers=VARIES)


def _replay(call: Call, product_id: str) -> ProductView:
    return _view(deps_catalog.products().get(product_id))


@routes.post(
    "/v1/catalog/products", roles=(COOPERATIVE, OPERATOR), body=NewProduct, returns=ProductView, status=201,
    replay=_replay,
)  # fmt: skip
def post_product(call: Call) -> ProductView:
    request = call.begin(NewProduct)
    _comply(request.attributes)
    owner = deps.cooperatives().find(request.cooperative_id)
    if owner is None or not _may_edit(call.caller, owner):
        raise Invalid("Koperasi tidak dikenal.", [Fault("/cooperative_id", "tidak dikenal")])
    product = add_product(
        call.new_id("prd_"),
        request.fields(),
        [pack.to_domain() for pack in request.packs],
        at=call.at,
        by=call.caller.id,
        products=deps_catalog.products(),
        index=deps_catalog.index(),
        syncs=deps_catalog.syncs(),
        first=[deps.remember(call.once, call.new_id("prd_"))],
    )
    call.notes["product_id"] = product.id
    return ProductView.of(product, owner)


@routes.patch(
    "/v1/catalog/products/{product_id}", roles=(COOPERATIVE, OPERATOR), body=ProductEdit, returns=ProductView,
    replay=_replay,
)  # fmt: skip
def patch_product(call: Call, product_id: str) -> ProductView:
    products = deps_catalog.products()
    _own(call.caller, products.get(product_id))
    request = call.begin(ProductEdit)
    _comply(request.attributes or {})
    if request.cooperative_id and not call.caller.has(OPERATOR):
        raise Forbidden("Hanya kantor program yang memindahkan produk ke koperasi lain.")
    if request.cooperative_id and deps.cooperatives().find(request.cooperative_id) is None:
        raise Invalid("Koperasi tidak dikenal.", [Fault("/cooperative_id", "tidak dikenal")])
    edit_product(
        products.stored([product_id])[product_id],
        request.fields(),
        [pack.to_domain() for pack in request.packs or ()],
        at=call.at,
        by=call.caller.id,
        products=products,
        index=deps_catalog.index(),
        syncs=deps_catalog.syncs(),
        first=[deps.remember(call.once, product_id)],
    )
    call.notes["product_id"] = product_id
    return _view(products.get(product_id))


@routes.post(
    "/v1/catalog/products/{product_id}/following", roles=(COOPERATIVE, OPERATOR), body=FollowRequest,
    returns=ProductView, replay=_replay,
)  # fmt: skip
def post_following(call: Call, product_id: str) -> ProductView:
    """Give values that were set here back to the product's source, from its next sync on."""
    products = deps_catalog.products()
    _own(call.caller, products.get(product_id))
    request = call.begin(FollowRequest)
    follow_source(
        products.stored([product_id])[product_id], request.fields,
        products=products, syncs=deps_catalog.syncs(), first=[deps.remember(call.once, product_id)],
    )  # fmt: skip
    call.notes["product_id"] = product_id
    return _view(products.get(product_id))


@routes.get("/v1/catalog/products/{product_id}/history", roles=(COOPERATIVE, OPERATOR), returns=HistoryView)
def get_history(call: Call, product_id: str) -> HistoryView:
    """Return what was set here, by whom and when, and the prices that the product's packs have had."""
    product = deps_catalog.products().get(product_id)
    _own(call.caller, product)
    return HistoryView.of(product)


def _view(product: Product) -> ProductView:
    return ProductView.of(product, _owner(product))


def _owner(product: Product) -> Cooperative | None:
    return deps.cooperatives().find(product.cooperative_id) if product.cooperative_id else None


def _own(caller: Caller, product: Product) -> None:
    """Refuse other people's products as not there: not to tell whose they are is the same answer for all."""
    owner = _owner(product)
    if not caller.has(OPERATOR) and (owner is None or not _may_edit(caller, owner)):
        raise NotFound(f"Produk {product.id} tidak ditemukan.")


def _may_edit(caller: Caller, owner: Cooperative) -> bool:
    return caller.has(OPERATOR) or caller.id in owner.operator_ids


def _comply(attributes: Mapping[str, Any]) -> None:
    if wrong := compliance.faults(attributes):
        raise Invalid("Atribut tidak sesuai.", [Fault(f"/attributes/{name}", says) for name, says in wrong.items()])


def _search(query: dict[str, str]) -> Search:
    region = _words(query, "region")
    return Search(
        commodity=_one_of(query, "commodity", COMMODITIES),
        cooperative_id=query.get("cooperative_id") or None,
        state=_one_of(query, "state", STATES),
        text=_words(query, "q"),
        region=region,
        in_region=_cooperatives_in(region) if region else (),
        min_per_kg=_rupiah(query, "min_price_per_kg"),
        max_per_kg=_rupiah(query, "max_price_per_kg"),
    )


def _cooperatives_in(region: str) -> tuple[str, ...]:
    """Return the cooperatives whose regency is called so, at most as many as one search can ask for."""
    found: list[str] = []
    start = None
    while True:
        some, start = deps.cooperatives().page(limit=100, start=start)
        found += [cooperative.id for cooperative in some if region.casefold() in cooperative.regency.casefold()]
        if start is None or len(found) >= MOST_COOPERATIVES:
            return tuple(found[:MOST_COOPERATIVES])


def _words(query: dict[str, str], name: str) -> str | None:
    return query.get(name, "").strip()[:100] or None


def _rupiah(query: dict[str, str], name: str) -> int | None:
    raw = query.get(name)
    if not raw:
        return None
    if not raw.isascii() or not raw.isdecimal() or len(raw) > 10:
        raise Invalid(f"{name}: rupiah bulat.", [Fault(f"/query/{name}", "rupiah bulat")])
    return int(raw)


def _one_of(query: dict[str, str], name: str, allowed: tuple[str, ...]) -> str | None:
    value = query.get(name) or None
    if value and value not in allowed:
        raise Invalid(f"{name} tidak dikenal.", [Fault(f"/query/{name}", f"salah satu dari {', '.join(allowed)}")])
    return value
