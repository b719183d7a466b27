"""HTTP: the villages by which addresses without coordinates are found, kept by the programme office."""

from lumbung.domain import village
from lumbung.domain.errors import NotFound
from lumbung.domain.people import OPERATOR
from lumbung.runtime import deps
from lumbung.runtime.http import Api, Call
from lumbung.runtime.schema import View
from ordering.import_villages import import_villages

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
SHOWN = 100  # rows that were left out


class VillageView(View):
    code: str
    name: str
    postal_code: str | None
    lat: float
    lng: float


class LeftOutView(View):
    row: int
    reason: str


class VillagesView(View):
    villages: int
    left_out: int
    rows: list[LeftOutView]


@routes.put("/v1/villages", roles=(OPERATOR,), returns=VillagesView, keyed=False, reads=("text/csv",))
def put_villages(call: Call) -> VillagesView:
    """A piece of the list as `text/csv`, at most 256 KB: village_code, village, lat, lng and postal_code.

    What was known of a village is overwritten, so a piece may be sent again.
    """
    kept, bad = import_villages(village.read(call.text.splitlines()), villages=deps.villages())
    call.notes |= {"villages": kept, "left_out": len(bad)}
    rows = [LeftOutView(row=row.number, reason=row.reason) for row in bad[:SHOWN]]
    return VillagesView(villages=kept, left_out=len(bad), rows=rows)


@routes.get("/v1/villages/{code}", returns=VillageView, cache_s=5)
def get_village(call: Call, code: str) -> VillageView:
    if found := deps.villages().find(code):
        return VillageView(
            code=found.code, name=found.name, postal_code=found.postal_code, lat=found.lat, lng=found.lng
        )
    raise NotFound(f"Kelurahan/desa {code} tidak dikenal.")
