"""A drop-off's own riders: a cooperative's, or the village's ojek stand. They ride without any provider between.

A rider reaches their page by a link that says who they are and until when; nobody can make one without our secret.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from lumbung.domain import ids
from lumbung.domain.errors import Forbidden
from lumbung.domain.moments import from_ms, to_ms

RIDERS = "riders"  # as a courier's name: of trips that own riders ride
VALID = timedelta(hours=24)
EXPIRED = "Tautan ini tidak berlaku lagi. Mintalah tautan baru kepada penanggung jawab titik ambil."


@dataclass(frozen=True, slots=True)
class Rider:
    """Kept among people, under their drop-off; one who is not active sees and takes nothing."""

    id: str
    dropoff_id: str
    name: str
    phone: str
    plate: str
    active: bool = True
    version: int = 0  # none yet: never stored


@dataclass(frozen=True, slots=True)
class Pass:
    """Whom a link lets in, until when."""

    dropoff_id: str
    rider_id: str
    until: datetime

    def sealed(self, secret: bytes) -> str:
        """Return what the link carries."""
        said = f"{self.dropoff_id}.{self.rider_id}.{to_ms(self.until) // 1000}"
        return f"{said}.{_seal(secret, said)}"


def opened(secret: bytes, token: str, *, at: datetime) -> Pass:
    """Return whom *token* lets in; Forbidden when it is none of ours, or too old."""
    said, _, seal = token.rpartition(".")
    if not hmac.compare_digest(_seal(secret, said).encode(), seal.encode()):
        raise Forbidden(EXPIRED)
    dropoff_id, rider_id, until_s = said.split(".")
    found = Pass(dropoff_id, rider_id, from_ms(int(until_s) * 1000))
    if at >= found.until:
        raise Forbidden(EXPIRED)
    return found


def _seal(secret: bytes, said: str) -> str:
    return ids.derive("", secret, "rider", said)
