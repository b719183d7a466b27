"""Moments: aware UTC inside, RFC 3339 with `Z` outside, whole milliseconds in storage."""

from datetime import UTC, datetime


def from_ms(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1000, UTC).replace(microsecond=ms % 1000 * 1000)


def to_ms(at: datetime) -> int:
    return int(at.timestamp()) * 1000 + at.microsecond // 1000


def parse(text: str) -> datetime:
    """Return the moment that an RFC 3339 *text* names, in UTC; ValueError when it has no offset."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"no time offset in {text!r}")
    return at.astimezone(UTC)


def rfc3339(at: datetime) -> str:
    """Return e.g. ``2020-04-07T02:00:00Z``; milliseconds only where there are some."""
    at = at.astimezone(UTC)
    text = at.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{at.microsecond // 1000:03d}Z" if at.microsecond >= 1000 else text + "Z"
