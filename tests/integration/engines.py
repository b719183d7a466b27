"""The DynamoDB that the tests run on: moto in this process, or with ENGINE=ministack or ENGINE=http://… a real one.

Everything else of AWS stays moto's. What is found to differ between engines is in `infra/engines.md`.
"""

import atexit
import copy
import os
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.error import URLError
from urllib.request import urlopen

import botocore.session
from moto.dynamodb.models import dynamodb_backends

from infra.local.engine import free_port

PROGRAM = Path(__file__).parents[2] / ".venv-engine" / "bin" / "ministack"
AT_ONCE = 25  # DynamoDB's own limit on one batch of writes
PATIENCE_S = 30


class Engine(Protocol):
    def kept(self) -> Any:
        """Return what all tables hold."""

    def put_back(self, kept: Any) -> None:
        """Let all tables hold that and nothing else."""


class Moto:
    """Tables of this process: as they were by copying them."""

    def kept(self) -> Any:
        for table in self._backend().tables.values():
            table.stream_shard = None  # moto copies all records with every transaction, and nothing here reads them
        return copy.deepcopy(self._backend().tables)

    def put_back(self, kept: Any) -> None:
        self._backend().tables = copy.deepcopy(kept)

    def _backend(self) -> Any:
        return dynamodb_backends["123456789012"]["ap-southeast-3"]


class OverTheWire:
    """Tables of an engine at *url*: as they were by writing what they held."""

    def __init__(self, url: str) -> None:
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = url
        self._client = botocore.session.get_session().create_client("dynamodb")

    def kept(self) -> Any:
        names = self._client.list_tables()["TableNames"]
        return {name: list(self._items(name)) for name in names}

    def put_back(self, kept: Any) -> None:
        for name, items in kept.items():
            there = [{key: item[key] for key in ("pk", "sk")} for item in self._items(name)]
            self._write(name, [{"DeleteRequest": {"Key": key}} for key in there])
            self._write(name, [{"PutRequest": {"Item": item}} for item in items])

    def _items(self, name: str) -> Any:
        for page in self._client.get_paginator("scan").paginate(TableName=name, ConsistentRead=True):
            yield from page["Items"]

    def _write(self, name: str, requests: list[Any]) -> None:
        for start in range(0, len(requests), AT_ONCE):
            left = {name: requests[start : start + AT_ONCE]}
            while left:
                left = self._client.batch_write_item(RequestItems=left).get("UnprocessedItems")


@cache
def engine() -> Engine:
    """Return the one that ENGINE names."""
    match os.environ.get("ENGINE", "moto"):
        case "moto":
            return Moto()
        case "ministack":
            return OverTheWire(_ministack())
        case url:
            return OverTheWire(url)


def _ministack() -> str:
    """Start it for as long as the tests run, and return where it listens."""
    port, scratch = free_port(), tempfile.mkdtemp(prefix="engine-")
    own = {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0", "S3_DATA_DIR": scratch}
    process = subprocess.Popen(
        [PROGRAM], env=os.environ | own | {"LOG_LEVEL": "ERROR"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    atexit.register(process.kill)
    for _ in range(PATIENCE_S * 20):
        try:
            urlopen(f"http://127.0.0.1:{port}/_ministack/health")
        except URLError:
            time.sleep(0.05)
        else:
            return f"http://127.0.0.1:{port}"
    raise RuntimeError("ministack does not answer")
