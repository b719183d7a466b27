"""What the user pool's pre-token-generation trigger makes of a token's claims, as Cognito would have it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from infra.local.functions import Functions
from infra.local.settings import CLIENT_ID, POOL_ID, REGION


class TriggerFailed(RuntimeError):
    """The trigger raised, so nobody can sign in."""


class SignIn:
    def __init__(self, trigger: str | None, functions: Functions) -> None:
        self._trigger, self._functions = trigger, functions

    async def claims(self, sub: str, roles: Sequence[str], claims: Mapping[str, Any]) -> dict[str, Any]:
        """Return *claims* with what the trigger adds, overrides and leaves out."""
        if self._trigger is None:
            return dict(claims)
        outcome = await self._functions.invoke(self._trigger, _event(sub, roles, claims))
        if outcome.failed:
            raise TriggerFailed(f"{self._trigger} failed")
        changes = json.loads(outcome.payload)["response"]["claimsOverrideDetails"] or {}
        kept = {name: value for name, value in claims.items() if name not in changes.get("claimsToSuppress", ())}
        return {**kept, **changes.get("claimsToAddOrOverride", {})}


def _event(sub: str, roles: Sequence[str], claims: Mapping[str, Any]) -> dict[str, Any]:
    attributes = {name: value if isinstance(value, str) else json.dumps(value) for name, value in claims.items()}
    return {
        "version": "1",
        "triggerSource": "TokenGeneration_Authentication",
        "region": REGION,
        "userPoolId": POOL_ID,
        "userName": sub,
        "callerContext": {"awsSdkVersion": "local", "clientId": CLIENT_ID},
        "request": {
            "userAttributes": {"sub": sub, **attributes},
            "groupConfiguration": {"groupsToOverride": list(roles), "iamRolesToOverride": [], "preferredRole": None},
        },
        "response": {"claimsOverrideDetails": None},
    }
