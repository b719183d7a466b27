"""QRIS codes: EMVCo merchant-presented, tag-length-value with a checksum (protocols, section D)."""

import binascii

MERCHANT = (
    ("00", "COM.CONTOH.WWW"),
    ("01", "9360099900000000010"),
    ("02", "KOP0001"),
    ("03", "UMI"),
)
NATIONAL = (("00", "ID.CO.QRIS.WWW"), ("02", "ID1020012345678"), ("03", "UMI"))


def crc16(text: str) -> str:
    """Return CRC-16/CCITT-FALSE of *text* as four upper-case hex digits; of `123456789` it is `29B1`."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def tlv(fields: tuple[tuple[str, str], ...]) -> str:
    """Return *fields* as text, the length of each counted in characters; raise ValueError above 99."""
    for tag, value in fields:
        if not 1 <= len(value) <= 99:
            raise ValueError(f"tag {tag} holds {len(value)} characters")
    return "".join(f"{tag}{len(value):02d}{value}" for tag, value in fields)


def parse_tlv(text: str) -> dict[str, str]:
    """Return the fields of *text* by tag; raise ValueError where a length leads past the end."""
    fields, i = {}, 0
    while i < len(text):
        tag, length = text[i : i + 2], text[i + 2 : i + 4]
        if not length.isdigit() or i + 4 + int(length) > len(text):
            raise ValueError(f"broken field at {i}")
        fields[tag] = text[i + 4 : i + 4 + int(length)]
        i += 4 + int(length)
    return fields


def dynamic_qr(amount: int, reference: str) -> str:
    """Return the text of a code that pays *amount* rupiah once; *reference* (up to 25 characters shown)
    is its bill number."""
    body = tlv(
        (
            ("00", "01"),
            ("01", "12"),
            ("26", tlv(MERCHANT)),
            ("51", tlv(NATIONAL)),
            ("52", "5411"),
            ("53", "360"),
            ("54", str(amount)),
            ("58", "ID"),
            ("59", "KOPERASI ASN CONTOH"),
            ("60", "JAKARTA PUSAT"),
            ("61", "10110"),
            ("62", tlv((("01", reference[:25]),))),
        )
    )
    return f"{body}6304{crc16(body + '6304')}"


def is_intact(payload: str) -> bool:
    """Say whether the checksum at the end of *payload* is right; lower-case digits are read too."""
    return payload[-8:-4] == "6304" and crc16(payload[:-4]) == payload[-4:].upper()
