"""The whole system: the local stack over HTTP, with the programme office's people on it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zlib import crc32

import httpx
import pytest

from infra.replay.client import Actor, Stack
from infra.replay.office import Programme, prepare
from tests.rights import RECORD

ROOT = Path(__file__).parents[2]
START = datetime(2020, 4, 6, 2, tzinfo=UTC)


ACTS = count(1)


def two_free_ports() -> int:
    """Return a port that is free, and whose next one is: the simulators take it. No two workers look at the same."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = 18_100 + 1_000 * worker + os.getpid() * 20 % 500
    for port in range(first, first + 500, 2):
        try:
            for taken in (port, port + 1):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", taken))
        except OSError:
            continue
        return port
    raise RuntimeError("no two free ports in a row")


def started(command: list[str], until: str) -> tuple[subprocess.Popen[str], str]:
    """Start a program and return it with the line that begins with *until*."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    seen = []
    for line in process.stdout or ():
        seen.append(line)
        if line.startswith(until):
            return process, line
    raise AssertionError("".join(seen))


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    port = two_free_ports()
    command = [sys.executable, "-m", "infra.local", "--port", str(port), "--start", START.isoformat()]
    process, ready = started(command, until="ready ")
    running = Stack(ready.split()[1])
    yield running
    RECORD.merge(running.http.get("/dev/rights").json())
    process.terminate()
    process.wait(30)


@dataclass
class Market:
    """A programme whose waves can be opened at will; every wave is open from now on for a day."""

    programme: Programme
    stack: Stack
    waves: Iterator[int]

    def wave(self, quotas: dict[int, int] | None = None, **changes: Any) -> dict[str, Any]:
        now = self.stack.now()
        skus = {pack["weight_g"] // 1000: pack["sku"] for pack in self.programme.product["packs"]}
        offers = [
            {"product_id": self.programme.product["id"], "sku": skus[kg], "quota": quota, "max_per_member": None}
            for kg, quota in (quotas or {5: 100}).items()
        ]
        draft = self.programme.operator.post("/v1/waves", {
            "name": f"Gelombang {next(self.waves)}",
            "time_zone": "Asia/Jakarta",
            "opens_at": now.isoformat(),
            "closes_at": (now + timedelta(days=1)).isoformat(),
            "payment_due_at": (now + timedelta(days=1, hours=2)).isoformat(),
            "delivery_date": (now + timedelta(days=3)).date().isoformat(),
            "eligible_institution_ids": None,
            "dropoff_ids": list(self.programme.dropoff_ids),
            "allocation_policy": "first_come",
            "offers": offers,
            **changes,
        })  # fmt: skip
        published: dict[str, Any] = self.programme.operator.post(f"/v1/waves/{draft['id']}/publication")
        return published

    def member(self, sub: str) -> Actor:
        phone = f"+62812{crc32(sub.encode()) % 10**8:08d}"  # a phone of one's own: limits count per phone
        member = Actor(self.stack, sub, "member", name=f"Anggota {sub}", phone=phone)
        member._acts = ACTS  # journeys share members and a stack: no key may come twice
        return member

    def asked(self, wave: dict[str, Any], packs: int = 1, **changes: Any) -> dict[str, Any]:
        return {
            "wave_id": wave["id"],
            "dropoff_id": self.programme.dropoff_ids[0],
            "lines": [{"offer_id": wave["offers"][0]["id"], "quantity": packs}],
            "fulfilment": {"method": "pickup"},
            **changes,
        }

    def send(
        self, method: str, path: str, body: Any = None, *, sub: str | None = "siti", roles: str = "member",
        key: str | None = None, headers: dict[str, str] | None = None, raw: bytes | None = None,
    ) -> httpx.Response:  # fmt: skip
        """Send a request and return whatever comes back."""
        sent = {"content-type": "application/json", **(headers or {})}
        if sub:
            sent["authorization"] = f"Bearer {self.stack.token(sub, roles.split())}"
        if key:
            sent["idempotency-key"] = key
        content = raw if raw is not None else None
        return self.stack.http.request(method, path, json=body if raw is None else None, content=content, headers=sent)


@pytest.fixture(scope="session")
def market(stack: Stack) -> Market:
    return Market(prepare(stack), stack, count(1))
