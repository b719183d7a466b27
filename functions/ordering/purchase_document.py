"""A purchase order on paper and for a spreadsheet, in the words of those who deliver by it.

What strangers typed is escaped in HTML, and kept from being read as a formula by a spreadsheet.
"""

import csv
import io
from collections.abc import Sequence
from html import escape
from zoneinfo import ZoneInfo

from lumbung.domain.purchase_order import PurchaseLine, PurchaseOrder
from lumbung.domain.spreadsheet import harmless
from lumbung.domain.wave import Wave

HEAD = ("No", "Titik ambil", "Alamat", "Barang", "Kemasan", "Berat (kg)", "Harga (Rp)", "Nilai (Rp)")
WORDS = 4  # columns of words; numbers follow
STYLE = (
    "body{font:12px sans-serif}table{border-collapse:collapse;width:100%}td,th{border:1px solid #000;padding:4px 6px;"
    "text-align:left;vertical-align:top}.n{text-align:right}tr{break-inside:avoid}.sign td{height:6em;width:50%}"
    "@page{size:A4;margin:15mm}"
)


def as_csv(order: PurchaseOrder, wave: Wave) -> str:
    """Return what is printed, for a spreadsheet; numbers without separators."""
    text = io.StringIO()
    sheet = csv.writer(text)
    for name, value in _about(order, wave):
        sheet.writerow([name, harmless(value)])
    sheet.writerow(HEAD)
    for number, line in enumerate(order.lines, 1):
        words = map(harmless, (line.place.name, line.place.address, line.offer.name))
        sheet.writerow([number, *words, line.packs, _kilos(line.weight_g), line.offer.price, line.value])
    for offer, packs in order.by_offer:
        kilos = _kilos(packs * offer.weight_g)
        sheet.writerow(["", "Jumlah", "", harmless(offer.name), packs, kilos, offer.price, packs * offer.price])
    sheet.writerow(["", "Jumlah seluruhnya", "", "", order.packs, _kilos(order.weight_g), "", order.value])
    return text.getvalue()


def as_html(order: PurchaseOrder, wave: Wave) -> str:
    """Return a page to print and sign."""
    title = f"Surat Pesanan {order.number}"
    about = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in _about(order, wave))
    head = "".join(f"<th>{escape(name)}</th>" for name in HEAD)
    body = "".join(_row(_cells(number, line)) for number, line in enumerate(order.lines, 1))
    sums = "".join(
        _row(("", "Jumlah", "", offer.name, _number(packs), _kilos(packs * offer.weight_g), _number(offer.price),
              _number(packs * offer.price)))
        for offer, packs in order.by_offer
    )  # fmt: skip
    whole = ("", "Jumlah seluruhnya", "", "", _number(order.packs), _kilos(order.weight_g), "", _number(order.value))
    return (
        f'<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>\n<table>{about}</table>\n"
        f"<h2>Rincian</h2><table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody><tfoot>{sums}{_row(whole)}</tfoot>"
        f'</table>\n<h2>Tanda tangan</h2><table class="sign"><tr><td>Program</td><td>{escape(order.cooperative)}</td>'
        "</tr></table></body></html>\n"
    )


def _about(order: PurchaseOrder, wave: Wave) -> list[tuple[str, str]]:
    at = order.at.astimezone(ZoneInfo(wave.time_zone))
    return [
        ("Nomor", order.number),
        ("Perubahan ke", str(order.revision)),
        ("Tanggal", f"{at:%d-%m-%Y}"),
        ("Gelombang", wave.name),
        ("Koperasi", order.cooperative),
        ("Kabupaten/kota", order.regency),
        ("Tanggal antar", f"{wave.delivery_date:%d-%m-%Y}"),
    ]


def _cells(number: int, line: PurchaseLine) -> Sequence[str]:
    return (
        str(number), line.place.name, line.place.address, line.offer.name, _number(line.packs), _kilos(line.weight_g),
        _number(line.offer.price), _number(line.value),
    )  # fmt: skip


def _row(cells: Sequence[str]) -> str:
    words = "".join(f"<td>{escape(cell)}</td>" for cell in cells[:WORDS])
    numbers = "".join(f'<td class="n">{cell}</td>' for cell in cells[WORDS:])
    return f"<tr>{words}{numbers}</tr>\n"


def _number(value: int) -> str:
    """
    1250000   1.250.000
    """
    return f"{value:,}".replace(",", ".")


def _kilos(grams: int) -> str:
    return f"{grams / 1000:.12g}"
