"""Lists of products by term, each in the order of names: what a search reads instead of the whole catalogue.

A product is listed after it was written, by what the table's stream tells (within two seconds), and what is written by
hand also at once. Who reads a list looks at each product before it believes it, so that a place that is out of date
misleads nobody. What a product is no longer listed under is marked as gone, and removed by its time to live: no role
may delete.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from lumbung.domain.product import Product
from lumbung.domain.product_search import Listing, listing, tells_price
from lumbung.store import keys
from lumbung.store.table import MAX_WRITES, Database, Item, Put

FIRST_LOOK, LOOK = 100, 500  # places that one query reads
LOOKS = 25  # queries after the first ones; then a search answers with what it has, and where it goes on
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
        self._known |= {word for product in current.values() for word in listing(product).words}
        return len(ordered)

    def _writes(self, told: Sequence[Listing], wanted: Listing, at: datetime) -> Iterator[Put]:
        before = told[0] if len(told) > 1 else Listing()
        for one in told:
            for term in one.terms if one.place != wanted.place else one.terms - wanted.terms:
                yield self._gone(term, one.place, at)
        facts = {"text": wanted.text, "commodity": wanted.commodity, "seller": wanted.seller}
        for term in wanted.terms_besides(before):
            price = {"per_kg": wanted.per_kg} if tells_price(term) else {}
            yield Put(self._table, {**keys.listed(term, wanted.place), **facts, **price})
        for word in set(wanted.words) - self._known:
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
    """Several lists as one, in order, as far as some looks go; *stopped* is where they ended before the lists did."""

    def __init__(self, lists: Sequence["_List"]) -> None:
        self._looks = LOOKS
        self.reach = min((one.reach for one in lists), default=_LAST)
        self.stopped: str | None = None
        self._places = heapq.merge(*map(self._of, lists))
        self._latest = ""

    def take(self, most: int) -> list[str]:
        """Return the next places, each once; none: that was all, or as far as it goes."""
        return list(islice(self._fresh(), most))

    def _fresh(self) -> Iterator[str]:
        for place in self._places:
            if self.stopped and place > self.stopped:
                return
            if place != self._latest:
                self._latest = place
                yield place

    def _of(self, one: "_List") -> Iterator[str]:
        while True:
            yield from one.places
            if one.at_end:
                return
            if not self._looks:
                self.stopped = min(one.reach, self.stopped or _LAST)
                return
            self._looks -= 1
            one.look(LOOK)


class _List:
    """One term's places, a look at a time: *reach* is how far it has got."""

    def __init__(self, db: Database, table: str, term: str, only: str, values: Item, after: str) -> None:
        self._query = partial(
            db.query_page, table, "pk = :term AND sk > :after",
            {":term": keys.listed(term, "")["pk"], ":after": after or " ", **values},
            consistent=False, only=f"attribute_not_exists(expires){only}",
        )  # fmt: skip
        self._next: Item | None = None
        self.look(FIRST_LOOK)

    @property
    def at_end(self) -> bool:
        return self._next is None

    def look(self, most: int) -> None:
        items, self._next = self._query(limit=most, start=self._next)
        self.places = [item["sk"] for item in items]
        self.reach: str = self._next["sk"] if self._next else _LAST
