"""What every courier's webhook does once it knows what it was told: store it for good, and say which outcome."""

from typing import Any

from lumbung.domain.courier import Told
from lumbung.domain.moments import from_ms
from lumbung.runtime import deps_dispatch
from lumbung.runtime.log import logger
from lumbung.store.courier_events import CourierEvent, event_id


def store(courier: str, told: Told | None, event: dict[str, Any]) -> str:
    """Return `test` (about no trip: a probe), `stored` or `repeated`."""
    if told is None:
        logger.info("courier test call", courier=courier)
        return "test"
    at = from_ms(event["requestContext"]["timeEpoch"])
    stored = CourierEvent(
        id=event_id(courier, *told.words),
        courier=courier,
        event=told.event,
        reference=told.reference,
        state=told.state,
        happened_at=told.happened_at or at,
        received_at=at,
        replaces=told.replaces,
    )
    outcome = "stored" if deps_dispatch.events().add(stored) else "repeated"
    logger.info("courier event", courier=courier, outcome=outcome, event_id=stored.id, event=told.event)
    return outcome
