"""Which courier serves which place: configuration, read once, and the couriers that it names."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lumbung.domain.courier import Courier
from lumbung.domain.geo import straight_line_m
from lumbung.domain.registry import Dropoff


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the country, as the configuration names it, and who serves it, first choice first.

    `*`                  everywhere
    drp_…                one drop-off
    -6.2,106.8,40        what lies within 40 km of there, by straight line
    """

    place: str
    couriers: tuple[str, ...]

    def holds(self, dropoff: Dropoff) -> bool:
        if self.place in ("*", dropoff.id):
            return True
        if (circle := _circle(self.place)) is None:
            return False
        lat, lng, km = circle
        return straight_line_m(lat, lng, dropoff.lat, dropoff.lng) <= km * 1000


class Couriers(Mapping[str, Courier]):
    """All couriers, by name, and who of them serves a drop-off.

    *make* returns a courier by its name; it is made on first use, so that one which serves nobody needs no secret.
    """

    def __init__(self, make: Mapping[str, Callable[[], Courier]], areas: Sequence[Area]) -> None:
        self._make, self._areas = make, areas
        self._made: dict[str, Courier] = {}

    def __getitem__(self, name: str) -> Courier:
        if name not in self._made:
            self._made[name] = self._make[name]()
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._make)

    def __len__(self) -> int:
        return len(self._make)

    def at(self, dropoff: Dropoff) -> list[Courier]:
        """Return who serves *dropoff*, first choice first: the first area that it lies in decides."""
        return [self[name] for name in names_at(self._areas, dropoff)]

    def after(self, name: str, dropoff: Dropoff) -> Courier | None:
        """Return who is asked when *name* does not find anybody at *dropoff*; None: nobody is left.

        After one that the configuration does not name there, the first that it names.
        """
        names = names_at(self._areas, dropoff)
        left = names[names.index(name) + 1 :] if name in names else names
        return self[left[0]] if left else None


def names_at(areas: Sequence[Area], dropoff: Dropoff) -> tuple[str, ...]:
    return next((area.couriers for area in areas if area.holds(dropoff)), ())


def areas(text: str) -> list[Area]:
    """Return who serves what, as the configuration says it; ValueError when it cannot be meant so.

    -6.2,106.8,40=lalamove,grab; *=biteship     around Jakarta Lalamove, then Grab; elsewhere Biteship
    *=                                          refused: nobody
    *=biteship; *=grab                          refused: which one?
    jakarta=grab                                refused: no such place
    """
    found: dict[str, Area] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        place, _, listed = map(str.strip, part.partition("="))
        names = tuple(name.strip() for name in listed.split(","))
        known = place == "*" or place.startswith("drp_") or _circle(place)
        if not known or place in found or not all(names) or len(set(names)) < len(names):
            raise ValueError(f"couriers cannot be read: {part!r}")
        found[place] = Area(place, names)
    return list(found.values())


def _circle(place: str) -> tuple[float, float, float] | None:
    try:
        lat, lng, km = map(float, place.split(","))
    except ValueError:
        return None
    return (lat, lng, km) if abs(lat) <= 90 and abs(lng) <= 180 and km > 0 else None
