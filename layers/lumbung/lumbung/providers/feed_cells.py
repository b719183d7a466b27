"""What every catalogue source says of a pack, read and bounded: a ValueError says what cannot be."""

from collections.abc import Iterable, Mapping
from typing import Any

from lumbung.domain import compliance, normalise
from lumbung.domain.feed import Row
from lumbung.domain.supplier import Supplier

MAX_PRICE, MAX_WEIGHT_G = 1_000_000_000, 1_000_000  # rupiah and grams of one pack of food


def text(raw: Any, name: str) -> str:
    """Return printable text of at most 200 characters; a whole number is taken as it is written."""
    written = str(raw) if type(raw) is int else raw
    if not isinstance(written, str) or not written.strip():
        raise ValueError(f"{name} is missing")
    if len(written) > 200 or not written.strip().isprintable() or "\N{REPLACEMENT CHARACTER}" in written:
        raise ValueError(f"{name} is too long, or not printable")
    return written.strip()


def short(raw: Any) -> str | None:
    """As `text`, for what may be missing or unreadable."""
    try:
        return text(raw, "")
    except ValueError:
        return None


def price(candidates: Iterable[Any]) -> int:
    """Return the first price that is there, in rupiah."""
    for raw in candidates:
        if found := normalise.rupiah(raw):
            return _within(found, MAX_PRICE, "price")
    raise ValueError("there is no price")


def weight_g(name: str, told: Iterable[str]) -> int:
    """Return the size in the name, else the first that is told beside it.

    Where both are there and differ by more than a tenth, nobody knows which is right.
    """
    named = normalise.pack_size_g(name)
    beside = next((grams for text in told if (grams := normalise.pack_size_g(text))), None)
    if named and beside and abs(named - beside) * 10 > named:
        raise ValueError(f"the name says {named} g, the specification {beside} g")
    if size := named or beside:
        return _within(size, MAX_WEIGHT_G, "weight")
    raise ValueError("there is no weight")


def percent(raw: Any) -> float | int | None:
    """Return a share between 0 and 100 written as a number or as text; None where it is none."""
    if isinstance(raw, str):
        try:
            raw = float(raw.strip().rstrip("%").replace(",", "."))
        except ValueError:
            return None
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 <= raw <= 100:
        return None
    return int(raw) if raw == int(raw) else raw


def row(
    sku: str, name: str, grams: int, rupiah: int, *, origin: str | None, attributes: Mapping[str, Any], hint: str = "",
    supplier: Supplier | None = None,
) -> Row:  # fmt: skip
    """Return the row; *hint* is what the source calls its category, read where the name says nothing."""
    commodity = normalise.commodity(name)
    if commodity == "other":
        commodity = normalise.commodity(hint)
    return Row(
        sku=sku,
        name=normalise.base_name(name),
        weight_g=grams,
        price=rupiah,
        commodity=commodity,
        grade=normalise.rice_grade(name) if commodity == "rice" else None,
        origin=origin,
        attributes=compliance.believed(attributes),
        supplier=supplier,
    )


def _within(value: int, limit: int, name: str) -> int:
    if value > limit:
        raise ValueError(f"the {name} {value:.3g} cannot be right")
    return value
