"""HTTP: the programme office corrects what a run has allocated."""

from dispatch.correct_allocation import CorrectAllocation
from dispatch.correction_schemas import CorrectionRequest, CorrectionView
from lumbung.domain.people import OPERATOR
from lumbung.runtime import deps, deps_dispatch
from lumbung.runtime.http import Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


def _corrected(call: Call, thing: str) -> CorrectionView:
    wave_id, _, correction_id = thing.partition("#")
    return CorrectionView.of(deps.corrections().get(wave_id, correction_id))


@routes.post(
    "/v1/waves/{wave_id}/corrections",
    roles=(OPERATOR,),
    body=CorrectionRequest,
    returns=CorrectionView,
    status=201,
    replay=_corrected,
)
def post_correction(call: Call, wave_id: str) -> CorrectionView:
    deps.waves().get(wave_id)
    wanted = call.begin(CorrectionRequest).to_domain()
    correct = CorrectAllocation(
        closings=deps.closings(), corrections=deps.corrections(),
        bookings=deps_dispatch.bookings(), consignments=deps_dispatch.consignments(), goods=deps.goods(),
        remember=deps.remember,
    )  # fmt: skip
    correction = correct(
        wave_id, wanted, correction_id=call.new_id("cor_"), at=call.at, by=call.caller.id, once=call.once
    )
    call.notes |= {"order_id": correction.order_id, "correction_id": correction.id}
    return CorrectionView.of(correction)
