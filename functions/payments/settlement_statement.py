"""A settlement's statement as a sheet: for a spreadsheet, and to print.

What strangers typed is escaped in HTML, and kept from being read as a formula by a spreadsheet.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from lumbung.domain.moments import rfc3339
from lumbung.domain.settlement import Payout, Settlement
from lumbung.domain.spreadsheet import harmless

HEAD = ("Uraian", "Kemasan", "Berat (kg)", "Harga (Rp)", "Jumlah (Rp)")
STYLE = (
    "body{font:12px sans-serif}table{border-collapse:collapse;width:100%}td,th{border:1px solid #000;padding:4px 6px;"
    "text-align:right}td:first-child,th:first-child{text-align:left}tr{break-inside:avoid}@page{size:A4;margin:15mm}"
)
Row = tuple[str, int | None, str | None, int | None, int]


@dataclass(frozen=True, slots=True)
class Statement:
    settlement: Settlement
    payouts: Sequence[Payout]
    wave_name: str
    cooperative_name: str

    @property
    def title(self) -> str:
        return f"Penyelesaian {self.wave_name}: {self.cooperative_name}"

    def rows(self) -> Iterator[Row]:
        """Yield what adds up to what is still owed, line by line, sums included."""
        s = self.settlement
        for line in s.received.values():
            kilos = f"{line.packs * line.weight_g / 1000:g}"
            yield line.name, line.packs, kilos, line.price, line.packs * line.price
        yield _sum("Nilai barang diterima", s.goods_value)
        for label, amount in (
            ("Pengembalian yang ditanggung koperasi", s.refunded),
            ("Biaya program", s.fee),
            ("Pindahan dari gelombang lain", sum(s.carried_in.values())),
        ):
            if amount:
                yield _sum(label, -amount)
        yield _sum("Hak koperasi", s.amount)
        for payout in self.payouts:
            yield _sum(f"Dibayar {rfc3339(payout.paid_at)} {payout.reference or ''}".strip(), -payout.amount)
        if s.carried_forward:
            yield _sum("Dipindahkan ke gelombang lain", s.carried_forward)
        yield _sum("Masih harus dibayar", s.outstanding)

    def as_csv(self) -> str:
        text = io.StringIO()
        sheet = csv.writer(text)
        sheet.writerow(HEAD)
        for label, *numbers in self.rows():
            sheet.writerow([harmless(label), *("" if number is None else number for number in numbers)])
        return text.getvalue()

    def as_html(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in HEAD)
        body = "".join(f"<tr>{''.join(f'<td>{_shown(cell)}</td>' for cell in row)}</tr>\n" for row in self.rows())
        title = escape(self.title)
        return (
            f'<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{STYLE}</style></head><body><h1>{title}</h1>\n"
            f"<p>{escape(self.settlement.id)}</p><table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"
            "</body></html>\n"
        )


def _sum(label: str, amount: int) -> Row:
    return label, None, None, None, amount


def _shown(cell: str | int | None) -> str:
    """Return a cell as people in Indonesia read it: 1.250.000."""
    if isinstance(cell, int):
        return f"{cell:,}".replace(",", ".")
    return escape(cell or "")
