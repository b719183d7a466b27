"""Money and time as people in Indonesia write them."""

from datetime import date, datetime, timedelta, timezone

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
# Indonesia has three zones and no summer time: hours from UTC, so that no function needs a zone database.
ZONES = {"Asia/Jakarta": ("WIB", 7), "Asia/Makassar": ("WITA", 8), "Asia/Jayapura": ("WIT", 9)}


def rupiah(amount: int) -> str:
    """Return e.g. ``Rp55.000``."""
    return f"Rp{amount:,}".replace(",", ".")


def day(on: date) -> str:
    """Return e.g. ``Jumat, 10 April 2020``."""
    return f"{DAYS[on.weekday()]}, {on.day} {MONTHS[on.month - 1]} {on.year}"


def moment(at: datetime, zone: str) -> str:
    """Return *at* on the clocks of *zone*, e.g. ``Rabu, 8 April 2020 pukul 16.00 WIB``."""
    here = local(at, zone)
    return f"{day(here)} pukul {here:%H.%M} {ZONES[zone][0]}"


def local(at: datetime, zone: str) -> datetime:
    """Return *at* by the clocks of *zone*."""
    return at.astimezone(timezone(timedelta(hours=ZONES[zone][1])))
