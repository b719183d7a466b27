"""A stored courier event is applied, or parked until there is something to apply it to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from dispatch.end_trip import News
from dispatch.follow_delivery import Hint, follow_hint
from dispatch.ports import Trips
from lumbung.domain.courier import Courier
from lumbung.domain.errors import ProviderUnavailable


class Event(Protocol):
    @property
    def courier(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def state(self) -> str | None: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def received_at(self) -> datetime: ...
    @property
    def replaces(self) -> str | None: ...
    @property
    def status(self) -> str: ...
    def park(self, *, now: datetime) -> Any: ...
    def apply(self) -> Any: ...


class Events(Protocol):
    def find(self, event_id: str) -> Any: ...
    def save(self, event: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class TakeEvent:
    events: Events
    couriers: Mapping[str, Courier]
    trips: Trips
    news: News

    def __call__(self, event_id: str, *, now: datetime) -> str:
        """Return what became of the event: `applied`, `parked` (the courier or the trip is not there), `given_up`."""
        event: Event | None = self.events.find(event_id)
        if event is None:
            return "forgotten"
        if event.status == "applied":
            return event.status
        after = event.apply() if self._follow(event) else event.park(now=now)
        self.events.save(after)
        return str(after.status)

    def _follow(self, event: Event) -> bool:
        courier = self.couriers[event.courier]
        try:
            trip = follow_hint(_hint(event), courier=courier, trips=self.trips, news=self.news)
        except ProviderUnavailable:
            return False
        return trip is not None


def _hint(event: Event) -> Hint:
    return Hint(event.reference, event.state, event.happened_at, event.received_at, event.replaces)
