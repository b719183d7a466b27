"""Reading what catalogues write by hand: prices, pack sizes, commodities, grades.

What cannot be read for certain is not guessed: it is a ValueError or None, and its row is set aside.
"""

import re

_PACK_UNITS_G = {
    **dict.fromkeys(("kg", "kilo", "kilogram"), 1000),
    **dict.fromkeys(("g", "gr", "gram"), 1),
    # A litre of food weighs about a kilogram; oil a little less, so couriers are never asked to carry more.
    **dict.fromkeys(("l", "ltr", "liter"), 1000),
    "ml": 1,
}
_UNIT = "|".join(sorted(_PACK_UNITS_G, key=len, reverse=True))
_SIZE = re.compile(
    rf"""(?<![\d.,])(?<!\d[xX×])  # never the tail of a longer number, nor of a multiplication
         (?:(?P<times>\d{{1,3}})\s*[xX×]\s*)?
         (?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>{_UNIT})\b
         (?:\s*[xX×]\s*(?P<times_after>\d{{1,3}})\b)?""",
    re.IGNORECASE | re.VERBOSE,
)
_PIECES = re.compile(
    r"""(?<![\d.,])(?P<number>\d{1,4})\s*(?:['’`]\s*s\b|(?:pcs|pc|butir|buah|sachet|bungkus|lembar|kantong|celup)\b)
        |\bisi\s*(?P<after>\d{1,4})\b
        |\bper[\s-]*(?P<one>butir|buah|pcs|biji)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]")
_COMMODITY_WORDS = (  # the first that fits: flour of rice is flour, eggs of a hen are eggs
    ("processed_food", "keripik kerupuk abon nugget sosis bakso sambal kecap mi mie olahan dendeng rengginang snack"),
    ("flour", "tepung terigu maizena tapioka"),
    ("eggs", "telur telor"),
    ("cooking_oil", "minyak"),
    ("coffee", "kopi"),
    ("sugar", "gula"),
    ("rice", "beras"),
    ("seafood", "ikan udang cumi kepiting lele bandeng tuna gurame nila kerang"),
    ("meat", "daging sapi ayam kambing domba bebek"),
    ("vegetables", "sayur sayuran bayam kangkung wortel cabai cabe bawang tomat kentang kol sawi brokoli buncis timun"),
    ("fruit", "buah jeruk apel pisang mangga pepaya semangka melon salak nanas alpukat"),
)
_SPECIAL_RICE_WORDS = "organik khusus ketan merah hitam coklat basmati japonica jasmine thai diabetes fortifikasi"
_SPECIAL_RICE = frozenset(_SPECIAL_RICE_WORDS.split())
_COMMODITY_OF = [(commodity, frozenset(words.split())) for commodity, words in _COMMODITY_WORDS]


def rupiah(raw: object) -> int | None:
    """Return whole rupiah, cents rounded half up; None where nothing is said; ValueError where unclear.

    raw             rupiah
    65000           65,000
    334180.55       334,181
    "Rp62.500 "     62,500
    "Rp 99.999"     99,999     also within quotation marks
    "62,500.00"     62,500
    "65000.00"      65,000
    "Rp1.250.000,-" 1,250,000
    "-", "", None   None
    "gratis", -5    ValueError
    """
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise ValueError(f"{type(raw).__name__} is no price")
    text = re.sub(r"(?i)^(rp|idr)\.?", "", re.sub(r"[\s\"]", "", raw)) if isinstance(raw, str) else repr(raw)
    text = re.sub(r"[.,]-+$", "", text)
    if text in ("", "-"):
        return None
    whole, cents = _split(text)
    return int(whole) + (cents[:1] >= "5")


def _split(text: str) -> tuple[str, str]:
    """Return (whole, decimals): groups of three after every separator are thousands, else the last is a comma."""
    if re.fullmatch(r"\d+|\d{1,3}(\.\d{3})+|\d{1,3}(,\d{3})+", text):
        return re.sub(r"[.,]", "", text), ""
    if found := re.fullmatch(r"(\d+|\d{1,3}(?:,\d{3})+)\.(\d+)|(\d+|\d{1,3}(?:\.\d{3})+),(\d+)", text):
        whole, cents = (found[1], found[2]) if found[1] else (found[3], found[4])
        return re.sub(r"[.,]", "", whole), cents
    raise ValueError(f"{text[:40]!r} is no price")


def pack_size_g(text: str) -> int | None:
    """Return the size in grams that *text* names, None where it names none or more than one.

    text                     grams
    "Beras Premium 5 kg"     5,000
    "Beras 5Kg"              5,000
    "500 gr"                 500
    "Kopi 10 x 20 g"         200
    "Minyak 2000Ml"          2,000
    "Gula 0,5 kg"            500
    "Kecap 1.000 ml"         1,000
    "Beras 1.000 kg"         None     one, or a thousand?
    "Isi 24"                 None
    "1 kg, karung 50 kg"     None
    "Mango15g"               15
    """
    sizes = {_grams(found) for found in _SIZE.finditer(text)}
    return (sizes.pop() or None) if len(sizes) == 1 else None


def pieces(text: str) -> int | None:
    """Return how many pieces *text* says are in a pack, None where it says nothing or two things.

    text                          pieces
    "Teh Celup 25'S Jasmine"      25
    "Telur Ayam isi 10"           10
    "Telur Ayam 10 butir"         10
    "Telur Ayam (Harga Per-Butir)"  1
    "6'S / 8'S Menthol"           None
    "Beras 5 kg"                  None
    """
    counts = {int(found["number"] or found["after"] or 1) for found in _PIECES.finditer(text)}
    return (counts.pop() or None) if len(counts) == 1 else None


def _grams(found: re.Match[str]) -> int:
    """Return grams, 0 where the number may mean two things (1.000 kg)."""
    times, unit_g = int(found["times"] or found["times_after"] or 1), _PACK_UNITS_G[found["unit"].lower()]
    number = found["number"].replace(",", ".")
    if re.fullmatch(r"[1-9]\d*\.\d{3}", number):
        return times * int(number.replace(".", "")) if unit_g == 1 else 0
    return round(times * float(number) * unit_g)


def base_name(name: str) -> str:
    """Return *name* without its pack size: what the packs of one product share.

    "Beras Premium 5 kg"     "Beras Premium"
    "Beras 10Kg Premium"     "Beras Premium"
    "Telur (1 kg)"           "Telur"
    "5 kg"                   "5 kg"
    """
    bare = _EMPTY.sub(" ", _SIZE.sub(" ", name))
    bare = re.sub(r"\s+", " ", bare).strip(" -,;/·")
    return bare or re.sub(r"\s+", " ", name).strip()


def commodity(text: str) -> str:
    """Return the contract's commodity that *text* speaks of.

    "Beras Premium"       rice
    "Tepung Beras"        flour
    "Telur Ayam"          eggs
    "Kerupuk Udang"       processed_food
    "Masker kain"         other
    """
    words = set(_words(text))
    return next((commodity for commodity, known in _COMMODITY_OF if words & known), "other")


def rice_grade(text: str) -> str | None:
    """Return premium or medium where *text* says so."""
    words = _words(text)
    return next((grade for grade in ("premium", "medium") if grade in words), None)


def is_special_rice(name: str) -> bool:
    """Tell whether rice is of a kind that no ceiling is set for.

    "Beras Merah Organik"   yes
    "Beras Premium"         no
    """
    return not _SPECIAL_RICE.isdisjoint(_words(name))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def gtin_is_valid(number: str) -> bool:
    """Tell whether a GTIN's last digit is its check digit (GS1: weights 3 and 1 from the right of the body).

    "8991234567891"   yes
    "8991234567890"   no
    "96385074"        yes    GTIN-8
    """
    if not number.isascii() or not number.isdecimal() or len(number) not in (8, 12, 13, 14):
        return False
    body, check = number[-2::-1], int(number[-1])
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(body))
    return (10 - total % 10) % 10 == check
