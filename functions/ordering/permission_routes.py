"""HTTP: what a member allows and forbids of their data."""

from collections.abc import Sequence

from lumbung.domain.people import COOPERATIVE, MEMBER, OPERATOR, PIC
from lumbung.domain.permission import PURPOSES, Permission, Purpose
from lumbung.runtime import deps, deps_ordering, deps_people
from lumbung.runtime.http import Api, Call
from lumbung.runtime.schema import Request, Text, Utc, View
from ordering.give_permission import give_permission

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
ANYBODY = (MEMBER, PIC, COOPERATIVE, OPERATOR)


class PermissionRequest(Request):
    granted: bool
    text_version: Text


class SaidView(View):
    granted: bool
    text_version: str
    at: Utc


class PermissionView(View):
    """A purpose, its text as it reads today, and what the caller has said; `granted` null: nothing, so it is done."""

    purpose: str
    text: str
    text_version: str
    granted: bool | None
    granted_text_version: str | None
    at: Utc | None
    history: list[SaidView]

    @classmethod
    def of(cls, purpose: Purpose, said: Sequence[Permission]) -> "PermissionView":
        last = said[-1] if said else None
        return cls(
            purpose=purpose.id, text=purpose.text, text_version=purpose.text_version,
            granted=last.granted if last else None, granted_text_version=last.text_version if last else None,
            at=last.at if last else None,
            history=[SaidView(granted=one.granted, text_version=one.text_version, at=one.at) for one in said],
        )  # fmt: skip


class PermissionList(View):
    items: list[PermissionView]


@routes.get("/v1/me/consents", roles=ANYBODY, returns=PermissionList)
def get_permissions(call: Call) -> PermissionList:
    said = deps_people.permissions().said(call.caller.id)
    of = {purpose: [one for one in said if one.purpose == purpose] for purpose in PURPOSES}
    return PermissionList(items=[PermissionView.of(PURPOSES[purpose], one) for purpose, one in of.items()])


def get_permission(call: Call, purpose: str) -> PermissionView:
    found: PermissionList = get_permissions(call)
    return next(view for view in found.items if view.purpose == purpose)


@routes.put(
    "/v1/me/consents/{purpose}", roles=ANYBODY, body=PermissionRequest, returns=PermissionView,
    replay=lambda call, purpose: get_permission(call, purpose),
)  # fmt: skip
def put_permission(call: Call, purpose: str) -> PermissionView:
    """Allow or forbid a use; what is forbidden ends at once, also for what is on its way to be told."""
    request = call.begin(PermissionRequest)
    give_permission(
        call.caller.ids, purpose, granted=request.granted, text_version=request.text_version, at=call.at,
        once=call.once, remember=deps.remember, decide=deps_ordering.decide(), permissions=deps_people.permissions(),
    )  # fmt: skip
    call.notes |= {"purpose": purpose, "granted": request.granted}
    return get_permission(call, purpose)
