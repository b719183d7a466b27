"""NIP and NI PPPK: the eighteen digits of a civil servant. There is no check digit: a sound number proves nothing.

19660801 198803 1 001   born 1 August 1966, appointed March 1988, a man, the first of that day (BKN 22/2007)
19900913 202524 2 014   PPPK: after the year, 21 to 39 say what kind of contract it is, and are no month
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date

from lumbung.domain.ids import derive

REASONS = {
    "digits": "Bukan 18 angka.",
    "birth": "Tanggal lahir tidak mungkin.",
    "appointment": "Tahun atau bulan pengangkatan tidak mungkin.",
    "sex": "Kode jenis kelamin bukan 1 atau 2.",
    "number": "Nomor urut 000 tidak ada.",
}
YOUNGEST, OLDEST = 15, 65  # years between birth and appointment
_APART = re.compile(r"[ .\-']")  # as printed, and as a spreadsheet keeps a number from being rounded


def normal(text: str) -> str:
    """Return *text* without what people put between the digits."""
    return _APART.sub("", text)


def fault(nip: str) -> str | None:
    """Return what is wrong with a normal *nip*, as a key of REASONS; None when it could be somebody's.

    1.96608E+17          digits        a spreadsheet has rounded it
    196613011988031001   birth         there is no 13th month
    196608011977031001   appointment   at the age of eleven
    196608011988131001   appointment   neither a month nor a contract
    196608011988033001   sex
    196608011988031000   number        they begin at 001
    """
    if not re.fullmatch(r"[0-9]{18}", nip):
        return "digits"
    try:
        born = date(int(nip[:4]), int(nip[4:6]), int(nip[6:8]))
    except ValueError:
        return "birth"
    year, month = int(nip[8:12]), int(nip[12:14])
    if not YOUNGEST <= year - born.year <= OLDEST or not (1 <= month <= 12 or 21 <= month <= 39):
        return "appointment"
    if nip[14] not in "12":
        return "sex"
    return "number" if nip[15:] == "000" else None


def masked(nip: str) -> str:
    """Return what may be shown: the year of birth."""
    return nip[:4] + "*" * (len(nip) - 4)


def digest(secret: bytes, nip: str) -> str:
    """Return what a *nip* is known by on a list: nobody without the secret can tell whose it is."""
    return derive("", secret, "nip", nip)


def numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield (line, NIP) from a CSV file: the column called `nip`, else the first; empty lines are passed over.

    A first line without any digit is a heading. Columns are parted by comma, semicolon or tab.
    """
    column = 0
    for number, line in enumerate(lines, 1):
        cells = next(csv.reader([re.sub(r"[;\t]", ",", line.strip("\ufeff\r\n"))]), [])
        if number == 1 and cells and not re.search(r"[0-9]", line):
            names = [cell.strip().lower() for cell in cells]
            column = names.index("nip") if "nip" in names else 0
        elif any(cell.strip() for cell in cells):
            yield number, normal(cells[column] if column < len(cells) else "")
