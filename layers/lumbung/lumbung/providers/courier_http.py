"""A courier asked in JSON over HTTP. What is no answer is ProviderUnavailable; InDoubt, if it may have been heard."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import urllib3

from lumbung.domain.errors import InDoubt, ProviderUnavailable

MAX_ANSWER = 1024 * 1024
_TIMEOUT = urllib3.Timeout(connect=2, read=4)  # four calls fit into the worker's thirty seconds
# Refused before anything was looked at: our key is wrong, or we ask too often.
_UNHEARD = (401, 403, 429)


@dataclass(frozen=True, slots=True)
class Answer:
    """`told` is the JSON that came, None when that was nothing."""

    status: int
    told: Any
    headers: Mapping[str, str]

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def part(self, *names: str) -> dict[str, Any]:
        """Return the object under *names*, one within the other; an empty one where there is none."""
        found = self.told
        for name in names:
            found = found.get(name) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}


class CourierHttp:
    """*who*: the courier's name for people."""

    def __init__(self, who: str, base_url: str) -> None:
        self._who, self._base = who, base_url.rstrip("/")
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)

    def ask(
        self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None,
        *, refusing: tuple[int, ...] = (),
    ) -> Answer:  # fmt: skip
        """Return an answer that is about the request: 2xx, 4xx, or of *refusing*, which would be none otherwise."""
        status, raw, sent_back = self._send(method, path, body, dict(headers or {}))
        if status in _UNHEARD and status not in refusing:
            raise ProviderUnavailable(f"{self._who} answers {status}")
        if not (200 <= status < 300 or 400 <= status < 500 or status in refusing):
            raise InDoubt(f"{self._who} answers {status}")
        try:
            told = json.loads(raw) if raw.strip() else None
        except ValueError:
            raise InDoubt(f"{self._who}'s answer is no JSON") from None
        return Answer(status, told, sent_back)

    def _send(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, bytes, Mapping[str, str]]:
        try:
            answer = self._pool.request(
                method, self._base + path, body=body, headers=headers, preload_content=False, redirect=False
            )
            raw = answer.read(MAX_ANSWER)
            answer.release_conn()
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as failure:
            raise ProviderUnavailable(f"{self._who} is not reached: {type(failure).__name__}") from None
        except urllib3.exceptions.HTTPError as failure:
            raise InDoubt(f"{self._who} does not answer: {type(failure).__name__}") from None
        return answer.status, raw, answer.headers


def rupiah(value: object) -> int | None:
    """Return whole rupiah, None for what is none: a courier's price that cannot be read corrects nothing.

    22000  22000    "22000"  22000    22000.0  22000    "22000.50"  None    True  None
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = float(value)
    except ValueError:
        return None
    return int(amount) if amount.is_integer() and 0 <= amount < 1e12 else None


def text(value: object) -> str | None:
    """Return *value* if it is a text that says something, at most two hundred characters."""
    return value if isinstance(value, str) and 0 < len(value) <= 200 else None
