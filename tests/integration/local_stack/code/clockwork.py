"""Writes down when it was fired."""

from typing import Any

import notes

from lumbung.runtime import clock


def handler(event: dict[str, Any], context: Any) -> None:
    notes.add(f"fired#{event['every']}", f"{event['time']} at {clock.now().isoformat(timespec='seconds')}")
