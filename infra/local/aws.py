"""A thin client of the local engine: AWS's JSON protocol over kept connections, without signatures.

The pump calls the engine thousands of times; botocore would take longer than the engine itself.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.settings import REGION

_TARGETS = {
    "dynamodb": ("DynamoDB_20120810", "1.0"),
    "streams": ("DynamoDBStreams_20120810", "1.0"),
    "sqs": ("AmazonSQS", "1.0"),
    "secretsmanager": ("secretsmanager", "1.1"),
    "kms": ("TrentService", "1.1"),
}
_SIGNING_NAMES = {"streams": "dynamodb"}
_PATIENCE = 30.0


class EngineError(Exception):
    """The engine refused a call; *code* is AWS's own word for why."""

    def __init__(self, operation: str, code: str, message: str) -> None:
        super().__init__(f"{operation}: {code}: {message}")
        self.code = code


@dataclass(slots=True)
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


@dataclass(slots=True)
class Client:
    port: int
    _idle: list[_Connection] = field(default_factory=list)

    async def call(self, service: str, operation: str, **arguments: Any) -> dict[str, Any]:
        """Call one operation and return its answer; EngineError if it is refused."""
        answer, _ = await self.call_measured(service, operation, **arguments)
        return answer

    async def call_measured(self, service: str, operation: str, **arguments: Any) -> tuple[dict[str, Any], int]:
        """Return the answer as `call` does, and how many bytes it took."""
        prefix, version = _TARGETS[service]
        headers = {
            "Content-Type": f"application/x-amz-json-{version}",
            "X-Amz-Target": f"{prefix}.{operation}",
        }
        body = json.dumps(arguments).encode()
        status, answer = await self.request(
            "POST", "/", body, headers=headers, service=_SIGNING_NAMES.get(service, service)
        )
        read: dict[str, Any] = json.loads(answer or b"{}")
        if status >= 300:
            code = str(read.get("__type", status)).rpartition("#")[2]
            raise EngineError(f"{service} {operation}", code, read.get("message") or read.get("Message", ""))
        return read, len(answer)

    async def request(
        self, method: str, path: str, body: bytes = b"", *, headers: Mapping[str, str] | None = None, service: str
    ) -> tuple[int, bytes]:
        """Send one request over a kept connection, or over a new one where the kept one has been closed."""
        lines = {
            "Host": f"127.0.0.1:{self.port}",
            "Authorization": f"AWS4-HMAC-SHA256 Credential=LOCAL/20200401/{REGION}/{service}/aws4_request, "
            "SignedHeaders=host, Signature=0",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items()) + "\r\n"
        async with asyncio.timeout(_PATIENCE):
            while self._idle:
                try:
                    return await self._exchange(self._idle.pop(), head.encode() + body)
                except (ConnectionError, asyncio.IncompleteReadError):
                    continue  # closed by the engine while it lay idle
            connection = _Connection(*await asyncio.open_connection("127.0.0.1", self.port, limit=2**20))
            return await self._exchange(connection, head.encode() + body)

    async def _exchange(self, connection: _Connection, request: bytes) -> tuple[int, bytes]:
        connection.writer.write(request)
        head = (await connection.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:])}
        body = await connection.reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            connection.writer.close()
        else:
            self._idle.append(connection)
        return int(head[0].split(" ")[1]), body

    def close(self) -> None:
        while self._idle:
            self._idle.pop().writer.close()
