"""What a unit's treasurer gets and sends back: one sheet, with a column to fill in."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lumbung.domain.deduction import AT_ONCE, Deduction
from lumbung.domain.errors import Fault, Invalid
from lumbung.domain.normalise import rupiah
from lumbung.domain.people import Person
from lumbung.domain.spreadsheet import harmless

PAYMENT, DEDUCTED = "ID pembayaran", "Dipotong (Rp)"
HEAD = ("No", "NIP", "Nama", "Pesanan", "Periode", "Jumlah (Rp)", DEDUCTED, "Keterangan", PAYMENT)
Row = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Answered:
    """A line of a treasurer's answer; *number* counts from 1, without the head."""

    number: int
    payment_id: str
    deducted: int


@dataclass(frozen=True, slots=True)
class Rejected:
    number: int
    message: str


def rows(deductions: Sequence[Deduction], people: Mapping[str, Person]) -> Iterator[Row]:
    """Yield the head and a line for each deduction; NIP and name are looked up, and kept nowhere else."""
    yield HEAD
    for number, deduction in enumerate(deductions, 1):
        person = people.get(deduction.member_id, Person(deduction.member_id))
        yield (
            number,
            person.nip or "",
            person.name or "",
            deduction.order_id,
            deduction.month,
            deduction.amount,
            "" if deduction.deducted is None else deduction.deducted,
            "dibatalkan, jangan dipotong" if deduction.status == "recalled" else "",
            deduction.payment_id,
        )


def as_csv(table: Iterator[Row]) -> str:
    text = io.StringIO()
    sheet = csv.writer(text)
    for row in table:
        sheet.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue()


def read_csv(text: str) -> tuple[list[Answered], list[Rejected]]:
    """Return the lines of the sheet, filled in, and those that cannot be read; Invalid when it is another sheet.

    Separated by commas or semicolons; the columns may also be called payment_id and deducted.
    """
    text = text.lstrip("\ufeff")
    head = text.partition("\n")[0]
    sheet = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = {name.strip().casefold(): name for name in sheet.fieldnames or ()}
    payment = names.get(PAYMENT.casefold()) or names.get("payment_id")
    deducted = names.get(DEDUCTED.casefold()) or names.get("deducted")
    if payment is None or deducted is None:
        raise Invalid(f"Kolom {PAYMENT} dan {DEDUCTED} wajib ada.", [Fault("", "kolom tidak lengkap")])
    answered, rejected = list[Answered](), list[Rejected]()
    for number, row in enumerate(sheet, 1):
        if number > AT_ONCE:
            raise Invalid(f"Paling banyak {AT_ONCE} baris sekali kirim.", [Fault(f"/{number}", "terlalu banyak")])
        try:
            answered.append(Answered(number, (row[payment] or "").strip(), _amount(row[deducted] or "")))
        except ValueError as wrong:
            rejected.append(Rejected(number, str(wrong)))
    return answered, rejected


def _amount(said: str) -> int:
    try:
        amount = rupiah(said)
    except ValueError:
        raise ValueError(f"Jumlah {said!r} tidak dapat dibaca.") from None
    if amount is None:
        raise ValueError("Jumlah belum diisi.")
    return amount
