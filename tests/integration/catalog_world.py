"""The catalogue's world for tests: what an operator does, and what its queue delivers."""

import json
from typing import Any

import pytest

from catalog import api, stream, worker
from lumbung.domain.people import COOPERATIVE, OPERATOR, Caller
from lumbung.domain.registry import Cooperative
from lumbung.runtime import clock, deps
from lumbung.store.table import to_wire
from tests.integration.conftest import ENVIRONMENTS, NOW, Http
from tests.integration.feed import FeedSimulator

OFFICE = Caller("usr_office", frozenset({OPERATOR}))
STRANGER = Caller("usr_other", frozenset({COOPERATIVE}))
MULUS = Cooperative("cop_mulus", "Koperasi Tani Mulus", "Indramayu", frozenset({"usr_mulus"}))


class HasTime:
    """Lambda's context, of an invocation with so many milliseconds left."""

    def __init__(self, left_ms: int) -> None:
        self._left_ms = left_ms

    def get_remaining_time_in_millis(self) -> int:
        return self._left_ms


TIME_ENOUGH = HasTime(900_000)


class Catalog:
    """What an operator does, and what the queue delivers."""

    def __init__(self, http: Http) -> None:
        self.http, self.keys, self.messages = http, 0, []

    def post(self, path: str, body: Any, key: str | None = None) -> Any:
        return self.send("POST", path, body, key)

    def send(self, method: str, path: str, body: Any, key: str | None = None) -> Any:
        self.keys += 1
        return self.http(api.handler, method, path, body, caller=OFFICE, key=key or f"k{self.keys}")

    def get(self, path: str) -> Any:
        return self.http(api.handler, "GET", path, caller=OFFICE).json

    def configure(self, source: str = "lkpp_v5", **more: Any) -> None:
        deps.db().commit(deps.cooperatives().add(MULUS))
        body = {"cooperative_id": MULUS.id, **more}
        answer = self.http(api.handler, "PUT", f"/v1/catalog/sources/{source}", body, caller=OFFICE, key="source")
        assert answer.status == 200

    def start(self, source: str = "lkpp_v5") -> str:
        answer = self.post("/v1/catalog/syncs", {"source": source})
        assert answer.status == 202, answer.text
        return str(answer.json["id"])

    def sync(self, source: str = "lkpp_v5") -> dict[str, Any]:
        id_ = self.start(source)
        self.drain()
        return self.run(id_)

    def run(self, id_: str) -> dict[str, Any]:
        return dict(self.get(f"/v1/catalog/syncs/{id_}"))

    def products(self, query: str = "") -> list[dict[str, Any]]:
        follow_products()
        return list(self.get(f"/v1/catalog/products{query}")["items"])

    def received(self) -> list[dict[str, Any]]:
        """Take what is in the queue now, delayed messages too."""
        queue = deps.queue("SYNC_QUEUE")
        found = []
        while got := queue._client.receive_message(QueueUrl=queue._url, MaxNumberOfMessages=10).get("Messages"):
            for message in got:
                queue._client.delete_message(QueueUrl=queue._url, ReceiptHandle=message["ReceiptHandle"])
                found.append(json.loads(message["Body"]))
        return found

    def deliver(self, message: dict[str, Any]) -> dict[str, Any]:
        record = {"messageId": "m1", "body": json.dumps(message)}
        return worker.handler({"Records": [record]}, TIME_ENOUGH)

    def drain(self) -> None:
        while messages := self.received():
            for message in messages:
                assert self.deliver(message) == {"batchItemFailures": []}


def follow_products() -> None:
    """Tell the stream's function of every product, as if each had just been written."""
    items = [item for item in deps.db().scan(deps.table("catalog")) if item["sk"] == "PRODUCT"]
    events = [{"SequenceNumber": str(n), "NewImage": to_wire(item)} for n, item in enumerate(items)]
    assert stream.handler({"Records": [{"dynamodb": e} for e in events]}, None) == {"batchItemFailures": []}


def a_catalog(http: Http, simulator: FeedSimulator, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """Return the catalogue's world, with every source where the simulator serves it."""
    for name, value in simulator.environment().items():
        for variables in ENVIRONMENTS.values():
            if name in variables:
                variables[name] = value
        monkeypatch.setenv(name, value)
    clock.use(lambda: NOW)
    return Catalog(http)


def counts(run: dict[str, Any]) -> tuple[int, ...]:
    names = ("seen", "created", "updated", "unchanged", "withdrawn", "quarantined")
    return tuple(run[name] for name in names)
