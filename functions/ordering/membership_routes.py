"""HTTP: who counts as staff of an institution, and who asks to."""

from typing import Any

from lumbung.domain.errors import NotFound
from lumbung.domain.people import OPERATOR, PIC
from lumbung.runtime import deps, deps_staff
from lumbung.runtime.http import PAGED, Api, Call
from ordering.decide_staff import decide_request, remove_staff
from ordering.staff_schemas import (
    DecisionRequest,
    MembershipView,
    StaffList,
    StaffRequestList,
    StaffRequestView,
    StaffView,
)
from ordering.visible import answers_for, dropoff_in_charge

routes = Api(secret=deps.id_secret, earlier=deps.earlier)

# -- who is staff


@routes.get("/v1/institutions/{institution_id}/staff", roles=(OPERATOR,), returns=StaffList, query=PAGED)
def get_staff(call: Call, institution_id: str) -> dict[str, Any]:
    deps.institutions().get(institution_id)
    limit, start = call.page()
    found, more = deps_staff.memberships().of_institution(institution_id, limit=limit, start=start)
    names = deps.people().names([membership.person_id for membership in found])
    return call.listing([StaffView.about(m, names.get(m.person_id)) for m in found], more)


def membership_again(call: Call, person_id: str) -> MembershipView:
    kept = deps_staff.memberships().find(person_id)
    if kept is None:
        raise NotFound("Orang ini bukan pegawai instansi ini.")
    return MembershipView.of(kept)


@routes.post(
    "/v1/institutions/{institution_id}/staff/{person_id}/removal", roles=(OPERATOR,), returns=MembershipView,
    replay=membership_again,
)  # fmt: skip
def post_removal(call: Call, institution_id: str, person_id: str) -> MembershipView:
    known = deps_staff.memberships().find(person_id)
    if known is None or known.institution_id != institution_id:
        raise NotFound("Orang ini bukan pegawai instansi ini.")
    call.begin_empty()
    ended = remove_staff(
        person_id, institution_id, by=call.caller.id, at=call.at, once=call.once, remember=deps.remember,
        decide=deps_staff.decide(), memberships=deps_staff.memberships(),
    )  # fmt: skip
    call.notes |= {"institution_id": institution_id, "person_id": person_id}
    return MembershipView.of(ended)


# -- requests


@routes.get("/v1/dropoffs/{dropoff_id}/staff-requests", roles=(PIC, OPERATOR), returns=StaffRequestList, query=PAGED)
def get_staff_requests(call: Call, dropoff_id: str) -> dict[str, Any]:
    dropoff = dropoff_in_charge(call.caller, dropoff_id)
    limit, start = call.page()
    found, more = deps_staff.requests().pending(dropoff.institution_ids, limit=limit, start=start)
    return call.listing([StaffRequestView.of(request) for request in found], more)


def request_again(call: Call, request_id: str) -> StaffRequestView:
    return StaffRequestView.of(deps_staff.requests().get(request_id))


@routes.post(
    "/v1/staff-requests/{request_id}/decision", roles=(PIC, OPERATOR), body=DecisionRequest,
    returns=StaffRequestView, replay=request_again,
)  # fmt: skip
def post_decision(call: Call, request_id: str) -> StaffRequestView:
    asked = deps_staff.requests().get(request_id)
    if not answers_for(call.caller, asked.institution_id):
        raise NotFound(f"Permintaan {request_id} tidak ditemukan.")
    request = call.begin(DecisionRequest)
    decided = decide_request(
        asked, approve=request.approve, by=call.caller.id, at=call.at, once=call.once, remember=deps.remember,
        decide=deps_staff.decide(), requests=deps_staff.requests(), memberships=deps_staff.memberships(),
    )  # fmt: skip
    call.notes |= {"staff_request_id": request_id, "decision": decided.status}
    return StaffRequestView.of(decided)
