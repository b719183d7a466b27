"""In which price zone (see `price_ceiling`) a place lies, as far as its coordinates tell.

Islands are told apart by boxes that hold nothing of another zone. The middle of Sumatra, where the zones meet, and
the narrow seas between islands are left out: there the programme office says which zone it is.
"""

from collections.abc import Iterable

# south, north, west, east (degrees), zone
_BOXES: tuple[tuple[float, float, float, float, str], ...] = (
    (-9.2, -5.0, 104.5, 119.15, "I"),  # southern Lampung, Java, Madura, Bali, West Nusa Tenggara
    (-7.9, 0.5, 118.6, 123.9, "I"),  # Sulawesi but for its northern arm
    (0.5, 1.9, 119.6, 125.25, "I"),  # … and that
    (-1.5, 6.1, 94.9, 108.7, "II"),  # Sumatra north of Jambi, with the Riau islands
    (-4.3, 4.4, 108.8, 117.7, "II"),  # Kalimantan
    (-11.1, -8.0, 119.4, 125.2, "II"),  # East Nusa Tenggara
    (-9.2, 2.7, 125.7, 141.1, "III"),  # Maluku and Papua
)


def zone_of(lat: float, lng: float) -> str | None:
    """Return the zone of a place; None: its coordinates do not tell.

    place          lat     lng      zone
    Jakarta        −6.22   106.83   I
    Makassar       −5.14   119.42   I
    Medan           3.59    98.67   II
    Banjarmasin    −3.32   114.59   II
    Kupang        −10.18   123.60   II
    Ambon          −3.70   128.18   III
    Palembang      −2.99   104.76   None   zone I, but Bengkulu and Jambi are near
    """
    return next((z for south, north, west, east, z in _BOXES if south <= lat <= north and west <= lng <= east), None)


def zones_of(chosen: str | None, places: Iterable[tuple[float, float]]) -> set[str]:
    """Return the zones of *places* (lat, lng); *chosen* by the programme office overrides what coordinates say."""
    if chosen:
        return {chosen}
    return {zone for lat, lng in places if (zone := zone_of(lat, lng))}
