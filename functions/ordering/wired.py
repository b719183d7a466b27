"""Use cases with the collaborators that more than one entry point gives them."""

from lumbung.runtime import deps, deps_ordering, deps_people, deps_staff
from ordering.erase_person import Erasing


def erasing() -> Erasing:
    return Erasing(
        decide=deps_ordering.decide(), orders=deps.orders(), erasures=deps_people.erasures(),
        traces=deps_people.traces(), consents=deps_people.tpp_consents(), memberships=deps_staff.memberships(),
        dropoffs=deps_people.all_dropoffs,
    )  # fmt: skip
