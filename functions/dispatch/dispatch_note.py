"""The note that travels with a truck (surat jalan): what it carries, for whom, and room for three signatures.

What strangers typed is escaped in HTML, and kept from being read as a formula by a spreadsheet.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from lumbung.domain.consignment import Consignment, ConsignmentLine, WeightClass
from lumbung.domain.registry import Cooperative, Dropoff
from lumbung.domain.spreadsheet import harmless
from lumbung.domain.wave import Wave

HEAD = ("No", "Barang", "Isi (kg)", "Kemasan", "Berat (kg)", "Baik", "Rusak")
SIGNERS = ("Koperasi", "Pengemudi", "Penerima")
STYLE = (
    "body{font:12px sans-serif}table{border-collapse:collapse;width:100%}td,th{border:1px solid #000;padding:4px 6px;"
    "text-align:left;vertical-align:top}tr{break-inside:avoid}.sign td{height:6em;width:33%}@page{size:A4;margin:15mm}"
)


@dataclass(frozen=True, slots=True)
class DispatchNote:
    consignment: Consignment
    wave: Wave
    dropoff: Dropoff
    cooperative: Cooperative

    @property
    def number(self) -> str:
        """It follows from wave, cooperative and drop-off, as the consignment's id does."""
        return f"SJ-{self.wave.delivery_date:%Y%m%d}-{self.consignment.id.removeprefix('con_')[:8].upper()}"

    @property
    def about(self) -> list[tuple[str, str]]:
        c, dropoff = self.consignment, self.dropoff
        return [
            ("Nomor", self.number),
            ("Gelombang", self.wave.name),
            ("Dari", f"{self.cooperative.name}, {self.cooperative.regency}"),
            ("Kepada", f"{dropoff.name}, {dropoff.address}"),
            ("Kendaraan", c.departure.vehicle or ""),
            ("Lot", c.departure.lot or ""),
            ("Muatan (kg)", _kilos(c.departure.load_g) if c.departure.load_g else ""),
            ("Berangkat", self._moment(c.departed_at)),
            ("Tiba", self._moment(c.arrived_at)),
        ]

    def _moment(self, at: datetime | None) -> str:
        return f"{at.astimezone(ZoneInfo(self.wave.time_zone)):%d-%m-%Y %H.%M}" if at else ""


def as_csv(note: DispatchNote) -> str:
    text = io.StringIO()
    sheet = csv.writer(text)
    for name, value in note.about:
        sheet.writerow([name, harmless(value)])
    sheet.writerow(HEAD)
    for row in _rows(note.consignment):
        sheet.writerow(map(harmless, row))
    return text.getvalue()


def as_html(note: DispatchNote) -> str:
    """Return a page to print; what is counted already stands in it, the rest is filled in by hand."""
    title = f"Surat Jalan {note.number}"
    about = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in note.about)
    head = "".join(f"<th>{name}</th>" for name in HEAD)
    body = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>\n" for row in _rows(note.consignment))
    sign = "".join(f"<td>{name}</td>" for name in SIGNERS)
    return (
        f'<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>\n<table>{about}</table>\n"
        f"<h2>Muatan</h2><table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>\n"
        f'<h2>Tanda tangan</h2><table class="sign"><tr>{sign}</tr></table></body></html>\n'
    )


def _rows(c: Consignment) -> list[Sequence[str]]:
    """Return a row per line, then the sum of each weight, then of everything."""
    lines = [_row(c, str(n), line.name, line) for n, line in enumerate(c.lines, 1)]
    sums = [_row(c, "", "Jumlah", of_one_weight) for of_one_weight in c.classes]
    good, damaged = sum(line.received for line in c.lines), sum(line.damaged for line in c.lines)
    whole = ("", "Jumlah seluruhnya", "", str(c.packs), _kilos(c.weight_g), *_counted(c, good, damaged))
    return [*lines, *sums, whole]


def _row(c: Consignment, number: str, name: str, packs: ConsignmentLine | WeightClass) -> Sequence[str]:
    kilos = _kilos(packs.weight_g), str(packs.expected), _kilos(packs.expected * packs.weight_g)
    return (number, name, *kilos, *_counted(c, packs.received, packs.damaged))


def _counted(c: Consignment, good: int, damaged: int) -> tuple[str, str]:
    return (str(good), str(damaged)) if c.receipts else ("", "")


def _kilos(grams: int) -> str:
    return f"{grams / 1000:.12g}"
