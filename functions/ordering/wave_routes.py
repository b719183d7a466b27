"""HTTP: the programme office prepares waves; everybody reads them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lumbung.domain.errors import NotFound
from lumbung.domain.people import OPERATOR
from lumbung.domain.wave import Wave
from lumbung.runtime import clock, deps, deps_ordering
from lumbung.runtime.http import Api, Call
from ordering.plan_wave import WavePlan, draft_wave, publish_wave
from ordering.wave_schemas import WaveList, WaveRequest, WaveView

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
GRACE = timedelta(seconds=deps_ordering.ORDERING_TIMEOUT_S + 30)  # what began in time has ended by then


@routes.get("/v1/waves", returns=WaveList, cache_s=2)
def get_waves(call: Call) -> dict[str, Any]:
    state = call.query.get("state")
    return _list(call, lambda wave: wave.status != "draft" and state in (None, wave.state(clock.now())))


@routes.get("/v1/waves/{wave_id}", returns=WaveView, cache_s=2)
def get_wave(call: Call, wave_id: str) -> WaveView:
    wave = deps.waves().get(wave_id)
    if wave.status == "draft":
        raise NotFound(f"Gelombang {wave_id} tidak ditemukan.")
    return view(wave)


@routes.get("/v1/drafts", roles=(OPERATOR,), returns=WaveList)
def get_drafts(call: Call) -> dict[str, Any]:
    return _list(call, lambda wave: wave.status == "draft")


@routes.get("/v1/drafts/{wave_id}", roles=(OPERATOR,), returns=WaveView)
def get_draft(call: Call, wave_id: str) -> WaveView:
    return view(_draft(wave_id))


def replay(call: Call, wave_id: str) -> WaveView:
    return view(deps.waves().get(wave_id))


@routes.post("/v1/waves", roles=(OPERATOR,), body=WaveRequest, returns=WaveView, status=201, replay=replay)
def post_wave(call: Call) -> WaveView:
    plan = call.begin(WaveRequest).to_domain()
    wave = _drafted(call.new_id("wav_"), plan)
    deps.waves().commit(deps.remember(call.once, wave.id), deps.waves().add(wave))
    call.notes["wave_id"] = wave.id
    return view(wave)


@routes.patch("/v1/waves/{wave_id}", roles=(OPERATOR,), body=WaveRequest, returns=WaveView, replay=replay)
def patch_wave(call: Call, wave_id: str) -> WaveView:
    """Replace a draft; what was published can only be closed or cancelled."""
    deps.waves().get(wave_id)
    plan = call.begin(WaveRequest).to_domain()
    wave = _drafted(wave_id, plan, version=_draft(wave_id).version)
    deps.waves().commit(deps.remember(call.once, wave_id), deps.waves().save(wave))
    call.notes["wave_id"] = wave_id
    return view(wave)


@routes.post("/v1/waves/{wave_id}/publication", roles=(OPERATOR,), returns=WaveView, replay=replay)
def post_publication(call: Call, wave_id: str) -> WaveView:
    draft = deps.waves().get(wave_id)
    call.begin_empty()
    products = deps_ordering.products().get_many([offer.product_id for offer in draft.offers])
    wave = publish_wave(
        draft, products=products, once=call.once, remember=deps.remember,
        waves=deps.waves(), shards=deps.shards(), freezes_at=draft.freezes_at(GRACE),
    )  # fmt: skip
    call.notes["wave_id"] = wave_id
    return view(wave)


@routes.post("/v1/waves/{wave_id}/closing", roles=(OPERATOR,), returns=WaveView, replay=replay)
def post_closing(call: Call, wave_id: str) -> WaveView:
    wave = deps.waves().get(wave_id)
    call.begin_empty()
    closed, shards = wave.close_at(call.at), deps.shards()
    gates = [shards.set_gate(o, n, closes=closed.closes_at) for o in wave.offers for n in range(o.shards)]
    deps.waves().move_gates(gates)
    save = deps.waves().save(closed, freezes_at=closed.freezes_at(GRACE))
    deps.waves().commit(deps.remember(call.once, wave_id), save)
    call.notes["wave_id"] = wave_id
    return view(closed)


def view(wave: Wave) -> WaveView:
    return WaveView.of(wave, now=clock.now(), remaining=deps_ordering.remaining().of(wave))


def _drafted(wave_id: str, plan: WavePlan, version: int = 1) -> Wave:
    products = deps_ordering.products().get_many([offer.product_id for offer in plan.offers])
    dropoffs = deps.dropoffs().get_many(list(plan.dropoff_ids))
    return draft_wave(wave_id, plan, products=products, dropoffs=dropoffs, version=version)


def _draft(wave_id: str) -> Wave:
    wave = deps.waves().get(wave_id)
    if wave.status != "draft":
        raise NotFound(f"Rancangan {wave_id} tidak ditemukan.")
    return wave


def _list(call: Call, wanted: Callable[[Wave], bool]) -> dict[str, Any]:
    limit, start = call.page()
    found: list[WaveView] = []
    while True:
        waves, start = deps.waves().page(limit=limit - len(found), start=start)
        found += [view(wave) for wave in waves if wanted(wave)]
        if start is None or len(found) == limit:
            return call.listing(found, start)
