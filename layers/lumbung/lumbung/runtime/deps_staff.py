"""What only the register of staff uses."""

from functools import cache
from typing import Any

from botocore.config import Config

from lumbung.runtime import deps
from lumbung.store.decisions import Decisions
from lumbung.store.email_domains import EmailDomains
from lumbung.store.guesses import Guesses
from lumbung.store.invitations import Invitations
from lumbung.store.memberships import Memberships
from lumbung.store.staff_lists import StaffLists
from lumbung.store.staff_requests import StaffRequests
from lumbung.store.table import Database

# Cognito waits five seconds for the token's trigger: a call that hangs, tried twice, must leave it time to say so.
_AT_SIGN_IN = Config(
    connect_timeout=0.5,
    read_timeout=1,
    retries={"mode": "standard", "total_max_attempts": 2},
    parameter_validation=False,
    user_agent="lumbung",
)


@cache
def at_sign_in() -> dict[str, Any]:
    """Return what the claim of a token is read from."""
    db = Database(deps.session().create_client("dynamodb", config=_AT_SIGN_IN))
    people = deps.table("people")
    return {
        "decide": Decisions(db, deps.earlier),
        "memberships": Memberships(db, people),
        "domains": EmailDomains(db, people),
    }


@cache
def decide() -> Decisions:
    return Decisions(deps.db(), deps.earlier)


@cache
def memberships() -> Memberships:
    return Memberships(deps.db(), deps.table("people"))


@cache
def requests() -> StaffRequests:
    return StaffRequests(deps.personal())


@cache
def invitations() -> Invitations:
    return Invitations(deps.db(), deps.table("people"))


@cache
def domains() -> EmailDomains:
    return EmailDomains(deps.db(), deps.table("people"))


@cache
def lists() -> StaffLists:
    return StaffLists(deps.db(), deps.table("people"))


@cache
def guesses() -> Guesses:
    return Guesses(deps.db(), deps.table("people"))
