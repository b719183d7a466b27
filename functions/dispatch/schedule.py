"""Schedule entry point, every five minutes: asks after silent trips, tries parked events again, finds lost messages."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dispatch.follow_by_polling import FollowByPolling
from dispatch.receive_goods import look_after
from dispatch.wired import news, take_event
from lumbung.domain.errors import LumbungError
from lumbung.domain.moments import parse
from lumbung.runtime import deps, deps_dispatch
from lumbung.runtime.log import logger

AT_ONCE = 100  # of each kind: what fits into this function's time at a courier's usual pace


def ask_after_trips(silent: Sequence[str], now: datetime) -> Counter[str]:
    follow = FollowByPolling(
        trips=deps_dispatch.trips(), couriers=deps_dispatch.couriers(), news=news(), worker=deps.queue("BOOKING_QUEUE")
    )
    counted: Counter[str] = Counter()
    for trip_id in silent[:AT_ONCE]:
        try:
            trip = follow(trip_id, now=now)
            counted[trip.status] += 1
            if trip.alert:
                logger.error("trip needs somebody", trip_id=trip.id, alert=trip.alert, status=trip.status)
        except LumbungError as failure:
            counted["failed"] += 1
            logger.warning("trip not asked after", trip_id=trip_id, code=failure.code, detail=failure.detail)
    return counted


def try_events_again(parked: Sequence[str], now: datetime) -> Counter[str]:
    take, counted = take_event(), Counter[str]()
    for event_id in parked[:AT_ONCE]:
        try:
            outcome = take(event_id, now=now)
        except LumbungError as failure:
            outcome = "failed"
            logger.warning("event not taken", event_id=event_id, code=failure.code, detail=failure.detail)
        counted[outcome] += 1
        if outcome == "given_up":
            logger.error("a courier's event found no home", event_id=event_id)
    return counted


def look_after_consignments(due: Sequence[str]) -> int:
    """Have orders waited for no longer; and moved on, where that message was lost: a queue is faster than these are."""
    for consignment in deps_dispatch.consignments().get_many(due).values():
        look_after(consignment, deps.queue("BOOKING_QUEUE"))
    return len(due)


def handler(event: dict[str, Any], context: Any) -> None:
    now = parse(event["time"])
    due = deps_dispatch.due().at(now)
    logger.info(
        "couriers asked",
        trips=dict(ask_after_trips(due["TRIP"], now)),
        events=dict(try_events_again(due["EVENT"], now)),
        consignments=look_after_consignments(due["CONSIGNMENT"]),
    )
