"""Who goes without when a consignment brings less than was allocated."""

from collections.abc import Iterable, Mapping

from lumbung.domain.allocation import Claim, allocate
from lumbung.domain.order import Order
from lumbung.domain.wave import Wave

Losses = dict[str, dict[str, int]]  # order → offer → packs


def share_shortage(wave: Wave, orders: Iterable[Order], missing: Mapping[str, int]) -> Losses:
    """Return the packs that each order loses, by the policy that allocated them; nobody loses more than they had.

    policy         packs of the orders, in order of placing   missing   lost
    first_come     2 1 3                                       2         0 0 2   the last placed loses first
    first_come     2 1 3                                       4         0 1 3
    priority       2 1 3, the last in group 1                  4         2 1 1   its group loses last
    pro_rata       5 3 2                                       3         1 1 1   what is left is shared: 4 2 1
    equal_rounds   5 3 2                                       2         2 0 0   … in rounds: 3 3 2
    any            2 1                                         5         2 1
    """
    losses: Losses = {}
    orders = list(orders)
    for offer_id, packs_missing in sorted(missing.items()):
        claims = [
            Claim(o.id, packs, o.placed_at, wave.rank(o.institution_id))
            for o in orders
            if (packs := granted(o, offer_id))
        ]
        left = max(0, sum(claim.packs for claim in claims) - packs_missing)
        gets = allocate(wave.allocation_policy, claims, left)
        for claim in claims:
            if lost := claim.packs - gets[claim.order_id]:
                losses.setdefault(claim.order_id, {})[offer_id] = lost
    return losses


def granted(order: Order, offer_id: str) -> int:
    return sum(line.granted for line in order.lines if line.offer_id == offer_id)
