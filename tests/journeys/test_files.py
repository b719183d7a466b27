"""A supplier's list comes as a file, through a signed link, and is found in the catalogue."""

import time
from typing import Any

import httpx
import pytest

from tests.journeys.conftest import Market

pytestmark = pytest.mark.slow

LIST = "kode;nama;harga;asal\n" + "".join(
    f"K{n};Kopi Gayo Petik {n} 250 g;Rp{40_000 + n};Takengon\n" for n in range(60)
)
PATIENCE_S = 20  # of real time: the bucket tells its queue in its own time


def test_a_file_that_is_put_in_the_bucket_becomes_products_that_are_found(market: Market) -> None:
    operator = market.programme.operator
    operator.put("/v1/catalog/sources/sheet", {"cooperative_id": market.programme.cooperative_id})
    link = operator.post("/v1/catalog/sources/sheet/uploads", {"content_type": "text/csv"})

    assert post(link, LIST).status_code == 204
    assert post({**link, "fields": {**link["fields"], "key": "catalog/sheet/another"}}, LIST).status_code == 403

    run = operator.get(f"/v1/catalog/syncs/{started(market)}")
    assert (run["status"], run["created"], run["quarantined"]) == ("completed", 60, 0)
    seller = market.programme.cooperative_id
    found = operator.everything("/v1/catalog/products", q="gayo petik", cooperative_id=seller)
    assert len(found) == 60
    [one] = operator.everything("/v1/catalog/products", q="petik 59", region="takengon", min_price_per_kg="160000")
    assert one["packs"] == [{"sku": "K59", "weight_g": 250, "price": 40_059}]


def post(link: dict[str, Any], content: str) -> httpx.Response:
    return httpx.post(link["url"], data=link["fields"], files={"file": ("daftar.csv", content.encode(), "text/csv")})


def started(market: Market) -> str:
    """Return the run that the file started, once all that it set off is done."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        market.stack.idle()
        source = market.programme.operator.get("/v1/catalog/sources/sheet")
        if source["latest"] and not source["waiting"]:
            market.stack.idle()
            return str(source["latest"])
        time.sleep(0.1)
    raise AssertionError("no run was started")
