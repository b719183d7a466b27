"""Who ordered: civil servants of four ministries, made up, because the real ones were never published."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from infra.replay.facts import HOURS, VILLAGES, WIB, WaveFacts

FIRST = ("Siti", "Budi", "Agus", "Dewi", "Rina", "Joko", "Wati", "Andi", "Sri", "Hendra", "Yuni", "Rudi", "Maya", "Eko")
LAST = ("Aminah", "Santoso", "Wibowo", "Lestari", "Hidayat", "Saputra", "Rahayu", "Nugroho", "Siregar", "Utami")
WISHES: tuple[tuple[dict[int, int], int], ...] = (
    ({5: 1}, 30), ({5: 2}, 12), ({10: 1}, 30), ({10: 2}, 6), ({10: 1, 5: 1}, 6), ({20: 1}, 16),
)  # fmt: skip
METHODS = (("virtual_account", 45), ("qris", 30), ("cash", 25))
BANKS = ("bca", "bni", "bri", "permata", "cimb", "mandiri")


@dataclass(slots=True)
class Person:
    """One member: what they want, when they come, how they pay, and what becomes of them."""

    sub: str
    name: str
    phone: str
    institution: int
    dropoff: int
    wish: dict[int, int]
    comes: datetime
    method: str
    bank: str
    address: dict[str, Any] | None
    forgets: bool
    pays_after: timedelta
    order_id: str | None = None
    payment_id: str | None = None
    paid: bool = False


def population(facts: WaveFacts, random_: random.Random) -> list[Person]:
    """Return the people of a wave, by the time they come."""
    made = [_person(facts, number, random_) for number in range(facts.people)]
    return sorted(made, key=lambda person: person.comes)


def _person(facts: WaveFacts, number: int, random_: random.Random) -> Person:
    dropoff = random_.choices((0, 1), (60, 40))[0]
    wish = _weighted(WISHES, random_)
    name = f"{random_.choice(FIRST)} {random_.choice(LAST)}"
    phone = f"08{random_.randint(12, 58)}{random_.randint(10_000_000, 99_999_999)}"
    comes = _time(facts, random_)
    goes_home = max(wish) <= 10 and random_.random() < 0.12
    return Person(
        sub=f"{facts.name.split()[-1].lower()}-{number:03d}",
        name=name,
        phone=phone,
        institution=random_.randrange(4),
        dropoff=dropoff,
        wish=dict(wish),
        comes=comes,
        method=_weighted(METHODS, random_) if not goes_home else "qris",
        bank=random_.choice(BANKS),
        address=_address(dropoff, name, phone, random_) if goes_home else None,
        forgets=comes < facts.no_more_absent_minds and random_.random() < 0.08,
        pays_after=timedelta(minutes=random_.randint(5, 80)),
    )


def _time(facts: WaveFacts, random_: random.Random) -> datetime:
    """Draw when somebody comes, by the hours at which civil servants order."""
    start = facts.opens.astimezone(WIB)
    hours = int((facts.closes - facts.opens - timedelta(hours=1)).total_seconds() // 3600)
    moments = [start + timedelta(hours=hour) for hour in range(hours)]
    weights = [HOURS["weekend" if m.weekday() >= 5 else "weekday"][m.hour] for m in moments]
    return random_.choices(moments, weights)[0] + timedelta(minutes=random_.randrange(60))


def _address(dropoff: int, name: str, phone: str, random_: random.Random) -> dict[str, Any]:
    code, postal, lat, lng = random_.choice(VILLAGES[dropoff])
    return {
        "line": f"Jl. Melati No. {random_.randint(1, 80)}",
        "village_code": code,
        "postal_code": postal,
        "lat": round(lat + random_.uniform(-0.006, 0.006), 6),
        "lng": round(lng + random_.uniform(-0.006, 0.006), 6),
        "recipient": name,
        "phone": phone,
    }


def _weighted(choices: Any, random_: random.Random) -> Any:
    return random_.choices([choice for choice, _ in choices], [weight for _, weight in choices])[0]
