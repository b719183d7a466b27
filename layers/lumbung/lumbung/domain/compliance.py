"""What procurement rules ask of a product or its seller, and how each such attribute is written.

attribute   written as                                             checked
nib         13 digits                                              business number (OSS)
npwp        15 digits, with or without dots and dash, or 16        tax number, before and since PMK 112/2022
kbli        5 digits, several parted by ;                          kind of business
kbki        5 to 10 digits                                         kind of commodity (10 in full)
tkdn        0 to 100                                               local content, per cent
bmp         0 to 15                                                the company's benefit weight, per cent
ppn         0 to 12                                                value added tax, per cent
pdn, umkm   true or false                                          made in Indonesia, by a small business
sni         true or false, Ya or Tidak, or the standard's number   SNI 6128:2020
halal       true or false, Ya or Tidak, or a certificate's number  ID31110000012340121
price_tiers a list                                                 prices by quantity: only sources tell lists

A structurally right number proves nothing: these checks find what cannot be, not what is untrue.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

NIB = r"^[0-9]{13}$"
NPWP = r"^[0-9]{15,16}$"
DOUBTED = "doubted"  # names the attributes that a source told, and that were left out

_YES_OR_NO = ("ya", "tidak")


def _is(pattern: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) is not None


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_flag_or(pattern: str) -> Callable[[Any], bool]:
    written = _is(pattern)
    return lambda value: _is_flag(value) or str(value).lower() in _YES_OR_NO or written(value)


def _percent(most: int) -> Callable[[Any], bool]:
    return lambda value: not _is_flag(value) and isinstance(value, int | float) and 0 <= value <= most


CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "nib": (_is(NIB), "NIB: 13 angka"),
    "npwp": (_is(NPWP + r"|\d\d\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}"), "NPWP: 15 atau 16 angka"),
    "kbli": (_is(r"\d{5}(\s*;\s*\d{5})*"), "KBLI: 5 angka, beberapa dipisahkan titik koma"),
    "kbki": (_is(r"\d{5,10}"), "KBKI: 5 sampai 10 angka"),
    "tkdn": (_percent(100), "TKDN: 0 sampai 100 persen"),
    "bmp": (_percent(15), "BMP: 0 sampai 15 persen"),
    "ppn": (_percent(12), "PPN: 0 sampai 12 persen"),
    "pdn": (_is_flag, "PDN: true atau false"),
    "umkm": (_is_flag, "UMKM: true atau false"),
    "sni": (_is_flag_or(r"(?i)(SNI\s*)?([A-Z]{2,4}\s+)*\d[\d.\-]*(:\d{4})?"), "SNI: nomor standar, misalnya 6128:2020"),
    "halal": (_is_flag_or(r"(?i)(ID\s*)?\d{8,20}"), "Halal: true, false, atau nomor sertifikat"),
    "price_tiers": (lambda value: isinstance(value, list), "Harga bertingkat: hanya dari sumbernya"),
}


def faults(attributes: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with each attribute that cannot be as it is written; None says nothing, and is right.

    {"nib": "8120111122334", "tkdn": 40.5}   {}
    {"nib": "812011112233"}                  {"nib": "NIB: 13 angka"}
    {"tkdn": 101, "colour": "white"}         {"tkdn": "TKDN: 0 sampai 100 persen"}
    {"pdn": "ya", "halal": "Ya"}             {"pdn": "PDN: true atau false"}
    """
    return {
        name: says
        for name, (holds, says) in CHECKS.items()
        if attributes.get(name) is not None and not holds(attributes[name])
    }


def believed(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a source told without what cannot be, whose names are under `doubted`."""
    told = {name: value for name, value in attributes.items() if value is not None}
    doubted = sorted(faults(told))
    return {name: value for name, value in told.items() if name not in doubted} | (
        {DOUBTED: doubted} if doubted else {}
    )
