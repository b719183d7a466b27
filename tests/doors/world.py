"""One of everything that a route can name, in memory behind the gateway: whose it is decides who sees it.

Siti and Budi order at drop-off A, whose person in charge is Rini; Joko orders at B, Pak Dirman's. Rini has an order of
her own, at B. Tani's cooperative and Sari's bring to A, Sari's and Laut's to B.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from lumbung.domain.consignment import Consignment, ConsignmentLine
from lumbung.domain.deduction import Batch
from lumbung.domain.delivery import UNDER_WAY, Delivery, Part
from lumbung.domain.feed import Broken
from lumbung.domain.listing import Workbook
from lumbung.domain.listing_look import Look
from lumbung.domain.moments import rfc3339
from lumbung.domain.payment_provider import Providers
from lumbung.domain.people import Caller
from lumbung.domain.settlement import Received, ReceivedLine, Settlement
from lumbung.domain.supplier import KnownSupplier, told_by
from lumbung.domain.sync import Run
from lumbung.domain.trip import Stop, Trip
from lumbung.runtime import clock, deps, deps_catalog, deps_dispatch, deps_payments
from lumbung.store.table import to_wire
from payments import statements_stream
from tests.doors.gateway import Gateway
from tests.doors.memory import StrictMemoryAws
from tests.faults import container
from tests.integration.conftest import (
    CREDENTIALS,
    SECRETS,
    environments_of,
    forget_collaborators,
    template,
    use_environments,
)
from tests.integration.office import DURING
from tests.integration.payments_world import ScriptedMidtrans

OPERATOR = Caller("op-1", frozenset({"operator"}), name="Kantor Program")
RINI = Caller("rini", frozenset({"pic"}), name="Rini Astuti", phone="+6281311110001")
DIRMAN = Caller("dirman", frozenset({"pic"}), name="Dirman Wijaya", phone="+6281311110002")
SITI = Caller(
    "siti", frozenset({"member"}), name="Siti Rahma", phone="+6281211110001", email="siti@kementerian.example"
)
BUDI = Caller("budi", frozenset({"member"}), name="Budi Santoso", phone="+6281211110002")
JOKO = Caller("joko", frozenset({"member"}), name="Joko Susilo", phone="+6281211110003")
TANI = Caller("tani", frozenset({"cooperative"}))
NO_ROLE = replace(SITI, roles=frozenset())
CALLERS: Mapping[str, Caller | None] = {
    "nobody": None, "no role": NO_ROLE, "member": SITI, "pic": RINI, "cooperative": TANI, "operator": OPERATOR,
}  # fmt: skip
BANK = {"bank": "bri", "account_number": "0012345678", "account_name": "Koperasi"}
HOME = {
    "line": "Jl. Salemba Raya 4", "village_code": "31.71.04.1001", "postal_code": "10430", "lat": -6.2246,
    "lng": 106.83, "recipient": "Nenek Siti", "phone": "081298765432",
}  # fmt: skip
VILLAGES = "village_code,village,lat,lng,postal_code\n31.74.02.1001,Setiabudi,-6.2466,106.83,12910\n"


@dataclass
class World:
    """`ids`: of each thing, by what `things.py` calls it."""

    gateway: Gateway
    aws: StrictMemoryAws
    ids: dict[str, str] = field(default_factory=dict)
    keys: int = 0

    def ask(self, method: str, path: str, body: Any = None, *, by: Caller = OPERATOR, **more: Any) -> Any:
        """Have something made that must be made; return the answer's JSON."""
        self.keys += 1
        answer = self.gateway.send(method, path, body, caller=by, key=f"world-{self.keys}", **more)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.body.decode()} {self.gateway.raised}"
        return json.loads(answer.body)

    def make(self, name: str, path: str, body: Any = None, *, by: Caller = OPERATOR) -> Any:
        made = self.ask("POST", path, body, by=by)
        self.ids[name] = made["id"]
        return made

    def keep(self) -> Callable[[], None]:
        """Return how to put everything back to what it is now."""
        restore = self.aws.keep()

        def again() -> None:
            restore()
            self.gateway.raised.clear()
            container.fresh()

        return again

    def forget(self, id_: str) -> None:
        """Take a thing's items away, as if it had been deleted."""
        for name, rows in self.aws.dynamodb.tables.items():
            for pk, sk in [key for key in rows if key[0].partition("#")[2] == id_ or key[1] == id_]:
                self.aws.dynamodb.delete(name, (pk, sk))
        container.fresh()

    def everything(self) -> dict[str, Any]:
        """Return every item of every table, but for who has read of whom: that is to change with a question."""
        tables = self.aws.dynamodb.tables.items()
        return {
            name: {key: row for key, row in rows.items() if not key[0].startswith("READINGS#")} for name, rows in tables
        }


@contextmanager
def a_world() -> Iterator[World]:
    """The world, once it has everything."""
    logging.disable(logging.CRITICAL)  # a line for each of thousands of requests
    resources = template()["Resources"]
    with pytest.MonkeyPatch.context() as patched:
        for name, value in CREDENTIALS.items():
            patched.setenv(name, value)
        patched.delenv("AWS_ENDPOINT_URL", raising=False)
        environments = environments_of(resources, lambda queue: queue)
        use_environments(environments, patched)
        forget_collaborators()
        container.patient(patched)
        provider = ScriptedMidtrans()
        serving = {"virtual_account": (provider.name,), "qris": (provider.name,), "gopay": (provider.name,)}
        patched.setattr(deps_payments, "providers", lambda: Providers(lambda _: provider, serving))
        with StrictMemoryAws(resources, SECRETS).installed() as aws:
            clock.use(lambda: DURING)
            world = World(Gateway(environments), aws)
            _populate(world)
            yield world
            world.gateway.close()
        forget_collaborators()
        clock.use(None)
    logging.disable(logging.NOTSET)


def _populate(world: World) -> None:
    _places(world)
    _orders(world)
    _money(world)
    _goods(world)
    _catalogue(world)
    _staff(world)
    world.gateway.raised.clear()


def _places(world: World) -> None:
    for person in (OPERATOR, RINI, DIRMAN, SITI, BUDI, JOKO, TANI):
        world.ask("GET", "/v1/me", by=person)
    for name in ("own", "other"):
        world.make(f"institution {name}", "/v1/institutions", {"code": name.upper(), "name": name, "kind": "ministry"})
    for name, person in (("own", TANI.id), ("same", "sari"), ("other", "laut")):
        made = {"name": f"Koperasi {name}", "regency": "Indramayu", "operator_ids": [person], "bank": BANK}
        world.make(f"cooperative {name}", "/v1/cooperatives", made)
        packs = [{"sku": f"{name}-5", "weight_g": 5_000, "price": 55_000}]
        product = {
            "cooperative_id": world.ids[f"cooperative {name}"],
            "name": "Beras",
            "commodity": "rice",
            "packs": packs,
        }
        world.make(f"product {name}", "/v1/catalog/products", product)
    for name, person in (("own", RINI), ("other", DIRMAN)):
        world.make(f"dropoff {name}", "/v1/dropoffs", {
            "name": f"Gedung {name}", "address": "Jl. H.R. Rasuna Said", "lat": -6.2196, "lng": 106.83,
            "pic_ids": [person.id], "institution_ids": [world.ids[f"institution {name}"]],
        })  # fmt: skip
    csv = {"content-type": "text/csv"}
    world.ask("PUT", "/v1/villages", VILLAGES.encode(), headers=csv)
    world.ids["village own"] = "31.74.02.1001"
    world.make("wave draft", "/v1/waves", _wave(world, "Rancangan", "own"))
    for name, sellers in (("own", ("own", "same", "other")), ("other", ("other",))):
        world.make(f"wave {name}", "/v1/waves", _wave(world, name, *sellers))
        world.ask("POST", f"/v1/waves/{world.ids[f'wave {name}']}/publication")


def _wave(world: World, name: str, *sellers: str) -> dict[str, Any]:
    offers = [
        {"product_id": world.ids[f"product {s}"], "sku": f"{s}-5", "quota": 50, "max_per_member": None} for s in sellers
    ]
    return {
        "name": name, "time_zone": "Asia/Jakarta", "opens_at": rfc3339(DURING - timedelta(hours=1)),
        "closes_at": rfc3339(DURING + timedelta(days=1)),
        "payment_due_at": rfc3339(DURING + timedelta(days=1, hours=2)),
        "delivery_date": "2020-04-10", "eligible_institution_ids": None, "orders_per_member": None,
        "dropoff_ids": [world.ids["dropoff own"], world.ids["dropoff other"]], "allocation_policy": "first_come",
        "offers": offers,
    }  # fmt: skip


def _orders(world: World) -> None:
    wave = world.ask("GET", f"/v1/waves/{world.ids['wave own']}")
    world.ids |= {"offer own": wave["offers"][0]["id"], "offer other": wave["offers"][2]["id"]}
    for name, person, dropoff in (
        ("siti", SITI, "own"), ("budi", BUDI, "own"), ("joko", JOKO, "other"), ("rini", RINI, "other"),
    ):  # fmt: skip
        order = {
            "wave_id": wave["id"], "dropoff_id": world.ids[f"dropoff {dropoff}"], "note": f"Catatan {name}",
            "lines": [{"offer_id": offer["id"], "quantity": 1} for offer in wave["offers"]],
            "fulfilment": {"method": "courier", "address": HOME} if name == "siti" else {"method": "pickup"},
        }  # fmt: skip
        made = world.make(f"order {name}", "/v1/orders", order, by=person)
        world.make(f"payment {name}", f"/v1/orders/{made['id']}/payments", {"method": "qris"}, by=person)


def _money(world: World) -> None:
    for name, person in (("siti", RINI), ("budi", RINI), ("joko", DIRMAN), ("rini", DIRMAN)):
        order = world.ids[f"order {name}"]
        total = world.ask("GET", f"/v1/orders/{order}")["total"]
        world.ask("POST", f"/v1/orders/{order}/cash-receipts", {"amount": total}, by=person)
        refund = {"amount": 1_000, "reason": "Rusak", "liable": "programme"}
        world.make(f"refund {name}", f"/v1/orders/{order}/refunds", refund)
    for name, person in (("own", RINI), ("other", DIRMAN)):
        slip = {"amount": 50_000, "method": "transfer"}
        world.make(f"remittance {name}", f"/v1/dropoffs/{world.ids[f'dropoff {name}']}/remittances", slip, by=person)
    world.ask("POST", f"/v1/refunds/{world.ids['refund siti']}/cash", by=RINI)
    account = {"bank": "BRI", "account_number": "9988776655", "account_name": "Siti Rahma"}
    for person in (SITI, RINI):
        world.ask("PUT", "/v1/me/refund-account", account, by=person)
    for name in ("own", "same", "other"):
        cooperative, line = world.ids[f"cooperative {name}"], ReceivedLine("off_1", "Beras", 5_000, 55_000, 2)
        settlement = Settlement(world.ids["wave own"], cooperative, DURING).add(
            Received(f"con_{name}", world.ids["wave own"], cooperative, (line,), DURING)
        )
        deps.db().commit(deps_payments.settlements().save(settlement))
        world.ids[f"settlement {name}"] = settlement.id
    content = "Order ID,Transaction status,Amount,Fee,Settlement Time\npay_unknown,settlement,1,0,2020-04-06 10:00:00\n"
    world.make("statement own", "/v1/statements", {"source": "midtrans", "content": content})
    told = [row for row in world.aws.dynamodb.tables["PaymentsTable"].values() if row.get("kind") == "STATEMENT"]
    records = [{"dynamodb": {"SequenceNumber": "1", "NewImage": to_wire(row)}} for row in told]
    assert statements_stream.handler({"Records": records}, None) == {"batchItemFailures": []}
    world.ids["line own"] = world.ask("GET", "/v1/reconciliation/worklist")["items"][0]["id"]
    world.ids["account own"] = "bank"
    batch = Batch("bat_1", world.ids["institution own"], "Biro Umum", OPERATOR.id, DURING)
    deps.db().commit(deps_payments.deductions().open_batch(batch))
    world.ids["batch own"] = batch.id


def _goods(world: World) -> None:
    for name, cooperative, dropoff in (("own", "own", "own"), ("same", "same", "own"), ("other", "same", "other")):
        line = ConsignmentLine(world.ids["offer own"], "Beras", 5_000, 55_000, expected=2)
        consignment = Consignment(
            f"con_{name}", world.ids["wave own"], world.ids[f"dropoff {dropoff}"],
            world.ids[f"cooperative {cooperative}"], (line,),
        )  # fmt: skip
        assert deps_dispatch.consignments().expect(consignment)
        world.ids[f"consignment {name}"] = consignment.id
    for name, person in (("own", RINI), ("other", DIRMAN)):
        dropoff = world.ids[f"dropoff {name}"]
        rider = {"name": f"Pengendara {name}", "phone": "081399990000", "plate": "B 1234 XYZ"}
        made = world.make(f"rider {name}", f"/v1/dropoffs/{dropoff}/riders", rider, by=person)
        link = world.ask("POST", f"/v1/dropoffs/{dropoff}/riders/{made['id']}/link", by=person)
        world.ids[f"ride {name}"] = link["path"].removeprefix("/v1/rides/")
        orders = [world.ids[f"order {of}"] for of in (("siti", "budi") if name == "own" else ("joko", "rini"))]
        packs = {world.ids["offer own"]: 1}
        stops = tuple(Stop(order, n, packs, 5_000) for n, order in enumerate(orders, 1))
        trip = Trip(
            f"trp_{name}", world.ids["wave own"], dropoff, "riders", stops, 3_000, 5_000, 10_000, DURING, person.id,
            status="searching",
        )  # fmt: skip
        deps.db().commit(deps_dispatch.trips().save(trip))
        deps_dispatch.plans().keep(f"dsp_{name}", dropoff, {orders[0]: "too heavy"}, at=DURING)
        for order in orders:
            delivery = Delivery(order, (Part(trip.id, packs, UNDER_WAY),))
            deps.db().commit(deps_dispatch.deliveries().save(delivery))
        world.ids |= {f"trip {name}": trip.id, f"dispatch {name}": f"dsp_{name}"}


def _catalogue(world: World) -> None:
    cooperative = world.ids["cooperative own"]
    told = told_by(code="01HZZZ", name="KUD Tani Mulus")
    supplier = KnownSupplier(told.id("inaproc"), "inaproc", told)
    run = Run("syn_1", "sheet", DURING, OPERATOR.id, DURING, status="held", held_reason="lebih dari 10 %")
    look = Look("lok_1", cooperative, DURING, OPERATOR.id)
    workbook = Workbook("wbk_1", cooperative, "rice", DURING, OPERATOR.id, ())
    deps.db().commit(
        deps_catalog.suppliers().save(supplier), deps_catalog.syncs().add(run),
        deps_catalog.syncs().quarantine(run, 1, Broken("tanpa harga", {"nama": "Beras"}, "own-5")),
        deps_catalog.listings().save_look(look), deps_catalog.listings().save_workbook(workbook),
    )  # fmt: skip
    position = world.ask("GET", "/v1/catalog/quarantine")["items"][0]["position"]
    world.ids |= {
        "supplier own": supplier.id, "sync own": run.id, "position own": position, "look own": look.id,
        "workbook own": workbook.id, "source own": "sheet", "purpose own": "notices_email", "sku own": "own-5",
    }  # fmt: skip


def _staff(world: World) -> None:
    institution = world.ids["institution own"]
    path = f"/v1/institutions/{institution}"
    world.make("staff-import own", f"{path}/staff-imports", {"nips": ["196608011988031001"]})
    world.ask("PUT", f"{path}/email-domains", {"domains": ["kementerian.example"]})
    code = world.ask("POST", f"{path}/invitations", {"uses": 2})["code"]
    world.ask("POST", "/v1/me/institution", {"code": code}, by=SITI)
    world.ids["person own"] = SITI.id
    for name, person in (("own", BUDI), ("other", JOKO)):
        asked = {"institution_id": world.ids[f"institution {name}"]}
        standing = world.ask("POST", "/v1/me/institution", asked, by=person)
        world.ids[f"staff-request {name}"] = standing["request"]["id"]
