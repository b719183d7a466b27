"""HTTP: institutions, cooperatives and drop-offs, kept by the programme office and read by everybody."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lumbung.domain.errors import Fault, Invalid, NotFound
from lumbung.domain.geo import straight_line_m
from lumbung.domain.people import COOPERATIVE, OPERATOR, PIC
from lumbung.domain.registry import Cooperative, Dropoff, Institution
from lumbung.runtime import deps
from lumbung.runtime.http import PAGED, Api, Call
from ordering.registry_schemas import (
    AccountView,
    CooperativeList,
    CooperativePatch,
    CooperativeRequest,
    CooperativeView,
    DropoffList,
    DropoffPatch,
    DropoffRequest,
    DropoffView,
    InstitutionList,
    InstitutionRequest,
    InstitutionView,
)

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
LOOKED_THROUGH = 100  # cooperatives at a time: there are some hundreds
NEAR_AT_MOST = 1000  # drop-offs that a search by distance looks at

# -- institutions


@routes.get("/v1/institutions", returns=InstitutionList, cache_s=2, query=PAGED)
def get_institutions(call: Call) -> dict[str, Any]:
    limit, start = call.page()
    found, more = deps.institutions().page(limit=limit, start=start)
    return call.listing([InstitutionView.of(thing) for thing in found], more)


def replay_institution(call: Call, institution_id: str) -> InstitutionView:
    return InstitutionView.of(deps.institutions().get(institution_id))


@routes.post(
    "/v1/institutions", roles=(OPERATOR,), body=InstitutionRequest, returns=InstitutionView, status=201,
    replay=replay_institution,
)  # fmt: skip
def post_institution(call: Call) -> InstitutionView:
    request = call.begin(InstitutionRequest)
    thing = Institution(call.new_id("ins_"), request.code, request.name, request.kind)
    deps.waves().commit(deps.remember(call.once, thing.id), deps.institutions().add(thing))
    return InstitutionView.of(thing)


# -- cooperatives


@routes.get("/v1/cooperatives", returns=CooperativeList, cache_s=2, query=PAGED)
def get_cooperatives(call: Call) -> dict[str, Any]:
    limit, start = call.page()
    found, more = deps.cooperatives().page(limit=limit, start=start)
    return call.listing([CooperativeView.of(thing) for thing in found], more)


@routes.get("/v1/cooperatives/{cooperative_id}", returns=CooperativeView, cache_s=2)
def get_cooperative(call: Call, cooperative_id: str) -> CooperativeView:
    return CooperativeView.of(deps.cooperatives().get(cooperative_id))


@routes.get("/v1/cooperatives/{cooperative_id}/account", roles=(OPERATOR, COOPERATIVE), returns=AccountView)
def get_account(call: Call, cooperative_id: str) -> AccountView:
    thing = deps.cooperatives().get(cooperative_id)
    if not call.caller.has(OPERATOR) and call.caller.id not in thing.operator_ids:
        raise NotFound(f"Koperasi {cooperative_id} tidak ditemukan.")
    return AccountView.of(thing)


@routes.get("/v1/me/cooperatives", roles=(COOPERATIVE,), returns=CooperativeList)
def get_own_cooperatives(call: Call) -> dict[str, Any]:
    """Those for which the caller speaks."""
    own = [thing for thing in _all_cooperatives() if call.caller.id in thing.operator_ids]
    return call.listing([CooperativeView.of(thing) for thing in own], None)


def _all_cooperatives() -> Iterator[Cooperative]:
    start = None
    while True:
        found, start = deps.cooperatives().page(limit=LOOKED_THROUGH, start=start)
        yield from found
        if start is None:
            return


def replay_cooperative(call: Call, cooperative_id: str) -> AccountView:
    return AccountView.of(deps.cooperatives().get(cooperative_id))


@routes.post(
    "/v1/cooperatives", roles=(OPERATOR,), body=CooperativeRequest, returns=AccountView, status=201,
    replay=replay_cooperative,
)  # fmt: skip
def post_cooperative(call: Call) -> AccountView:
    request = call.begin(CooperativeRequest)
    thing = Cooperative(
        id=call.new_id("cop_"), name=request.name, regency=request.regency,
        operator_ids=frozenset(request.operator_ids), bank=request.bank.model_dump(),
        nib=request.nib, npwp=request.npwp,
    )  # fmt: skip
    deps.waves().commit(deps.remember(call.once, thing.id), deps.cooperatives().add(thing))
    return AccountView.of(thing)


@routes.patch(
    "/v1/cooperatives/{cooperative_id}", roles=(OPERATOR,), body=CooperativePatch, returns=AccountView,
    replay=replay_cooperative,
)  # fmt: skip
def patch_cooperative(call: Call, cooperative_id: str) -> AccountView:
    before = deps.cooperatives().get(cooperative_id)
    changes = call.begin(CooperativePatch).model_dump(exclude_unset=True, exclude_none=True)
    thing = replace(before, **_frozen_sets(changes))
    deps.waves().commit(deps.remember(call.once, thing.id), deps.cooperatives().save(thing))
    return AccountView.of(thing)


# -- drop-offs


@routes.get("/v1/dropoffs", returns=DropoffList, cache_s=2, query=("institution_id", "near", *PAGED))
def get_dropoffs(call: Call) -> dict[str, Any]:
    if "near" in call.query:
        return call.listing(_views(_nearest(call)), None)
    limit, start = call.page()
    found: list[Dropoff] = []
    wanted = call.query.get("institution_id")
    while True:
        page, start = deps.dropoffs().page(limit=limit - len(found), start=start)
        found += [thing for thing in page if wanted is None or wanted in thing.institution_ids]
        if start is None or len(found) == limit:
            return call.listing(_views(found), start)


@routes.get("/v1/me/dropoffs", roles=(PIC,), returns=DropoffList, query=PAGED)
def get_my_dropoffs(call: Call) -> dict[str, Any]:
    """Return the drop-offs that the caller is in charge of: where a desk may be opened."""
    limit, start = call.page()
    found: list[Dropoff] = []
    while True:
        page, start = deps.dropoffs().page(limit=limit - len(found), start=start)
        found += [thing for thing in page if call.caller.id in thing.pic_ids]
        if start is None or len(found) == limit:
            return call.listing(_views(found), start)


@routes.get("/v1/dropoffs/{dropoff_id}", returns=DropoffView, cache_s=2)
def get_dropoff(call: Call, dropoff_id: str) -> DropoffView:
    return _views([deps.dropoffs().get(dropoff_id)])[0]


@routes.post(
    "/v1/dropoffs", roles=(OPERATOR,), body=DropoffRequest, returns=DropoffView, status=201, replay=get_dropoff
)
def post_dropoff(call: Call) -> DropoffView:
    request = call.begin(DropoffRequest)
    thing = Dropoff(id=call.new_id("drp_"), **_frozen_sets(request.model_dump()))
    deps.waves().commit(deps.remember(call.once, thing.id), deps.dropoffs().add(thing))
    return _views([thing])[0]


@routes.patch(
    "/v1/dropoffs/{dropoff_id}", roles=(OPERATOR,), body=DropoffPatch, returns=DropoffView, replay=get_dropoff
)
def patch_dropoff(call: Call, dropoff_id: str) -> DropoffView:
    before = deps.dropoffs().get(dropoff_id)
    changes = call.begin(DropoffPatch).model_dump(exclude_unset=True)
    required = [name for name in ("name", "address", "lat", "lng", "pic_ids") if name in changes and not changes[name]]
    if required:
        raise Invalid("Isian wajib tidak boleh dikosongkan.", [Fault(f"/{name}", "wajib diisi") for name in required])
    thing = replace(before, **_frozen_sets(changes))
    deps.waves().commit(deps.remember(call.once, thing.id), deps.dropoffs().save(thing))
    return _views([thing])[0]


def _views(dropoffs: list[Dropoff]) -> list[DropoffView]:
    """Return *dropoffs* with the name, and nothing else, of a person in charge."""
    first = {thing.id: min(thing.pic_ids) for thing in dropoffs if thing.pic_ids}
    names = deps.people().names(list(first.values()))
    return [DropoffView.of(thing, names.get(first.get(thing.id, ""))) for thing in dropoffs]


def _nearest(call: Call) -> list[Dropoff]:
    limit, _ = call.page()
    try:
        lat, lng = (float(part) for part in call.query["near"].split(","))
    except ValueError:
        raise Invalid("near: lat,lng", [Fault("/query/near", "dua angka: lat,lng")]) from None
    found, _ = deps.dropoffs().page(limit=NEAR_AT_MOST, start=None)
    wanted = call.query.get("institution_id")
    found = [thing for thing in found if wanted is None or wanted in thing.institution_ids]
    return sorted(found, key=lambda thing: straight_line_m(lat, lng, thing.lat, thing.lng))[:limit]


def _frozen_sets(values: dict[str, Any]) -> dict[str, Any]:
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in values.items()}
