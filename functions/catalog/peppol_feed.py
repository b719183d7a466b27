"""A cooperative's catalogue as UBL 2.1 / Peppol Catalogue 3, for buyers' procurement systems (protocol notes, F.4).

Elements stand in the order of the standard, and its rules hold by construction: parties have a name (R004, R005),
every item has its seller's number (R012), profile and customisation are named (R017, R018).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from lumbung.domain.product import Pack, Product
from lumbung.domain.registry import Cooperative

_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_CATALOGUE, _CAC, _CBC = f"{_UBL}:Catalogue-2", f"{_UBL}:CommonAggregateComponents-2", f"{_UBL}:CommonBasicComponents-2"
CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:catalogue:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:catalogue_wo_response:3"
PROGRAMME = "Lumbung"

for _prefix, _name in (("", _CATALOGUE), ("cac", _CAC), ("cbc", _CBC)):
    register_namespace(_prefix, _name)


def catalogue(owner: Cooperative, products: Iterable[Product], *, issued: date) -> str:
    """Return the whole catalogue of *owner* (it replaces any before), a line per pack that can be ordered."""
    root = Element(f"{{{_CATALOGUE}}}Catalogue")
    for name, text in (
        ("CustomizationID", CUSTOMIZATION), ("ProfileID", PROFILE), ("ID", f"{owner.id}-{issued.isoformat()}"),
        ("ActionCode", "Replace"), ("Name", f"Katalog {owner.name}"), ("IssueDate", issued.isoformat()),
    ):  # fmt: skip
        _say(root, name, text)
    for party, name in (("ProviderParty", owner.name), ("ReceiverParty", PROGRAMME)):
        _say(_part(root, party, "PartyLegalEntity"), "RegistrationName", name)
    _say(_part(root, "SellerSupplierParty", "Party", "PartyName"), "Name", owner.name)
    packs = [(product, pack) for product in products for pack in product.packs if pack.active]
    for number, (product, pack) in enumerate(packs, 1):
        _line(root, number, product, pack)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _line(root: Element, number: int, product: Product, pack: Pack) -> None:
    line = _part(root, "CatalogueLine")
    _say(line, "ID", str(number))
    _say(line, "OrderableIndicator", "true")
    _say(line, "OrderableUnit", "PK")
    _say(line, "ContentUnitQuantity", f"{pack.weight_g / 1000:g}", unitCode="KGM")
    for tier in _tiers(product, pack):
        where = _part(line, "RequiredItemLocationQuantity")
        _say(where, "MinimumQuantity", str(tier["from"]), unitCode="PK")
        price = _part(where, "Price")
        _say(price, "PriceAmount", str(tier["price"]), currencyID="IDR")
        _say(price, "BaseQuantity", "1", unitCode="PK")
    _item(line, product, pack)


def _tiers(product: Product, pack: Pack) -> list[dict[str, int]]:
    """Return the pack's prices by quantity; a product remembers those of one pack, whose price they begin with."""
    known = product.attributes.get("price_tiers") or [{}]
    return known if known[0].get("price") == pack.price else [{"from": 1, "price": pack.price}]


def _item(line: Element, product: Product, pack: Pack) -> None:
    told, item = product.attributes, _part(line, "Item")
    _say(item, "Name", f"{product.name} {pack.weight_g / 1000:g} kg")
    if told.get("brand"):
        _say(item, "BrandName", told["brand"])
    _say(_part(item, "SellersItemIdentification"), "ID", pack.sku)
    if product.gtin:
        _say(_part(item, "StandardItemIdentification"), "ID", product.gtin, schemeID="0160")
    if told.get("pdn"):
        _say(_part(item, "OriginCountry"), "IdentificationCode", "ID")
    if told.get("unspsc"):
        _say(_part(item, "CommodityClassification"), "ItemClassificationCode", told["unspsc"], listID="MP")
    if told.get("tkdn") is not None:
        detail = _part(item, "AdditionalItemProperty")
        _say(detail, "Name", "TKDN percent")
        _say(detail, "Value", str(told["tkdn"]))


def _part(parent: Element, *path: str) -> Element:
    for name in path:
        parent = SubElement(parent, f"{{{_CAC}}}{name}")
    return parent


def _say(parent: Element, name: str, text: Any, **attributes: str) -> None:
    SubElement(parent, f"{{{_CBC}}}{name}", attributes).text = str(text)
