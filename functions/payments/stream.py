"""Stream entry point: what was written to the payments table is applied, asked for, or counted."""

from functools import partial
from typing import Any

from lumbung.domain.errors import LumbungError
from lumbung.runtime import batch, clock, deps_payments
from lumbung.runtime.log import logger
from payments.apply_notification import apply_notification
from payments.carry_deductions import deduct_refund
from payments.project_balances import project_balances
from payments.refund_members import refund_member
from payments.settle_payment import settle_payment


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    transfers = [deps_payments.transfer(image) for image in batch.images(event) if image["kind"] == "TRANSFER"]
    new = project_balances(transfers, accounts=deps_payments.accounts())
    logger.info("transfers counted", transfers=len(transfers), new=new)
    return batch.changes(event, _handle)


def _handle(image: dict[str, Any]) -> None:
    id_ = image["pk"].partition("#")[2]
    match image["kind"]:
        case "EVENT":
            logger.info("notification applied", event_id=id_, payment_id=image["payment"], outcome=_apply(id_))
        case "REFUND":
            logger.info("refund asked for", refund_id=id_, outcome=_refund(id_))
        case "TRANSFER":
            if deduct_refund(deps_payments.transfer(image), settlements=deps_payments.settlements()):
                logger.info("refund deducted", transfer_id=id_)
        case "INCIDENT":
            logger.error("incident", incident_id=id_, about=image["about"], subject=image["subject"])


def _apply(event_id: str) -> str:
    return apply_notification(
        event_id,
        now=clock.now(),
        events=deps_payments.events(),
        payments=deps_payments.payments(),
        bookings=deps_payments.bookings(),
        provider=deps_payments.providers(),
        settle=partial(settle_payment, **deps_payments.money()),
    )


def _refund(refund_id: str) -> str:
    """Ask once; what fails is asked again by the schedule, and does not hold up the stream."""
    try:
        return refund_member(
            refund_id,
            now=clock.now(),
            payments=deps_payments.payments(),
            bookings=deps_payments.bookings(),
            provider=deps_payments.providers(),
            settle=partial(settle_payment, **deps_payments.money()),
        )
    except LumbungError as later:
        return later.code
