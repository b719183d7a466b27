"""Stream entry point: a consignment was received for good, so its cooperative is owed what was good of it.

Once its orders have moved on as well, refunds that were decided before are charged to who is liable.
"""

from typing import Any

from lumbung.domain.moments import from_ms
from lumbung.domain.settlement import Received, ReceivedLine
from lumbung.runtime import batch, clock, deps, deps_payments
from lumbung.runtime.log import logger
from payments.bear_refunds import bear_refunds
from payments.carry_deductions import carry_deductions
from payments.settle_cooperative import settle_cooperative


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    return batch.changes(event, _handle)


def _handle(image: dict[str, Any]) -> None:
    _settle(image)
    if image.get("moved_on"):
        charged = bear_refunds(
            image["wave"], image["dropoff"], at=clock.now(), orders=deps.orders(), bookings=deps_payments.bookings()
        )
        logger.info("refunds charged", wave_id=image["wave"], dropoff_id=image["dropoff"], orders=charged)


def _settle(image: dict[str, Any]) -> None:
    received = Received(
        consignment_id=image["pk"].partition("#")[2],
        wave_id=image["wave"],
        cooperative_id=image["cooperative"],
        lines=tuple(
            ReceivedLine(offer_id, name, weight_g, price, good)
            for offer_id, name, weight_g, price, _expected, good, _damaged in image["lines"]
        ),
        at=from_ms(image["received_at"]),
    )
    settlements = deps_payments.settlements()
    new = settle_cooperative(
        received, fee_bp=deps_payments.programme_fee_bp(), settlements=settlements, post=deps_payments.post
    )
    carry_deductions(received.wave_id, received.cooperative_id, settlements=settlements)
    logger.info(
        "consignment settled",
        consignment_id=received.consignment_id,
        value=received.value,
        outcome="booked" if new else "booked_before",
    )
