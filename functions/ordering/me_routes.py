"""HTTP: what a member sees and changes about themselves."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from lumbung.domain import nip
from lumbung.domain.people import COOPERATIVE, MEMBER, OPERATOR, PIC, Caller, Person
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

    def changed(self, known: Person) -> Person:
        """Return *known* with what the request says; what it does not name stays."""
        said = {name: getattr(self, name) for name in self.model_fields_set}
        if "addresses" in said:
            said["addresses"] = tuple(address.to_domain() for address in self.addresses or ())
        return replace(known, **said)


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
    caller = call.caller
    known = deps.people().get(caller.id)
    if known is None:
        known = _from_token(caller)
        deps.people().keep_first(known)
    return MeView.of(known, caller.institution_id)


@routes.put("/v1/me", roles=ANYBODY, body=MeRequest, returns=MeView, replay=lambda call, _: get_me(call))
def put_me(call: Call) -> MeView:
    request = call.begin(MeRequest)
    known = deps.people().get(call.caller.id) or _from_token(call.caller)
    person = request.changed(known)
    deps.waves().commit(deps.remember(call.once, person.id), deps.people().put(person))
    return MeView.of(person, call.caller.institution_id)


def _from_token(caller: Caller) -> Person:
    return Person(caller.id, caller.name, caller.phone, email=caller.email)
