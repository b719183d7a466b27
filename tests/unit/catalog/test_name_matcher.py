"""Names that are nearly the same propose cooperatives, and others do not."""

import pytest

from catalog.name_matcher import MOST, closest
from lumbung.domain.registry import Cooperative

KNOWN = [
    Cooperative(f"cop_{n}", name, "Indramayu")
    for n, name in enumerate(["Koperasi Tani Mulus", "KUD Sumber Makmur", "Koperasi Produsen Kopi Gayo Mandiri"])
]


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        pytest.param("KOPERASI TANI MULUS", [("cop_0", 100)], id="other letters"),
        pytest.param("KUD Mulus Tani", [("cop_0", 100)], id="other words for the same kind, in another order"),
        pytest.param("Kop. Tani Muluss", [("cop_0", 95)], id="a slip of the pen"),
        pytest.param("Kopi Gayo Mandiri, PT", [("cop_2", 100)], id="what kind of business it is does not count"),
        pytest.param("Sumber Rejeki", [], id="half of the name"),
        pytest.param("PT Contoh Pangan", [], id="somebody else"),
        pytest.param("Koperasi Unit Desa", [], id="nothing that tells it apart"),
        pytest.param("", [], id="no name"),
    ],
)
def test_names_propose(name: str, proposed: list[tuple[str, int]]) -> None:
    assert [(p.cooperative_id, p.likeness) for p in closest(name, KNOWN)] == proposed


def test_of_many_namesakes_a_handful_is_proposed() -> None:
    assert len(closest("Tani Makmur", [Cooperative(f"c{n}", "Koperasi Tani Makmur", "x") for n in range(40)])) == MOST
