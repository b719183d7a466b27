"""Wiring that several of dispatch's entry points share: use cases which hold their collaborators."""

from dispatch.end_trip import News
from dispatch.hand_over import HandOver
from dispatch.send_again import NextCourier
from dispatch.take_event import TakeEvent
from lumbung.domain.pickup_code import is_right
from lumbung.runtime import deps, deps_dispatch


def news() -> News:
    return News(
        decide=deps_dispatch.decide(),
        trips=deps_dispatch.trips(),
        deliveries=deps_dispatch.deliveries(),
        orders=deps.orders(),
        refunds=deps.refunds(),
        trackings=deps_dispatch.trackings(),
        post=deps_dispatch.post,
        finish=deps_dispatch.finish,
        raise_=deps_dispatch.raise_,
        successors=NextCourier(deps.dropoffs(), deps_dispatch.couriers()),
        worker=deps.queue("BOOKING_QUEUE"),
    )


def hand_over() -> HandOver:
    return HandOver(
        is_right=lambda order_id, code: is_right(deps.id_secret(), order_id, code),
        bookings=deps_dispatch.bookings(),
        handovers=deps_dispatch.handovers(),
        deliveries=deps_dispatch.deliveries(),
        people=deps.people(),
        finish=deps_dispatch.finish,
    )


def take_event() -> TakeEvent:
    return TakeEvent(
        events=deps_dispatch.events(), couriers=deps_dispatch.couriers(), trips=deps_dispatch.trips(), news=news()
    )
