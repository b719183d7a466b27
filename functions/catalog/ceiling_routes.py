"""HTTP: the programme office looks through the rice that costs more than the regulated ceiling."""

from typing import Any

from catalog.above_ceiling import RICE, TooDear, above_ceiling
from catalog.lkpp_feed import WIB
from lumbung.domain.errors import Fault, Invalid
from lumbung.domain.people import OPERATOR
from lumbung.domain.price_ceiling import ZONES
from lumbung.domain.product_search import Search
from lumbung.runtime import deps, deps_catalog
from lumbung.runtime.http import PAGED, Api, Call
from lumbung.runtime.schema import View

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


class TooDearView(View):
    """Rupiah: `price` of the pack, `ceiling_per_kg` of a kilogram, as `regulation` says of that grade."""

    product_id: str
    name: str
    sku: str
    weight_g: int
    price: int
    grade: str
    ceiling_per_kg: int
    regulation: str

    @classmethod
    def of(cls, found: TooDear) -> "TooDearView":
        return cls(
            product_id=found.product.id, name=found.product.name, sku=found.pack.sku, weight_g=found.pack.weight_g,
            price=found.pack.price, grade=found.ceiling.grade, ceiling_per_kg=found.ceiling.per_kg,
            regulation=found.ceiling.source,
        )  # fmt: skip


class TooDearList(View):
    items: list[TooDearView]
    next_cursor: str | None


@routes.get("/v1/catalog/above-ceiling", roles=(OPERATOR,), returns=TooDearList, query=("zone", *PAGED))
def get_above_ceiling(call: Call) -> dict[str, Any]:
    """Return packs above today's ceiling of a zone; `limit` counts the products that a page looks through."""
    zone = call.query.get("zone", ZONES[0])
    if zone not in ZONES:
        raise Invalid("Zona tidak dikenal.", [Fault("/query/zone", f"salah satu dari {', '.join(ZONES)}")])
    limit, start = call.page()
    search = Search(commodity=RICE, state="active")
    products, more = deps_catalog.products().page(search, limit=limit, start=start)
    found = above_ceiling(products, zone, call.at.astimezone(WIB).date())
    return call.listing([TooDearView.of(one) for one in found], more)
