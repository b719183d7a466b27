"""What the simulators were asked, and what they told the stack, in order."""

from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

KEPT = 20_000  # of each kind; a stack that serves for days must not fill the memory


@dataclass(slots=True)
class Asked:
    provider: str
    at: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    fault: str | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Notified:
    provider: str
    at: str
    url: str
    attempt: int
    body: dict[str, Any]
    status: int | None
    error: str | None


class Journal:
    def __init__(self) -> None:
        self._asked: deque[Asked] = deque(maxlen=KEPT)
        self._notified: deque[Notified] = deque(maxlen=KEPT)

    def asked(self, entry: Asked) -> None:
        self._asked.append(entry)

    def notified(self, entry: Notified) -> None:
        self._notified.append(entry)

    def requests(self, provider: str | None) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self._asked if provider in (None, entry.provider)]

    def notifications(self, provider: str | None) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self._notified if provider in (None, entry.provider)]
