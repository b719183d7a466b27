"""A source's feed whose pages are looked through for more than their rows: who sells them, and what is paid for food.

Both are kept before the page is handed on. A page that is read again changes nothing of them.
"""

from collections.abc import Callable
from dataclasses import replace

from catalog.ports import Feed
from lumbung.domain.feed import FeedPage
from lumbung.domain.market import Market


class AttentiveFeed:
    """*look* keeps what a page tells of suppliers and prices; *market* is what its rows' prices are held against."""

    def __init__(self, feed: Feed, *, look: Callable[[FeedPage], None], market: Callable[[], Market]) -> None:
        self._feed, self._look, self._market = feed, look, market

    def read(self, cursor: str | None) -> FeedPage:
        page = self._feed.read(cursor)
        self._look(page)
        return replace(page, market=self._market())
