"""Equal numbers say which cooperative a supplier is; names only propose; a person has the last word."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lumbung.domain import supplier
from lumbung.domain.registry import Cooperative
from lumbung.domain.supplier import KnownSupplier, Proposal, Supplier, told_by

AT = datetime(2020, 4, 7, 3, tzinfo=UTC)
NIB_A, NIB_B = "9120001122334", "9120001122335"
NPWP_A, NPWP_B = "0012345678901000", "0012345678902000"
A = Cooperative("cop_a", "Koperasi Tani Mulus", "Indramayu", nib=NIB_A, npwp="012345678901000")
B = Cooperative("cop_b", "Koperasi Tani Makmur", "Karawang", nib=NIB_B, npwp=NPWP_B)
C = Cooperative("cop_c", "Koperasi Tani Jaya", "Subang")
SIMILAR = [Proposal("cop_a", 90), Proposal("cop_c", 85)]


def compared(told: Supplier, *cooperatives: Cooperative) -> KnownSupplier:
    return KnownSupplier("sup_1", "isb", told).compared(told, cooperatives or (A, B, C), SIMILAR)


@pytest.mark.parametrize(
    ("told", "cooperative_id", "basis"),
    [
        pytest.param(Supplier("1", "x", nib=NIB_A), "cop_a", "nib", id="the business number"),
        pytest.param(Supplier("1", "x", npwp=NPWP_A), "cop_a", "npwp", id="the tax number, written otherwise"),
        pytest.param(Supplier("1", "x", nib=NIB_A, npwp=NPWP_A), "cop_a", "nib", id="both"),
    ],
)
def test_a_number_that_one_cooperative_has_decides(told: Supplier, cooperative_id: str, basis: str) -> None:
    found = compared(told)

    assert (found.state, found.cooperative_id, found.basis, found.proposals) == ("matched", cooperative_id, basis, ())


@pytest.mark.parametrize(
    ("told", "proposals"),
    [
        pytest.param(Supplier("1", "x"), SIMILAR, id="no number: names propose"),
        pytest.param(Supplier("1", "x", nib="9120001122339"), SIMILAR, id="a number that nobody has"),
        pytest.param(
            Supplier("1", "x", nib=NIB_A, npwp=NPWP_B),
            [Proposal("cop_a", 100), Proposal("cop_b", 100), Proposal("cop_c", 85)],
            id="numbers of two cooperatives",
        ),
        pytest.param(
            Supplier("1", "x", nib=NIB_A, npwp="0099999999901000"),
            [Proposal("cop_a", 100), Proposal("cop_c", 85)],
            id="one number fits, the other does not",
        ),
    ],
)
def test_what_no_number_decides_is_proposed(told: Supplier, proposals: list[Proposal]) -> None:
    found = compared(told)

    assert (found.state, found.cooperative_id, list(found.proposals)) == ("open", None, proposals)


def test_a_number_that_two_cooperatives_have_decides_nothing() -> None:
    found = compared(Supplier("1", "x", nib=NIB_A), A, replace(B, nib=NIB_A))

    assert (found.state, [p.cooperative_id for p in found.proposals]) == ("open", ["cop_a", "cop_b", "cop_c"])


def test_what_a_person_decided_stays_whatever_the_source_tells() -> None:
    decided = compared(Supplier("1", "x")).decide(None, by="usr_office", at=AT)

    again = decided.compared(Supplier("1", "x", nib=NIB_A), (A, B, C), [])

    assert (again.state, again.cooperative_id, again.told.nib) == ("decided", None, NIB_A)


def test_a_match_is_looked_at_again_only_when_the_source_tells_something_else() -> None:
    told = Supplier("1", "x", nib=NIB_A)
    matched = compared(told)
    changed = replace(told, nib=NIB_B)

    assert (matched.is_settled(told), matched.is_settled(changed)) == (True, False)
    assert matched.compared(changed, (A, B, C), []).cooperative_id == "cop_b"
    assert not compared(Supplier("1", "x")).is_settled(Supplier("1", "x"))  # undecided: every run looks again


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("01.234.567.8-901.000", NPWP_A), ("012345678901000", NPWP_A), (NPWP_A, NPWP_A), (f"{NPWP_A}000001", NPWP_A),
        ("3171010108900001", None), ("000000000000000", None), ("0" * 16, None), ("01234", None), ("n/a", None),
        ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_tax_number_is_an_entitys_in_sixteen_digits(written: str | None, number: str | None) -> None:
    assert supplier.npwp(written) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [("9120 0011 2233 4", NIB_A), (NIB_A, NIB_A), ("912000112233", None), ("0" * 13, None), ("tidak ada", None)],
)
def test_a_business_number_has_thirteen_digits(written: str, number: str | None) -> None:
    assert supplier.nib(written) == number


def test_a_persons_number_is_not_kept() -> None:
    told = told_by(code=None, name=" UD  Budi ", nib_="-", npwp_="3171010108900001")

    assert told == Supplier("ud budi", "UD Budi", None, None)
    assert told.id("isb") != told.id("sheet")
