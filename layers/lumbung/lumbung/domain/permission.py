"""What people may allow and forbid, with the text that they were shown (UU 27/2022, articles 9 and 20 to 24).

Telling somebody what becomes of their own order is part of the contract with them; by which way, and whether they
are reminded, is theirs to say. Who has said nothing is told; who forbids something is not, from that moment on.
What a courier needs to bring an order (recipient, phone, address) is passed on for the contract and cannot be forbidden
without giving up the delivery; deduction from an allowance has a consent of its own.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from lumbung.domain.errors import Fault, Invalid, NotFound
from lumbung.domain.notice import PAYMENT_DUE

WHATSAPP, EMAIL, REMINDERS = "notices_whatsapp", "notices_email", "payment_reminders"
_BY_CHANNEL = {"whatsapp": WHATSAPP, "email": EMAIL}


@dataclass(frozen=True, slots=True)
class Purpose:
    """A use of somebody's data. `text_version`: the day from which the text reads so."""

    id: str
    text_version: str
    text: str


PURPOSES = {
    purpose.id: purpose
    for purpose in (
        Purpose(WHATSAPP, "2026-11-24", "Kabar tentang pesanan saya dikirim lewat WhatsApp ke nomor telepon saya."),
        Purpose(EMAIL, "2026-11-24", "Kabar tentang pesanan saya dikirim ke alamat surel saya."),
        Purpose(REMINDERS, "2026-11-24", "Saya diingatkan sebelum batas waktu pembayaran pesanan saya habis."),
    )
}


@dataclass(frozen=True, slots=True)
class Permission:
    """What a person has said of a purpose, under which text. `number`: how often they have said something before."""

    purpose: str
    granted: bool
    text_version: str
    at: datetime
    number: int = 0


def say(purpose_id: str, *, granted: bool, text_version: str, at: datetime, number: int = 0) -> Permission:
    """Return what somebody says now. NotFound; Invalid when they allow what they were not shown.

    granted    text_version            then
    true       the present one         noted
    true       another                 Invalid: the text has changed, read it again
    false      any                     noted: nobody has to read anything to forbid
    """
    purpose = PURPOSES.get(purpose_id)
    if purpose is None:
        raise NotFound("Tujuan ini tidak dikenal.")
    if granted and text_version != purpose.text_version:
        fault = Fault("/text_version", f"Teks yang berlaku: {purpose.text_version}.")
        raise Invalid("Teks persetujuan sudah berubah; bacalah lagi.", [fault])
    return Permission(purpose_id, granted, text_version, at, number)


def may_use(channel: str, forbidden: Set[str]) -> bool:
    """Tell whether somebody may be written to by *channel*."""
    return _BY_CHANNEL.get(channel) not in forbidden


def may_tell(kind: str, forbidden: Set[str]) -> bool:
    """Tell whether somebody is to be told of that kind of happening."""
    return kind != PAYMENT_DUE or REMINDERS not in forbidden
