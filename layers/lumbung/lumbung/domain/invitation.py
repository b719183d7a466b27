"""A code that makes its holder staff of an institution, as often as it says."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lumbung.domain.errors import InvalidState
from lumbung.domain.ids import derive

LETTERS = 10  # fifty bits
DAYS = 30  # that a code is good for, unless it says otherwise


@dataclass(frozen=True, slots=True)
class Invitation:
    """`id`: what the code is kept as; `uses`: how many people it lets in, until `until`."""

    id: str
    institution_id: str
    uses: int
    until: datetime
    by: str
    used: int = 0

    def use(self, at: datetime) -> "Invitation":
        """Let one more in; InvalidState when it has let in all it may, or is too old."""
        if self.used >= self.uses or at >= self.until:
            raise InvalidState("Undangan ini sudah terpakai atau kedaluwarsa.")
        return replace(self, used=self.used + 1)


def lasts_until(asked: datetime | None, at: datetime) -> datetime:
    return asked or at + timedelta(days=DAYS)


def code_for(secret: bytes, once_id: str) -> str:
    """Return the code that an Idempotency-Key makes, e.g. ``K7QPA-2MXWD``: a repeat is answered with the same."""
    code = derive("", secret, "invitation code", once_id)[:LETTERS].upper()
    return f"{code[:5]}-{code[5:]}"


def digest(secret: bytes, code: str) -> str:
    """Return what a code is kept as, however it was typed; there is no 0 and no 1 in one.

    K7QPA-2MXWD     the same as k7qpa 2mxwd
    O7QPA-IMXWD     the same as 07qpa1mxwd
    """
    typed = code.upper().replace("0", "O").replace("1", "I")
    return derive("", secret, "invitation", "".join(filter(str.isalnum, typed)))
