"""The register of staff: lists, domains, codes, requests, and who signs in meanwhile."""

from typing import Any

from lumbung.domain.people import Caller
from ordering import token
from tests.faults.ordering_world import World
from tests.faults.scenario import Act, Phase, Scenario
from tests.integration.office import OPERATOR, PIC, a_member
from tests.integration.staff_world import NIPS, an_event

OF = "/v1/institutions/{institution_id}"
JOIN, DECIDE = "POST /v1/me/institution", "POST /v1/staff-requests/{request_id}/decision"
IMPORT, DOMAINS, INVITE = f"POST {OF}/staff-imports", f"PUT {OF}/email-domains", f"POST {OF}/invitations"
REMOVE = f"POST {OF}/staff/{{person_id}}/removal"


def register(world: World) -> None:
    """A list of one NIP, a code for two, one domain; member 1 is staff by the code, member 2 has asked."""
    world.publish()
    served = {"institution_ids": [world.office.institution]}
    world.post(f"/v1/dropoffs/{world.dropoffs[0]}", served, key="serve", method="PATCH")
    _of("staff-imports", {"nips": NIPS[:1]}, key="before")(world)
    _of("email-domains", {"domains": ["kemenkop.go.id"]}, method="PUT", key="before")(world)
    world.ids["code"] = _of("invitations", {"uses": 2}, key="before")(world).json["code"]
    _by_code(1)(world)
    _by_request(2)(world)
    asked = world.get(f"/v1/dropoffs/{world.dropoffs[0]}/staff-requests", by=PIC).json["items"]
    world.ids["request"] = asked[0]["id"]


def _of(what: str, body: Any, *, key: str = "same", method: str = "POST", by: Caller = OPERATOR) -> Act:
    def act(world: World) -> Any:
        return world.post(f"/v1/institutions/{world.office.institution}/{what}", body, key=key, method=method, by=by)

    return act


def _join(n: int, **body: str) -> Act:
    return lambda w: w.post("/v1/me/institution", body, key="join", by=a_member(n))


def _by_code(n: int) -> Act:
    return lambda w: _join(n, code=w.ids["code"])(w)


def _by_request(n: int, **nip: str) -> Act:
    return lambda w: _join(n, institution_id=w.office.institution, **nip)(w)


def _decide(approve: bool) -> Act:
    path = "/v1/staff-requests/{}/decision"
    return lambda w: w.post(path.format(w.ids["request"]), {"approve": approve}, key=f"decide {approve}", by=PIC)


def _sign_in(n: int) -> Act:
    event = an_event(a_member(n), email=f"anggota{n}@kemenkop.go.id", email_verified="true")
    return lambda w: token.handler(event, None)


PHASES = (
    Phase("a register of staff", register, (
        Scenario("a list", _of("staff-imports", {"nips": list(NIPS)}), IMPORT),
        Scenario("domains", _of("email-domains", {"domains": ["lkpp.go.id"]}, method="PUT"), DOMAINS),
        Scenario("a code", _of("invitations", {"uses": 1}), INVITE),
        Scenario("join by the last use of a code", _by_code(3), JOIN),
        Scenario("join by its last use, being somebody else", _by_code(4), JOIN),
        Scenario("join by a listed NIP", _by_request(5, nip=NIPS[0]), JOIN),
        Scenario("join by it, being somebody else", _by_request(6, nip=NIPS[0]), JOIN),
        Scenario("ask", _by_request(7), JOIN),
        Scenario("approve a request", _decide(True), DECIDE),
        Scenario("decline it", _decide(False), DECIDE),
        Scenario("who asked joins by the code", lambda w: w.post(
            "/v1/me/institution", {"code": w.ids["code"]}, key="by code", by=a_member(2)), JOIN),
        Scenario("end a membership", _of("staff/mem-1/removal", None), REMOVE),
        Scenario("sign in", _sign_in(8), "ordering.token.handler"),
        Scenario("sign in, being removed", _sign_in(1), "ordering.token.handler"),
    )),
)  # fmt: skip
