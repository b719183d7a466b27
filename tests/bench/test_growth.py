"""Does an order, or a look at orders, cost more when a wave holds a hundred times as many? On the local engine.

Calls and units are counted and must not grow; times are shown as ratios to those of the smallest wave.
"""

import os
from collections.abc import Callable
from itertools import count
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from lumbung.domain.people import Caller
from lumbung.runtime import deps, deps_ordering
from ordering import worker
from tests.bench.full_wave import fill
from tests.faults.seam import seam
from tests.integration.office import DURING, PIC, Office, a_member

SIZES = (1_000, 10_000, 100_000)
DROPOFFS, ROUNDS = 50, 9

pytestmark = pytest.mark.skipif(not os.environ.get("BENCH"), reason="takes minutes: `make bench`")


def measured(act: Callable[[], Any]) -> tuple[float, int, float, float]:
    """Return milliseconds (median), and what one *act* took in calls, read and write units."""
    took = []
    for _ in range(ROUNDS):
        began = perf_counter()
        with seam() as calls:
            act()
        took.append((perf_counter() - began) * 1000)
    return median(took), len(calls.calls), calls.read_units, calls.write_units


def test_nothing_grows_with_the_wave(real_office: Office) -> None:
    office = real_office
    place = {"address": "Jl. Raya", "lat": -6.3, "lng": 106.8, "pic_ids": [PIC.id]}
    made = [
        office.post("/v1/dropoffs", {"name": f"Titik {n}", **place}, key=f"drp{n}").json["id"] for n in range(DROPOFFS)
    ]
    wave = office.wave(dropoff_ids=made, quotas={5: 400_000}, orders_per_member=None)
    filled, numbers = 0, count()
    member = a_member(7)

    def order() -> None:
        assert (
            office.order(wave, member=Caller(f"new-{next(numbers)}", frozenset({"member"})), dropoff_id=made[0]).status
            == 201
        )

    def count_dropoff() -> None:
        closing = worker.closing()
        run = deps.closings().start(wave["id"], "aggregate", made[:1])[0]
        closing._aggregate(deps.waves().recent(wave["id"]), run, made[1])

    looks: dict[str, Callable[[], Any]] = {
        "place an order": order,
        "a member's list": lambda: office.get("/v1/orders", member),
        "a drop-off's page": lambda: office.get(f"/v1/dropoffs/{made[0]}/orders?wave_id={wave['id']}", PIC),
        "what is due": lambda: deps_ordering.due().at(DURING),
        "read the wave": lambda: office.get(f"/v1/waves/{wave['id']}"),
        "count a drop-off, per order": count_dropoff,
    }
    table: dict[str, list[tuple[float, ...]]] = {name: [] for name in looks}
    for n in range(3):
        assert office.order(wave, member=member, key=f"mine {n}", dropoff_id=made[0]).status == 201
    for size in SIZES:
        fill(deps.waves().get(wave["id"]), filled, size)
        filled = size
        for name, act in looks.items():
            ms, *counted = measured(act)
            share = size / DROPOFFS if name.endswith("per order") else 1
            table[name].append((ms / share, *(c / share for c in counted)))

    print("\n" + show(table))
    for name, rows in table.items():
        calls = [row[1] for row in rows]
        assert max(calls) <= max(1.0, calls[0]), f"{name} takes more calls in a larger wave: {calls}"


def show(table: dict[str, list[tuple[float, ...]]]) -> str:
    lines = [f"{'':<28}" + "".join(f"{size:>34,} orders" for size in SIZES)]
    for name, rows in table.items():
        cells = [
            f"{ms:8.2f} ms x{ms / rows[0][0]:<5.2f}{calls:7.2f} calls {r:5.1f}R {w:4.1f}W" for ms, calls, r, w in rows
        ]
        lines.append(f"{name:<28}" + "".join(f"{cell:>41}" for cell in cells))
    return "\n".join(lines)
