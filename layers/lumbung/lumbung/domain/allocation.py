"""Who gets what when supply falls short: the same answer however often, and wherever, it is worked out.

An offer's claims lie in many drop-offs, and nothing reads them all at once. So it takes two looks:

1. each drop-off *tallies* its claims into coarse places (a second of placing; a class of quantity);
   the sum of all tallies shows the place at which the packs run out: a `Rule` with its `cut`;
2. each drop-off reports its few claims exactly at the cut (`ties`); sorted, they settle the rule.

Then every drop-off asks the rule for each of its claims. `allocate` does all of it for claims in one hand.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lumbung.domain.ids import tie_break

FIRST_COME, PRO_RATA = "first_come", "pro_rata"
POLICIES = (FIRST_COME, PRO_RATA)

Tally = Mapping[str, int]  # place → packs that are claimed there
Place = tuple[int, int]
_BYTE = 56  # a tie-break's first byte


@dataclass(frozen=True, slots=True)
class Claim:
    """Packs of one offer that one order asks for; lines of the same offer are summed first."""

    order_id: str
    packs: int
    placed_at: datetime

    @property
    def tie(self) -> int:
        return tie_break(self.order_id)


@dataclass(frozen=True, slots=True)
class Rule:
    """How an offer's packs are shared. `cut`: the place where they run out; None: there is enough.

    `left` packs are for the claims at the cut. `last_tie` is the last of them that gets anything, and
    `last_packs` what it gets; both follow from the ties.
    """

    policy: str
    supply: int
    demand: int
    cut: Place | None = None
    left: int = 0
    last_tie: int = -1
    last_packs: int = 0

    def grant(self, claim: Claim) -> int:
        """Return the packs that *claim* gets."""
        if self.cut is None:
            return claim.packs
        base, more = self._share(claim)
        place = self._place(claim)
        if place != self.cut:
            return base + (more if place < self.cut else 0)
        if claim.tie != self.last_tie:
            return base + (more if claim.tie < self.last_tie else 0)
        return base + self.last_packs

    def at_cut(self, claim: Claim) -> bool:
        return self._place(claim) == self.cut

    def settle(self, ties: Iterable[tuple[int, int]]) -> "Rule":
        """Return the rule made exact by the claims at the cut: (tie, packs) of each."""
        left, last = self.left, (-1, 0)
        for tie, packs in sorted(ties):
            if left <= 0:
                break
            more = packs if self.policy == FIRST_COME else 1
            last = (tie, min(more, left))
            left -= last[1]
        return replace(self, last_tie=last[0], last_packs=last[1])

    def _share(self, claim: Claim) -> tuple[int, int]:
        """Return (packs for certain, packs on top for those before the cut)."""
        if self.policy == FIRST_COME:
            return 0, claim.packs
        return claim.packs * self.supply // self.demand, 1

    def _place(self, claim: Claim) -> Place:
        if self.policy == FIRST_COME:
            return int(claim.placed_at.timestamp()), 0
        return -(claim.packs * self.supply % self.demand), claim.tie >> _BYTE


def tally(policy: str, claims: Iterable[Claim]) -> Counter[str]:
    """Return the packs claimed at each place: by second (first come), by quantity and tie byte (pro rata)."""
    places: Counter[str] = Counter()
    for claim in claims:
        if policy == FIRST_COME:
            places[str(int(claim.placed_at.timestamp()))] += claim.packs
        else:
            places[f"{claim.packs}:{claim.tie >> _BYTE}"] += claim.packs
    return places


def decide(policy: str, places: Tally, supply: int) -> Rule:
    """Return the rule for an offer, exact but for the claims at its cut.

    policy       claims (packs, in order)   supply   granted
    any          5 3                        8        5 3       enough
    first_come   5 3 2                      7        5 2 0     the last one served gets what is left
    pro_rata     5 3 2                      7        4 2 1     3.5, 2.1, 1.4: the largest remainder gets the last pack
    pro_rata     1 1 1                      2        two of the three, by tie-break
    """
    demand = sum(places.values())
    rule = Rule(policy, supply, demand)
    if supply >= demand:
        return rule
    left, by_place = supply, _extra_packs(policy, places, rule)
    if policy == PRO_RATA:
        left -= sum(_base_packs(places, rule))
    for place in sorted(by_place):
        if by_place[place] > left:
            return replace(rule, cut=place, left=left)
        left -= by_place[place]
    raise AssertionError("a short supply has a cut")


def allocate(policy: str, claims: Sequence[Claim], supply: int) -> dict[str, int]:
    """Return the packs that each order gets, for claims that are all in one hand.

    The sum is the smaller of *supply* and what is claimed.
    """
    rule = decide(policy, tally(policy, claims), supply)
    rule = rule.settle((claim.tie, claim.packs) for claim in claims if rule.at_cut(claim))
    return {claim.order_id: rule.grant(claim) for claim in claims}


def _extra_packs(policy: str, places: Tally, rule: Rule) -> Counter[Place]:
    """Return how many packs each place would take beyond what it has for certain."""
    extra: Counter[Place] = Counter()
    for name, packs in places.items():
        if policy == FIRST_COME:
            extra[int(name), 0] += packs
        else:
            quantity, byte = _class_of(name)
            extra[-(quantity * rule.supply % rule.demand), byte] += packs // quantity
    return extra


def _base_packs(places: Tally, rule: Rule) -> Iterable[int]:
    for name, packs in places.items():
        quantity, _ = _class_of(name)
        yield packs // quantity * (quantity * rule.supply // rule.demand)


def _class_of(name: str) -> tuple[int, int]:
    quantity, _, byte = name.partition(":")
    return int(quantity), int(byte)
