"""Speaking to the stack as a person would: a token, a key per act, and an error that says what went wrong."""

import threading
from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any

import httpx


class Refused(Exception):
    """The stack refused, and the replay did not expect it."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(f"{answer.request.method} {answer.request.url} → {answer.status_code} {answer.text[:500]}")
        self.answer = answer
        body = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        self.code = body.get("code")


class Stack:
    """The stack's own controls, and the simulators beside it."""

    def __init__(self, url: str) -> None:
        self.url = url
        host, _, port = url.rpartition(":")
        limits = httpx.Limits(max_keepalive_connections=8)
        self.http = httpx.Client(base_url=url, timeout=120, limits=limits)
        self.simulators = httpx.Client(base_url=f"{host}:{int(port) + 1}", timeout=60, limits=limits)
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()

    def token(self, sub: str, roles: Iterable[str], **claims: str) -> str:
        if sub not in self._tokens:
            body = {"sub": sub, "roles": list(roles), **claims}
            token = _ok(self.http.post("/dev/tokens", json=body)).json()["access_token"]
            with self._lock:
                self._tokens[sub] = token
        return self._tokens[sub]

    def now(self) -> datetime:
        return datetime.fromisoformat(_ok(self.http.get("/dev/clock")).json()["now"])

    def move_clock(self, to: datetime) -> None:
        if to > self.now():
            _ok(self.http.post("/dev/clock", json={"now": to.isoformat()}))

    def idle(self) -> dict[str, int]:
        answer: dict[str, int] = _ok(self.http.post("/dev/idle")).json()
        return answer

    def simulate(self, provider: str, **asked: Any) -> Any:
        return _ok(self.simulators.post(f"/{provider}/simulate", json=asked)).json()

    def put_catalog(self, source: str, rows: list[dict[str, object]]) -> None:
        _ok(self.simulators.put(f"/catalog/{source}", json=rows))


class Actor:
    """Somebody with a token; every act has a key of its own, which is the same in every replay."""

    def __init__(self, stack: Stack, sub: str, *roles: str, **claims: str) -> None:
        self.stack, self.sub, self._roles, self._claims = stack, sub, roles, claims
        self._acts = count(1)

    def get(self, path: str, **query: str) -> Any:
        return self.read(path, **query).json()

    def read(self, path: str, accept: str = "application/json", **query: str) -> httpx.Response:
        return _ok(self.stack.http.get(path, params=query, headers=self._headers() | {"accept": accept}))

    def post(self, path: str, body: Any = None, *, method: str = "POST") -> Any:
        headers = self._headers() | {"idempotency-key": f"{self.sub}-{next(self._acts)}"}
        return _ok(self.stack.http.request(method, path, json=body, headers=headers)).json()

    def put(self, path: str, body: Any) -> Any:
        return self.post(path, body, method="PUT")

    def everything(self, path: str, **query: str) -> list[Any]:
        """Return all items of a list, page by page."""
        items: list[Any] = []
        cursor: str | None = None
        while True:
            page = self.get(path, limit="100", **query, **({"cursor": cursor} if cursor else {}))
            items += page["items"]
            if (cursor := page["next_cursor"]) is None:
                return items

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.stack.token(self.sub, self._roles, **self._claims)}"}


def _ok(answer: httpx.Response) -> httpx.Response:
    if answer.is_error:
        raise Refused(answer)
    return answer
