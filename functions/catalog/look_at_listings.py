"""Look through the data gateway at what the sixth e-catalogue shows, and compare; a look that is over is left alone."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from catalog.compare_listings import compare_listings
from catalog.ports import Looks
from lumbung.domain.errors import ProviderUnavailable, Stale
from lumbung.domain.feed import SourceRefuses
from lumbung.domain.listing import Shown
from lumbung.domain.listing_look import Look


def begin_look(look: Look, *, listings: Looks) -> None:
    """Note a look that is to be taken; noted twice, it is one."""
    with suppress(Stale):
        listings.write(listings.save_look(look))


def look_at_listings(
    look_id: str, *, products: Callable[[str], Iterable[Any]], listings: Looks, now: Callable[[], datetime]
) -> Look:
    """Return the look, completed, or failed where the gateway does not answer, refuses, or cannot be read.

    *products*: what the gateway shows of a cooperative, as received.
    """
    look = listings.look(look_id)
    if look.status != "running":
        return look
    try:
        shown = [to_shown(row) for row in products(look.cooperative_id)]
    except (ProviderUnavailable, SourceRefuses) as silent:
        after = look.failed(silent.detail, at=now())
    else:
        after = compare_listings(look, shown, at=now(), listings=listings)
    listings.write(listings.save_look(after))
    return after


def to_shown(received: Any) -> Shown:
    """Return what one product of the gateway's list says.

    SourceRefuses for a row that cannot be read: it may be one of ours, and what is not seen may be listed again.
    """
    row: Mapping[str, Any] = received if isinstance(received, dict) else {}
    number, name = row.get("kd_produk"), row.get("nama_produk")
    if not isinstance(number, str) or not isinstance(name, str):
        raise SourceRefuses("the gateway shows a product that cannot be read")
    return Shown(number, name.strip(), row.get("status_produk_tayang") is not False)
