"""Reads the CSV files that providers and banks export: columns by name, in any order, errors by line.

Amounts are read as people and programs write them (55000, 55,000.00, Rp55.000); moments without an offset are
Jakarta's, but for Xendit's, which are UTC.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone

from lumbung.domain.normalise import rupiah
from lumbung.domain.statement import BadLine, Line

JAKARTA = timezone(timedelta(hours=7))
FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M")
# What each column may be called, in lower case.
NAMES: Mapping[str, tuple[str, ...]] = {
    "at": ("settlement time", "transaction time", "date & time", "created date", "created", "tanggal", "date"),
    "order": ("order id", "order_id", "reference id", "reference_id", "external id", "reference"),
    "amount": ("amount", "gross amount", "gross_amount", "transaction amount", "jumlah", "nominal"),
    "refund": ("refund amount", "refund_amount", "amount refunded"),
    "fee": ("fee", "fees", "fee amount", "transaction fee", "biaya"),
    "vat": ("vat", "fee vat", "vat amount", "ppn"),
    "status": ("transaction status", "transaction_status", "status"),
    "type": ("type", "transaction type", "jenis"),
    "debit": ("debit", "debet", "keluar"),
    "credit": ("credit", "kredit", "masuk"),
    "side": ("db/cr", "d/k", "cr/db", "mutasi"),
    "text": ("description", "keterangan", "deskripsi", "remark"),
    "mark": ("no. referensi", "ref", "bank reference", "no referensi"),
}
PAID = ("settlement", "capture", "successful", "succeeded", "success", "completed", "paid", "settled")
REFUNDED = ("refund", "partial_refund", "partial refund", "refunded", "partially_refunded")
OUT = ("db", "d", "debit", "debet")
Row = Mapping[str, str]
Read = tuple[list[Line], list[BadLine]]


def read_csv(text: str, source: str) -> Read:
    """Return the lines of a CSV of *source* (midtrans, xendit or bank_csv), and what could not be read.

    Lines that moved no money (pending, expired, failed) are left out.
    """
    lines, errors = list[Line](), list[BadLine]()
    read = READERS[source]
    try:
        rows = list(_rows(text))
    except (csv.Error, ValueError) as wrong:
        return [], [BadLine(0, str(wrong))]
    for number, row in rows:
        try:
            if line := read(number, row):
                lines.append(line)
        except (KeyError, ValueError) as wrong:
            errors.append(BadLine(number, _why(wrong)))
    return lines, errors


def _rows(text: str) -> Iterator[tuple[int, Row]]:
    """Yield each row under our own names; ValueError when there is no header that names any."""
    text = text.lstrip("\ufeff")
    head = text.partition("\n")[0]
    sheet = csv.reader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
    called = [name.strip().casefold() for name in next(sheet, [])]
    places = {
        ours: called.index(theirs) for ours, names in NAMES.items() for theirs in reversed(names) if theirs in called
    }
    if "at" not in places:
        raise ValueError("kolom tanggal tidak ditemukan")
    for row in sheet:
        if any(cell.strip() for cell in row):
            yield sheet.line_num, {ours: row[place].strip() for ours, place in places.items() if place < len(row)}


def _midtrans(number: int, row: Row) -> Line | None:
    status = row["status"].casefold()
    if status in PAID:
        return _of_provider(number, row, "payment", row["amount"], JAKARTA)
    if status in REFUNDED:
        return _of_provider(number, row, "refund", row.get("refund") or row["amount"], JAKARTA)
    return None


def _xendit(number: int, row: Row) -> Line | None:
    status, kind = row["status"].casefold(), row.get("type", "payment").casefold()
    if status not in (*PAID, *REFUNDED) or "disbursement" in kind or "withdrawal" in kind:
        return None
    return _of_provider(number, row, "refund" if "refund" in kind else "payment", row["amount"], UTC)


def _of_provider(number: int, row: Row, what: str, amount: str, zone: timezone) -> Line:
    fee = (rupiah(row.get("fee")) or 0) + (rupiah(row.get("vat")) or 0)
    return Line(number, _moment(row["at"], zone), _amount(amount), row["order"], "", fee, what)


def _bank(number: int, row: Row) -> Line | None:
    if "amount" in row:
        amount = _amount(row["amount"].lstrip("-"))
        out = row["amount"].startswith("-") or row.get("side", "").casefold() in OUT
        amount = -amount if out else amount
    else:
        amount = (rupiah(row.get("credit")) or 0) - (rupiah(row.get("debit")) or 0)
    if not amount:
        return None
    return Line(number, _moment(row["at"], JAKARTA), amount, row.get("mark", ""), row.get("text", ""))


READERS: Mapping[str, Callable[[int, Row], Line | None]] = {"midtrans": _midtrans, "xendit": _xendit, "bank_csv": _bank}


def _amount(text: str) -> int:
    amount = rupiah(text)
    if amount is None:
        raise ValueError("jumlah kosong")
    return amount


def _moment(text: str, zone: timezone) -> datetime:
    for read in (datetime.fromisoformat, *(_by(form) for form in FORMATS)):
        try:
            at = read(text)
        except ValueError:
            continue
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    raise ValueError(f"tanggal {text!r} tidak dapat dibaca")


def _by(form: str) -> Callable[[str], datetime]:
    return lambda text: datetime.strptime(text, form)  # noqa: DTZ007 - the caller knows the zone


def _why(wrong: KeyError | ValueError) -> str:
    return f"kolom {wrong} tidak ada" if isinstance(wrong, KeyError) else str(wrong)
