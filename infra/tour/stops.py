"""The pages that are looked at: a name, an address, and who looks."""

from collections.abc import Callable
from dataclasses import dataclass

from infra.tour.scene import Scene


@dataclass(frozen=True, slots=True)
class Stop:
    """`person` is one of the local stack's ready-made people, by sub; None: nobody has signed in."""

    name: str
    path: Callable[[Scene], str]
    person: str | None = None
    main: bool = False
    """One of the pages that are measured, too."""
    packs: int = 0
    """So many packs are put into the basket first."""


STOPS = (
    Stop("member-waves", lambda _: "/gelombang", main=True),
    Stop("member-wave", lambda scene: f"/gelombang/{scene.wave['id']}", "dewi-lestari", main=True, packs=2),
    Stop("member-checkout", lambda scene: f"/gelombang/{scene.wave['id']}/pesan", "dewi-lestari", main=True),
    Stop("member-orders", lambda _: "/pesanan", "siti-aminah"),
    Stop("member-paying", lambda scene: f"/pesanan/{scene.unpaid['id']}", "siti-aminah", main=True),
    Stop("member-paid", lambda scene: f"/pesanan/{scene.paid['id']}", "budi-santoso"),
    Stop("member-me", lambda _: "/saya", "siti-aminah", main=True),
)
