"""What fits on a motorcycle."""

import pytest

from lumbung.domain.errors import TooFar, TooHeavy
from lumbung.domain.packing import SIZES, Box, Capacity, capacities, fill, size_of, sizes


def filled(packs, capacity=None, **more):
    """Return the grams on each motorcycle; *packs*: how many, by grams."""
    named = {str(grams): count for grams, count in packs.items()}
    return [f.weight_g for f in fill(named, {str(g): g for g in packs}, capacity or Capacity(), **more)]


@pytest.mark.parametrize(
    ("packs", "grams"),
    [
        ({5_000: 4}, [20_000]),
        ({20_000: 1, 5_000: 1}, [20_000, 5_000]),
        ({10_000: 2, 5_000: 2}, [20_000, 10_000]),
        ({100: 100}, [8_500, 1_500]),
        ({}, []),
    ],
    ids=["exactly full", "a full pack goes alone", "the heaviest first", "the box is full first", "nothing"],
)
def test_packs_fill_motorcycles(packs, grams):
    assert filled(packs) == grams


@pytest.mark.parametrize(
    ("packs", "capacity", "said"),
    [
        ({25_000: 1}, Capacity(), "25 kg melebihi batas kurir 20 kg"),
        ({25_000: 1}, Capacity(30_000, Box(35, 35, 35)), "tidak muat dalam kotak kurir 35×35×35 cm"),
        ({400_000: 1}, Capacity(500_000), "lebih berat dari yang dapat dibawa"),
        ({20_000: 3}, Capacity(), "Lebih dari 2 perjalanan"),
    ],
    ids=["too heavy", "too large", "400 kg", "too many"],
)
def test_what_nobody_carries_is_refused_with_the_reason(packs, capacity, said):
    with pytest.raises(TooHeavy, match=said):
        filled(packs, capacity, at_most=2)


def test_a_pack_is_turned_until_it_goes_in():
    assert Box(40, 30, 10).takes(Box(10, 40, 30))
    assert not Box(40, 30, 10).takes(Box(11, 11, 11))


@pytest.mark.parametrize(("grams", "box"), [(1, Box(15, 10, 4)), (5_000, SIZES[5_000]), (5_001, SIZES[10_000])])
def test_a_pack_has_the_size_of_its_class(grams, box):
    assert size_of(grams) == box


def test_what_was_configured():
    said = "biteship=20kg 40x40x40cm 30km 1stop; riders=60kg 15km 8stops"

    assert capacities(said) == {
        "biteship": Capacity(), "riders": Capacity(60_000, Box(40, 40, 40), 15_000, 8)
    }  # fmt: skip
    assert sizes("5000=30x22x10cm; 20000=40x36x18cm") == {5_000: SIZES[5_000], 20_000: SIZES[20_000]}


@pytest.mark.parametrize("said", ["biteship", "biteship=20", "biteship=20kg heavy"])
def test_a_mistake_in_what_was_configured_stops_the_function(said):
    with pytest.raises(ValueError):
        capacities(said)


def test_a_way_that_is_too_long():
    Capacity().must_reach(30_000)
    with pytest.raises(TooFar):
        Capacity().must_reach(30_001)
