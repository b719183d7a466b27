"""A programme office on moto: one institution, cooperative, drop-off and product, and waves on demand."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lumbung.domain.people import Caller
from lumbung.domain.product import Pack, Product
from lumbung.runtime import clock, deps, deps_ordering
from ordering import api
from tests.integration.conftest import Http, Reply

OPENS = datetime(2020, 4, 7, 1, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=1)
DURING = OPENS + timedelta(hours=2)
OPERATOR = Caller("op-1", frozenset({"operator"}))
PIC = Caller("pic-1", frozenset({"pic"}), name="Ibu Rini")


def a_member(n: int = 1, **changes: Any) -> Caller:
    member = Caller(f"mem-{n}", frozenset({"member"}), None, f"Siti {n}", f"+62812345678{n:02d}")
    return replace(member, **changes)


@dataclass
class Office:
    """The programme office, with one institution, cooperative, drop-off and product."""

    http: Http
    institution: str
    cooperative: str
    dropoff: str
    product: str

    def wave(self, **changes: Any) -> dict[str, Any]:
        """Publish a wave; a quota per pack size in kg, e.g. quotas={5: 10}."""
        quotas = changes.pop("quotas", {5: 10})
        per_member = changes.pop("max_per_member", None)
        body = {
            "name": "Gelombang I",
            "time_zone": "Asia/Jakarta",
            "opens_at": "2020-04-07T08:00:00+07:00",
            "closes_at": "2020-04-08T08:00:00+07:00",
            "payment_due_at": "2020-04-08T10:00:00+07:00",
            "payment_window_s": 7200,
            "delivery_date": "2020-04-10",
            "eligible_institution_ids": None,
            "dropoff_ids": [self.dropoff],
            "allocation_policy": "first_come",
            "offers": [
                {"product_id": self.product, "sku": f"B{kg}", "quota": quota, "max_per_member": per_member}
                for kg, quota in quotas.items()
            ],
            **changes,
        }
        made = self.post("/v1/waves", body, key=f"wave-{body['name']}-{len(str(body))}")
        assert made.status == 201, made.text
        published = self.post(f"/v1/waves/{made.json['id']}/publication", key="publish")
        assert published.status == 200, published.text
        return published.json

    def post(self, path: str, body: Any = None, *, key: str, caller: Caller = OPERATOR, at: datetime = DURING) -> Reply:
        return self.http(api.handler, "POST", path, body, caller=caller, key=key, at=at)

    def get(self, path: str, caller: Caller | None = OPERATOR, at: datetime = DURING) -> Reply:
        return self.http(api.handler, "GET", path, caller=caller, at=at)

    def order(
        self, wave: dict[str, Any], *, packs: int = 1, offer: int = 0, member: Caller | None = None, key: str = "k",
        at: datetime = DURING, **changes: Any,
    ) -> Reply:  # fmt: skip
        body = {
            "wave_id": wave["id"],
            "dropoff_id": self.dropoff,
            "lines": [{"offer_id": wave["offers"][offer]["id"], "quantity": packs}],
            "fulfilment": {"method": "pickup"},
            **changes,
        }
        return self.post("/v1/orders", body, key=key, caller=member or a_member(), at=at)

    def edit(
        self, order_id: str, body: Any, *, key: str = "e", caller: Caller | None = None, at: datetime = DURING
    ) -> Reply:
        path = f"/v1/orders/{order_id}"
        return self.http(api.handler, "PATCH", path, body, caller=caller or a_member(), key=key, at=at)

    def cancel(self, order_id: str, *, key: str = "c", caller: Caller | None = None, at: datetime = DURING) -> Reply:
        return self.post(f"/v1/orders/{order_id}/cancellation", key=key, caller=caller or a_member(), at=at)

    def stock(self, wave: dict[str, Any]) -> list[dict[str, Any]]:
        return self.get(f"/v1/waves/{wave['id']}/stock").json["items"]


@pytest.fixture
def office(http: Http) -> Office:
    return an_office(http)


def an_office(http: Http) -> Office:
    clock.use(lambda: DURING)

    def post(path: str, body: dict[str, Any]) -> str:
        made = http(api.handler, "POST", path, body, caller=OPERATOR, key=path)
        assert made.status == 201, made.text
        return str(made.json["id"])

    institution = post("/v1/institutions", {"code": "K48", "name": "Kementerian Koperasi", "kind": "ministry"})
    cooperative = post("/v1/cooperatives", {
        "name": "Koperasi Tani Mulus", "regency": "Indramayu", "operator_ids": ["coop-1"],
        "bank": {"bank": "bri", "account_number": "0012345678", "account_name": "Koperasi Tani Mulus"},
    })  # fmt: skip
    dropoff = post("/v1/dropoffs", {
        "name": "Gedung Kementerian", "address": "Jl. H.R. Rasuna Said", "lat": -6.2196, "lng": 106.83,
        "pic_ids": [PIC.id],
    })  # fmt: skip
    packs = tuple(Pack(f"B{kg}", kg * 1000, kg * 11_000) for kg in (5, 10, 20))
    product = Product("prd_rice", "Beras Premium", "rice", packs, cooperative_id=cooperative)
    deps.waves().commit(*deps_ordering.products().add(product))
    return Office(http, institution, cooperative, dropoff, product.id)
