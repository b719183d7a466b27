"""A member says who may fetch an order in their place, or that nobody may any more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dispatch.ports import Decide, Orders, People, Remember, Write
from lumbung.domain.desk import ended
from lumbung.domain.errors import InvalidState, LimitExceeded
from lumbung.domain.once import Once
from lumbung.domain.order_parts import Happening
from lumbung.domain.people import Proxy

NAMED, WITHDRAWN = "proxy_named", "proxy_withdrawn"
MOST = 10  # each leaves a line of history


def name_proxy(
    proxy: Proxy,
    *,
    at: datetime,
    by: str,
    once: Once,
    remember: Remember,
    decide: Decide,
    orders: Orders,
    people: People,
) -> Proxy:
    """Keep the member's consent, or its withdrawal, as of now. InvalidState once the order is over, LimitExceeded."""

    def step() -> tuple[Proxy, Sequence[Write]]:
        order = orders.get(proxy.order_id)
        if not order.live or ended(order):
            raise InvalidState(f"Pesanan ini berstatus {order.fulfilment_status}.")
        if sum(happening.event in (NAMED, WITHDRAWN) for happening in order.history) >= MOST:
            raise LimitExceeded(f"Wakil pesanan ini sudah diubah {MOST} kali.")
        event = NAMED if proxy.name else WITHDRAWN
        after = replace(order, history=(*order.history, Happening(at, event, by)))
        named = replace(proxy, number=len(order.history))
        return named, [remember(once, order.id), orders.save(after), *people.name_proxy(named, order.member_id)]

    return decide(step, once)
