"""The process itself, over a socket: what an application without a server cannot show."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[3]
STATUS = "/midtrans/v2/pay_1/status"


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(*options: str) -> list[str]:
    return [sys.executable, "-m", "infra.simulators", *options]


@pytest.fixture(scope="module")
def web() -> Iterator[httpx.Client]:
    port, nobody = a_free_port(), a_free_port()
    options = ("--port", str(port), "--stack", f"http://127.0.0.1:{nobody}")
    with subprocess.Popen(command(*options), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"simulators http://127.0.0.1:{port}\n"
        auth = ("SB-Mid-server-lumbung-local", "")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", auth=auth, trust_env=False) as client:
            yield client
        process.terminate()
        process.wait(10)


def test_without_the_stacks_time_no_provider_answers(web):
    answer = web.get(STATUS)

    assert answer.status_code == 503
    assert "does not tell the time" in answer.json()["message"]


def test_a_provider_that_is_down_closes_the_connection_without_an_answer(web):
    web.post("/clock", json={"now": "2026-10-05T02:00:00Z"})
    web.post("/faults", json={"provider": "midtrans", "mode": "down", "requests": 1})

    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        web.get(STATUS)

    assert web.get(STATUS).json()["status_code"] == "404"


def test_a_stack_beyond_this_machine_is_refused():
    refused = subprocess.run(command("--stack", "http://example.com"), cwd=ROOT, capture_output=True, text=True)

    assert refused.returncode == 2
    assert "on this machine" in refused.stderr
