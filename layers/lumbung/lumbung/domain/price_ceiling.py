"""The regulated ceiling of rice prices (harga eceran tertinggi, HET): by zone, grade and date.

in force from   regulation                  grade     zone I   zone II   zone III   rupiah per kg
2017-09-01      Permendag 57/2017           medium     9,450     9,950     10,250
                                            premium   12,800    13,300     13,600
2023-03-15      Perbadan 7/2023             medium    10,900    11,500     11,800
                                            premium   13,900    14,400     14,800
2024-06-07      Perbadan 5/2024             medium    12,500    13,100     13,500
                                            premium   14,900    15,400     15,800
2025-08-22      Kep. Ka. Bapanas 299/2025   medium    13,500    14,000     15,500
                                            premium   14,900    15,400     15,800

Zone I: Java, Lampung, South Sumatra, Bali, West Nusa Tenggara, Sulawesi. Zone II: the rest of Sumatra, East Nusa
Tenggara, Kalimantan. Zone III: Maluku, Papua. Markets do exceed it: an offer above it is flagged, not refused.
"""

from dataclasses import dataclass
from datetime import date

ZONES = ("I", "II", "III")
MEDIUM, PREMIUM = "medium", "premium"

_IN_FORCE: tuple[tuple[date, str, dict[str, tuple[int, int, int]]], ...] = (
    (date(2025, 8, 22), "Kep. Ka. Bapanas 299/2025", {MEDIUM: (13500, 14000, 15500), PREMIUM: (14900, 15400, 15800)}),
    (date(2024, 6, 7), "Perbadan 5/2024", {MEDIUM: (12500, 13100, 13500), PREMIUM: (14900, 15400, 15800)}),
    (date(2023, 3, 15), "Perbadan 7/2023", {MEDIUM: (10900, 11500, 11800), PREMIUM: (13900, 14400, 14800)}),
    (date(2017, 9, 1), "Permendag 57/2017", {MEDIUM: (9450, 9950, 10250), PREMIUM: (12800, 13300, 13600)}),
)


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Rupiah per kilogram, and the regulation that says so."""

    per_kg: int
    grade: str
    zone: str
    source: str

    def is_exceeded(self, price: int, weight_g: int) -> bool:
        """Tell whether a pack of *weight_g* grams at *price* rupiah costs more.

        ceiling   price    weight   exceeded
        12,800    64,000   5 kg     no    exactly the ceiling
        12,800    64,001   5 kg     yes
        """
        return price * 1000 > self.per_kg * weight_g


def ceiling(zone: str, grade: str | None, on: date) -> Ceiling | None:
    """Return what a kilogram of rice may cost in *zone* on that day; None: nothing is regulated.

    zone   grade           on           ceiling
    I      Premium         2020-04-07   12,800   Permendag 57/2017
    III    beras medium    2025-08-22   15,500   Kep. Ka. Bapanas 299/2025
    I      none            2020-04-07   12,800   not said: above the highest is above any
    I      organik         2020-04-07   None     special rice has no ceiling
    I      premium         2017-08-31   None     before there was one
    """
    known = _grade(grade)
    for since, source, prices in _IN_FORCE:
        if since <= on and known:
            return Ceiling(prices[known][ZONES.index(zone)], known, zone, source)
    return None


def _grade(said: str | None) -> str | None:
    if not said:
        return PREMIUM
    return next((grade for grade in (MEDIUM, PREMIUM) if grade in said.casefold()), None)
