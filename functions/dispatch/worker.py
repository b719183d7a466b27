"""Queue entry point: moves orders on after a receipt, ends waiting for them, and books trips at couriers."""

import os
from typing import Any

from dispatch.book_trip import BookTrip
from dispatch.end_waiting import EndWaiting
from dispatch.launch_trips import BOOK
from dispatch.move_on_orders import MoveOn
from dispatch.receive_goods import END_WAITING, MOVE_ON
from dispatch.wired import news
from lumbung.runtime import batch, clock, deps, deps_dispatch
from lumbung.runtime.log import logger
from lumbung.store.table import Item


def move_on(wave_id: str, dropoff_id: str) -> None:
    moved = MoveOn(
        decide=deps_dispatch.decide(), waves=deps.waves(), orders=deps.orders(),
        consignments=deps_dispatch.consignments(), refunds=deps.refunds(), finish=deps_dispatch.finish,
    )(wave_id, dropoff_id)  # fmt: skip
    if moved["more"]:
        deps.queue("BOOKING_QUEUE").send(do=MOVE_ON, wave_id=wave_id, dropoff_id=dropoff_id)
    logger.info("orders moved on", wave_id=wave_id, dropoff_id=dropoff_id, orders=dict(moved))


def end_waiting(consignment_id: str) -> None:
    ended = EndWaiting(
        decide=deps_dispatch.decide(), waves=deps.waves(), orders=deps.orders(),
        consignments=deps_dispatch.consignments(), bookings=deps_dispatch.bookings(),
    )(consignment_id, now=clock.now())  # fmt: skip
    if ended["more"]:
        deps.queue("BOOKING_QUEUE").send(do=END_WAITING, consignment_id=consignment_id)
    logger.info("orders waited for", consignment_id=consignment_id, orders=dict(ended))


def book(trip_id: str) -> None:
    trip = BookTrip(
        trips=deps_dispatch.trips(), orders=deps.orders(), dropoffs=deps.dropoffs(), people=deps.people(),
        couriers=deps_dispatch.couriers(), news=news(), office_phone=os.environ["OFFICE_PHONE"],
    )(trip_id, at=clock.now())  # fmt: skip
    logger.info("trip booked", trip_id=trip_id, status=trip.status, courier=trip.courier)


def take(message: Item) -> None:
    if message["do"] == BOOK:
        book(message["trip_id"])
    elif message["do"] == MOVE_ON:
        move_on(message["wave_id"], message["dropoff_id"])
    elif message["do"] == END_WAITING:
        end_waiting(message["consignment_id"])
    else:
        raise ValueError(f"nobody does {message['do']!r}")


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.messages(event, take)
