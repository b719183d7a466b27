"""When a wave opens, closes, must be paid and is delivered: one order of time, checked as a whole."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lumbung.domain.errors import Fault

TIME_ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


def contradictions(
    *, time_zone: str, opens_at: datetime, closes_at: datetime, payment_due_at: datetime, delivery_date: date
) -> Iterator[Fault]:
    """Yield every contradiction; the delivery date is one of the wave's own time zone.

    opens    closes           paid by   delivered   faults at
    7 April  8 April, 08:00   10:00     8 April     -
    8 April  7 April          7 April   10 April    /closes_at
    7 April  8 April, 08:00   07:59     7 April     /payment_due_at /delivery_date
    """
    if closes_at <= opens_at:
        yield Fault("/closes_at", "Penutupan harus setelah pembukaan.")
    if payment_due_at < closes_at:
        yield Fault("/payment_due_at", "Batas bayar tidak boleh sebelum penutupan.")
    if time_zone not in TIME_ZONES:
        yield Fault("/time_zone", f"Pilihan: {', '.join(TIME_ZONES)}.")
    elif delivery_date < local_date(closes_at, time_zone):
        yield Fault("/delivery_date", "Pengantaran tidak boleh sebelum penutupan.")


def local_date(at: datetime, time_zone: str) -> date:
    return at.astimezone(ZoneInfo(time_zone)).date()
