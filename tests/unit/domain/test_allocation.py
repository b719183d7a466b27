"""Who gets what when supply falls short."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumbung.domain.allocation import (
    EQUAL_ROUNDS,
    FIRST_COME,
    PRIORITY,
    PRO_RATA,
    Claim,
    allocate,
    decide,
    tally,
)

POLICIES = (FIRST_COME, EQUAL_ROUNDS, PRO_RATA, PRIORITY)
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
        pytest.param(EQUAL_ROUNDS, (5, 3), 8, [5, 3], id="equal rounds, enough for everybody"),
        pytest.param(EQUAL_ROUNDS, (5, 3, 1), 7, [3, 3, 1], id="three whole rounds"),
        pytest.param(EQUAL_ROUNDS, (9, 1, 1), 5, [3, 1, 1], id="who has all they asked for waits for nothing"),
        pytest.param(EQUAL_ROUNDS, (5, 3), 0, [0, 0], id="equal rounds, nothing arrived"),
        pytest.param(FIRST_COME, (5, 3), 0, [0, 0], id="nothing arrived"),
        pytest.param(PRO_RATA, (5, 3), 0, [0, 0], id="pro rata, nothing arrived"),
    ],
)
def test_worked_table(policy: str, packs: tuple[int, ...], supply: int, granted: list[int]) -> None:
    asked = claims(*packs)

    got = allocate(policy, asked, supply)

    assert [got[claim.order_id] for claim in asked] == granted


@pytest.mark.parametrize(
    ("ranks", "granted"),
    [
        pytest.param((0, 0, 0), [5, 2, 0], id="one group is first come, first served"),
        pytest.param((1, 1, 0), [5, 0, 2], id="its group is served whole before the others"),
        pytest.param((2, 1, 0), [2, 3, 2], id="groups in their order, whatever the time"),
    ],
)
def test_priority_serves_one_group_after_the_other(ranks: tuple[int, ...], granted: list[int]) -> None:
    asked = [
        Claim(f"ord_{n}", packs, NINE + timedelta(minutes=n), rank)
        for n, (packs, rank) in enumerate(zip((5, 3, 2), ranks, strict=True))
    ]

    got = allocate(PRIORITY, asked, 7)

    assert [got[claim.order_id] for claim in asked] == granted


def test_within_a_minute_the_earlier_claim_is_served_first() -> None:
    asked = [Claim(f"ord_{n}", 1, NINE + timedelta(milliseconds=n)) for n in range(20)]

    got = allocate(FIRST_COME, asked[::-1], 7)

    assert [got[claim.order_id] for claim in asked] == [1] * 7 + [0] * 13


def test_the_last_round_is_ended_by_the_tie_break_and_not_by_order() -> None:
    asked = claims(5, 3, 1)

    got = allocate(EQUAL_ROUNDS, asked, 6)

    assert got == allocate(EQUAL_ROUNDS, asked[::-1], 6)
    assert sorted([got["ord_0"], got["ord_1"]]) == [2, 3]
    assert got["ord_2"] == 1


@pytest.mark.parametrize("policy", POLICIES)
def test_equals_are_told_apart_by_the_tie_break_and_not_by_order(policy: str) -> None:
    asked = claims(1, 1, 1, apart_s=0)

    assert allocate(policy, asked, 2) == allocate(policy, asked[::-1], 2)
    assert sum(allocate(policy, asked, 2).values()) == 2


SOME = st.lists(
    st.builds(
        lambda packs, second, rank: (packs, NINE + timedelta(seconds=second), rank),
        st.integers(1, 12), st.integers(0, 400), st.integers(0, 2),
    ),
    min_size=1, max_size=60,
)  # fmt: skip


def numbered(asked: list[tuple[int, datetime, int]]) -> list[Claim]:
    return [Claim(f"ord_{n}", packs, at, rank) for n, (packs, at, rank) in enumerate(asked)]


@given(asked=SOME.map(numbered), supply=st.integers(0, 400), policy=st.sampled_from(POLICIES))
def test_the_sum_is_the_smaller_of_supply_and_demand(asked: list[Claim], supply: int, policy: str) -> None:
    got = allocate(policy, asked, supply)

    assert sum(got.values()) == min(supply, sum(claim.packs for claim in asked))
    assert all(0 <= got[claim.order_id] <= claim.packs for claim in asked)


@given(asked=SOME.map(numbered), supply=st.integers(0, 400), policy=st.sampled_from(POLICIES), parts=st.integers(1, 5))
def test_drop_offs_apart_reach_the_same_allocation_as_one_hand(
    asked: list[Claim], supply: int, policy: str, parts: int
) -> None:
    dropoffs = [asked[n::parts] for n in range(parts)]

    rule = decide(policy, sum((tally(policy, part) for part in dropoffs), start=Counter()), supply)
    ties = [(rule.tie(c), c.packs) for part in dropoffs for c in part if rule.at_cut(c)]
    settled = rule.settle(ties)

    assert {c.order_id: settled.grant(c) for part in dropoffs for c in part} == allocate(policy, asked, supply)


@given(asked=SOME.map(numbered), supply=st.integers(0, 400))
def test_equal_rounds_leave_nobody_two_packs_behind(asked: list[Claim], supply: int) -> None:
    got = allocate(EQUAL_ROUNDS, asked, supply)

    most = max(got.values())
    assert all(got[claim.order_id] >= min(claim.packs, most - 1) for claim in asked)


@given(asked=SOME.map(numbered), supply=st.integers(0, 400))
def test_a_later_group_gets_nothing_while_an_earlier_one_goes_short(asked: list[Claim], supply: int) -> None:
    got = allocate(PRIORITY, asked, supply)

    served = {claim.rank for claim in asked if got[claim.order_id]}
    short = {claim.rank for claim in asked if got[claim.order_id] < claim.packs}
    assert not served or not short or max(served) <= min(short)
