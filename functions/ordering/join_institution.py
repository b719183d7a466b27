"""Somebody shows that they are staff of an institution: by a code, by a NIP that is on its list, or by asking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lumbung.domain.errors import Forbidden, InvalidState
from lumbung.domain.once import Once
from lumbung.domain.staff import INVITATION, NIP_LIST, PENDING, Membership, StaffRequest, join, may_join_alone
from ordering.ports import Memory
from ordering.staff_ports import Decide, Guesses, Invitations, Lists, Memberships, Requests, Write

Outcome = tuple[None, Sequence[Write]]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants to count as staff, and what they say of themselves. `nip_digest`: what a list would know them by."""

    id: str
    name: str | None = None
    nip: str | None = None
    nip_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Joining:
    decide: Decide
    remember: Memory
    memberships: Memberships
    requests: Requests
    invitations: Invitations
    lists: Lists
    guesses: Guesses

    def redeem(self, person_id: str, code_digest: str, *, at: datetime, once: Once) -> None:
        """Make the person staff by a code. Forbidden for a wrong one, TooMany after five, InvalidState: used up."""
        self.guesses.count(person_id, at=at)
        if self.invitations.find(code_digest) is None:
            raise Forbidden("Kode undangan tidak cocok.")
        try:
            self.decide(lambda: self._let_in(person_id, code_digest, at=at, once=once), once)
        except Exception:
            self.guesses.forgive(person_id)  # the code was right: it is not held against them
            raise

    def ask(self, asker: Asker, institution_id: str, *, request_id: str, at: datetime, once: Once) -> None:
        """Make the asker staff if their NIP is on the list, else note a request; TooMany after five wrong NIP."""
        if asker.nip_digest:
            self.guesses.count(asker.id, at=at)

        def step() -> Outcome:
            before = self.memberships.find(asker.id)
            if _belongs(before, institution_id):
                return None, [self.remember(once, asker.id)]
            if asker.nip_digest and self._is_listed(asker, institution_id) and may_join_alone(before, institution_id):
                digest = asker.nip_digest
                after = join(before, asker.id, institution_id, basis=NIP_LIST, by=asker.id, at=at, nip_digest=digest)
                claim = self.lists.claim(institution_id, asker.nip_digest, asker.id)
                return None, [self.remember(once, asker.id), *self.memberships.replace(before, after), claim,
                              self.guesses.forget(asker.id)]  # fmt: skip
            return None, [self.remember(once, asker.id), *self._request(asker, institution_id, request_id, at)]

        self.decide(step, once)

    def _let_in(self, person_id: str, code_digest: str, *, at: datetime, once: Once) -> Outcome:
        invitation = self.invitations.find(code_digest)
        if invitation is None:
            raise Forbidden("Kode undangan tidak cocok.")
        before = self.memberships.find(person_id)
        if _belongs(before, invitation.institution_id):
            return None, [self.remember(once, person_id)]  # no use of the code is spent on them
        used = invitation.use(at)
        if not may_join_alone(before, invitation.institution_id):
            raise InvalidState("Keanggotaan Anda pernah dicabut: mintalah persetujuan penanggung jawab.")
        after = join(before, person_id, invitation.institution_id, basis=INVITATION, by=invitation.by, at=at)
        return None, [self.remember(once, person_id), *self.memberships.replace(before, after),
                      self.invitations.save_used(used), self.guesses.forget(person_id)]  # fmt: skip

    def _is_listed(self, asker: Asker, institution_id: str) -> bool:
        """Tell whether the NIP is on the list, and nobody else's: it is printed on every letter, and proves little."""
        listed = self.lists.find(institution_id, asker.nip_digest or "")
        return listed is not None and listed.claimed_by in (None, asker.id)

    def _request(self, asker: Asker, institution_id: str, request_id: str, at: datetime) -> Sequence[Write]:
        before = self.requests.find(asker.id)
        if before and before.status == PENDING and before.institution_id == institution_id and before.nip == asker.nip:
            return []
        version, id_ = (before.version, before.id) if before else (0, request_id)
        new = StaffRequest(id_, institution_id, asker.id, at, asker.name, asker.nip, version=version)
        moved = before is not None and before.institution_id != institution_id
        return [*self.requests.save(new), *([self.requests.unlist(before, at=at)] if before and moved else [])]


def _belongs(membership: Membership | None, institution_id: str) -> bool:
    return membership is not None and membership.live and membership.institution_id == institution_id
