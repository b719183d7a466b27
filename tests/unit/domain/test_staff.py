"""Who counts as staff, and what a token says of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lumbung.domain import invitation
from lumbung.domain.errors import Forbidden, InvalidState
from lumbung.domain.invitation import Invitation
from lumbung.domain.staff import (
    CONFIRMED,
    EMAIL_DOMAIN,
    INVITATION,
    NIP_LIST,
    Membership,
    StaffRequest,
    claim,
    domain_of,
    join,
    may_join_alone,
)

NOW = datetime(2020, 4, 7, tzinfo=UTC)


def a_membership(institution: str = "A", basis: str = NIP_LIST, *, before: Membership | None = None) -> Membership:
    return join(before, "mem-1", institution, basis=basis, by="op", at=NOW)


def removed(membership: Membership) -> Membership:
    return membership.end(by="op", at=NOW)


REMOVED = removed(a_membership("A"))


@pytest.mark.parametrize(
    ("kept", "by_email", "claimed"),
    [
        pytest.param(None, None, None, id="nobody knows them"),
        pytest.param(None, "A", "A", id="their address is in a domain"),
        *[
            pytest.param(a_membership("A", basis), email, "A", id=f"{basis}, address of {email}")
            for basis in (NIP_LIST, INVITATION, CONFIRMED)
            for email in (None, "A", "B")
        ],
        pytest.param(a_membership("A", EMAIL_DOMAIN), "A", "A", id="by an address they still have"),
        pytest.param(a_membership("A", EMAIL_DOMAIN), "B", "B", id="by an address that has changed"),
        pytest.param(a_membership("A", EMAIL_DOMAIN), None, None, id="by an address that is gone"),
        pytest.param(REMOVED, None, None, id="removed"),
        pytest.param(REMOVED, "A", None, id="removed, the address is still there"),
        pytest.param(REMOVED, "B", "B", id="removed, and now elsewhere"),
        pytest.param(removed(a_membership("B", before=REMOVED)), "A", None, id="removed from both"),
        pytest.param(a_membership("A", CONFIRMED, before=REMOVED), None, "A", id="removed, and confirmed again"),
    ],
)
def test_a_token_names_what_the_register_says(
    kept: Membership | None, by_email: str | None, claimed: str | None
) -> None:
    assert claim(kept, by_email) == claimed


def test_who_was_removed_comes_back_by_confirmation_only() -> None:
    elsewhere = a_membership("B", INVITATION, before=REMOVED)
    back = a_membership("A", CONFIRMED, before=elsewhere)

    assert [may_join_alone(kept, "A") for kept in (None, REMOVED, elsewhere, back)] == [True, False, False, True]
    assert may_join_alone(elsewhere, "C")


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("Siti@Kemenkop.go.id", "kemenkop.go.id"),
        ("siti@mail.kemenkop.go.id", "mail.kemenkop.go.id"),
        ('"@kemenkop.go.id"@example.com', "example.com"),
        ("kemenkop.go.id", None),
        ("@kemenkop.go.id", None),
        ("siti@", None),
        ("", None),
    ],
)
def test_an_address_is_in_one_domain(email: str, domain: str | None) -> None:
    assert domain_of(email) == domain


def test_a_request_is_decided_once_and_never_by_whoever_asks() -> None:
    request = StaffRequest("req_1", "A", "mem-1", NOW)
    decided = request.decide(approve=False, by="pic-1", at=NOW)

    assert (decided.status, decided.decided_by) == ("refused", "pic-1")
    with pytest.raises(InvalidState):
        decided.decide(approve=True, by="pic-1", at=NOW)
    with pytest.raises(Forbidden):
        request.decide(approve=True, by="mem-1", at=NOW)


@pytest.mark.parametrize(
    ("changes", "late", "good"),
    [
        pytest.param({}, timedelta(), True, id="fresh"),
        pytest.param({"used": 1}, timedelta(), True, id="once more"),
        pytest.param({"used": 2}, timedelta(), False, id="used up"),
        pytest.param({}, timedelta(days=1) - timedelta(milliseconds=1), True, id="just in time"),
        pytest.param({}, timedelta(days=1), False, id="too late"),
    ],
)
def test_an_invitation_is_good_for_so_many_and_so_long(changes: dict[str, Any], late: timedelta, good: bool) -> None:
    code = Invitation("digest", "A", uses=2, until=NOW + timedelta(days=1), by="op", **changes)

    if good:
        assert code.use(NOW + late).used == code.used + 1
    else:
        with pytest.raises(InvalidState):
            code.use(NOW + late)


def test_a_code_is_the_same_however_it_is_typed() -> None:
    code = invitation.code_for(b"s", "once")

    assert len(code) == 11 and "0" not in code and "1" not in code
    assert invitation.code_for(b"s", "once") == code != invitation.code_for(b"s", "twice")
    typed = {code, code.lower(), code.replace("-", " "), code.replace("-", ""), code.replace("O", "0")}
    assert {invitation.digest(b"s", text) for text in typed} == {invitation.digest(b"s", code)}
    assert invitation.digest(b"s", "O7QPA-IMXWD") == invitation.digest(b"s", "07qpa1mxwd")
