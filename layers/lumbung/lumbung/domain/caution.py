"""What the programme office is warned of: never forbidden, always said."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caution:
    """`code`: a stable word; `pointer`: a JSON pointer to what it is about; `message`: a sentence for people."""

    code: str
    pointer: str
    message: str
