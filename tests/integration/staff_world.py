"""The register of staff on moto: an office, its drop-off that serves one institution, and people who sign in."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from lumbung.domain.people import Caller
from ordering import api, token
from tests.integration.conftest import Http, Reply
from tests.integration.office import DURING, OPERATOR, PIC, Office, a_member, an_office

NIPS = ("196608011988031001", "199009132025242014", "198503152010122003")


@dataclass
class Register:
    """What the office, persons in charge and members do with the register."""

    office: Office

    @property
    def institution(self) -> str:
        return self.office.institution

    def send(
        self, method: str, path: str, body: Any = None, *, caller: Caller = OPERATOR, key: str = "k", at: Any = DURING,
        headers: dict[str, str] | None = None,
    ) -> Reply:  # fmt: skip
        return self.office.http(api.handler, method, path, body, caller=caller, key=key, at=at, headers=headers)

    def import_nips(self, *nips: Any, key: str = "import") -> Reply:
        return self.send("POST", f"/v1/institutions/{self.institution}/staff-imports", {"nips": list(nips)}, key=key)

    def domains(self, *domains: str, key: str = "domains", institution: str | None = None) -> Reply:
        path = f"/v1/institutions/{institution or self.institution}/email-domains"
        return self.send("PUT", path, {"domains": list(domains)}, key=key)

    def invite(self, caller: Caller = OPERATOR, key: str = "invite", **body: Any) -> Reply:
        return self.send("POST", f"/v1/institutions/{self.institution}/invitations", body, caller=caller, key=key)

    def join(self, caller: Caller, key: str = "join", at: Any = DURING, **body: Any) -> Reply:
        return self.send("POST", "/v1/me/institution", body, caller=caller, key=key, at=at)

    def ask(self, caller: Caller, key: str = "ask", **body: Any) -> Reply:
        return self.join(caller, key, institution_id=self.institution, **body)

    def requests(self, caller: Caller = PIC) -> Any:
        return self.send("GET", f"/v1/dropoffs/{self.office.dropoff}/staff-requests", caller=caller).json["items"]

    def decide(self, request_id: str, caller: Caller = PIC, *, approve: bool = True, key: str = "decide") -> Reply:
        return self.send("POST", f"/v1/staff-requests/{request_id}/decision", {"approve": approve}, caller=caller,
                         key=key)  # fmt: skip

    def remove(self, person_id: str, key: str = "remove") -> Reply:
        return self.send("POST", f"/v1/institutions/{self.institution}/staff/{person_id}/removal", key=key)

    def signed_in(self, caller: Caller, **attributes: str) -> Caller:
        """Return *caller* as the token names them that the user pool makes now."""
        return replace(caller, institution_id=self.claim(caller, **attributes))

    def claim(self, caller: Caller, **attributes: str) -> str | None:
        details = token.handler(an_event(caller, **attributes), None)["response"]["claimsOverrideDetails"]
        added, suppressed = details.get("claimsToAddOrOverride", {}), details.get("claimsToSuppress", [])
        assert bool(added) != bool(suppressed), "what the user's own attribute says is overridden or left out"
        return added.get(token.CLAIM)


def an_event(caller: Caller, **attributes: str) -> dict[str, Any]:
    """Return what Cognito sends to the trigger; the user's own attribute claims an institution."""
    return {
        "version": "1", "triggerSource": "TokenGeneration_Authentication", "region": "ap-southeast-3",
        "userPoolId": "ap-southeast-3_x", "userName": caller.id, "callerContext": {"awsSdkVersion": "1"},
        "request": {
            "userAttributes": {"sub": caller.id, "custom:institution_id": "ins_selfmade", **attributes},
            "groupConfiguration": {"groupsToOverride": sorted(caller.roles), "iamRolesToOverride": []},
        },
        "response": {"claimsOverrideDetails": None},
    }  # fmt: skip


@pytest.fixture
def register(http: Http) -> Register:
    made = Register(an_office(http))
    served = {"institution_ids": [made.institution]}
    assert made.send("PATCH", f"/v1/dropoffs/{made.office.dropoff}", served, key="serve").status == 200
    return made


__all__ = ["NIPS", "Register", "a_member", "an_event", "register"]
