"""What a source's adapter hands over: its rows in one shape, page by page."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lumbung.domain.errors import LumbungError, ProviderUnavailable
from lumbung.domain.market import NO_MARKET, Market, Observed
from lumbung.domain.supplier import Supplier


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a source in the one shape all adapters make: one pack, and what is said about its product.

    Grams and rupiah per pack. *name* is without the pack size, so that packs of one product share it. *supplier*: whose
    it is, where a source has products of several.
    """

    sku: str
    name: str
    weight_g: int
    price: int
    commodity: str
    grade: str | None = None
    origin: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    supplier: Supplier | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Row":
        """Return the row that `dataclasses.asdict` wrote down."""
        supplier = stored.get("supplier")
        return cls(**{**stored, "supplier": Supplier(**supplier) if supplier else None})

    @property
    def group(self) -> str:
        """What the rows of one product of one source have in common."""
        name = self.name.casefold()
        return f"{name}#{self.supplier.code}" if self.supplier else name

    @property
    def hash(self) -> str:
        """Changes when something changes that people would notice; dates of fetching are not in a row."""
        told = [self.sku, self.name, self.weight_g, self.price, self.commodity, self.grade, self.origin]
        told += [self.supplier.code] if self.supplier else []
        text = json.dumps([*told, self.attributes], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class SourceBusy(ProviderUnavailable):
    """A source that asks to be left alone for *wait_s* seconds; None: it does not say how long."""

    def __init__(self, detail: str, wait_s: int | None) -> None:
        super().__init__(detail)
        self.wait_s = wait_s


class SourceRefuses(LumbungError):
    """A source that answers, and says no: trying again does not help."""


class NotChanged(LumbungError):
    """A source that says that it is still as it was when *tag* named its contents."""

    def __init__(self, tag: str) -> None:
        super().__init__("the source has not changed")
        self.tag = tag


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that cannot be read: why, and the row as received. *sku* where that much can be read.

    *row*: it can be read, but is not believed.
    """

    reason: str
    received: Any
    sku: str | None = None
    row: Row | None = None


@dataclass(frozen=True, slots=True)
class Inactive:
    """A row that says that its pack is no longer sold."""

    sku: str


Read = Row | Broken | Inactive  # what a row as received was read as


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that lies in our own bucket: *tag* names its contents, *size* is in bytes."""

    key: str
    tag: str
    size: int


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Some rows of a source; *next* reads on (None: that was all); *total* as the source counts now.

    *partial*: the source tells only what changed, so what it does not tell is not gone. A source that does
    not count has no *total* before its last page, and is taken at its word there. *tag*: how the source itself
    names what it told, where it does. *observed*: what food was bought for, told beside the rows. *market*: what
    prices are held against.
    """

    rows: tuple[Read, ...]
    next: str | None
    total: int | None
    partial: bool = False
    tag: str | None = None
    observed: tuple[Observed, ...] = ()
    market: Market = NO_MARKET

    @property
    def suppliers(self) -> dict[str, Supplier]:
        """Who sells what is on the page, by code."""
        return {row.supplier.code: row.supplier for row in self.rows if isinstance(row, Row) and row.supplier}


def without_contradictions(rows: Iterable[tuple[Read, Any]]) -> tuple[Read, ...]:
    """Return what was read of one page's *rows* (each with itself as received).

    The same pack again with the same contents is harmless; with others nobody knows which is right, and
    taking the last would change the product to and fro in every run: the first is kept.
    """
    first: dict[str, str] = {}
    return tuple(
        Broken("the same number comes twice on one page, with different contents", received, row.sku)
        if isinstance(row, Row) and first.setdefault(row.sku, row.hash) != row.hash
        else row
        for row, received in rows
    )


def seen_mark(product_id: str, sku: str) -> bytes:
    """Eight bytes that say that a run saw this pack of this product."""
    return _mark(f"{len(product_id)}#{product_id}#{sku}")


def broken_mark(sku: str) -> bytes:
    """Eight bytes that say that a run saw this pack, but could not read its row."""
    return _mark(f"broken#{sku}")


def _mark(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:8]
