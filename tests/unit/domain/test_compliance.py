"""What procurement asks of a product is written as it must be, or said to be wrong."""

from typing import Any

import pytest

from lumbung.domain.compliance import believed, faults

RIGHT = [
    ("nib", "8120111122334"), ("npwp", "012345678901000"), ("npwp", "0012345678901000"),
    ("npwp", "01.234.567.8-901.000"), ("kbli", "10631"), ("kbli", "10631; 46311"), ("kbki", "2316100001"),
    ("tkdn", 0), ("tkdn", 40.5), ("tkdn", 100), ("bmp", 15), ("ppn", 11), ("pdn", True), ("umkm", False),
    ("sni", "6128:2020"), ("sni", "SNI ISO 9001:2015"), ("sni", "SNI 01-3751-2006"), ("sni", "Ya"), ("sni", True),
    ("halal", True), ("halal", "Ya"), ("halal", "ID31110000012340121"), ("halal", None), ("colour", "putih"),
    ("price_tiers", [{"from": 1, "price": 55_000}]),
]  # fmt: skip
WRONG = [
    ("nib", "812011112233"), ("nib", "81201111223344"), ("nib", 8120111122334), ("nib", "8120111122334\n"),
    ("npwp", "01234567890100"), ("npwp", "01234567890100000"), ("npwp", "01.234.567.8.901.000"),
    ("kbli", "1063"), ("kbli", "10631,46311"), ("kbki", "2316"), ("kbki", "23161000011"),
    ("tkdn", -1), ("tkdn", 101), ("tkdn", True), ("tkdn", "40"), ("bmp", 16), ("ppn", 13), ("ppn", float("nan")),
    ("pdn", "ya"), ("umkm", 1), ("sni", "bersertifikat"), ("halal", "halal sekali"), ("halal", 1),
    ("price_tiers", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), RIGHT, ids=[f"{n} {v}" for n, v in RIGHT])
def test_what_may_be_is_right(name: str, value: Any) -> None:
    assert faults({name: value}) == {}


@pytest.mark.parametrize(("name", "value"), WRONG, ids=[f"{n} {v!r}" for n, v in WRONG])
def test_what_cannot_be_is_said(name: str, value: Any) -> None:
    assert list(faults({name: value})) == [name]


def test_what_a_source_tells_and_cannot_be_is_left_out_and_named() -> None:
    told = {"tkdn": 40, "bmp": 40, "nib": "x", "brand": "Mulus", "sni": None}

    assert believed(told) == {"tkdn": 40, "brand": "Mulus", "doubted": ["bmp", "nib"]}
    assert believed({"tkdn": 40}) == {"tkdn": 40}
