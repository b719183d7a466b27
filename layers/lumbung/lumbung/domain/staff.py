"""Who counts as staff of an institution, on what ground, and what a token may say of it.

ground         how it is given
nip_list       the programme office has imported the person's NIP
email_domain   the person's verified e-mail is in a domain of the institution
invitation     the person had a code
pic            a person in charge, or the programme office, has confirmed it

A person is staff of one institution at a time. Who was removed from one comes back only by confirmation.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from lumbung.domain.errors import Forbidden, InvalidState

NIP_LIST, EMAIL_DOMAIN, INVITATION, CONFIRMED = "nip_list", "email_domain", "invitation", "pic"
PENDING, APPROVED, REFUSED = "pending", "approved", "refused"
# Whose addresses anybody can have: as a domain of an institution they would make everybody its staff.
PUBLIC_DOMAINS = frozenset({
    "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.id", "ymail.com", "rocketmail.com", "outlook.com",
    "outlook.co.id", "hotmail.com", "live.com", "msn.com", "icloud.com", "me.com", "proton.me", "protonmail.com",
    "aol.com", "gmx.com", "mail.com", "zoho.com", "yandex.com",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Membership:
    """That a person is, or was, staff of an institution. `by`: who saw to it; `ended_by`: who removed them.

    `removed_from`: institutions that have removed this person, ever, and not taken them back. `nip_digest`: what a
    list that made them staff knows them by.
    """

    person_id: str
    institution_id: str
    basis: str
    by: str
    at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    removed_from: frozenset[str] = frozenset()
    version: int = 0
    nip_digest: str | None = None

    @property
    def live(self) -> bool:
        return self.ended_at is None

    @property
    def firm(self) -> bool:
        """Whether somebody has seen to it, so that it does not hang on an address."""
        return self.live and self.basis != EMAIL_DOMAIN

    def end(self, *, by: str, at: datetime) -> "Membership":
        return replace(self, ended_at=at, ended_by=by, removed_from=self.removed_from | {self.institution_id})


@dataclass(frozen=True, slots=True)
class StaffRequest:
    """A person's wish to count as staff; one at a time. `name` and `nip` are as the person gave them."""

    id: str
    institution_id: str
    person_id: str
    at: datetime
    name: str | None = None
    nip: str | None = None
    status: str = PENDING
    decided_by: str | None = None
    decided_at: datetime | None = None
    version: int = 0

    def decide(self, *, approve: bool, by: str, at: datetime) -> "StaffRequest":
        """Return the request decided. Forbidden for one's own, InvalidState when it was decided before."""
        if by == self.person_id:
            raise Forbidden("Tidak seorang pun memutuskan permintaannya sendiri.")
        if self.status != PENDING:
            raise InvalidState(f"Permintaan ini berstatus {self.status}.")
        return replace(self, status=APPROVED if approve else REFUSED, decided_by=by, decided_at=at)


def join(
    before: Membership | None, person_id: str, institution_id: str, *, basis: str, by: str, at: datetime,
    nip_digest: str | None = None,
) -> Membership:  # fmt: skip
    """Return the membership that takes the place of *before*."""
    removed = before.removed_from if before else frozenset()
    return Membership(
        person_id, institution_id, basis, by, at,
        removed_from=removed - {institution_id} if basis == CONFIRMED else removed,
        version=before.version if before else 0, nip_digest=nip_digest,
    )  # fmt: skip


def may_join_alone(before: Membership | None, institution_id: str) -> bool:
    """Tell whether a list, a domain or a code is enough: not where the person was removed."""
    return before is None or institution_id not in before.removed_from


def claim(kept: Membership | None, by_email: str | None) -> str | None:
    """Return the institution that a token names; *by_email*: whose domain the verified e-mail is in.

    kept                       by_email   claim
    nothing                    A          A
    A by list, code or PIC     B          A       what somebody saw to comes before an address
    A by e-mail                A          A
    A by e-mail                B          B       the address has changed
    A by e-mail                nothing    none    the address or the domain is gone
    A, ended                   A          none    only confirmation brings back
    A, ended                   B          B
    """
    if kept and kept.firm:
        return kept.institution_id
    return by_email if by_email and may_join_alone(kept, by_email) else None


def domain_of(email: str) -> str | None:
    """Return the domain of an address, in small letters; None when it is no address.

    Siti@Kemenkop.go.id             kemenkop.go.id
    siti@mail.kemenkop.go.id        mail.kemenkop.go.id     another domain
    "@kemenkop.go.id"@example.com   example.com
    kemenkop.go.id                  –
    """
    name, at, domain = email.strip().rpartition("@")
    return domain.lower() if name and at and domain else None


def open_domains(domains: Iterable[str]) -> list[str]:
    """Return which of *domains* anybody can have an address in."""
    return sorted(PUBLIC_DOMAINS.intersection(domains))
