"""What goes wrong when a test orders it.

mode      what the client sees                                  was it done?
down      the connection closes without an answer               no
slow      the right answer, five seconds of real time late      yes
error     500                                                   no
garbage   200 with half a JSON document                         no
"""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

MODES = ("down", "slow", "error", "garbage")
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
    response = {
        "down": JSONResponse({"message": "Service Unavailable"}, 503),  # where no transport can be closed
        "error": JSONResponse({"message": "Internal Server Error"}, 500),
        "garbage": Response('{"status_code": "200", "success": tr', 200, media_type="application/json"),
    }[mode]
    await response(scope, receive, send)
    return response.status_code
