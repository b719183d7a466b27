"""Who sells what a source tells, and which cooperative that is.

state     open → matched (a number that only one cooperative has) → decided, by a person
          open → decided: a cooperative, or none of ours

Equal numbers decide: they are given out once. Names only propose: there are many "Tani Makmur".
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from lumbung.domain.registry import Cooperative

OPEN, MATCHED, DECIDED = "open", "matched", "decided"
NPWP, NITKU = 16, 22  # digits; a branch's number is its taxpayer's and six more


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier as its source names it; *code* is the source's own number of it, or its name where it has none."""

    code: str
    name: str
    nib: str | None = None
    npwp: str | None = None

    def id(self, source: str) -> str:
        return f"sup_{sha256(f'{len(source)}{source}{self.code}'.encode()).hexdigest()[:26]}"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A cooperative that it may be; *likeness* of the names in per cent, 100 where a number points there."""

    cooperative_id: str
    likeness: int


@dataclass(frozen=True, slots=True)
class KnownSupplier:
    """*cooperative_id*: whose products it sells; None: of nobody yet, or of none of ours.

    *basis*: the number that matched. *decided_by* and *decided_at*: the person who had the last word.
    """

    id: str
    source: str
    told: Supplier
    state: str = OPEN
    cooperative_id: str | None = None
    basis: str | None = None
    proposals: tuple[Proposal, ...] = ()
    decided_by: str | None = None
    decided_at: datetime | None = None
    version: int = 0

    def is_settled(self, told: Supplier) -> bool:
        """Whether what a source tells now needs no look at the cooperatives."""
        return self.told == told and self.state != OPEN

    def compared(
        self, told: Supplier, cooperatives: Sequence[Cooperative], similar: Iterable[Proposal]
    ) -> "KnownSupplier":
        """Return the supplier as it is *told* now, after it was held against the *cooperatives*.

        What a person decided stays. *similar* are proposals by name, for what no number decides.
        """
        known = replace(self, told=told)
        if known.state == DECIDED:
            return known
        pointed = pointed_at(told, cooperatives)
        if len(pointed) == 1 and not _contradicted(told, pointed[0]):
            basis = "nib" if nib(told.nib) and nib(told.nib) == nib(pointed[0].nib) else "npwp"
            return replace(known, state=MATCHED, cooperative_id=pointed[0].id, basis=basis, proposals=())
        by_number = [Proposal(one.id, 100) for one in pointed]
        others = [one for one in similar if one.cooperative_id not in {p.cooperative_id for p in by_number}]
        return replace(known, state=OPEN, cooperative_id=None, basis=None, proposals=(*by_number, *others))

    def decide(self, cooperative_id: str | None, *, by: str, at: datetime) -> "KnownSupplier":
        """Return the supplier as a person says: this cooperative's, or none of ours (None). It may be said again."""
        return replace(
            self, state=DECIDED, cooperative_id=cooperative_id, basis=None, proposals=(), decided_by=by, decided_at=at
        )


def nib(written: str | None) -> str | None:
    """Return a business number in its 13 digits; None for what is none.

    "9120 0011 2233 4"   "9120001122334"
    "0000000000000"      None    a placeholder
    "912000112233"       None
    """
    digits = _digits(written)
    return digits if len(digits) == 13 and digits.strip("0") else None


def npwp(written: str | None) -> str | None:
    """Return an entity's tax number in its 16 digits (PMK 112/2022: a nought before the former 15).

    "01.234.567.8-901.000"     "0012345678901000"
    "0012345678901000"         "0012345678901000"
    "0012345678901000000001"   "0012345678901000"   a branch's (NITKU)
    "3171010108900001"         None                 a person's identity number: no cooperative has one
    "000000000000000"          None                 a placeholder
    """
    digits = _digits(written)
    whole = {15: f"0{digits}", NPWP: digits, NITKU: digits[:NPWP]}.get(len(digits), "")
    return whole if whole.startswith("0") and whole.strip("0") else None


def told_by(*, code: str | None, name: str, nib_: str | None = None, npwp_: str | None = None) -> Supplier:
    """Return the supplier that a source tells; numbers that are none, or a person's, are not kept."""
    words = " ".join(name.split())
    return Supplier(code or words.casefold(), words, nib(nib_), npwp(npwp_))


def pointed_at(told: Supplier, cooperatives: Iterable[Cooperative]) -> list[Cooperative]:
    """Return the cooperatives that have one of the supplier's numbers.

    NIB of   NPWP of   pointed at
    A        A         A
    A        nobody    A
    nobody   A         A
    A        B         A, B          a contradiction: a person decides
    A and B  nobody    A, B
    """
    wanted = (nib(told.nib), npwp(told.npwp))
    return [one for one in cooperatives if _share(wanted, (nib(one.nib), npwp(one.npwp)))]


def _share(some: Collection[str | None], others: Collection[str | None]) -> bool:
    return any(one is not None and one == other for one, other in zip(some, others, strict=True))


def _contradicted(told: Supplier, one: Cooperative) -> bool:
    """Whether both give both numbers, and only one of them is the same."""
    pairs = ((nib(told.nib), nib(one.nib)), (npwp(told.npwp), npwp(one.npwp)))
    return any(said and known and said != known for said, known in pairs)


def _digits(written: str | None) -> str:
    return re.sub(r"[\s.\-]", "", written) if written and re.fullmatch(r"[\d\s.\-]+", written, re.ASCII) else ""
