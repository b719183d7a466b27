"""Who gets what at a drop-off: for the screen, for a spreadsheet, for the table at the door.

Sorted as people stand in a queue, by name. What strangers typed is escaped in HTML, and kept from being read as
a formula by a spreadsheet.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from lumbung.domain.order import COURIER, Order, OrderLine
from lumbung.domain.people import Person
from lumbung.domain.spreadsheet import harmless

SHOWN = ("allocated", "at_dropoff", "dispatched", "collected", "delivered")
METHODS = {"pickup": "diambil", COURIER: "kurir"}
HEAD = ("No", "Nama", "Telepon", "Pesanan", "Barang", "Kemasan", "Berat (kg)", "Cara", "Status", "Tanda tangan")
STYLE = (
    "body{font:12px sans-serif}table{border-collapse:collapse;width:100%}td,th{border:1px solid #000;padding:4px 6px;"
    "text-align:left;vertical-align:top}td:last-child{min-width:9em;height:2.4em}tr{break-inside:avoid}"
    "@page{size:A4 landscape;margin:12mm}"
)


@dataclass(frozen=True, slots=True)
class Row:
    order: Order
    person: Person

    @property
    def goods(self) -> str:
        return ", ".join(f"{line.granted} × {line.name}" for line in self.order.lines if line.granted)

    @property
    def cells(self) -> tuple[str, ...]:
        o = self.order
        kilos = f"{o.weight_g / 1000:g}"
        status = o.fulfilment_status
        return (self.person.name or "", self.person.phone or "", o.id, self.goods, str(o.granted_packs), kilos,
                METHODS[o.fulfilment.method], status, "")  # fmt: skip


def rows(orders: Iterable[Order], people: Mapping[str, Person]) -> list[Row]:
    """Return a row for every order that gets something, sorted by its member's name."""
    found = [Row(o, people[o.member_id]) for o in orders if o.fulfilment_status in SHOWN and o.granted_packs]
    return sorted(found, key=lambda row: ((row.person.name or "").casefold(), row.order.id))


def totals(found: Sequence[Row]) -> list[tuple[OrderLine, int]]:
    """Return the packs per offer, each with a line that names it."""
    packs: Counter[str] = Counter()
    about: dict[str, OrderLine] = {}
    for line in (line for row in found for line in row.order.lines):
        packs[line.offer_id] += line.granted
        about[line.offer_id] = line
    return [(about[offer_id], count) for offer_id, count in sorted(packs.items()) if count]


def as_csv(found: Sequence[Row]) -> str:
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(HEAD)
    for number, row in enumerate(found, 1):
        sheet.writerow([number, *map(harmless, row.cells)])
    for line, count in totals(found):
        sheet.writerow(["", "Jumlah", "", "", harmless(line.name), count, f"{line.weight_g * count / 1000:g}"])
    return text.getvalue()


def as_html(found: Sequence[Row], *, title: str) -> str:
    """Return a page to print, with a column to sign in."""
    head = "".join(f"<th>{escape(name)}</th>" for name in HEAD)
    body = "".join(
        f"<tr><td>{number}</td>{''.join(f'<td>{escape(cell)}</td>' for cell in row.cells)}</tr>\n"
        for number, row in enumerate(found, 1)
    )
    sums = "".join(
        f"<tr><td>{escape(line.name)}</td><td>{count}</td><td>{line.weight_g * count / 1000:g}</td></tr>"
        for line, count in totals(found)
    )
    return (
        f'<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>\n"
        f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>\n"
        f"<h2>Jumlah</h2><table><thead><tr><th>Barang</th><th>Kemasan</th><th>Berat (kg)</th></tr></thead>"
        f"<tbody>{sums}</tbody></table></body></html>\n"
    )
