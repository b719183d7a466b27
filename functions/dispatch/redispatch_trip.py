"""A trip that failed, or finds no courier, is sent again with the same goods."""

from collections.abc import Mapping
from datetime import datetime

from dispatch.cancel_trip import call_off
from dispatch.end_trip import News
from dispatch.launch_trips import Launch
from dispatch.ports import Remember, Trips
from dispatch.send_again import again
from lumbung.domain.courier import CANCELLED, NO_COURIER, RETURNED, Courier
from lumbung.domain.errors import InvalidState
from lumbung.domain.once import Once
from lumbung.domain.trip import Trip


def redispatch_trip(
    trip_id: str, *, at: datetime, by: str, once: Once, remember: Remember, trips: Trips,
    couriers: Mapping[str, Courier], news: News, launch: Launch,
) -> Trip:  # fmt: skip
    """Return the new trip, cancelling the old one first where that is still possible.

    InvalidState when its goods are not at the drop-off: delivered, lost, under way, fetched or sent again.
    """
    old = trips.get(trip_id)
    if not old.ended:
        call_off(old, at=at, couriers=couriers)
        old = news.apply(trip_id, lambda t: t if t.status == CANCELLED else t.cancel(at=at), at=at)
    if old.status not in (CANCELLED, NO_COURIER, RETURNED):
        raise InvalidState(f"Perjalanan ini berstatus {old.status}.")
    [new] = again(old, at=at, by=by, courier=old.courier, stops_per_trip=len(old.stops))
    launch([new], at=at, by=by, first=[remember(once, new.id)], once=once)
    return new
