"""Queue entry point: takes the steps of closing a wave, or of calling it off, one message each."""

from functools import cache, partial
from typing import Any

from lumbung.runtime import batch, clock, deps, deps_ordering
from lumbung.runtime.log import logger
from ordering.apply_allocation import Apply
from ordering.call_off_orders import CallOff
from ordering.cancel_wave import cancel_wave
from ordering.close_wave import Closing
from ordering.look_at_orders import Looks
from ordering.order_goods import OrderGoods


@cache
def closing() -> Closing:
    looks = Looks(waves=deps.waves(), orders=deps.orders(), refunds=deps.refunds(), now=clock.now)
    apply = Apply(
        orders=deps.orders(), refunds=deps.refunds(), closings=deps.closings(), goods=deps.goods(),
        dropoffs=deps.dropoffs(), now=clock.now,
    )  # fmt: skip
    order_goods = OrderGoods(cooperatives=deps.cooperatives(), purchase_orders=deps.purchase_orders(), now=clock.now)
    return Closing(
        waves=deps.waves(), shards=deps.shards(), closings=deps.closings(), looks=looks, apply=apply,
        order_goods=order_goods, queue=deps.queue("CLOSING_QUEUE"), now=clock.now,
        cancel=partial(
            cancel_wave, remember=deps.remember, decide=deps_ordering.decide(), waves=deps.waves(),
            shards=deps.shards(), closings=deps.closings(), queue=deps.queue("CLOSING_QUEUE"),
        ),
    )  # fmt: skip


@cache
def call_off() -> CallOff:
    return CallOff(
        waves=deps.waves(), shards=deps.shards(), orders=deps.orders(), refunds=deps.refunds(),
        closings=deps.closings(), queue=deps.queue("CLOSING_QUEUE"), now=clock.now,
    )  # fmt: skip


def take(message: dict[str, Any]) -> None:
    step, wave_id = message["step"], message["wave"]
    if step == "allocate":
        closing().allocate(wave_id)
    elif step == "resume":
        closing().resume(wave_id)
        call_off().resume(wave_id)
    elif step == "cancel":
        call_off().take_part(wave_id, message["dropoff"])
    else:
        closing().take_step(step, wave_id, message["dropoff"])
    logger.info("closing step taken", step=step, wave_id=wave_id, dropoff_id=message.get("dropoff"))


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.messages(event, take)
