"""Products: what cooperatives sell, in packs. Sources tell about them; what is set here stays.

state      active → withdrawn (no pack is left) → active (a pack came back)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from lumbung.domain.feed import Row
from lumbung.domain.normalise import gtin_is_valid

COMMODITIES = (
    "rice",
    "eggs",
    "vegetables",
    "fruit",
    "coffee",
    "sugar",
    "cooking_oil",
    "flour",
    "meat",
    "seafood",
    "processed_food",
    "other",
)
TOLD = ("name", "commodity", "grade", "origin", "attributes")  # what a source tells about the whole product
PRICES_KEPT = 60  # of a product: five years of monthly changes in one size


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that can be offered. Grams and rupiah. *local*: set here, so no source changes it."""

    sku: str
    weight_g: int
    price: int
    active: bool = True
    local: bool = False
    row_hash: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a product comes from; *synced_at* is when the source last changed it."""

    system: str
    external_id: str
    synced_at: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """A field was set here, by whom and when: it survives every later sync."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PriceSet:
    """A pack's price from *at* on, rupiah; *by* the source's name or the person who set it."""

    at: datetime
    sku: str
    price: int
    by: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. *held*: not applied before a person approves."""

    product_id: str
    field: str
    before: Any
    after: Any
    sku: str | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Product:
    id: str
    name: str
    commodity: str
    known_packs: tuple[Pack, ...] = ()
    grade: str | None = None
    origin: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    cooperative_id: str | None = None
    supplier_id: str | None = None
    source: Provenance | None = None
    local: Mapping[str, Mark] = field(default_factory=dict)
    prices: tuple[PriceSet, ...] = ()
    version: int = 1

    @property
    def state(self) -> str:
        return "active" if any(pack.active for pack in self.known_packs) else "withdrawn"

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs that can be ordered; of a withdrawn product those that it had."""
        return tuple(pack for pack in self.known_packs if pack.active) or self.known_packs

    @property
    def price_per_kg(self) -> int | None:
        """Rupiah per kilogram in the cheapest pack, rounded half up."""
        return min((_per_kg(pack) for pack in self.packs), default=None)

    @property
    def gtin(self) -> str | None:
        """Its only pack's trade number in 14 digits; None where its check digit is wrong, or there are more packs."""
        told = str(self.attributes.get("gtin", ""))
        return told.zfill(14) if len(self.known_packs) == 1 and gtin_is_valid(told) else None

    @property
    def changed_at(self) -> datetime:
        """When its source or somebody here last changed it."""
        told = [self.source.synced_at] if self.source else []
        return max([*told, *(mark.at for mark in self.local.values())])

    def pack(self, sku: str) -> Pack | None:
        return next((pack for pack in self.known_packs if pack.sku == sku), None)

    def take(self, row: Row, *, source: str, at: datetime) -> "Product":
        """Return the product as *row* tells it; what was set here stays, and an unchanged row changes nothing."""
        known = self.pack(row.sku)
        if known and known.active and known.row_hash == row.hash:
            return self
        told = {name: getattr(row, name) for name in TOLD if name not in self.local}
        external_id = self.source.external_id if self.source else row.sku
        pack = _told(known, row)
        return replace(
            self,
            **told,
            known_packs=_with(self.known_packs, pack),
            supplier_id=row.supplier.id(source) if row.supplier else None,
            source=Provenance(source, external_id, at),
            prices=self._priced(pack, at=at, by=source),
        )

    def without(self, skus: Iterable[str], *, at: datetime) -> "Product":
        """Return the product after its source stopped offering *skus*; packs set here stay."""
        gone = {sku for sku in skus if (pack := self.pack(sku)) and pack.active and not pack.local}
        if not gone:
            return self
        packs = tuple(replace(pack, active=False) if pack.sku in gone else pack for pack in self.known_packs)
        return replace(self, known_packs=packs, source=replace(self.source, synced_at=at) if self.source else None)

    def edit(self, changes: Mapping[str, Any], packs: Iterable[Pack], *, at: datetime, by: str) -> "Product":
        """Return the product with fields and packs set here; each is marked as such."""
        after = self
        for pack in packs:
            after = replace(
                after,
                known_packs=_with(after.known_packs, replace(pack, local=True)),
                prices=after._priced(pack, at=at, by=by),
                local={**after.local, pack_field(pack.sku): Mark(at, by)},
            )
        return replace(after, **changes, local={**after.local, **{name: Mark(at, by) for name in changes}})

    def follow(self, names: Iterable[str]) -> "Product":
        """Return the product after *names* (fields, or `packs/<sku>`) were given back to its source.

        They keep their values until the source is read again: every row is then taken as if it were new.
        """
        given_back = set(names)
        packs = tuple(
            replace(pack, row_hash="", local=pack.local and pack_field(pack.sku) not in given_back)
            for pack in self.known_packs
        )
        return replace(self, known_packs=packs, local={n: m for n, m in self.local.items() if n not in given_back})

    def _priced(self, pack: Pack, *, at: datetime, by: str) -> tuple[PriceSet, ...]:
        known = self.pack(pack.sku)
        if known and known.price == pack.price:
            return self.prices
        return (*self.prices, PriceSet(at, pack.sku, pack.price, by))[-PRICES_KEPT:]


def pack_field(sku: str) -> str:
    """The name under which a pack's mark is kept, and under which it is given back to its source."""
    return f"packs/{sku}"


def new_product(product_id: str, row: Row, *, source: str, at: datetime) -> Product:
    return Product(product_id, row.name, row.commodity).take(row, source=source, at=at)


def differences(before: Product, after: Product) -> tuple[Change, ...]:
    """Return what people would notice between the two, field by field."""
    fields = [Change(after.id, name, getattr(before, name), getattr(after, name)) for name in (*TOLD, "state")]
    for pack in after.known_packs:
        was = before.pack(pack.sku)
        for name in ("weight_g", "price", "active"):
            fields.append(Change(after.id, name, getattr(was, name, None), getattr(pack, name), pack.sku))
    return tuple(change for change in fields if change.before != change.after)


def _told(known: Pack | None, row: Row) -> Pack:
    if known and known.local:
        return replace(known, active=True, row_hash=row.hash)
    return Pack(row.sku, row.weight_g, row.price, row_hash=row.hash)


def _with(packs: tuple[Pack, ...], pack: Pack) -> tuple[Pack, ...]:
    others = tuple(other for other in packs if other.sku != pack.sku)
    return tuple(sorted((*others, pack), key=lambda p: (p.weight_g, p.sku)))


def _per_kg(pack: Pack) -> int:
    return (pack.price * 2000 + pack.weight_g) // (2 * pack.weight_g)
