from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung.domain.allocation import FIRST_COME, POLICIES, PRO_RATA, Claim, allocate, decide, tally

NINE = datetime(2020, 4, 7, 2, tzinfo=UTC)


def claims(*packs: int, apart_s: int = 60) -> list[Claim]:
    return [Claim(f"ord_{n}", p, NINE + timedelta(seconds=apart_s * n)) for n, p in enumerate(packs)]


@pytest.mark.parametrize(
    ("policy", "packs", "supply", "granted"),
    [
        pytest.param(FIRST_COME, (5, 3), 8, [5, 3], id="enough for everybody"),
        pytest.param(FIRST_COME, (5, 3, 2), 7, [5, 2, 0], id="the last one served gets what is left"),
        pytest.param(FIRST_COME, (5, 3, 2), 5, [5, 0, 0], id="the cut falls between two"),
        pytest.param(PRO_RATA, (5, 3), 8, [5, 3], id="pro rata, enough for everybody"),
        pytest.param(PRO_RATA, (5, 3, 2), 7, [4, 2, 1], id="the largest remainder gets the last pack"),
        pytest.param(PRO_RATA, (4, 4, 4), 6, [2, 2, 2], id="pro rata without a remainder"),
        pytest.param(FIRST_COME, (5, 3), 0, [0, 0], id="nothing arrived"),
        pytest.param(PRO_RATA, (5, 3), 0, [0, 0], id="pro rata, nothing arrived"),
    ],
)
def test_worked_table(policy: str, packs: tuple[int, ...], supply: int, granted: list[int]) -> None:
    asked = claims(*packs)

    got = allocate(policy, asked, supply)

    assert [got[claim.order_id] for claim in asked] == granted


def test_equals_are_told_apart_by_the_tie_break_and_not_by_order() -> None:
    asked = claims(1, 1, 1, apart_s=0)

    assert allocate(PRO_RATA, asked, 2) == allocate(PRO_RATA, asked[::-1], 2)
    assert allocate(FIRST_COME, asked, 2) == allocate(FIRST_COME, asked[::-1], 2)
    assert sum(allocate(PRO_RATA, asked, 2).values()) == 2


SOME = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 40)), min_size=1, max_size=60)


@given(asked=SOME, supply=st.integers(0, 400), policy=st.sampled_from(POLICIES))
def test_the_sum_is_the_smaller_of_supply_and_demand(asked: list[tuple[int, int]], supply: int, policy: str) -> None:
    made = [Claim(f"ord_{n}", p, NINE + timedelta(seconds=s)) for n, (p, s) in enumerate(asked)]

    got = allocate(policy, made, supply)

    assert sum(got.values()) == min(supply, sum(p for p, _ in asked))
    assert all(0 <= got[claim.order_id] <= claim.packs for claim in made)


@given(asked=SOME, supply=st.integers(0, 400), policy=st.sampled_from(POLICIES), parts=st.integers(1, 5))
def test_drop_offs_apart_reach_the_same_allocation_as_one_hand(
    asked: list[tuple[int, int]], supply: int, policy: str, parts: int
) -> None:
    made = [Claim(f"ord_{n}", p, NINE + timedelta(seconds=s)) for n, (p, s) in enumerate(asked)]
    dropoffs = [made[n::parts] for n in range(parts)]

    total = sum((tally(policy, part) for part in dropoffs), start=tally(policy, []))
    rule = decide(policy, total, supply)
    ties = [(c.tie, c.packs) for part in dropoffs for c in part if rule.at_cut(c)]
    settled = rule.settle(ties)

    assert {c.order_id: settled.grant(c) for part in dropoffs for c in part} == allocate(policy, made, supply)
