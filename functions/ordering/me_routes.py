"""HTTP: what a member sees and changes about themselves."""

from typing import Annotated

from pydantic import Field

from lumbung.domain import nip
from lumbung.domain.errors import Fault, Invalid
from lumbung.domain.people import COOPERATIVE, MEMBER, OPERATOR, PIC, Address, Caller, Person
from lumbung.runtime import deps
from lumbung.runtime.http import Api, Call
from lumbung.runtime.schema import Email, Phone, Request, Text, View
from ordering.order_schemas import AddressRequest, AddressView

routes = Api(secret=deps.id_secret, earlier=deps.earlier)
ANYBODY = (MEMBER, PIC, COOPERATIVE, OPERATOR)


class MeRequest(Request):
    name: Text | None = None
    phone: Phone | None = None
    email: Email | None = None
    nip: Annotated[str, Field(pattern=r"^\d{18}$")] | None = None
    addresses: Annotated[list[AddressRequest], Field(max_length=10)] | None = None

    def about(self, person_id: str) -> Person:
        """Return what the request says of the person, and nothing else."""
        said = {name: getattr(self, name) for name in self.model_fields_set}
        if "addresses" in said:
            said["addresses"] = tuple(_address(n, address) for n, address in enumerate(self.addresses or ()))
        return Person(person_id, **said)


def _address(number: int, address: AddressRequest) -> Address:
    try:
        return address.to_domain(deps.villages().find)
    except Invalid as unknown:
        faults = [Fault(f"/addresses/{number}{fault.pointer}", fault.message) for fault in unknown.faults]
        raise Invalid(unknown.detail, faults) from None


class MeView(View):
    id: str
    name: str | None
    phone: str | None
    email: str | None
    nip: str | None
    institution_id: str | None
    addresses: list[AddressView]

    @classmethod
    def of(cls, person: Person, institution_id: str | None) -> "MeView":
        masked = nip.masked(person.nip) if person.nip else None
        return cls(
            id=person.id, name=person.name, phone=person.phone, email=person.email, nip=masked,
            institution_id=institution_id,
            addresses=[AddressView.of(address) for address in person.addresses],
        )  # fmt: skip


@routes.get("/v1/me", roles=ANYBODY, returns=MeView)
def get_me(call: Call) -> MeView:
    """Return the caller as known; at the first call name, phone and e-mail address are kept from the token."""
    return MeView.of(_known(call.caller), call.caller.institution_id)


@routes.put("/v1/me", roles=ANYBODY, body=MeRequest, returns=MeView, replay=lambda call, _: get_me(call))
def put_me(call: Call) -> MeView:
    """Change what the request names, and nothing else: two changes at once are both kept."""
    request, person_id = call.begin(MeRequest), call.caller.id
    _known(call.caller)
    pen = deps.people().pen(person_id)
    said = deps.people().amend(pen, request.about(person_id), request.model_fields_set)
    deps.waves().commit(deps.remember(call.once, person_id), *said, *pen.writes)
    return MeView.of(_known(call.caller), call.caller.institution_id)


def _known(caller: Caller) -> Person:
    known = deps.people().get(caller.id)
    if known is None:
        known = Person(caller.id, caller.name, caller.phone, email=caller.email)
        deps.people().keep_first(known)
    return known
