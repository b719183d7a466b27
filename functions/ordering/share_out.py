"""What all drop-offs found, made into rules by which each of them then shares out: the same whoever reads it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from lumbung.domain.allocation import FIRST_COME, IN_ORDER, Rule, decide
from lumbung.domain.wave import Wave
from ordering.closing_ports import Part

Rules = dict[str, Rule]


def share_out(wave: Wave, demand: Mapping[str, int], supplies: Iterable[Mapping[str, int]]) -> tuple[Rules, Rules]:
    """Return, by offer, the rule for what was ordered, and for what is left over of what is brought.

    A rule that is short still waits for its tally, and so does each for what is left over.
    """
    supply = total(supplies)
    rules = {o: Rule(wave.allocation_policy, min(supply[o], packs), packs) for o, packs in demand.items()}
    in_order = wave.allocation_policy if wave.allocation_policy in IN_ORDER else FIRST_COME
    left = {offer.id: supply[offer.id] - demand.get(offer.id, 0) for offer in wave.offers}
    return rules, {offer_id: Rule(in_order, packs, 0) for offer_id, packs in left.items() if packs > 0}


def decided(rules: Mapping[str, Rule], parts: Iterable[Part]) -> Rules:
    """Return *rules* as the drop-offs' tallies decide them."""
    tallies: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for part in parts:
        for offer_id, kinds in part["tallies"].items():
            tallies[offer_id].update(kinds)
    made = {o: decide(rules[o].policy, kinds, rules[o].supply) for o, kinds in tallies.items()}
    return {**rules, **made}


def settled(rules: Mapping[str, Rule], parts: Iterable[Part]) -> Rules:
    """Return *rules* made exact by the claims at their cuts."""
    ties: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for part in parts:
        for offer_id, found in part["ties"].items():
            ties[offer_id] += [(tie, packs) for tie, packs in found]
    return {offer_id: rule.settle(ties[offer_id]) for offer_id, rule in rules.items()}


def cooperatives_asked(wave: Wave, demand: Mapping[str, int]) -> set[str]:
    """Return the cooperatives of which something is wanted."""
    return {offer.cooperative_id for offer in wave.offers if demand.get(offer.id)}


def total(packs_by_offer: Iterable[Mapping[str, int]]) -> Counter[str]:
    packs: Counter[str] = Counter()
    for some in packs_by_offer:
        packs.update(some)
    return packs
