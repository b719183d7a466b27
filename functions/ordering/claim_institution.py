"""What a token says of its holder's institution."""

from collections.abc import Sequence
from datetime import datetime

from lumbung.domain.staff import EMAIL_DOMAIN, claim, domain_of, join
from ordering.staff_ports import Decide, Domains, Memberships, Write


def claim_institution(
    person_id: str, verified_email: str | None, *, at: datetime, decide: Decide, memberships: Memberships,
    domains: Domains,
) -> str | None:  # fmt: skip
    """Return the institution that the person is staff of; whom their e-mail makes staff is noted as such."""

    def step() -> tuple[str | None, Sequence[Write]]:
        kept = memberships.find(person_id)
        domain = domain_of(verified_email) if verified_email and not (kept and kept.firm) else None
        claimed = claim(kept, domains.institution_of(domain) if domain else None)
        if claimed is None or (kept and kept.live and kept.institution_id == claimed):
            return claimed, []
        return claimed, memberships.replace(
            kept, join(kept, person_id, claimed, basis=EMAIL_DOMAIN, by=person_id, at=at)
        )

    return decide(step)
