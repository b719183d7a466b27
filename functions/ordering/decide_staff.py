"""Somebody answers for who is staff: a request is decided, a membership is ended."""

from collections.abc import Sequence
from datetime import datetime

from lumbung.domain.errors import NotFound
from lumbung.domain.once import Once
from lumbung.domain.staff import CONFIRMED, Membership, StaffRequest, join
from ordering.ports import Memory
from ordering.staff_ports import Decide, Memberships, Requests, Write


def decide_request(
    seen: StaffRequest, *, approve: bool, by: str, at: datetime, once: Once, remember: Memory, decide: Decide,
    requests: Requests, memberships: Memberships,
) -> StaffRequest:  # fmt: skip
    """Decide the request that was *seen*, and make its person staff where it is approved.

    Forbidden, InvalidState; NotFound when its person has asked at another institution meanwhile.
    """

    def step() -> tuple[StaffRequest, Sequence[Write]]:
        asked = requests.get(seen.id)
        if asked.institution_id != seen.institution_id:
            raise NotFound(f"Permintaan {seen.id} tidak ditemukan.")
        request = asked.decide(approve=approve, by=by, at=at)
        writes = [remember(once, request.id), *requests.save(request)]
        if approve:
            before = memberships.find(request.person_id)
            after = join(before, request.person_id, request.institution_id, basis=CONFIRMED, by=by, at=at)
            writes += memberships.replace(before, after)
        return request, writes

    return decide(step, once)


def remove_staff(
    person_id: str, institution_id: str, *, by: str, at: datetime, once: Once, remember: Memory, decide: Decide,
    memberships: Memberships,
) -> Membership:  # fmt: skip
    """End the person's membership; NotFound when they are not staff of this institution."""

    def step() -> tuple[Membership, Sequence[Write]]:
        found = memberships.find(person_id)
        if found is None or not found.live or found.institution_id != institution_id:
            raise NotFound("Orang ini bukan pegawai instansi ini.")
        ended = found.end(by=by, at=at)
        return ended, [remember(once, person_id), memberships.save(ended)]

    return decide(step, once)
