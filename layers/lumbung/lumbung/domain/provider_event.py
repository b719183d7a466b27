"""What a payment provider told us: stored once, then applied, or parked until it finds a home."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FIRST_TRY = timedelta(minutes=2)  # by the schedule, should the stream have failed
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """`payment_id` is what the provider calls the order; `said` is the status it named in our words,
    which proves nothing.

    `reference`: the provider's own id of the payment, where it has one.
    """

    id: str
    provider: str
    payment_id: str
    said: str
    raw: bytes
    received_at: datetime
    next_try: datetime
    status: str = "stored"  # → applied, or parked → applied
    reason: str | None = None
    tries: int = 0
    reference: str | None = None

    @staticmethod
    def of(
        provider: str,
        key: str,
        *,
        payment_id: str,
        said: str,
        raw: bytes,
        at: datetime,
        reference: str | None = None,
    ) -> "ProviderEvent":
        event = ProviderEvent(f"{provider}#{key}", provider, payment_id, said, raw, at, at + FIRST_TRY)
        return replace(event, reference=reference)

    def is_about(self, provider: str) -> bool:
        """Whether it can be about a payment at *provider*, which is a company's or one of its products'."""
        return provider.partition(".")[0] == self.provider

    def again(self, version: int) -> "ProviderEvent":
        """Return the same words as news about a payment at *version*: once a minute, however often they come."""
        minute = int(self.received_at.timestamp()) // 60
        return replace(self, id=f"{self.id}#{version}#{minute}")

    def apply(self) -> "ProviderEvent":
        return replace(self, status="applied", reason=None, tries=self.tries + 1)

    def park(self, reason: str, *, now: datetime, status: str = "parked") -> "ProviderEvent":
        """Put it off: a minute first, then twice as long each time, at most six hours."""
        wait = min(LONGEST_WAIT, timedelta(minutes=2 ** min(self.tries, 9)))
        return replace(self, status=status, reason=reason, tries=self.tries + 1, next_try=now + wait)
