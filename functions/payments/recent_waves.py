"""The waves whose books are still open."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol

from lumbung.domain.wave import Wave


class Waves(Protocol):
    def page(self, *, limit: int, start: Any) -> tuple[list[Wave], Any]: ...


def recent_waves(waves: Waves, since: datetime) -> Iterator[Wave]:
    """Yield every published wave that was or is to be delivered after *since*."""
    start = None
    while True:
        page, start = waves.page(limit=100, start=start)
        for wave in page:
            if wave.status != "draft" and wave.delivery_date >= since.date():
                yield wave
        if start is None:
            return
