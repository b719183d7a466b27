"""The AWS engine: ministack as a child process, on loopback, with or without memory."""

import asyncio
import os
import socket
from pathlib import Path

from infra.local.aws import Client
from infra.local.processes import die_with_parent
from infra.local.settings import ACCOUNT, REGION, REPOSITORY

_PROGRAM = REPOSITORY / ".venv-engine" / "bin" / "ministack"
_START_SECONDS = 20.0
_STOP_SECONDS = 20.0


class EngineDied(RuntimeError):
    """The engine could not be started, or ended by itself."""


class Engine:
    def __init__(self, process: asyncio.subprocess.Process, client: Client, log: Path) -> None:
        self._process = process
        self._log = log
        self.client = client
        self.url = f"http://127.0.0.1:{client.port}"

    @classmethod
    async def start(cls, scratch: Path, data: Path | None) -> "Engine":
        """Start ministack and return at once; `answering` waits for it. *data*: where it remembers, if at all."""
        if not _PROGRAM.exists():
            raise EngineDied(f"{_PROGRAM.relative_to(REPOSITORY)} is not installed; `make setup` installs it")
        port = _kept_port(data / "engine.port") if data else free_port()
        log = scratch / "engine.log"
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                str(_PROGRAM),
                env=_environment(port, scratch, data),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # an interrupt from the terminal is for the stack to pass on, in its order
                preexec_fn=die_with_parent(),
            )
        return cls(process, Client(port), log)

    async def answering(self) -> None:
        """Return once the engine answers."""
        async with asyncio.timeout(_START_SECONDS):
            while True:
                if self._process.returncode is not None:
                    raise EngineDied(f"the engine ended while starting:\n{self._log.read_text()[-2000:]}")
                try:
                    status, _ = await self.client.request("GET", "/_ministack/health", service="sts")
                except ConnectionError:
                    status = 0
                if status == 200:
                    return
                await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """End the engine so that it can write its data down."""
        self.client.close()
        if self._process.returncode is None:
            self._process.terminate()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            raise EngineDied("the engine did not stop in time; its data may be incomplete") from None


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _kept_port(kept_in: Path) -> int:
    """Return the port of the first run: the engine keeps its queues by their URLs, port and all."""
    if not kept_in.exists():
        kept_in.write_text(str(free_port()))
    port = int(kept_in.read_text())
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise EngineDied(f"port {port}, which the kept data goes with, is taken (see {kept_in})")
    return port


def _environment(port: int, scratch: Path, data: Path | None) -> dict[str, str]:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", ""),
        "TMPDIR": str(scratch),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "S3_DATA_DIR": str(scratch / "s3"),
    }
    if data:
        environment |= {
            "PERSIST_STATE": "1",
            "STATE_DIR": str(data / "engine"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(data / "s3"),
        }
    return environment
