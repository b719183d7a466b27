"""Institutions, cooperatives and drop-offs: who takes part."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Institution:
    """`code` as in the government's list, e.g. K48."""

    id: str
    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Cooperative:
    """A farmers' cooperative. `bank`: bank, account_number, account_name; shown only under its account."""

    id: str
    name: str
    regency: str
    operator_ids: frozenset[str] = frozenset()
    bank: Mapping[str, str] = field(default_factory=dict)
    nib: str | None = None
    npwp: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Dropoff:
    """Where goods arrive and are handed over. Degrees, grams, rupiah; None: no limit."""

    id: str
    name: str
    address: str
    lat: float
    lng: float
    pic_ids: frozenset[str] = frozenset()
    opening_hours: str | None = None
    capacity_g: int | None = None
    cash_limit: int | None = None
    institution_ids: frozenset[str] = frozenset()
    version: int = 1
