"""The Lambda Runtime API, served to one worker process.

A worker's answers carry one line before their body: what the invocation cost and touched (see `meter`).
"""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_PREFIX = "/2018-06-01/runtime/"
_LONGEST = 6 * 1024 * 1024
"""Lambda's limit on an answer, in bytes."""


@dataclass(frozen=True, slots=True)
class Invocation:
    id: str
    event: bytes
    arn: str
    timeout_s: float
    now: str
    """The stack's clock when the invocation starts."""

    def headers(self) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "Content-Length": str(len(self.event)),
            "Lambda-Runtime-Aws-Request-Id": self.id,
            "Lambda-Runtime-Invoked-Function-Arn": self.arn,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + self.timeout_s) * 1000)),  # noqa: TID251  a machine's deadline
            "Lambda-Runtime-Client-Context": json.dumps({"custom": {"now": self.now}}),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an invocation: the handler's answer as JSON, or the error in Lambda's shape."""

    payload: bytes
    failed: bool
    meter: dict[str, Any] = field(default_factory=dict)
    id: str = ""
    """The invocation's request id, where there was an invocation."""
    function: str = ""
    """Whose invocation it was, where there was one."""
    lost: bool = False
    """The worker ended or was ended: what it had done by then is not known."""

    @classmethod
    def error(cls, kind: str, message: str, *, lost: bool = False) -> "Outcome":
        return cls(json.dumps({"errorType": kind, "errorMessage": message}).encode(), failed=True, lost=lost)


class RuntimeApi:
    """Hands invocations to one worker, one at a time."""

    def __init__(self, on_ready: Callable[[], None]) -> None:
        self._on_ready = on_ready
        self._given: asyncio.Queue[Invocation] = asyncio.Queue()
        self._server: asyncio.Server | None = None
        self.outcome: asyncio.Future[Outcome] | None = None
        self.init_error: bytes | None = None

    async def listen(self) -> str:
        """Start serving on a loopback port, and return the address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**20)
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def give(self, invocation: Invocation) -> asyncio.Future[Outcome]:
        self.outcome = asyncio.get_running_loop().create_future()
        self._given.put_nowait(invocation)
        return self.outcome

    def close(self) -> None:
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:])}
                path = head[0].split(" ")[1].removeprefix(_PREFIX)
                writer.write(await self._answer(path, await _body(reader, headers)))
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # the worker is gone; whoever watches its process acts on it
        finally:
            writer.close()

    async def _answer(self, path: str, body: bytes) -> bytes:
        if path == "invocation/next":
            self._on_ready()
            invocation = await self._given.get()
            return _http("200 OK", invocation.headers()) + invocation.event
        if path == "init/error":
            self.init_error = body
        elif self.outcome and not self.outcome.done():
            self.outcome.set_result(_outcome(body, failed=path.endswith("/error")))
        return _http("202 Accepted", {"Content-Length": "0"})


def _outcome(body: bytes, *, failed: bool) -> Outcome:
    meter, _, payload = body.partition(b"\n")
    if len(payload) > _LONGEST:
        return Outcome.error(
            "Function.ResponseSizeTooLarge",
            f"Response payload size exceeded maximum allowed payload size ({_LONGEST} bytes).",
        )
    return Outcome(payload, failed, json.loads(meter))


def _http(status: str, headers: dict[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode()


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    parts = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return b"".join(parts)
