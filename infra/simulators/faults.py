"""What goes wrong when a test orders it.

mode      what the client sees                                  was it done?
down      the connection closes without an answer               no
slow      the right answer, five seconds of real time late      yes
error     500                                                   no
garbage   200 with half a JSON document                         no
refused   401                                                   no
busy      429, to come again after 42 seconds                   no
cut off   the beginning of an answer, and then nothing          no
endless   an answer that goes on and on (for 64 MB)             no
"""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

MODES = ("down", "slow", "error", "garbage", "refused", "busy", "cut off", "endless")
_CHUNK, _CHUNKS = b" " * 65_536, 1_024
SLOW_S = 5.0


class Faults:
    def __init__(self, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._ordered: dict[str, tuple[str, int]] = {}
        self._pause = pause

    def order(self, provider: str, mode: str, requests: int) -> None:
        self._ordered[provider] = mode, requests

    def take(self, provider: str) -> str | None:
        """Use up one ordered fault of *provider*; None when all is well."""
        mode, left = self._ordered.get(provider, ("", 0))
        if not left:
            return None
        self._ordered[provider] = mode, left - 1
        return mode

    async def hold(self) -> None:
        """Wait until the client has lost patience."""
        await self._pause(SLOW_S)


async def answer_wrongly(mode: str, scope: Scope, receive: Receive, send: Send) -> int | None:
    """Answer as *mode* says without doing anything; return the status sent, None for no answer at all."""
    if mode == "down" and (transport := scope.get("transport")):
        transport.close()
        while (await receive())["type"] != "http.disconnect":
            pass
        return None
    if mode in ("cut off", "endless"):
        return await _go_on(mode, scope, send)
    response = {
        "down": JSONResponse({"message": "Service Unavailable"}, 503),  # where no transport can be closed
        "error": JSONResponse({"message": "Internal Server Error"}, 500),
        "refused": JSONResponse({"message": "Unauthorized"}, 401),
        "busy": JSONResponse({"message": "Too Many Requests"}, 429, {"Retry-After": "42"}),
        "garbage": Response('{"status_code": "200", "success": tr', 200, media_type="application/json"),
    }[mode]
    await response(scope, receive, send)
    return response.status_code


async def _go_on(mode: str, scope: Scope, send: Send) -> int:
    """Answer with more, or with less, than anybody asked for."""
    transport = scope.get("transport")
    length = str(len(_CHUNK) * _CHUNKS).encode()
    headers = [(b"content-type", b"application/octet-stream"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for _ in range(1 if mode == "cut off" else _CHUNKS):
        if transport and transport.is_closing():
            break
        await send({"type": "http.response.body", "body": _CHUNK, "more_body": True})
    if transport:
        transport.close()
    return 200
