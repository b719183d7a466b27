"""HTTP: the programme office closes a wave early, extends it, calls it off, or does it again."""

from lumbung.domain.people import OPERATOR
from lumbung.runtime import deps, deps_ordering
from lumbung.runtime.http import Api, Call
from ordering.cancel_wave import cancel_wave
from ordering.close_early import close_early
from ordering.copy_wave import plan_again
from ordering.extend_wave import extend_wave
from ordering.wave_routes import GRACE, drafted, planned, replay, view
from ordering.wave_schemas import CancellationRequest, CopyRequest, ExtensionRequest, PlannedWaveView, WaveView

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


def _as_it_is(call: Call, wave_id: str) -> WaveView:
    return view(deps.waves().get(wave_id))


@routes.post("/v1/waves/{wave_id}/closing", roles=(OPERATOR,), returns=WaveView, replay=_as_it_is)
def post_closing(call: Call, wave_id: str) -> WaveView:
    deps.waves().get(wave_id)
    call.begin_empty()
    call.notes["wave_id"] = wave_id
    closed = close_early(
        wave_id, at=call.at, grace=GRACE, once=call.once, remember=deps.remember, decide=deps_ordering.decide(),
        waves=deps.waves(), shards=deps.shards(),
    )  # fmt: skip
    return view(closed)


@routes.post(
    "/v1/waves/{wave_id}/extension", roles=(OPERATOR,), body=ExtensionRequest, returns=PlannedWaveView, replay=replay
)
def post_extension(call: Call, wave_id: str) -> PlannedWaveView:
    deps.waves().get(wave_id)
    wish = call.begin(ExtensionRequest).to_domain()
    call.notes["wave_id"] = wave_id
    extended = extend_wave(
        wave_id, wish, at=call.at, grace=GRACE, once=call.once, remember=deps.remember,
        decide=deps_ordering.decide(), waves=deps.waves(), shards=deps.shards(),
    )  # fmt: skip
    return planned(extended)


@routes.post(
    "/v1/waves/{wave_id}/cancellation",
    roles=(OPERATOR,),
    body=CancellationRequest,
    returns=WaveView,
    replay=_as_it_is,
)
def post_cancellation(call: Call, wave_id: str) -> WaveView:
    deps.waves().get(wave_id)
    reason = call.begin(CancellationRequest).reason
    call.notes["wave_id"] = wave_id
    cancelled = cancel_wave(
        wave_id, reason, by=call.caller.id, at=call.at, once=call.once, remember=deps.remember,
        decide=deps_ordering.decide(), waves=deps.waves(), shards=deps.shards(), closings=deps.closings(),
        queue=deps.queue("CLOSING_QUEUE"),
    )  # fmt: skip
    return view(cancelled)


@routes.post(
    "/v1/waves/{wave_id}/copy", roles=(OPERATOR,), body=CopyRequest, returns=PlannedWaveView, status=201, replay=replay
)
def post_copy(call: Call, wave_id: str) -> PlannedWaveView:
    wave = deps.waves().get(wave_id)
    plan = plan_again(wave, call.begin(CopyRequest).to_domain())
    draft = drafted(call.new_id("wav_"), plan)
    deps.waves().commit(deps.remember(call.once, draft.id), deps.waves().add(draft))
    call.notes |= {"wave_id": draft.id, "copied_from": wave_id}
    return planned(draft)
