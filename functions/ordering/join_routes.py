"""HTTP: a member shows that they are staff of an institution."""

from lumbung.domain import invitation, nip
from lumbung.domain.errors import Fault, Invalid
from lumbung.domain.people import MEMBER, PIC, Person
from lumbung.runtime import deps, deps_staff
from lumbung.runtime.http import Api, Call
from ordering.join_institution import Asker, Joining
from ordering.staff_schemas import JoinRequest, MembershipView, StaffRequestView, StandingView

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


@routes.get("/v1/me/institution", roles=(MEMBER, PIC), returns=StandingView)
def get_standing(call: Call) -> StandingView:
    return _standing(call.caller.id)


def _standing(person_id: str) -> StandingView:
    membership, request = deps_staff.memberships().find(person_id), deps_staff.requests().find(person_id)
    return StandingView(
        membership=MembershipView.of(membership) if membership else None,
        request=StaffRequestView.of(request) if request else None,
    )


@routes.post(
    "/v1/me/institution", roles=(MEMBER, PIC), body=JoinRequest, returns=StandingView,
    replay=lambda call, _: _standing(call.caller.id),
)  # fmt: skip
def post_join(call: Call) -> StandingView:
    """Join by a code, by a NIP that is on the list, or ask to be confirmed. Tokens say so from the next one on."""
    request = call.begin(JoinRequest)
    joining = Joining(
        decide=deps_staff.decide(), remember=deps.remember, memberships=deps_staff.memberships(),
        requests=deps_staff.requests(), invitations=deps_staff.invitations(), lists=deps_staff.lists(),
        guesses=deps_staff.guesses(),
    )  # fmt: skip
    if request.code is not None:
        digest = invitation.digest(deps.id_secret(), request.code)
        joining.redeem(call.caller.id, digest, at=call.at, once=call.once)
    elif request.institution_id is not None:
        _ask(call, joining, request.institution_id, request.nip)
    return _standing(call.caller.id)


def _ask(call: Call, joining: Joining, institution_id: str, number: str | None) -> None:
    if deps.institutions().find(institution_id) is None:
        raise Invalid("Instansi tidak dikenal.", [Fault("/institution_id", "Instansi tidak dikenal.")])
    known = deps.people().get(call.caller.id) or Person(call.caller.id, call.caller.name)
    asker = Asker(call.caller.id, known.name, number, nip.digest(deps.id_secret(), number) if number else None)
    joining.ask(asker, institution_id, request_id=call.new_id("req_"), at=call.at, once=call.once)
