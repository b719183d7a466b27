"""What our code adds to the store's work: POST /v1/orders, warm, against the same transaction sent alone."""

import copy
import os
from collections.abc import Callable
from itertools import count
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from lumbung.domain.people import Caller
from lumbung.runtime import deps
from tests.faults.seam import seam
from tests.integration.office import Office

ROUNDS = 150

pytestmark = pytest.mark.skipif(not os.environ.get("BENCH"), reason="needs the engine to itself: `make bench`")


def test_the_handler_against_its_transaction_alone(real_office: Office) -> None:
    wave = real_office.wave(name="Hangat", quotas={5: 10_000})
    numbers = count()

    def handler() -> None:
        n = next(numbers)
        member = Caller(f"warm-{n}", frozenset({"member"}), None, "Siti", f"+62812{n:08d}")
        assert real_office.order(wave, member=member).status == 201

    handler()
    with seam() as calls:
        handler()
    [(operation, request)] = calls.requests
    client = deps.aws("dynamodb")

    def alone() -> None:
        client.transact_write_items(TransactItems=as_another(request["TransactItems"], next(numbers)))

    spent: dict[str, list[float]] = {"handler": [], "alone": []}
    for _ in range(ROUNDS):  # in turn, so that both meet the same machine
        spent["handler"].append(timed(handler))
        spent["alone"].append(timed(alone))

    whole, bare = median(spent["handler"]), median(spent["alone"])
    print(f"\nPOST /v1/orders {whole:.2f} ms, {operation} alone {bare:.2f} ms: x{whole / bare:.2f}")


def as_another(writes: list[Any], number: int) -> list[Any]:
    """Return the same writes for another order of another member."""
    made = copy.deepcopy(writes)
    for write in made:
        [body] = write.values()
        key = body.get("Key") or body["Item"]
        if key["pk"]["S"].startswith(("ORDER#", "PERSON#")):
            key["pk"] = {"S": f"{key['pk']['S'].partition('#')[0]}#alone-{number}"}
    return made


def timed(act: Callable[[], Any]) -> float:
    began = perf_counter()
    act()
    return (perf_counter() - began) * 1000
