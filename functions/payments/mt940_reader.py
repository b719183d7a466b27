"""Reads MT940, the statement that banks send: each block must add up to its own closing balance."""

import re
from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal

import mt940

from lumbung.domain.statement import BadLine, Line

JAKARTA = timezone(timedelta(hours=7))
NONE = ("", "NONREF")


def read_mt940(text: str) -> tuple[list[Line], list[BadLine]]:
    """Return the lines of all blocks that can be read, and what could not be; a block counts as a whole."""
    lines, errors = list[Line](), list[BadLine]()
    start = 1
    for block in re.split(r"(?m)^(?=:20:)", text):
        if block.startswith(":20:"):
            try:
                lines += _block(block, start)
            except (ValueError, ArithmeticError, AttributeError, KeyError, RuntimeError) as wrong:
                errors.append(BadLine(start, f"blok tidak dapat dibaca: {wrong}"))
        start += block.count("\n")
    if not lines and not errors:
        errors.append(BadLine(0, "tidak ada blok :20: di dalam berkas"))
    return lines, errors


def _block(block: str, start: int) -> list[Line]:
    parsed = mt940.parse(block)
    numbers = [start + n for n, row in enumerate(block.splitlines()) if row.startswith(":61:")]
    found = [transaction.data for transaction in parsed]
    opening, closing = parsed.data["final_opening_balance"].amount, parsed.data["final_closing_balance"].amount
    moved = sum((data["amount"].amount for data in found), Decimal())
    if len(found) != len(numbers) or opening.amount + moved != closing.amount:
        raise ValueError(f"saldo awal {opening.amount} + mutasi {moved} bukan saldo akhir {closing.amount}")
    return [_line(number, data) for number, data in zip(numbers, found, strict=True)]


def _line(number: int, data: dict[str, object]) -> Line:
    amount: Decimal = data["amount"].amount  # type: ignore[attr-defined]  # the library types its values loosely
    if amount != int(amount):
        raise ValueError(f"baris {number}: {amount} bukan rupiah bulat")
    day = datetime.combine(data["date"], time(12), JAKARTA)  # type: ignore[arg-type]  # as above: a date
    told = [str(data.get(name) or "") for name in ("customer_reference", "bank_reference")]
    text = " ".join(str(data.get(name) or "") for name in ("transaction_details", "extra_details")).strip()
    reference = " ".join(word for word in told if word not in NONE)
    return Line(number, day.astimezone(UTC), int(amount), reference, " ".join(text.split()))
