"""HTTP: the programme office prepares waves; everybody reads them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lumbung.domain.errors import NotFound
from lumbung.domain.people import OPERATOR
from lumbung.domain.product import Product
from lumbung.domain.wave import Wave
from lumbung.runtime import clock, deps, deps_ordering
from lumbung.runtime.http import PAGED, Api, Call
from ordering.compare_offers import divergences
from ordering.divergence_schemas import DivergenceList, DivergenceView
from ordering.plan_wave import WavePlan, draft_wave
from ordering.publish_wave import publish_wave
from ordering.warn_wave import cautions
from ordering.wave_schemas import PlannedWaveList, PlannedWaveView, WarningView, WaveList, WaveRequest, WaveView

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
GRACE = timedelta(seconds=deps_ordering.ORDERING_TIMEOUT_S + 30)  # what began in time has ended by then


@routes.get("/v1/waves", returns=WaveList, cache_s=2, query=("state", *PAGED))
def get_waves(call: Call) -> dict[str, Any]:
    state = call.query.get("state")
    return _list(call, lambda wave: wave.is_public and state in (None, wave.state(clock.now())), view)


@routes.get("/v1/waves/{wave_id}", returns=WaveView, cache_s=2)
def get_wave(call: Call, wave_id: str) -> WaveView:
    wave = deps.waves().get(wave_id)
    if not wave.is_public:
        raise NotFound(f"Gelombang {wave_id} tidak ditemukan.")
    return view(wave)


@routes.get("/v1/drafts", roles=(OPERATOR,), returns=PlannedWaveList, query=PAGED)
def get_drafts(call: Call) -> dict[str, Any]:
    return _list(call, lambda wave: wave.status == "draft", planned)


@routes.get("/v1/drafts/{wave_id}", roles=(OPERATOR,), returns=PlannedWaveView)
def get_draft(call: Call, wave_id: str) -> PlannedWaveView:
    return planned(_draft(wave_id))


@routes.get("/v1/waves/{wave_id}/divergences", roles=(OPERATOR,), returns=DivergenceList)
def get_divergences(call: Call, wave_id: str) -> DivergenceList:
    """Tell where the catalogue has moved on since the wave was published: its offers stay as they are."""
    wave = deps.waves().get(wave_id)
    if not wave.is_public:
        raise NotFound(f"Gelombang {wave_id} tidak ditemukan.")
    return DivergenceList(items=[DivergenceView.of(found) for found in divergences(wave, _products(wave))])


def replay(call: Call, wave_id: str) -> PlannedWaveView:
    return planned(deps.waves().get(wave_id))


@routes.post("/v1/waves", roles=(OPERATOR,), body=WaveRequest, returns=PlannedWaveView, status=201, replay=replay)
def post_wave(call: Call) -> PlannedWaveView:
    plan = call.begin(WaveRequest).to_domain()
    wave = drafted(call.new_id("wav_"), plan)
    deps.waves().commit(deps.remember(call.once, wave.id), deps.waves().add(wave))
    call.notes["wave_id"] = wave.id
    return planned(wave)


@routes.patch("/v1/waves/{wave_id}", roles=(OPERATOR,), body=WaveRequest, returns=PlannedWaveView, replay=replay)
def patch_wave(call: Call, wave_id: str) -> PlannedWaveView:
    """Replace a draft; what was published can only be closed, extended or called off."""
    deps.waves().get(wave_id)
    plan = call.begin(WaveRequest).to_domain()
    wave = drafted(wave_id, plan, version=_draft(wave_id).version)
    deps.waves().commit(deps.remember(call.once, wave_id), deps.waves().save(wave))
    call.notes["wave_id"] = wave_id
    return planned(wave)


@routes.post("/v1/waves/{wave_id}/publication", roles=(OPERATOR,), returns=PlannedWaveView, replay=replay)
def post_publication(call: Call, wave_id: str) -> PlannedWaveView:
    draft = deps.waves().get(wave_id)
    call.begin_empty()
    wave = publish_wave(
        draft, products=_products(draft), dropoffs=deps.dropoffs().get_many(list(draft.dropoff_ids)),
        at=call.at, freezes_at=draft.freezes_at(GRACE), once=call.once, remember=deps.remember,
        waves=deps.waves(), shards=deps.shards(),
    )  # fmt: skip
    call.notes["wave_id"] = wave_id
    return planned(wave)


def view(wave: Wave) -> WaveView:
    return WaveView.of(wave, **_now(wave))


def planned(wave: Wave) -> PlannedWaveView:
    """Return the wave with what the programme office is warned of."""
    dropoffs = deps.dropoffs().get_many(list(wave.dropoff_ids))
    holiday = deps_ordering.holiday()
    found = cautions(wave, products=_products(wave), dropoffs=dropoffs, holiday=holiday)
    return PlannedWaveView(**dict(view(wave)), warnings=[WarningView.of(caution) for caution in found])


def drafted(wave_id: str, plan: WavePlan, version: int = 1) -> Wave:
    """Return the draft that *plan* describes, held against the registers; Invalid."""
    return draft_wave(
        wave_id, plan, version=version,
        products=deps_ordering.products().get_many([offer.product_id for offer in plan.offers]),
        dropoffs=deps.dropoffs().get_many(list(plan.dropoff_ids)),
        institutions=deps.institutions().get_many(sorted(plan.eligible_institution_ids or ())),
    )  # fmt: skip


def _now(wave: Wave) -> dict[str, Any]:
    remaining = deps_ordering.remaining()
    return {
        "now": clock.now(),
        "remaining": remaining.of(wave),
        "ordered_weight_g": remaining.ordered_weight_g(wave),
    }


def _products(wave: Wave) -> dict[str, Product]:
    return deps_ordering.products().get_many([offer.product_id for offer in wave.offers])


def _draft(wave_id: str) -> Wave:
    wave = deps.waves().get(wave_id)
    if wave.status != "draft":
        raise NotFound(f"Rancangan {wave_id} tidak ditemukan.")
    return wave


def _list(call: Call, wanted: Callable[[Wave], bool], shown: Callable[[Wave], WaveView]) -> dict[str, Any]:
    limit, start = call.page()
    found: list[WaveView] = []
    while True:
        waves, start = deps.waves().page(limit=limit - len(found), start=start)
        found += [shown(wave) for wave in waves if wanted(wave)]
        if start is None or len(found) == limit:
            return call.listing(found, start)
