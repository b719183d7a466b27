"""Lists as suppliers send them: encodings, delimiters, headings and cells of every kind."""

import io
from typing import Any

import pytest
from openpyxl import Workbook

from lumbung.domain.feed import Broken, Inactive, Row, SourceRefuses
from lumbung.providers.sheet import rows_of

LIST = (
    "Kode;Nama Barang;Harga Satuan;Kemasan;Asal\nB5;Beras Pulen;Rp62.500 ;5 kg;Garut\nB10;Beras Pulen 10 kg;125000;;\n"
)


def read(content: bytes, **columns: str) -> list[Any]:
    return [row for row, _ in rows_of(io.BytesIO(content), columns)]


RICE = [
    Row("B5", "Beras Pulen", 5_000, 62_500, "rice", None, "Garut"),
    Row("B10", "Beras Pulen", 10_000, 125_000, "rice"),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"], ids=["semicolon", "comma", "tab", "bar"])
def test_a_list_is_read_in_the_forms_people_use(encoding: str, delimiter: str) -> None:
    assert read(LIST.replace(";", delimiter).encode(encoding)) == RICE


def test_a_name_in_an_office_encoding_keeps_its_letters() -> None:
    content = "sku;nama;harga\nK1;Kopi Gayo crème 1 kg;90000\n"

    assert [read(content.encode(e))[0].name for e in ("cp1252", "utf-8")] == ["Kopi Gayo crème"] * 2


def test_a_workbook_is_read_cell_by_cell() -> None:
    book, file = Workbook(), io.BytesIO()
    for row in (["SKU", "Nama", "Harga", "Berat", "Asal"], ["B5", "Beras Pulen", 62_500, "5 kg", "Garut"], [None] * 5,
                ["B10", "Beras Pulen 10 kg", 125_000.0]):  # fmt: skip
        book.active.append(row)
    book.save(file)

    assert read(file.getvalue()) == RICE


def test_unusual_headings_are_told_once_for_all() -> None:
    content = b"Nomor,Beras apa,Rp\nB5,Beras 5 kg,55000\n"

    assert read(content, sku="nomor", name="Beras Apa", price="RP") == [Row("B5", "Beras", 5_000, 55_000, "rice")]


@pytest.mark.parametrize(
    ("content", "missing"),
    [(b"", "sku, name, price"), (b"a,b\n1,2\n", "sku, name, price"), (b"kode,nama\nB5,Beras\n", "price")],
    ids=["empty", "other headings", "no price"],
)
def test_a_list_without_a_needed_column_is_refused(content: bytes, missing: str) -> None:
    with pytest.raises(SourceRefuses, match=f"no column for {missing}"):
        read(content)


def test_what_is_not_available_is_not_sold() -> None:
    assert read(b"sku,nama,harga,aktif\nB5,Beras 5 kg,55000,Tidak\nB6,Beras 5 kg,55000,ya\n")[0] == Inactive("B5")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("B5,Beras 5 kg,-", "there is no price"),
        ("B5,Beras 5 kg", "there is no price"),
        (",Beras 5 kg,55000", "sku is missing"),
        ("B5,Beras 5 kg karung 50 kg,55000", "there is no weight"),
        ("B5,Beras\N{REPLACEMENT CHARACTER} 5 kg,55000", "not printable"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside(row: str, reason: str) -> None:
    [broken] = read(f"sku,nama,harga\n{row}\n".encode())

    assert isinstance(broken, Broken)
    assert reason in broken.reason


def test_a_broken_workbook_is_refused() -> None:
    with pytest.raises(SourceRefuses, match="cannot be read"):
        read(b"PK\x03\x04 and then nothing")
