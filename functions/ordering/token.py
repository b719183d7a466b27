"""Sign-in entry point: before the user pool makes a token, says which institution it names.

Cognito's pre-token-generation trigger, version 1. What the user's own attributes say of an institution is never
believed. When the register does not answer, people still sign in, as staff of nobody.
"""

from typing import Any

from lumbung.runtime import clock, deps_staff
from lumbung.runtime.log import logger
from ordering.claim_institution import claim_institution

CLAIM = "custom:institution_id"


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    try:
        institution_id = _institution(event["request"]["userAttributes"])
    except Exception:  # noqa: BLE001 - whatever it is, it must not keep anybody from signing in
        logger.exception("institution not known", trigger=event.get("triggerSource"))
        institution_id = None
    overridden = {"claimsToAddOrOverride": {CLAIM: institution_id}} if institution_id else {"claimsToSuppress": [CLAIM]}
    logger.info("token", institution_id=institution_id)
    return {**event, "response": {"claimsOverrideDetails": overridden}}


def _institution(user: dict[str, str]) -> str | None:
    email = user.get("email") if user.get("email_verified") == "true" else None
    return claim_institution(user["sub"], email, at=clock.now(), **deps_staff.at_sign_in())
