"""HTTP: how people come to count as staff: lists of NIP, e-mail domains, invitations."""

from functools import partial

from lumbung.domain import invitation as invitations
from lumbung.domain import nip
from lumbung.domain.errors import Fault, Invalid, NotFound
from lumbung.domain.invitation import Invitation
from lumbung.domain.people import OPERATOR, PIC
from lumbung.domain.staff_import import StaffImport
from lumbung.runtime import deps, deps_staff
from lumbung.runtime.http import Api, Call
from ordering.import_staff import import_staff
from ordering.staff_schemas import (
    LINES_AT_MOST,
    DomainsRequest,
    DomainsView,
    InvitationRequest,
    InvitationView,
    StaffImportRequest,
    StaffImportView,
)
from ordering.visible import answers_for

routes = Api(secret=deps.id_secret, earlier=deps.earlier)

# -- lists of NIP


@routes.get("/v1/staff-imports/{import_id}", roles=(OPERATOR,), returns=StaffImportView)
def get_staff_import(call: Call, import_id: str) -> StaffImportView:
    if done := deps_staff.lists().find_import(import_id):
        return StaffImportView.of(done)
    raise NotFound(f"Impor {import_id} tidak ditemukan.")


@routes.post(
    "/v1/institutions/{institution_id}/staff-imports", roles=(OPERATOR,), body=StaffImportRequest,
    returns=StaffImportView, status=201, replay=get_staff_import, reads=("text/csv",),
)  # fmt: skip
def post_staff_import(call: Call, institution_id: str) -> StaffImportView:
    """Put NIP on the institution's list. A refused line costs no other one."""
    deps.institutions().get(institution_id)
    lines = _lines(call)
    begun = StaffImport(call.new_id("imp_"), institution_id, call.caller.id, call.at)
    lists = deps_staff.lists()
    done = import_staff(begun, lines, digest=partial(nip.digest, deps.id_secret()), lists=lists)
    deps_staff.decide()(lambda: (None, [deps.remember(call.once, done.id), lists.put_import(done)]), call.once)
    call.notes |= {"institution_id": institution_id, "accepted": done.accepted, "refused": done.refused}
    return StaffImportView.of(done)


def _lines(call: Call) -> list[tuple[int, str]]:
    if "text/csv" not in (call.header("content-type") or ""):
        return call.begin(StaffImportRequest).lines
    lines = list(nip.numbered(call.begin_text().splitlines()))
    if not 1 <= len(lines) <= LINES_AT_MOST:
        raise Invalid("Daftar kosong atau terlalu panjang.", [Fault("", f"1 sampai {LINES_AT_MOST} baris")])
    return lines


# -- e-mail domains


@routes.get("/v1/institutions/{institution_id}/email-domains", roles=(OPERATOR,), returns=DomainsView)
def get_email_domains(call: Call, institution_id: str) -> DomainsView:
    domains, _ = deps_staff.domains().of(deps.institutions().get(institution_id).id)
    return DomainsView(domains=list(domains))


@routes.put(
    "/v1/institutions/{institution_id}/email-domains", roles=(OPERATOR,), body=DomainsRequest, returns=DomainsView,
    replay=get_email_domains,
)  # fmt: skip
def put_email_domains(call: Call, institution_id: str) -> DomainsView:
    """Say in which domains a verified e-mail makes its holder staff, from their next sign-in on."""
    deps.institutions().get(institution_id)
    domains = call.begin(DomainsRequest).domains
    deps_staff.decide()(
        lambda: (None, [deps.remember(call.once, institution_id),
                        *deps_staff.domains().replace(institution_id, domains)]),
        call.once,
    )  # fmt: skip
    call.notes |= {"institution_id": institution_id, "domains": len(domains)}
    return DomainsView(domains=domains)


# -- invitations


def invitation_again(call: Call, digest: str) -> InvitationView:
    kept = deps_staff.invitations().find(digest)
    if kept is None:
        raise NotFound("Undangan tidak ditemukan.")
    return InvitationView.of(kept, invitations.code_for(deps.id_secret(), call.once.id))


@routes.post(
    "/v1/institutions/{institution_id}/invitations", roles=(OPERATOR, PIC), body=InvitationRequest,
    returns=InvitationView, status=201, replay=invitation_again,
)  # fmt: skip
def post_invitation(call: Call, institution_id: str) -> InvitationView:
    """Make a code. It is kept as a digest: whoever asked sees it in this answer, and in a repeat of this request."""
    institution = deps.institutions().get(institution_id)
    if not answers_for(call.caller, institution.id):
        raise NotFound(f"Instansi {institution_id} tidak ditemukan.")
    request = call.begin(InvitationRequest)
    code = invitations.code_for(deps.id_secret(), call.once.id)
    made = Invitation(
        id=invitations.digest(deps.id_secret(), code), institution_id=institution_id, uses=request.uses,
        until=invitations.lasts_until(request.valid_until, call.at), by=call.caller.id,
    )  # fmt: skip
    writes = [deps.remember(call.once, made.id), deps_staff.invitations().add(made)]
    deps_staff.decide()(lambda: (None, writes), call.once)
    call.notes |= {"institution_id": institution_id, "uses": made.uses}
    return InvitationView.of(made, code)
