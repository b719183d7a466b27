"""A workbook's rows as the sixth e-catalogue's sellers fill them in."""

from collections.abc import Iterator, Sequence
from typing import Any

from lumbung.domain.listing import ADD, CHANGE, END, Line, Workbook

CATEGORIES = {
    "rice": "Beras", "eggs": "Telur", "vegetables": "Sayuran", "fruit": "Buah", "coffee": "Kopi", "sugar": "Gula",
    "cooking_oil": "Minyak Goreng", "flour": "Tepung", "meat": "Daging", "seafood": "Hasil Laut",
    "processed_food": "Makanan Olahan", "other": "Lainnya",
}  # fmt: skip
_ACTIONS = {ADD: "Tambah", CHANGE: "Ubah", END: "Turunkan"}
_TOLD = {
    "kbki": "KBKI", "tkdn": "TKDN (%)", "bmp": "BMP (%)", "pdn": "PDN", "umkm": "UMKM", "sni": "SNI", "halal": "Halal",
    "ppn": "PPN (%)", "gtin": "GTIN",
}  # fmt: skip
HEADINGS = (
    "No",
    "Tindakan",
    "Kode Produk",
    "Nama Produk",
    "Nomor Produk Penyedia",
    "Kategori",
    "Harga (Rp)",
    "Berat (gram)",
)


def rows(workbook: Workbook) -> Iterator[Sequence[str | int]]:
    """Yield the headings and a row per line; what is not told is left empty."""
    yield (*HEADINGS, *_TOLD.values())
    for number, line in enumerate(workbook.lines, 1):
        yield _row(number, line)


def _row(number: int, line: Line) -> Sequence[str | int]:
    said = line.entry
    told = [_cell(said.told.get(name)) for name in _TOLD]
    category = CATEGORIES[said.commodity]
    return (
        number,
        _ACTIONS[line.action],
        line.number or "",
        said.name,
        line.sku,
        category,
        said.price,
        said.weight_g,
        *told,
    )


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    return "" if value is None else str(value)
