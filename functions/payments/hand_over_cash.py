"""A person in charge hands over cash: announced now, counted by somebody else later."""

from lumbung.domain.cash import Remittance
from lumbung.domain.once import Once
from payments.ports import Memory, Remittances, Tills


def hand_over_cash(
    remittance: Remittance, *, once: Once, remember: Memory, remittances: Remittances, tills: Tills
) -> Remittance:
    """Set the amount aside; LimitExceeded when that much is not on hand."""
    remittances.commit(
        remember(once, remittance.id),
        remittances.add(remittance),
        tills.announce(remittance.dropoff_id, remittance.amount),
    )
    return remittance
