"""Remembers what each HTTP request cost in DynamoDB."""

from collections import deque
from datetime import datetime
from typing import Any

from infra.local.clock import stamp
from infra.local.gateway import Request, Response
from infra.local.routes import Route
from infra.local.runtime_api import Outcome

_KEPT = 50_000


class RequestLog:
    def __init__(self) -> None:
        self._entries: deque[tuple[datetime, dict[str, Any]]] = deque(maxlen=_KEPT)

    def add(self, request: Request, route: Route, at: datetime, answer: Response, outcome: Outcome) -> None:
        own_id = next((value for name, value in answer.headers if name == "x-request-id"), request.id)
        meter = outcome.meter
        self._entries.append(
            (
                at,
                {
                    "request_id": own_id,
                    "route": route.key,
                    "at": stamp(at),
                    "status": answer.status,
                    "dynamodb_calls": meter.get("calls", 0),
                    "read_units": meter.get("read", 0.0),
                    "write_units": meter.get("write", 0.0),
                },
            )
        )

    def since(self, moment: datetime | None) -> list[dict[str, Any]]:
        """Return the requests that arrived at *moment* or later, oldest first; all of them without one."""
        return [entry for at, entry in self._entries if moment is None or at >= moment]
