"""The plumbing of a bank's calls (SNAP): answered in its own words, whatever comes.

What could not be stored is 503, as for every webhook; the code in the body is the protocol's General Error.
"""

import json
from collections.abc import Callable
from typing import Any

from lumbung.domain.errors import LumbungError, ProviderUnavailable
from lumbung.providers.snap_messages import SnapRefused, coded
from lumbung.runtime import webhook
from lumbung.runtime.answer import Answer
from lumbung.runtime.log import logger

UNDER = "/snap"


def answer(event: dict[str, Any], service: str, take: Callable[[], tuple[int, dict[str, Any]]]) -> dict[str, Any]:
    """Let *take* verify and answer; it returns HTTP status and body."""

    def make() -> Answer:
        status, body = take()
        return Answer(json.dumps(body), status)

    def refuse(error: LumbungError, request_id: str) -> Answer:
        status, body = _refusal(error, service)
        logger.warning("bank refused", request_id=request_id, status=status, code=body["responseCode"])
        return Answer(json.dumps(body), status)

    return webhook.respond(event, make, refuse)


def called(event: dict[str, Any]) -> tuple[str, ...]:
    """Return what the bank may have signed as its endpoint: the path it called, or the protocol's path in it.

    A domain of our own may map the protocol's path onto this one; the path is signed as the bank knows it.
    """
    path, query = event["rawPath"], event.get("rawQueryString")
    asked = f"?{query}" if query else ""
    return path + asked, path.partition(UNDER)[2] + asked


def _refusal(error: LumbungError, service: str) -> tuple[int, dict[str, Any]]:
    if isinstance(error, SnapRefused):
        return error.status, coded(error.status, service, error.case, error.detail)
    if isinstance(error, ProviderUnavailable):
        return 503, coded(500, service, "00", "General Error")
    return 400, coded(400, service, "00", "Bad Request")
