"""How products are found: under which terms each is listed, and whether one is what is looked for.

term                   lists
word:beras             products of which a word is said: name, kind, grade, origin
commodity:rice         products of a kind
price:10000            products from that many rupiah a kilogram up to the next band
price:rice:10000       … of a kind
seller:cop_…           what a cooperative sells; seller:sup_… what a supplier of a source sells; seller:lkpp_v5 what a
                       source delivers that names neither
withdrawn              products of which no pack is left
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product as combinations

from lumbung.domain.product import Product

MOST_WORDS = 12  # of one product that it is found by
_WORD = re.compile(r"[^\W_]+")
BANDS = tuple(step * 10**power for power in range(2, 6) for step in (10, 15, 20, 30, 50, 70))  # rupiah a kilogram

Terms = Sequence[str]  # any of which will do


@dataclass(frozen=True, slots=True)
class Search:
    """What products are looked for; None: any. Each word of *text* begins one that is said about the product.

    *region*: where a product is from, or where one of the cooperatives *in_region* sells it. Rupiah per kilogram, in
    the cheapest pack, both ends included.
    """

    commodity: str | None = None
    cooperative_id: str | None = None
    state: str | None = None
    text: str | None = None
    region: str | None = None
    in_region: tuple[str, ...] = ()
    min_per_kg: int | None = None
    max_per_kg: int | None = None

    def finds(self, product: Product) -> bool:
        """Tell whether *product*, as its readers see it, is what is looked for."""
        return (
            self.commodity in (None, product.commodity)
            and self.cooperative_id in (None, product.cooperative_id)
            and self.state in (None, product.state)
            and _says(words(self.text or ""), words(said(product)))
            and self._is_of_region(product)
            and (self.min_per_kg or 0) <= (product.price_per_kg or 0)
            and (self.max_per_kg is None or (product.price_per_kg or 0) <= self.max_per_kg)
        )

    def _is_of_region(self, product: Product) -> bool:
        if self.region is None or product.cooperative_id in self.in_region:
            return True
        wanted = words(self.region)
        return bool(wanted) and _says(wanted, words(product.origin or ""))


@dataclass(frozen=True, slots=True)
class Listing:
    """One product's place in the lists of its *terms*.

    *text*, *commodity* and *seller* are told there, its price per kilogram only where prices are listed: those change.
    """

    terms: frozenset[str] = frozenset()
    place: str = ""
    text: str = ""
    commodity: str = ""
    seller: str = ""
    per_kg: int = 0
    words: tuple[str, ...] = field(default=(), compare=False)

    def terms_besides(self, other: "Listing") -> frozenset[str]:
        """Return the terms whose lists do not yet tell this, once they tell *other*."""
        if not self._is_told_as(other):
            return self.terms
        if self.per_kg == other.per_kg:
            return self.terms - other.terms
        return self.terms - {term for term in other.terms if not tells_price(term)}

    def _is_told_as(self, other: "Listing") -> bool:
        return (self.place, self.text, self.commodity, self.seller) == (
            other.place, other.text, other.commodity, other.seller,
        )  # fmt: skip


def listing(product: Product) -> Listing:
    """Return where *product*, as it is stored, is to be found."""
    known = words(said(product))[:MOST_WORDS]
    seller = product.cooperative_id or product.supplier_id or (product.source.system if product.source else "")
    per_kg = product.price_per_kg or 0
    band = band_of(per_kg)
    terms = {f"word:{word}" for word in known} | {f"commodity:{product.commodity}", f"seller:{seller}"}
    terms |= {f"price:{band}", f"price:{product.commodity}:{band}"}
    if product.state == "withdrawn":
        terms.add("withdrawn")
    text = " ".join(("", *known))
    place = f"{product.name.casefold()}#{product.id}"
    return Listing(frozenset(terms), place, text, product.commodity, seller, per_kg, known)


def tells_price(term: str) -> bool:
    """Tell whether a term's list tells of the price per kilogram."""
    return term.startswith("price:")


def said(product: Product) -> str:
    return " ".join(filter(None, (product.name, product.commodity, product.grade, product.origin)))


def words(text: str) -> tuple[str, ...]:
    """Return the words of *text*, each once, in the order in which they come: "Beras 5kg, beras" → beras, 5kg."""
    return tuple(dict.fromkeys(_WORD.findall(text.casefold())))


def band_of(per_kg: int) -> int:
    """Return the price at which the band of *per_kg* begins.

    9,999 → 7,000    10,000 → 10,000    14,999 → 10,000    500 → 0
    """
    at = bisect_right(BANDS, per_kg)
    return BANDS[at - 1] if at else 0


def bands(low: int | None, high: int | None) -> tuple[int, ...]:
    """Return the bands in which prices from *low* to *high* lie; None: without an end."""
    first, last = band_of(low or 0), band_of(high if high is not None else BANDS[-1])
    return tuple(band for band in (0, *BANDS) if first <= band <= last)


def wanted_terms(search: Search, sold_by: Mapping[str, Terms], begin: Mapping[str, Terms]) -> list[Terms]:
    """Return sets of terms: what *search* finds is listed under at least one of each set.

    *sold_by*: under which sellers each of the search's cooperatives is listed. *begin*: known words that begin as
    those which `looked_up` names. Price alone and price of a kind are one set; so are the ways to be of a region.
    """
    sets: list[Terms] = []
    for word in looked_up(search.text):
        sets.append([f"word:{known}" for known in begin[word]])
    if search.cooperative_id:
        sets.append(_sellers([search.cooperative_id], sold_by))
    if search.region:
        origins = [f"word:{known}" for word in looked_up(search.region) for known in begin[word]]
        sets.append([*origins, *_sellers(search.in_region, sold_by)])
    kinds = [f"{search.commodity}:"] if search.commodity else [""]
    if search.min_per_kg is not None or search.max_per_kg is not None:
        within = bands(search.min_per_kg, search.max_per_kg)
        sets.append([f"price:{kind}{band}" for kind, band in combinations(kinds, within)])
    elif search.commodity:
        sets.append([f"commodity:{search.commodity}"])
    if search.state == "withdrawn":
        sets.append(["withdrawn"])
    return sets


def looked_up(text: str | None) -> tuple[str, ...]:
    """Return the word of *text* that says most: the longest. The others are looked for in what it leads to."""
    return tuple(sorted(words(text or ""), key=len, reverse=True)[:1])


def _sellers(cooperatives: Iterable[str], sold_by: Mapping[str, Terms]) -> list[str]:
    return [f"seller:{seller}" for cooperative in cooperatives for seller in sold_by[cooperative]]


def _says(wanted: Sequence[str], told: Sequence[str]) -> bool:
    return all(any(word.startswith(beginning) for word in told) for beginning in wanted)
