"""The register of staff as the interface writes it: NIP are masked, codes are shown to whom they were made for."""

from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic.functional_validators import AfterValidator

from lumbung.domain import nip
from lumbung.domain.invitation import Invitation
from lumbung.domain.staff import Membership, StaffRequest, open_domains
from lumbung.domain.staff_import import StaffImport
from lumbung.runtime.schema import Id, Moment, Request, Utc, View

LINES_AT_MOST = 2_000  # that one call takes: some three seconds of a function that has ten


def _sound(text: str) -> str:
    if reason := nip.fault(number := nip.normal(text)):
        raise ValueError(nip.REASONS[reason])
    return number


def _closed(domains: list[str]) -> list[str]:
    if anybodys := open_domains(domains):
        raise ValueError(f"anybody can have an address in {', '.join(anybodys)}")
    return sorted(set(domains))


Nip = Annotated[str, Field(max_length=40), AfterValidator(_sound)]
Domain = Annotated[str, Field(max_length=253, pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$")]


class StaffImportRequest(Request):
    """Or the same as text/csv: a line each. What is no sound NIP is refused line by line."""

    nips: Annotated[list[Any], Field(min_length=1, max_length=LINES_AT_MOST)]

    @property
    def lines(self) -> list[tuple[int, str]]:
        return [(n, nip.normal(item) if isinstance(item, str) else "") for n, item in enumerate(self.nips, 1)]


class FaultView(View):
    line: int
    reason: str


class StaffImportView(View):
    id: str
    institution_id: str
    accepted: int
    known: int
    refused: int
    faults: list[FaultView]

    @classmethod
    def of(cls, done: StaffImport) -> "StaffImportView":
        faults = [FaultView(line=line, reason=nip.REASONS[reason]) for line, reason in done.faults]
        return cls(
            id=done.id, institution_id=done.institution_id, accepted=done.accepted, known=done.known,
            refused=done.refused, faults=faults,
        )  # fmt: skip


class DomainsRequest(Request):
    domains: Annotated[list[Domain], Field(max_length=40), AfterValidator(_closed)]


class DomainsView(View):
    domains: list[str]


class InvitationRequest(Request):
    uses: Annotated[int, Field(ge=1, le=10_000)] = 1
    valid_until: Moment | None = None


class InvitationView(View):
    code: str
    institution_id: str
    uses: int
    used: int
    valid_until: Utc

    @classmethod
    def of(cls, invitation: Invitation, code: str) -> "InvitationView":
        return cls(
            code=code, institution_id=invitation.institution_id, uses=invitation.uses, used=invitation.used,
            valid_until=invitation.until,
        )  # fmt: skip


class JoinRequest(Request):
    """Either a code, or an institution and, where one has it, a NIP."""

    code: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    institution_id: Id | None = None
    nip: Nip | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "JoinRequest":
        if (self.code is None) == (self.institution_id is None) or (self.code is not None and self.nip is not None):
            raise ValueError("either a code, or an institution_id with or without a nip")
        return self


class MembershipView(View):
    institution_id: str
    basis: str
    since: Utc
    by: str
    ended_at: Utc | None

    @classmethod
    def of(cls, membership: Membership) -> "MembershipView":
        return cls(
            institution_id=membership.institution_id, basis=membership.basis, since=membership.at, by=membership.by,
            ended_at=membership.ended_at,
        )  # fmt: skip


class StaffView(MembershipView):
    person_id: str
    name: str | None

    @classmethod
    def about(cls, membership: Membership, name: str | None) -> "StaffView":
        known = MembershipView.of(membership).model_dump()
        return cls(**known, person_id=membership.person_id, name=name)


class StaffRequestView(View):
    id: str
    institution_id: str
    status: str
    at: Utc
    person_id: str
    name: str | None
    nip: str | None
    decided_at: Utc | None

    @classmethod
    def of(cls, request: StaffRequest) -> "StaffRequestView":
        return cls(
            id=request.id, institution_id=request.institution_id, status=request.status, at=request.at,
            person_id=request.person_id, name=request.name, nip=nip.masked(request.nip) if request.nip else None,
            decided_at=request.decided_at,
        )  # fmt: skip


class StandingView(View):
    """What is kept of one's belonging. A token names a membership from the next sign-in on."""

    membership: MembershipView | None
    request: StaffRequestView | None


class DecisionRequest(Request):
    approve: bool


class StaffList(View):
    items: list[StaffView]
    next_cursor: str | None


class StaffRequestList(View):
    items: list[StaffRequestView]
    next_cursor: str | None
