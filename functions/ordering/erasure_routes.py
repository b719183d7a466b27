"""HTTP: a member wants to be forgotten."""

from typing import Literal

from lumbung.domain.erasure import Erasure
from lumbung.domain.errors import NotFound
from lumbung.domain.people import COOPERATIVE, MEMBER, OPERATOR, PIC
from lumbung.runtime import deps, deps_people
from lumbung.runtime.http import Api, Call
from lumbung.runtime.schema import Utc, View
from ordering.wired import erasing

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


class ErasureView(View):
    status: Literal["waiting", "done"]
    asked_at: Utc
    done_at: Utc | None
    waiting_for: list[str]

    @classmethod
    def of(cls, erasure: Erasure, waiting_for: list[str]) -> "ErasureView":
        done = erasure.done_at is not None
        return cls(
            status="done" if done else "waiting", asked_at=erasure.asked_at, done_at=erasure.done_at,
            waiting_for=waiting_for,
        )  # fmt: skip


def get_erasure(call: Call, member_id: str) -> ErasureView:
    found = deps_people.erasures().find(member_id)
    if found is None:
        raise NotFound("Belum ada permintaan penghapusan.")
    return _view(found)


@routes.post(
    "/v1/me/erasure", roles=(MEMBER, PIC, COOPERATIVE, OPERATOR), returns=ErasureView, status=202, replay=get_erasure
)
def post_erasure(call: Call) -> ErasureView:
    """Forget the caller, now or as soon as their last order and refund are over; until then it says what is open."""
    call.begin_empty()
    done = erasing().ask(call.caller.id, call.caller.ids, at=call.at, once=call.once, remember=deps.remember)
    call.notes["erasure"] = done.status
    return _view(done)


def _view(erasure: Erasure) -> ErasureView:
    return ErasureView.of(erasure, [] if erasure.done_at else erasing().in_the_way(erasure))
