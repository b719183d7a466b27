"""The two programs beside this one: the engine with rights enforced, and the simulators. Both end with it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import urllib3

from infra.local.processes import die_with_parent
from infra.local.settings import ACCOUNT, REGION

ROOT = Path(__file__).parents[2]
Say = Callable[[str], None]
ENGINE = ROOT / ".venv-engine" / "bin"
_START_S = 30.0
_STOP_S = 1.0  # nothing is kept


class NotThere(RuntimeError):
    """Something this needs is not installed, or did not start."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def engine(scratch: Path) -> Iterator[str]:
    """Run ministack with `AUTH=true`: signatures are verified, and every role may do what its policies say."""
    if not (ENGINE / "ministack").exists():
        raise NotThere(f"{ENGINE.relative_to(ROOT)} is not set up; `make setup` does it")
    if subprocess.run([str(ENGINE / "python"), "-c", "import cryptography"], capture_output=True).returncode:
        raise NotThere("the engine's environment lacks `cryptography`, which verifies JWTs; `make setup` adds it")
    port = free_port()
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": os.environ.get("HOME", ""),
        "TMPDIR": str(scratch),
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": os.environ.get("ENGINE_LOG", "WARNING"),
        "S3_DATA_DIR": str(scratch / "s3"),
    }
    url = f"http://127.0.0.1:{port}"
    with _running([str(ENGINE / "ministack")], environment, scratch / "engine.log", f"{url}/_ministack/health"):
        yield url


@contextmanager
def simulators(scratch: Path, port: int, stack: str) -> Iterator[str]:
    """Run the providers' simulators; their notifications go to *stack*."""
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "infra.simulators", "--port", str(port), "--stack", stack]
    with _running(command, dict(os.environ), scratch / "simulators.log", f"{url}/"):
        yield url


@contextmanager
def _running(command: list[str], environment: dict[str, str], log: Path, answers_at: str) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=die_with_parent(),
        )  # fmt: skip
        try:
            _wait(process, answers_at, log)
            yield
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End *process* and whatever it has started: its group is its own."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait(process: subprocess.Popen[bytes], answers_at: str, log: Path) -> None:
    http, until = urllib3.PoolManager(retries=False, timeout=2), time.monotonic() + _START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if http.request("GET", answers_at).status == 200:
                return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
    raise NotThere(f"{log.stem} did not start:\n{log.read_text(errors='replace')[-2000:]}")
