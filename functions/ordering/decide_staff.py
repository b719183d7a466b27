"""Somebody answers for who is staff: a request is decided, a membership is ended."""

from collections.abc import Sequence
from datetime import datetime

from lumbung.domain.errors import NotFound
from lumbung.domain.once import Once
from lumbung.domain.staff import CONFIRMED, Membership, StaffRequest, join
from ordering.ports import Memory
from ordering.staff_ports import Decide, Memberships, Requests, Write


def decide_request(
    request_id: str, *, approve: bool, by: str, at: datetime, once: Once, remember: Memory, decide: Decide,
    requests: Requests, memberships: Memberships,
) -> StaffRequest:  # fmt: skip
    """Decide a request, and make its person staff where it is approved. Forbidden, InvalidState."""

    def step() -> tuple[StaffRequest, Sequence[Write]]:
        request = requests.get(request_id).decide(approve=approve, by=by, at=at)
        writes = [remember(once, request_id), *requests.save(request)]
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
