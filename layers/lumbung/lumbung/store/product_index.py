"""Lists of products by term, each in the order of names: what a search reads instead of the whole catalogue.

A product is listed after it was written, by what the table's stream tells (within two seconds). Who reads a list
looks at each product before it believes it, so that a place that is out of date misleads nobody. What a product is no
longer listed under is marked as gone, and removed by its time to live: no role may delete.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from lumbung.domain.product import Product
from lumbung.domain.product_search import Listing, listing
from lumbung.store import keys
from lumbung.store.table import MAX_WRITES, Database, Item, Put

FIRST_LOOK, LOOK = 100, 500  # places that one query reads
MOST_KNOWN = 20  # words that begin as one that is looked for
_GONE_AFTER = timedelta(days=1)
_LAST = "\U0010ffff"


class Index:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table
        self._known: set[str] = set()  # words that this container has written down

    # -- writing

    def follow(
        self, changes: Iterable[tuple[Product | None, Product]], current: Mapping[str, Product], *, at: datetime
    ) -> int:
        """List products anew after *changes* (before, after), as they are in *current*; return the writes it took.

        The same changes again, or older ones after newer ones, lead to the same lists.
        """
        writes: dict[tuple[str, str], Put] = {}
        for before, after in changes:
            told = [listing(product) for product in (before, after) if product]
            for write in self._writes(told, listing(current[after.id]), at):
                writes[write.item["pk"], write.item["sk"]] = write
        ordered = list(writes.values())
        for start in range(0, len(ordered), MAX_WRITES):
            self._db.commit(*ordered[start : start + MAX_WRITES])
        return len(ordered)

    def _writes(self, told: Sequence[Listing], wanted: Listing, at: datetime) -> Iterator[Put]:
        before = told[0] if len(told) > 1 else Listing()
        fresh = wanted.terms if not wanted.is_told_as(before) else wanted.terms - before.terms
        for one in told:
            for term in one.terms if one.place != wanted.place else one.terms - wanted.terms:
                yield self._gone(term, one.place, at)
        facts = {"text": wanted.text, "commodity": wanted.commodity, "seller": wanted.seller}
        for term in fresh:
            yield Put(self._table, {**keys.listed(term, wanted.place), **facts})
        for word in set(wanted.words) - self._known:
            self._known.add(word)
            yield Put(self._table, dict(keys.known_word(word)))

    def _gone(self, term: str, place: str, at: datetime) -> Put:
        return Put(self._table, {**keys.listed(term, place), "expires": int((at + _GONE_AFTER).timestamp())})

    # -- reading

    def beginning(self, word: str) -> list[str]:
        """Return the first known words that begin as *word*; a single letter stands for itself."""
        if len(word) < keys.WORDS_BEGIN:
            return [word]
        where, values = "pk = :begin AND begins_with(sk, :word)", {":begin": keys.words_pk(word), ":word": word}
        items, _ = self._db.query_page(self._table, where, values, consistent=False, limit=MOST_KNOWN)
        return [item["sk"] for item in items]

    def read(self, sets: Sequence[Sequence[str]], only: str, values: Item, *, after: str) -> "Reading":
        """Return the places after *after* under one of the terms of one of *sets*: the set that is spread thinnest.

        *only*, with *values*, narrows down what is read by what is told there.
        """
        readings = [
            Reading([_List(self._db, self._table, term, only, values, after) for term in terms]) for terms in sets
        ]
        return max(readings, key=lambda reading: reading.reach)


class Reading:
    """Several lists as one, in order."""

    def __init__(self, lists: Sequence["_List"]) -> None:
        self._lists = lists
        self.reach = min((one.reach for one in lists), default=_LAST)
        self._places = heapq.merge(*lists)
        self._latest = ""

    @property
    def looks(self) -> int:
        """How many queries it took."""
        return sum(one.looks for one in self._lists)

    def take(self, most: int) -> list[str]:
        """Return the next places, each once; none: that was all."""
        return list(islice(self._fresh(), most))

    def _fresh(self) -> Iterator[str]:
        for place in self._places:
            if place != self._latest:
                self._latest = place
                yield place


class _List:
    """One term's places, read a look at a time."""

    def __init__(self, db: Database, table: str, term: str, only: str, values: Item, after: str) -> None:
        self._query = lambda limit, start: db.query_page(
            table, "pk = :term AND sk > :after",
            {":term": keys.listed(term, "")["pk"], ":after": after or " ", **values},
            consistent=False, only=f"attribute_not_exists(expires){only}", limit=limit, start=start,
        )  # fmt: skip
        self.looks = 1
        self._items, self._more = self._query(FIRST_LOOK, None)
        self.reach = self._more["sk"] if self._more else _LAST

    def __iter__(self) -> Iterator[str]:
        while True:
            yield from (item["sk"] for item in self._items)
            if self._more is None:
                return
            self.looks += 1
            self._items, self._more = self._query(LOOK, self._more)
