"""HTTP: what the sixth e-catalogue shows of a cooperative, against what it is to show."""

from typing import Any

from catalog.list_outbox import Place, outbox
from catalog.listing_schemas import ListingList, ListingView, LookList, LookRequest, LookView
from lumbung.domain.errors import Fault, Invalid, InvalidState
from lumbung.domain.listing import GATEWAY
from lumbung.domain.listing_look import Look
from lumbung.domain.people import OPERATOR
from lumbung.domain.product import Product
from lumbung.domain.product_search import Search
from lumbung.runtime import deps, deps_catalog
from lumbung.runtime.http import PAGED, Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
MOST_PRODUCTS = 2_000  # of one cooperative: what one request looks through


def places(cooperative_id: str) -> list[Place]:
    """Return a cooperative's outbox, by number; InvalidState where it is more than a request can look through."""
    found: list[Product] = []
    start = None
    while len(found) <= MOST_PRODUCTS:
        some, start = deps_catalog.products().page(Search(cooperative_id=cooperative_id), limit=100, start=start)
        found += some
        if start is None:
            return list(outbox(found, deps_catalog.listings().all_of(cooperative_id)))
    raise InvalidState(f"Katalog ini lebih besar dari {MOST_PRODUCTS} produk.")


@routes.get(
    "/v1/catalog/listings",
    roles=(OPERATOR,),
    returns=ListingList,
    query=("cooperative_id!", "state", *PAGED),
    refuses=(404,),
)
def get_listings(call: Call) -> dict[str, Any]:
    """Return a cooperative's packs, by number; `state` keeps those in one."""
    cooperative = deps.cooperatives().get(call.required_query("cooperative_id"))
    limit, start = call.page()
    state, after = call.query.get("state"), start["sku"] if start else ""
    found = [
        place for place in places(cooperative.id) if place.sku > after and (not state or place.state == state)
    ]  # fmt: skip
    more = {"sku": found[limit - 1].sku} if len(found) > limit else None
    return call.listing([ListingView.of(place) for place in found[:limit]], more)


def replay_look(call: Call, look_id: str) -> LookView:
    """Answer a repeated request; its message is sent again, since the first may never have been sent."""
    look = deps_catalog.listings().look(look_id)
    if look.status == "running":
        deps.queue("SYNC_QUEUE").send(look=look.id)
    return LookView.of(look)


@routes.post(
    "/v1/catalog/listings/looks", roles=(OPERATOR,), body=LookRequest, returns=LookView, status=202,
    replay=replay_look,
)  # fmt: skip
def post_look(call: Call) -> LookView:
    """Look through the data gateway at what is shown of a cooperative, and compare."""
    request = call.begin(LookRequest)
    if deps.cooperatives().find(request.cooperative_id) is None:
        raise Invalid("Koperasi tidak dikenal.", [Fault("/cooperative_id", "tidak dikenal")])
    if not deps_catalog.gateway_codes(request.cooperative_id):
        raise InvalidState(f"Koperasi ini belum dikenal sebagai penyedia di {GATEWAY}.")
    look = Look(call.new_id("lok_"), request.cooperative_id, started_at=call.at, started_by=call.caller.id)
    listings = deps_catalog.listings()
    listings.write(deps.remember(call.once, look.id), listings.save_look(look))
    deps.queue("SYNC_QUEUE").send(look=look.id)
    call.notes["look_id"] = look.id
    return LookView.of(look)


@routes.get("/v1/catalog/listings/looks", roles=(OPERATOR,), returns=LookList, query=("cooperative_id!", *PAGED))
def get_looks(call: Call) -> dict[str, Any]:
    limit, start = call.page()
    found, more = deps_catalog.listings().looks(call.required_query("cooperative_id"), limit=limit, start=start)
    return call.listing([LookView.of(look) for look in found], more)


@routes.get("/v1/catalog/listings/looks/{look_id}", roles=(OPERATOR,), returns=LookView)
def get_look(call: Call, look_id: str) -> LookView:
    return LookView.of(deps_catalog.listings().look(look_id))
