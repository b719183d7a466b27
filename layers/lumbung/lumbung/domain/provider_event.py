"""What a payment provider told us: stored once, then applied, or parked until it finds a home."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FIRST_TRY = timedelta(minutes=2)  # by the schedule, should the stream have failed
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification that proved its sender, read. `payment_id`: what the provider calls our payment.

    `said`: the status it names, in our words, which proves nothing. `key` tells repeats from news.
    `reference`: the provider's own id of the payment, where it has one.
    """

    payment_id: str
    said: str
    key: str
    raw: bytes
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """A notice as it is kept; its fields mean the same."""

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
    def of(provider: str, notice: Notice, *, at: datetime) -> "ProviderEvent":
        return ProviderEvent(
            id=f"{provider}#{notice.key}",
            provider=provider,
            payment_id=notice.payment_id,
            said=notice.said,
            raw=notice.raw,
            received_at=at,
            next_try=at + FIRST_TRY,
            reference=notice.reference,
        )

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
