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

from lumbung.domain import desk
from lumbung.domain.order import Order
from lumbung.domain.order_parts import COURIER, OrderLine
from lumbung.domain.people import Person, Proxy
from lumbung.domain.spreadsheet import harmless

GONE = ("collected", "delivered")
SHOWN = ("allocated", "at_dropoff", "not_collected", "dispatched", *GONE)
METHODS = {"pickup": "diambil", COURIER: "kurir"}
HEAD = (
    "No",
    "Nama",
    "Telepon",
    "Wakil",
    "Pesanan",
    "Barang",
    "Kemasan",
    "Berat (kg)",
    "Cara",
    "Status",
    "Tanda tangan",
)
STYLE = (
    "body{font:12px sans-serif}table{border-collapse:collapse;width:100%}td,th{border:1px solid #000;padding:4px 6px;"
    "text-align:left;vertical-align:top}td:last-child{min-width:9em;height:2.4em}tr{break-inside:avoid}"
    "@page{size:A4 landscape;margin:12mm}"
)


@dataclass(frozen=True, slots=True)
class Row:
    """An order on the list, whose it is, and who may fetch it in their place."""

    order: Order
    person: Person
    proxy: Proxy | None = None

    @property
    def lines(self) -> list[tuple[OrderLine, int]]:
        """Return each line with its packs: what is left of an order, or what its member has once it is over."""
        order = self.order
        left = desk.with_member(order) if order.fulfilment_status in GONE else desk.left(order)
        found = []
        for line in order.lines:
            packs = min(line.granted, left[line.offer_id])
            left[line.offer_id] -= packs
            found += [(line, packs)] if packs else []
        return found

    @property
    def packs(self) -> int:
        return sum(packs for _, packs in self.lines)

    @property
    def weight_g(self) -> int:
        return sum(line.weight_g * packs for line, packs in self.lines)

    @property
    def cells(self) -> tuple[str, ...]:
        o, proxy = self.order, self.proxy
        goods = ", ".join(f"{packs} × {line.name}" for line, packs in self.lines)
        fetcher = " ".join(part for part in (proxy.name, proxy.phone) if part) if proxy else ""
        return (
            self.person.name or "", self.person.phone or "", fetcher, o.id, goods, str(self.packs),
            f"{self.weight_g / 1000:g}", METHODS[o.fulfilment.method], o.fulfilment_status, "",
        )  # fmt: skip


def rows(
    orders: Iterable[Order], people: Mapping[str, Person], proxies: Mapping[str, Proxy] | None = None
) -> list[Row]:
    """Return a row for every order that gets something, sorted by its member's name."""
    known = proxies or {}
    found = [Row(o, people[o.member_id], known.get(o.id)) for o in orders if o.fulfilment_status in SHOWN]
    return sorted(
        (row for row in found if row.packs), key=lambda row: ((row.person.name or "").casefold(), row.order.id)
    )


def totals(found: Iterable[Row]) -> list[tuple[OrderLine, int]]:
    """Return the packs per offer, each with a line that names it."""
    packs: Counter[str] = Counter()
    about: dict[str, OrderLine] = {}
    for line, count in (line for row in found for line in row.lines):
        packs[line.offer_id] += count
        about[line.offer_id] = line
    return [(about[offer_id], count) for offer_id, count in sorted(packs.items())]


def as_csv(found: Sequence[Row]) -> str:
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(HEAD)
    for number, row in enumerate(found, 1):
        sheet.writerow([number, *map(harmless, row.cells)])
    for line, count in totals(found):
        sheet.writerow(["", "Jumlah", "", "", "", harmless(line.name), count, f"{line.weight_g * count / 1000:g}"])
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
