"""What only the desk uses."""

from functools import cache
from typing import TYPE_CHECKING

from lumbung.domain import ids
from lumbung.domain.incident import Incident
from lumbung.runtime import deps
from lumbung.store import incidents
from lumbung.store.table import Put

if TYPE_CHECKING:
    from lumbung.providers.jws import Signer


@cache
def signer() -> "Signer":
    from lumbung.providers.jws import Signer  # heavy, and needed once a day: when a device takes a list along

    return Signer(ids.derive("", deps.id_secret(), "pickup-list").encode())


def alert(incident: Incident) -> Put:
    return incidents.raise_(deps.table("payments"), incident)
