"""Posting to the stack; whatever comes of it is noted."""

import json
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx

from infra.simulators.clock import utc
from infra.simulators.journal import Journal, Notified

MAX_HOPS = 5


class Webhooks:
    def __init__(self, client: httpx.AsyncClient, journal: Journal) -> None:
        self._client = client
        self._journal = journal

    async def post(
        self, provider: str, url: str, body: dict[str, Any], headers: dict[str, str], *, at: datetime, attempt: int = 1
    ) -> int | None:
        """Post once and return the HTTP status; None when there was no answer."""
        answer = await self.exchange(provider, url, json.dumps(body), headers, at=at, attempt=attempt)
        return answer.status_code if answer else None

    async def exchange(
        self, provider: str, url: str, content: str, headers: dict[str, str], *, at: datetime, attempt: int = 1
    ) -> httpx.Response | None:
        """Post *content*, a JSON object as it is, and return the answer; None when there was none."""
        answer, error = await self._post(url, content, {"Content-Type": "application/json"} | headers)
        status = answer.status_code if answer else None
        self._journal.notified(Notified(provider, utc(at), url, attempt, json.loads(content), status, error))
        return answer

    async def probe(self, url: str) -> list[int]:
        """Call *url* empty, by GET and by POST, and return the statuses; 0 where there was no answer."""
        statuses = []
        for method in ("GET", "POST"):
            try:
                answer = await self._client.request(method, url) if is_loopback(url) else None
            except httpx.HTTPError:
                answer = None
            statuses.append(answer.status_code if answer else 0)
        return statuses

    async def _post(self, url: str, content: str, headers: dict[str, str]) -> tuple[httpx.Response | None, str | None]:
        for _ in range(MAX_HOPS + 1):
            if not is_loopback(url):
                return None, f"{url} is not a loopback address"
            try:
                answer = await self._client.post(url, content=content, headers=headers)
            except httpx.HTTPError as failure:
                return None, repr(failure)
            if answer.status_code not in (307, 308):
                return answer, None
            url = str(answer.url.join(answer.headers.get("location", "")))
        return answer, f"more than {MAX_HOPS} redirections"


def is_loopback(url: str) -> bool:
    """Simulators must never speak to anything beyond this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name, not an address
        return False
