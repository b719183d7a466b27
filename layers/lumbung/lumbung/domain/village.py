"""Villages (desa, kelurahan) that the office imports: where an address without coordinates is taken to be."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lumbung.domain.errors import Fault, Invalid
from lumbung.domain.geo import fault_of_latitude, fault_of_longitude

CODE = re.compile(
    r"\d{2}\.\d{2}\.\d{2}\.\d{4}"
)  # of the Ministry of Home Affairs: province, regency, district, village
COLUMNS = ("village_code", "village", "lat", "lng")
IN_THE_MIDDLE = "Alamat tanpa koordinat: titik tengah kelurahan/desa yang dipakai."


@dataclass(frozen=True, slots=True)
class Village:
    """`lat` and `lng` of its middle, in degrees."""

    code: str
    name: str
    lat: float
    lng: float
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of an import that was left out; its number counts from the header, which is 1."""

    number: int
    reason: str


def village_unknown(code: str) -> str:
    return f"Kelurahan/desa {code} tidak dikenal; sebutkan lat dan lng alamat."


def read(lines: Iterable[str]) -> Iterator[Village | BadRow]:
    """Yield the villages of a CSV, one row at a time: further columns are ignored, a bad row stops only itself.

    village_code,village,lat,lng[,postal_code]
    31.74.02.1001,Setiabudi,-6.2098,106.8217,12910

    Invalid when the header lacks a column.
    """
    rows = csv.DictReader(lines)
    if lacking := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise Invalid("Kepala tabel tidak lengkap.", [Fault("/0", f"kolom {', '.join(lacking)} tidak ada")])
    for number, row in enumerate(rows, 2):
        yield _village(number, row)


def _village(number: int, row: dict[str, str | None]) -> Village | BadRow:
    code, name = (row["village_code"] or "").strip(), (row["village"] or "").strip()
    if not CODE.fullmatch(code):
        return BadRow(number, f"kode {code!r} bukan kode kelurahan/desa")
    if not name:
        return BadRow(number, "tanpa nama")
    try:
        lat, lng = float(row["lat"] or ""), float(row["lng"] or "")
    except ValueError:
        return BadRow(number, "lat dan lng harus angka")
    if fault := fault_of_latitude(lat) or fault_of_longitude(lng):
        return BadRow(number, fault)
    return Village(code, name[:200], lat, lng, (row.get("postal_code") or "").strip() or None)
