"""What a caller may see and decide. A PIC's drop-offs are in the data, so that they can be taken away at once."""

from collections.abc import Iterator

from lumbung.domain.errors import NotFound
from lumbung.domain.people import OPERATOR, PIC, Caller
from lumbung.domain.registry import Dropoff
from lumbung.runtime import deps

PAGE = 1000


def in_charge(caller: Caller, dropoff_id: str) -> bool:
    """Tell whether the caller is in charge of a drop-off; operators are, of all there are."""
    if not caller.has(OPERATOR, PIC):
        return False
    dropoff = deps.dropoffs().find(dropoff_id)
    return dropoff is not None and (caller.has(OPERATOR) or _is_pic(caller, dropoff))


def dropoff_in_charge(caller: Caller, dropoff_id: str) -> Dropoff:
    """Return a drop-off that the caller is in charge of; NotFound."""
    dropoff = deps.dropoffs().get(dropoff_id)
    if caller.has(OPERATOR) or _is_pic(caller, dropoff):
        return dropoff
    raise NotFound(f"Titik ambil {dropoff_id} tidak ditemukan.")


def answers_for(caller: Caller, institution_id: str) -> bool:
    """Tell whether the caller may say who is staff: of what a drop-off of theirs serves; operators, of all."""
    return caller.has(OPERATOR) or (caller.has(PIC) and any(_serving(caller, institution_id)))


def _is_pic(caller: Caller, dropoff: Dropoff) -> bool:
    return caller.has(PIC) and caller.id in dropoff.pic_ids


def _serving(caller: Caller, institution_id: str) -> Iterator[bool]:
    """Look through the list of drop-offs, which may lag, and then at the drop-off itself."""
    start = None
    while True:
        page, start = deps.dropoffs().page(limit=PAGE, start=start)
        for listed in page:
            if institution_id in listed.institution_ids and _is_pic(caller, listed):
                now = deps.dropoffs().get(listed.id)
                yield institution_id in now.institution_ids and _is_pic(caller, now)
        if start is None:
            return
