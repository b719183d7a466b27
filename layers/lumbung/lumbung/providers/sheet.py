"""A supplier's list as a spreadsheet: CSV in the encodings and with the delimiters people use, or a workbook.

Which column means what is configured for the source, or else read off the headings that lists usually have.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import IO, Any
from zipfile import BadZipFile

from lumbung.domain.feed import Broken, Inactive, Read, SourceRefuses
from lumbung.domain.supplier import Supplier, told_by
from lumbung.providers import feed_cells as cells
from lumbung.providers.feed_file import FileFeed, Opened, Rows

NEEDED = ("sku", "name", "price")
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "sku": ("sku", "kode", "kode produk", "no produk", "no_produk_penyedia", "kode barang", "id"),
    "name": ("nama", "nama produk", "nama barang", "produk", "name", "nama_produk"),
    "price": ("harga", "harga satuan", "harga jual", "price", "harga (rp)"),
    "size": ("berat", "kemasan", "isi", "ukuran", "netto", "weight"),
    "category": ("kategori", "komoditas", "jenis", "category"),
    "origin": ("asal", "daerah asal", "origin"),
    "active": ("aktif", "status", "tersedia", "active"),
    "supplier": ("penyedia", "nama penyedia", "pemasok", "koperasi", "supplier"),
    "nib": ("nib", "nib penyedia"),
    "npwp": ("npwp", "npwp penyedia"),
}
_DELIMITERS = ",;\t|"
_NOT_SOLD = ("0", "tidak", "no", "false", "nonaktif", "habis", "n")
_ZIP = b"PK\x03\x04"  # how a workbook begins
_CHUNK = 1024 * 1024


def sheet(opened: Callable[[], Opened], columns: Mapping[str, str]) -> FileFeed:
    """Return the feed of a list. *columns*: our field → its heading, for what is not usual."""
    return FileFeed(opened, lambda file, start: rows_of(file, columns, start))


def rows_of(file: IO[bytes], columns: Mapping[str, str], start: int = 0) -> Rows:
    """Yield each row from number *start* on, as read and as received; SourceRefuses where a needed column is not there.

    Rows without any value do not count.
    """
    table = _workbook(file) if file.read(4) == _ZIP else _csv(file)
    headings = [_heading(cell) for cell in next(table, [])]
    places = _places(headings, columns)
    filled = (values for values in table if any(value not in (None, "") for value in values))
    for values in islice(filled, start, None):
        received = dict(zip(headings, values, strict=False))
        yield to_row({name: _at(values, place) for name, place in places.items()}, received), received


def read_again(received: Mapping[str, Any], columns: Mapping[str, str]) -> Read:
    """Return what a row, as received, says by what its columns mean now."""
    try:
        places = _places(list(received), columns)
    except SourceRefuses as refused:
        return Broken(refused.detail, received)
    values = list(received.values())
    return to_row({name: _at(values, place) for name, place in places.items()}, received)


def to_row(cell: Mapping[str, Any], received: Any) -> Read:
    """Return what one row's cells say, or why they cannot be read."""
    sku = None
    try:
        sku = cells.text(cell["sku"], "sku")
        name = cells.text(cell["name"], "name")
        if _heading(cell.get("active", "ya")) in _NOT_SOLD:
            return Inactive(sku)
        return cells.row(
            sku,
            name,
            cells.weight_g(name, [cells.short(cell.get("size")) or ""]),
            cells.price([cell["price"]]),
            origin=cells.short(cell.get("origin")),
            attributes={},
            hint=cells.short(cell.get("category")) or "",
            supplier=_supplier(cell),
        )
    except ValueError as fault:
        return Broken(str(fault), received, sku)


def _supplier(cell: Mapping[str, Any]) -> Supplier | None:
    """Return whose row it is, known by a number of its own where there is one; None where no name is told."""
    if not (name := cells.short(cell.get("supplier"))):
        return None
    told = told_by(code=None, name=name, nib_=cells.short(cell.get("nib")), npwp_=cells.short(cell.get("npwp")))
    return replace(told, code=told.nib or told.npwp or told.code)


def _places(headings: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    """Return in which column each of our fields is."""
    places = {}
    for field, usual in HEADINGS.items():
        wanted = (_heading(columns[field]),) if field in columns else usual
        found = next((headings.index(heading) for heading in wanted if heading in headings), None)
        if found is not None:
            places[field] = found
    if missing := [field for field in NEEDED if field not in places]:
        raise SourceRefuses(f"the list has no column for {', '.join(missing)}: it has {', '.join(headings)[:300]}")
    return places


def _heading(cell: Any) -> str:
    """Return a cell's words in lower case, each a space apart."""
    return " ".join(("" if cell is None else str(cell)).split()).lower()


def _at(values: Sequence[Any], place: int) -> Any:
    return values[place] if place < len(values) else None


def _csv(file: IO[bytes]) -> Iterator[Sequence[Any]]:
    lines = io.TextIOWrapper(file, encoding=_encoding(file), errors="replace", newline="")
    first = lines.readline()
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        yield from csv.reader(chain([first], lines), delimiter=delimiter)
    except csv.Error as fault:
        raise SourceRefuses(f"the list cannot be read: {fault}") from None


def _encoding(file: IO[bytes]) -> str:
    """Return UTF-16 or UTF-8 where the file is nothing else; what is left, offices write in cp1252."""
    file.seek(0)
    if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        file.seek(0)
        return "utf-16"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(0)
    return "utf-8-sig"


def _workbook(file: IO[bytes]) -> Iterator[Sequence[Any]]:
    """Yield the cells of the first sheet, row by row."""
    from openpyxl import load_workbook  # only where a workbook is read

    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        yield from book.worksheets[0].iter_rows(values_only=True)
    except (BadZipFile, KeyError, ValueError) as fault:
        raise SourceRefuses(f"the workbook cannot be read: {type(fault).__name__}") from None
