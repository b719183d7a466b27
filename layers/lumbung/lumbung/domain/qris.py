"""QRIS codes: EMVCo merchant-presented, tag, length in characters, value, and a checksum (protocols, D).

Fields are found by tag and never by position: a published code has its amount after the postal code.
"""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

_AMOUNT = re.compile(r"([0-9]{1,10})(?:\.0{1,2})?")
_LENGTH = re.compile(r"[0-9]{2}")


class NotThisCode(ValueError):
    """A code that is broken, or that does not pay what it should to whom it should."""


@dataclass(frozen=True, slots=True)
class Code:
    """What a code says. *amount* in whole rupiah; None: the payer types it. *merchant*: its national id (NMID)."""

    amount: int | None
    merchant: str | None
    dynamic: bool


def check_code(text: str, *, amount: int, merchant: str) -> None:
    """Refuse (NotThisCode) what is no dynamic code over exactly *amount* rupiah to *merchant*.

    Nobody is shown a code that was not checked: a customer pays whatever it says.
    """
    code = read_code(text)
    if not code.dynamic or code.amount != amount:
        raise NotThisCode(f"the code pays {code.amount}, not {amount}")
    if code.merchant != merchant:
        raise NotThisCode(f"the code pays {code.merchant}, not {merchant}")


def read_code(text: str) -> Code:
    """Return what the code says; NotThisCode when its checksum, its fields or its currency are wrong."""
    if text[-8:-4] != "6304" or crc16(text[:-4]) != text[-4:].upper():
        raise NotThisCode("the checksum is wrong")
    fields = parse(text)
    if (fields.get("00"), fields.get("53"), fields.get("58")) != ("01", "360", "ID"):
        raise NotThisCode("this is no QRIS in rupiah")
    national = parse(fields.get("51", ""))
    return Code(_amount(fields.get("54")), national.get("02"), fields.get("01") == "12")


def crc16(text: str) -> str:
    """Return CRC-16/CCITT-FALSE as four upper-case hex digits; of `123456789` it is `29B1`."""
    return f"{binascii.crc_hqx(text.encode(errors='replace'), 0xFFFF):04X}"


def parse(text: str) -> Mapping[str, str]:
    """Return the fields of *text* by tag; NotThisCode where a length leads past the end, or a tag comes twice."""
    fields: dict[str, str] = {}
    at = 0
    while at < len(text):
        tag, length = text[at : at + 2], text[at + 2 : at + 4]
        end = at + 4 + int(length) if _LENGTH.fullmatch(length) else len(text) + 1
        if end > len(text) or tag in fields:
            raise NotThisCode(f"broken field at {at}")
        fields[tag] = text[at + 4 : end]
        at = end
    return fields


def _amount(text: str | None) -> int | None:
    """Return whole rupiah: "265000" and "265000.00" are the same, "265000.50" is refused."""
    if text is None:
        return None
    if match := _AMOUNT.fullmatch(text):
        return int(match.group(1))
    raise NotThisCode("the amount cannot be read")
