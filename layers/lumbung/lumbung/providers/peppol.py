"""UBL 2.1 / Peppol Catalogue 3: a supplier's catalogue as XML, line by line (protocols, section F.4).

The parser refuses document types and entities, and forgets a line once it is read. A catalogue whose header says
`Update`, `Add` or `Delete` tells only what changed.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.feed import Broken, Inactive, Read, SourceRefuses
from lumbung.domain.normalise import gtin_is_valid
from lumbung.providers import feed_cells as cells
from lumbung.providers.feed_file import FileFeed, Opened, Rows

_KILOGRAMS = {"KGM": 1000, "GRM": 1, "LTR": 1000, "MLT": 1}  # UN/ECE units, in grams; a litre weighs about a kilogram
_ONE = (None, "1", "1.0", "1.00")


class Peppol(FileFeed):
    """One catalogue."""

    def __init__(self, opened: Callable[[], Opened]) -> None:
        self._action = "Replace"
        super().__init__(opened, self._lines, lambda: self._action != "Replace")

    def _lines(self, file: IO[bytes], start: int = 0) -> Rows:
        root, self._action, passed = None, "Replace", 0
        for event, element in _elements(file):
            if root is None:
                root = element
                if _name(root) != "Catalogue":
                    raise SourceRefuses(f"this is no Catalogue but a {_name(root)[:40]}")
            elif event == "end" and _name(element) == "ActionCode" and element in list(root):
                self._action = (element.text or "").strip() or "Replace"
            elif event == "end" and _name(element) == "CatalogueLine":
                passed += 1
                if passed > start:
                    row = to_row(element)
                    yield row, row.received if isinstance(row, Broken) else row
                root.clear()


def _elements(file: IO[bytes]) -> Iterator[tuple[str, Element]]:
    try:
        yield from iterparse(file, events=("start", "end"), forbid_dtd=True)
    except ParseError as fault:
        raise ProviderUnavailable(f"the catalogue is no whole XML: {fault}") from None
    except DefusedXmlException as fault:
        raise SourceRefuses(f"the catalogue is not read: {type(fault).__name__}") from None


def to_row(line: Element) -> Read:
    """Return what a catalogue line says, or why it cannot be read. The price is that of the smallest quantity."""
    sku = None
    try:
        item = line.find("{*}Item")
        if item is None:
            raise ValueError("the line has no Item")
        sku = cells.text(
            _text(item, "SellersItemIdentification/ID") or _text(item, "StandardItemIdentification/ID"), "the item's ID"
        )
        if _text(line, "ActionCode") == "Delete" or _text(line, "OrderableIndicator") == "false":
            return Inactive(sku)
        name = cells.text(_text(item, "Name"), "Name")
        tiers = _tiers(line)
        return cells.row(
            sku,
            name,
            cells.weight_g(name, [_size(line), _text(item, "Description") or ""]),
            tiers[0]["price"],
            origin=None,
            attributes={
                "price_tiers": tiers if len(tiers) > 1 else None,
                "brand": cells.short(_text(item, "BrandName")),
                "unspsc": cells.short(_text(item, "CommodityClassification/ItemClassificationCode")),
                "country": cells.short(_text(item, "OriginCountry/IdentificationCode")),
                **_gtin(_text(item, "StandardItemIdentification/ID")),
                **_properties(item),
            },
            hint=_text(item, "Description") or "",
        )
    except ValueError as fault:
        return Broken(str(fault), _flat(line), sku)


def _tiers(line: Element) -> list[dict[str, int]]:
    """Return the prices by the packs from which they hold, smallest first."""
    tiers = []
    for location in line.findall("{*}RequiredItemLocationQuantity"):
        amount = location.find("{*}Price/{*}PriceAmount")
        if amount is None:
            continue
        if amount.get("currencyID", "IDR") != "IDR":
            raise ValueError(f"the price is in {amount.get('currencyID', '')[:10]}")
        if _text(location, "Price/BaseQuantity") not in _ONE:
            raise ValueError("the price is for more than one pack")
        start = _text(location, "MinimumQuantity") or "1"
        if not start.partition(".")[0].isdecimal():
            raise ValueError("a MinimumQuantity is no number")
        tiers.append({"from": int(start.partition(".")[0]), "price": cells.price([amount.text])})
    if not tiers:
        raise ValueError("there is no price")
    return sorted(tiers, key=lambda tier: tier["from"])


def _size(line: Element) -> str:
    """Return the content of one pack in words that `pack_size_g` reads; empty where it is no weight or volume."""
    content = line.find("{*}ContentUnitQuantity")
    grams = _KILOGRAMS.get(content.get("unitCode", "")) if content is not None else None
    if content is None or grams is None:
        return ""
    return f"{(content.text or '').strip()} {'kg' if grams == 1000 else 'g'}"


def _gtin(number: str | None) -> dict[str, Any]:
    """Return the GTIN in its fourteen digits; one whose check digit is wrong is kept, and marked."""
    if number is None or not number.isdecimal() or len(number) not in (8, 12, 13, 14):
        return {}
    return {"gtin": number.zfill(14), "gtin_valid": None if gtin_is_valid(number) else False}


def _properties(item: Element) -> dict[str, Any]:
    told = {
        (_text(found, "Name") or "").lower(): _text(found, "Value")
        for found in item.findall("{*}AdditionalItemProperty")
    }
    return {"tkdn": cells.percent(next((told[name] for name in told if name.startswith("tkdn")), None))}


def _text(element: Element, path: str) -> str | None:
    found = element.findtext(_path(path))
    return found.strip() if found and found.strip() else None


@cache
def _path(path: str) -> str:
    return "/".join(f"{{*}}{step}" for step in path.split("/"))


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _flat(line: Element) -> dict[str, Any]:
    """Return the line as nested objects, for people who look at why it could not be read."""
    return {_name(child): _flat(child) if len(child) else child.text for child in line}
