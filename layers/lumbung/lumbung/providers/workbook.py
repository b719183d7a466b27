"""Writes a workbook (XLSX) for people who work with spreadsheets."""

import io
from collections.abc import Iterable, Sequence

from lumbung.domain.spreadsheet import harmless


def write(title: str, rows: Iterable[Sequence[str | int]]) -> bytes:
    """Return a workbook with one sheet; text stays text, whatever it looks like."""
    from openpyxl import Workbook  # only where a workbook is written

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
