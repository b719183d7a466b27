"""Indonesian mobile numbers, and the human that a number stands for."""

import re

from lumbung.domain.ids import derive

PATTERN = r"^(\+62|62|0)[ -]?8[1-9]([ -]?[0-9]){7,10}$"


def normal(text: str) -> str | None:
    """Return the number as E.164, or None when *text* is no Indonesian mobile number.

    081234567890        +6281234567890
    6281234567890       +6281234567890
    +62 812-3456-7890   +6281234567890
    021 5550123         –               a landline
    +6581234567         –               another country
    """
    if not re.fullmatch(PATTERN, text, re.ASCII):
        return None
    return "+62" + re.sub(r"^(62|0)", "", re.sub(r"[^0-9]", "", text))


def international(text: str) -> str:
    """Return any Indonesian number, a landline's too, with its country's code; digits alone.

    081234567890        6281234567890
    +62 21 5550123      62215550123
    (021) 5550123       62215550123
    """
    digits = re.sub(r"[^0-9]", "", text)
    return "62" + re.sub(r"^(62|0)", "", digits)


def person_id(secret: bytes, number: str) -> str:
    """Return the id of whoever an E.164 *number* belongs to."""
    return derive("per_", secret, number)
