"""What is done most: placing an order, warm, against the transaction alone; and sharing a short supply.

Compare within one run: the ratio of the two `order` benchmarks is what our code adds to the store's work.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import pytest

from lumbung.domain.allocation import FIRST_COME, PRO_RATA, Claim, allocate, decide, tally
from lumbung.domain.order import Order
from lumbung.domain.wave import Draft, Offer, Wave
from lumbung.runtime import clock, deps, log
from lumbung.store.rings import Rings
from lumbung.store.table import Database
from ordering import api
from tests.integration.conftest import template
from tests.memory_dynamodb import MemoryDynamoDB
from tests.people import Kms

OPENS = datetime(2020, 4, 7, 1, tzinfo=UTC)
AT = OPENS + timedelta(hours=1)
OFFER = Offer("off_rice", "prd_rice", "B5", "Beras 5 kg", "cop_1", 5_000, 55_000, quota=None, shards=20)
WAVE = Wave(
    id="wav_1", name="Gelombang", time_zone="Asia/Jakarta", opens_at=OPENS, closes_at=OPENS + timedelta(days=1),
    payment_due_at=OPENS + timedelta(days=1), delivery_date=OPENS.date() + timedelta(days=3), dropoff_ids=("drp_1",),
    offers=(OFFER,), status="published",
)  # fmt: skip


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> MemoryDynamoDB:
    """An open wave in memory, behind the real stores and the real handler."""
    made = MemoryDynamoDB({"orders": {}, "people": {}, "keys": {}})
    for name in ("orders", "people", "keys"):
        monkeypatch.setenv(f"{name.upper()}_TABLE", name)
    monkeypatch.setenv("PACK_SIZES", str(template()["Parameters"]["PackSizes"]["Default"]))
    monkeypatch.setattr(deps, "db", lambda: Database(made))
    monkeypatch.setenv("PERSON_KEY", "kms")
    monkeypatch.setattr(deps, "rings", cache(lambda: Rings(Database(made), "keys", Kms, "kms")))
    monkeypatch.setattr(deps, "id_secret", lambda: b"secret")
    monkeypatch.setattr(api.api, "_secret", lambda: b"secret")
    monkeypatch.setattr(log.logger, "info", lambda *a, **k: None)
    for cached in (deps.orders, deps.waves, deps.shards, deps.people, deps.personal, deps.keyring):
        cached.cache_clear()
    clock.use(lambda: AT)
    deps.db().commit(deps.waves().add(WAVE), *deps.shards().open(OFFER, WAVE))
    deps.waves().get(WAVE.id)
    yield made
    clock.use(None)
    for cached in (deps.orders, deps.waves, deps.shards, deps.people, deps.personal, deps.keyring):
        cached.cache_clear()


def an_order(n: int) -> Order:
    draft = Draft(f"ord_{n}", WAVE.id, "drp_1", None, f"mem-{n}", f"mem-{n}", ((OFFER.id, 1),), "hash")
    return WAVE.take_order(draft, at=AT)


def an_event(n: int) -> dict[str, Any]:
    body = {
        "wave_id": "wav_1", "dropoff_id": "drp_1", "lines": [{"offer_id": "off_rice", "quantity": 1}],
        "fulfilment": {"method": "pickup"},
    }  # fmt: skip
    return {
        "version": "2.0", "rawPath": "/v1/orders", "rawQueryString": "", "isBase64Encoded": False,
        "headers": {"content-type": "application/json", "idempotency-key": f"k{n}"},
        "requestContext": {
            "http": {"method": "POST", "path": "/v1/orders"}, "requestId": "r", "stage": "$default",
            "timeEpoch": int(AT.timestamp() * 1000),
            "authorizer": {"jwt": {"claims": {"sub": f"mem-{n}", "token_use": "id", "cognito:groups": "[member]"}}},
        },
        "body": json.dumps(body),
    }  # fmt: skip


@pytest.mark.benchmark(group="order")
def test_the_transaction_alone(store: MemoryDynamoDB, benchmark: Callable[..., Any]) -> None:
    numbers = count()
    orders = deps.orders()

    benchmark(lambda: orders.add(an_order(next(numbers)), WAVE))

    assert len(store.tables["orders"]) > 21


@pytest.mark.benchmark(group="order")
def test_the_whole_handler(store: MemoryDynamoDB, benchmark: Callable[..., Any]) -> None:
    numbers = count()

    answer = benchmark(lambda: api.api.resolve(an_event(next(numbers)), None))

    assert answer["statusCode"] == 201, answer


def claims(many: int) -> list[Claim]:
    return [Claim(f"ord_{n}", n % 7 + 1, AT + timedelta(seconds=n % 3600)) for n in range(many)]


@pytest.mark.benchmark(group="allocation of 20,000 claims")
@pytest.mark.parametrize("policy", [FIRST_COME, PRO_RATA])
def test_sharing_a_short_supply(policy: str, benchmark: Callable[..., Any]) -> None:
    asked = claims(20_000)

    granted = benchmark.pedantic(lambda: allocate(policy, asked, 50_000), rounds=3)  # type: ignore[attr-defined]  # pytest-benchmark has no types

    assert sum(granted.values()) == 50_000


@pytest.mark.benchmark(group="one drop-off's tally grows with the drop-off, not with the wave")
@pytest.mark.parametrize("many", [1_000, 10_000])
def test_a_tally(many: int, benchmark: Callable[..., Any]) -> None:
    asked = claims(many)

    places = benchmark(lambda: tally(PRO_RATA, asked))

    assert decide(PRO_RATA, places, 100).cut is not None
