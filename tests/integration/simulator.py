"""The simulators in a process of their own, and where their notifications go."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from lumbung.domain.moments import rfc3339
from tests.integration.conftest import ROOT
from tests.integration.office import DURING


class Stack:
    """Where the simulator's notifications go; kept, as they came."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.headers: list[dict[str, str]] = []
        bodies, headers = self.bodies, self.headers

        class Take(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                headers.append({name.lower(): value for name, value in self.headers.items()})
                bodies.append(self.rfile.read(int(self.headers["content-length"])).decode())
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Simulator:
    def __init__(self, url: str, stack: Stack) -> None:
        self.url, self.stack = url, stack
        self._client = httpx.Client(base_url=url, trust_env=False)

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        return dict(self._client.post(path, json=body).raise_for_status().json())

    def at(self, now: datetime) -> None:
        self.post("/clock", now=rfc3339(now))

    def fault(self, mode: str, requests: int = 1, *, provider: str = "midtrans") -> None:
        self.post("/faults", provider=provider, mode=mode, requests=requests)

    def be(self, payment_id: str, status: str, notify: int = 0, **more: Any) -> None:
        self.post("/midtrans/simulate", order_id=payment_id, transaction_status=status, notify=notify, **more)

    def be_at(self, provider: str, payment_id: str, status: str, notify: int = 0, **more: Any) -> None:
        self.post(f"/{provider}/simulate", id=payment_id, status=status, notify=notify, **more)

    def asked(self, provider: str = "midtrans") -> list[str]:
        items = self._client.get(f"/requests?provider={provider}").json()["items"]
        return [f"{item['method']} {item['path'].rpartition('/')[2]}" for item in items]


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    stack = Stack()
    command = [
        sys.executable, "-m", "infra.simulators", "--port", str(_a_free_port()),
        "--stack", f"http://127.0.0.1:{stack.server.server_port}",
    ]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        made = Simulator(process.stdout.readline().split()[1], stack)
        made.at(DURING)
        yield made
        process.terminate()
        process.wait(10)
    stack.server.shutdown()


def _a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
