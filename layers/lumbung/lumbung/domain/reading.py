"""Who read whose data, and what people are told when somebody should not have (UU 27/2022, article 46)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lumbung.domain.indonesian import moment

TOLD_WITHIN = timedelta(hours=72)  # 3 × 24 hours from when the failure is known
MOST_DAYS = 31  # that one look at the log covers


@dataclass(frozen=True, slots=True)
class Reading:
    """One request that read other people's data. `people`: ids of members, riders, or trips for couriers' riders."""

    id: str
    at: datetime
    by: str
    roles: frozenset[str]
    route: str
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class Breach:
    """What is known of readings that should not have been."""

    first: datetime
    last: datetime
    people: frozenset[str]
    by: frozenset[str]
    routes: Counter[str]


def days(since: datetime, until: datetime) -> list[date]:
    """Return every UTC day that a span touches, both ends included."""
    return [since.date() + timedelta(days=n) for n in range((until.date() - since.date()).days + 1)]


def breach(readings: Iterable[Reading]) -> Breach | None:
    found = list(readings)
    if not found:
        return None
    return Breach(
        first=min(one.at for one in found),
        last=max(one.at for one in found),
        people=frozenset().union(*(one.people for one in found)),
        by=frozenset(one.by for one in found),
        routes=Counter(one.route for one in found),
    )


def notice(found: Breach, *, known_at: datetime, zone: str = "Asia/Jakarta") -> str:
    """Return the notice that the law asks for: what was revealed, when and how, and what is done about it."""
    ways = "; ".join(f"{route} ({times} kali)" for route, times in sorted(found.routes.items()))
    return "\n".join((
        "PEMBERITAHUAN KEGAGALAN PELINDUNGAN DATA PRIBADI",
        "(Pasal 46 Undang-Undang Nomor 27 Tahun 2022)",
        "",
        f"1. Data pribadi yang terungkap: nama, nomor telepon, alamat, dan catatan pesanan milik {len(found.people)} "
        "orang, sejauh ditampilkan lewat jalur pada butir 2.",
        f"2. Kapan dan bagaimana: antara {moment(found.first, zone)} dan {moment(found.last, zone)}, dibaca oleh "
        f"{len(found.by)} akun melalui {ways}.",
        "3. Upaya penanganan dan pemulihan: [diisi oleh kantor program: akses yang dicabut, kunci yang diganti, "
        "dan apa yang perlu dilakukan oleh pemilik data].",
        f"4. Diketahui pada {moment(known_at, zone)}; wajib disampaikan kepada pemilik data dan lembaga paling lambat "
        f"{moment(known_at + TOLD_WITHIN, zone)}.",
    ))  # fmt: skip
