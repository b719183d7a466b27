"""Schedule entry point, every minute: tries again what waits, and asks after what was silent."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from typing import Any

from lumbung.domain.errors import LumbungError
from lumbung.domain.payment_provider import Impatient, Provider
from lumbung.runtime import clock, deps, deps_payments
from lumbung.runtime.log import logger
from payments.apply_notification import apply_notification
from payments.refund_members import refund_member
from payments.settle_payment import settle_payment
from payments.watch_payments import watch_payment

AT_A_TIME = 150  # of each kind in one run, so that it ends before its time-out; the rest is due in a minute
BY_PEOPLE = ("by_hand", "failed")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    due, provider = deps_payments.due().at(clock.now()), Impatient(deps_payments.providers())
    done: dict[str, Any] = {
        "events": _each(due["EVENT"], partial(_apply, provider=provider)),
        "payments": _each(due["PAYMENT"], partial(_watch, provider=provider)),
        "refunds": _each(due["REFUND"], partial(_refund, provider=provider)),
    }
    logger.info("payments looked after", at=event["time"], **done)
    return done


def _each(ids: Iterable[str], handle: Callable[[str], str]) -> int:
    """Handle what is due, one by one: what fails is due again, and keeps nothing else waiting."""
    handled = 0
    for id_ in islice(ids, AT_A_TIME):
        try:
            logger.info("looked after", id=id_, outcome=handle(id_))
        except LumbungError as later:
            logger.warning("to be tried again", id=id_, code=later.code, detail=later.detail)
        except Exception:  # noqa: BLE001 - a bug in one must not keep the others waiting; it is logged as one
            logger.exception("could not be looked after", id=id_)
        else:
            handled += 1
    return handled


def _apply(event_id: str, *, provider: Provider) -> str:
    return apply_notification(
        event_id,
        events=deps_payments.events(),
        payments=deps_payments.payments(),
        bookings=deps_payments.bookings(),
        now=clock.now(),
        provider=provider,
        settle=_settle(),
    )


def _watch(payment_id: str, *, provider: Provider) -> str:
    return watch_payment(
        payment_id,
        now=clock.now(),
        payments=deps_payments.payments(),
        orders=deps.orders(),
        provider=provider,
        settle=_settle(),
    )


def _refund(refund_id: str, *, provider: Provider) -> str:
    outcome = refund_member(
        refund_id,
        now=clock.now(),
        payments=deps_payments.payments(),
        bookings=deps_payments.bookings(),
        provider=provider,
        settle=_settle(),
    )
    if outcome in BY_PEOPLE:
        deps_payments.bookings().leave_to_people(refund_id)
    return outcome


def _settle() -> Any:
    return partial(settle_payment, **deps_payments.money())
