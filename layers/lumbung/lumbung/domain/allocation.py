"""Who gets what when supply falls short: the same answer however often, and wherever, it is worked out.

    first_come     served whole, in the order of placing, until the packs run out
    priority       the same, one group of institutions after the other; who is in no group comes last
    pro_rata       everybody the same share of what they asked for; the largest remainders get the last packs
    equal_rounds   dealt in rounds: everybody one pack, everybody a second; a tie-break ends the last round

An offer's claims lie in many drop-offs, and nothing reads them all at once. So it takes two looks:

1. each drop-off *tallies* its claims into coarse kinds (a minute of placing; a class of quantity);
   the sum of all tallies shows the place at which the packs run out: a `Rule` with its `cut`;
2. each drop-off reports its few claims exactly at the cut (`ties`); sorted, they settle the rule.

Then every drop-off asks the rule for each of its claims. `allocate` does all of it for claims in one hand.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lumbung.domain.ids import tie_break
from lumbung.domain.moments import to_ms

FIRST_COME, PRIORITY, PRO_RATA, EQUAL_ROUNDS = "first_come", "priority", "pro_rata", "equal_rounds"
IN_ORDER = (FIRST_COME, PRIORITY)

Tally = Mapping[str, int]  # kind, as "7:11" → packs that are claimed by claims of that kind
Kind = tuple[int, int]  # in order: group and minute of placing; otherwise: packs and the tie-break's first byte
Place = tuple[int, int]  # where a kind stands in the queue for the packs that are not for certain
_BYTE = 56
_TIE = 64  # bits of a tie-break
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Claim:
    """Packs of one offer that one order asks for; lines of the same offer are summed first.

    `rank` is the place of the order's group: 0 is served first.
    """

    order_id: str
    packs: int
    placed_at: datetime
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """How an offer's packs are shared. `cut`: the place where they run out; None: there is enough.

    `level` rounds are whole (equal rounds only). `left` packs are for the claims at the cut: `last_tie` is
    the last of them that gets anything, and `last_packs` what it gets; both follow from the ties.
    """

    policy: str
    supply: int
    demand: int
    cut: Place | None = None
    left: int = 0
    last_tie: int = -1
    last_packs: int = 0
    level: int = 0

    @property
    def short(self) -> bool:
        return self.supply < self.demand

    def grant(self, claim: Claim) -> int:
        """Return the packs that *claim* gets."""
        if self.cut is None:
            return claim.packs
        kind = _kind(self.policy, claim)
        base, place = self.for_certain(kind), self.place(kind)
        more = claim.packs if self.policy in IN_ORDER else min(1, claim.packs - base)
        if place != self.cut:
            return base + (more if place < self.cut else 0)
        tie = self.tie(claim)
        if tie != self.last_tie:
            return base + (more if tie < self.last_tie else 0)
        return base + self.last_packs

    def at_cut(self, claim: Claim) -> bool:
        return self.place(_kind(self.policy, claim)) == self.cut

    def tie(self, claim: Claim) -> int:
        """Return the claim's place among those at the cut: no two are the same."""
        tie = tie_break(claim.order_id)
        if self.policy in IN_ORDER:
            return (to_ms(claim.placed_at) % _MINUTE_MS << _TIE) + tie
        return tie

    def settle(self, ties: Iterable[tuple[int, int]]) -> "Rule":
        """Return the rule made exact by the claims at the cut: (tie, packs) of each."""
        left, last = self.left, (-1, 0)
        for tie, packs in sorted(ties):
            if left <= 0:
                break
            more = packs if self.policy in IN_ORDER else 1
            last = (tie, min(more, left))
            left -= last[1]
        return replace(self, last_tie=last[0], last_packs=last[1])

    def for_certain(self, kind: Kind) -> int:
        """Return the packs that each claim of *kind* gets, wherever the cut is."""
        if self.policy == PRO_RATA:
            return kind[0] * self.supply // self.demand
        return min(kind[0], self.level) if self.policy == EQUAL_ROUNDS else 0

    def place(self, kind: Kind) -> Place:
        if self.policy == PRO_RATA:
            return -(kind[0] * self.supply % self.demand), kind[1]
        if self.policy == EQUAL_ROUNDS:
            return (0, kind[1]) if kind[0] > self.level else (1, 0)  # who has all they asked for waits for nothing
        return kind


def tally(policy: str, claims: Iterable[Claim]) -> Counter[str]:
    """Return the packs that are claimed by each kind of claim."""
    kinds: Counter[str] = Counter()
    for claim in claims:
        one, other = _kind(policy, claim)
        kinds[f"{one}:{other}"] += claim.packs
    return kinds


def decide(policy: str, kinds: Tally, supply: int) -> Rule:
    """Return the rule for an offer, exact but for the claims at its cut.

    policy         claims (packs, in order)   supply   granted
    any            5 3                        8        5 3       enough
    first_come     5 3 2                      7        5 2 0     the last one served gets what is left
    priority       5 3 2, the last in group 1 7        5 0 2     its group is served whole before the others
    pro_rata       5 3 2                      7        4 2 1     3.5, 2.1, 1.4: the largest remainder gets the last
    pro_rata       1 1 1                      2        two of the three, by tie-break
    equal_rounds   5 3 1                      7        3 3 1     one each, a second, a third: nobody waits for a fifth
    equal_rounds   5 3 1                      6        3 2 1 or 2 3 1, by tie-break
    """
    rule = Rule(policy, supply, sum(kinds.values()))
    if not rule.short:
        return rule
    claimed = {_parsed(name): packs for name, packs in kinds.items()}
    left, wanted = supply, Counter[Place]()
    if policy in IN_ORDER:
        wanted.update(claimed)
    else:
        if policy == EQUAL_ROUNDS:
            rule = replace(rule, level=_whole_rounds(claimed, supply))
        for kind, packs in claimed.items():
            claims = packs // kind[0]
            left -= claims * rule.for_certain(kind)
            wanted[rule.place(kind)] += claims * min(1, kind[0] - rule.for_certain(kind))
    for place in sorted(wanted):
        if wanted[place] > left:
            return replace(rule, cut=place, left=left)
        left -= wanted[place]
    raise AssertionError("a short supply has a cut")


def allocate(policy: str, claims: Sequence[Claim], supply: int) -> dict[str, int]:
    """Return the packs that each order gets, for claims that are all in one hand.

    The sum is the smaller of *supply* and what is claimed.
    """
    rule = decide(policy, tally(policy, claims), supply)
    rule = rule.settle((rule.tie(claim), claim.packs) for claim in claims if rule.at_cut(claim))
    return {claim.order_id: rule.grant(claim) for claim in claims}


def _whole_rounds(claimed: Mapping[Kind, int], supply: int) -> int:
    """Return how many rounds can be dealt to the end."""

    def dealt_after(rounds: int) -> int:
        return sum(packs // wanted * min(wanted, rounds) for (wanted, _), packs in claimed.items())

    return bisect_right(range(max(wanted for wanted, _ in claimed)), supply, key=dealt_after) - 1


def _kind(policy: str, claim: Claim) -> Kind:
    if policy == FIRST_COME:
        return 0, to_ms(claim.placed_at) // _MINUTE_MS
    if policy == PRIORITY:
        return claim.rank, to_ms(claim.placed_at) // _MINUTE_MS
    return claim.packs, tie_break(claim.order_id) >> _BYTE


def _parsed(name: str) -> Kind:
    one, _, other = name.partition(":")
    return int(one), int(other)
