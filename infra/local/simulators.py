"""The providers' simulators: a child process on the next port, kept on the stack's time."""

import asyncio
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from infra.local.clock import stamp
from infra.local.processes import die_with_parent
from infra.local.settings import REPOSITORY

_START_SECONDS = 15.0
_ANSWER_SECONDS = 60.0


class SimulatorsDied(RuntimeError):
    """The simulators could not be started, or do not follow the clock."""


class Simulators:
    def __init__(self, port: int, stack_url: str, scratch: Path) -> None:
        self._port = port
        self._stack_url = stack_url
        self._log = scratch / "simulators.log"
        self._client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=_ANSWER_SECONDS, trust_env=False)
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start them and return at once; `answering` waits for them."""
        with self._log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "infra.simulators", "--port", str(self._port), "--stack", self._stack_url),
                cwd=REPOSITORY,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # an interrupt from the terminal is for the stack to pass on, in its order
                preexec_fn=die_with_parent(),
            )

    async def answering(self) -> None:
        """Return once the simulators answer."""
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            if self._process and self._process.returncode is not None:
                raise SimulatorsDied(f"the simulators ended while starting:\n{self._log.read_text()[-2000:]}")
            try:
                await self._client.get("/requests")
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return
        raise SimulatorsDied(f"the simulators do not answer:\n{self._log.read_text()[-2000:]}")

    async def tell(self, now: datetime) -> None:
        """Say that the clock was moved to *now*; they answer once they have sent what fell due."""
        answer = await self._client.post("/clock", json={"now": stamp(now)})
        if answer.is_error:
            raise SimulatorsDied(f"the simulators did not follow the clock: {answer.status_code} {answer.text[:500]}")

    async def messages(self) -> list[dict[str, Any]]:
        """Return what was sent by WhatsApp so far, oldest first."""
        items: list[dict[str, Any]] = (await self._client.get("/whatsapp/messages")).json()["items"]
        return items

    async def stop(self) -> None:
        await self._client.aclose()
        if self._process and self._process.returncode is None:
            self._process.terminate()
            try:
                async with asyncio.timeout(5):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
