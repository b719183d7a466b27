"""Road distances that somebody measured, from a drop-off to villages and between them: better than a straight line."""

from collections.abc import Sequence
from dataclasses import dataclass

from lumbung.domain.errors import Fault, Invalid

MAX_VILLAGES = 200


@dataclass(frozen=True, slots=True)
class Roads:
    """*metres*[a][b] by road, where 0 is the drop-off and n + 1 the middle of *villages*[n] (their codes)."""

    dropoff_id: str
    villages: tuple[str, ...]
    metres: Sequence[Sequence[int]]

    def between(self, a: str, b: str) -> int | None:
        """Return the metres between two villages, or one and the drop-off (by its id); None: nobody measured that."""
        places = (self.dropoff_id, *self.villages)
        return self.metres[places.index(a)][places.index(b)] if a in places and b in places else None


def roads(dropoff_id: str, villages: Sequence[str], metres: Sequence[Sequence[int]]) -> Roads:
    """Return the distances; Invalid unless there is one for each pair of places."""
    wanted = len(villages) + 1
    if len(metres) != wanted:
        raise Invalid(
            "Matriks jarak tidak lengkap.", [Fault("/metres", f"harus {wanted} baris: titik ambil, lalu desa")]
        )
    if faults := [Fault(f"/metres/{n}", f"harus {wanted} angka") for n, row in enumerate(metres) if len(row) != wanted]:
        raise Invalid("Matriks jarak tidak lengkap.", faults)
    if len(set(villages)) != len(villages):
        raise Invalid("Kelurahan/desa disebut dua kali.", [Fault("/villages", "disebut dua kali")])
    return Roads(dropoff_id, tuple(villages), metres)
