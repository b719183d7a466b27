"""A smoke journey over HTTP on what was deployed: sync, publish, order, pay, and the order is confirmed."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import urllib3

from infra.deploy_local.deployment import Deployment
from infra.deploy_local.people import Somebody
from lumbung.domain.moments import rfc3339
from lumbung.runtime import clock

RICE = tuple((f"TM-B{kg}", f"Beras Premium {kg} kg", kg * 11_000) for kg in (5, 10, 20))
_PATIENCE_S = 40.0  # for what follows from a queue or a stream
_ANSWER_S = 40.0  # the first call of a function starts it


class Off(AssertionError):
    """A step of the journey did not go as it should."""


class Web:
    """HTTP with one JSON answer; keyed requests get keys of their own."""

    def __init__(self, base: str) -> None:
        self._base, self._http, self._keys = base, urllib3.PoolManager(retries=False, timeout=_ANSWER_S), 0

    def ask(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> tuple[int, Any]:
        self._keys += 1
        headers = {"content-type": "application/json", "idempotency-key": f"smoke-{self._keys}"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        data = json.dumps(body).encode() if body is not None else None
        answer = self._http.request(method, self._base + path, body=data, headers=headers)
        return answer.status, json.loads(answer.data) if answer.data else None

    def must(self, method: str, path: str, body: Any = None, *, token: str | None = None, status: int = 200) -> Any:
        """Return the answer's body; Off for any other status."""
        got, told = self.ask(method, path, body, token=token)
        if got != status:
            raise Off(f"{method} {path}: {got} {told}, not {status}")
        return told

    def granted(self, path: str, *, token: str) -> Any:
        """Ask for *path* until it is answered: what is asked for may not be ready yet."""
        end, got, told = time.monotonic() + _PATIENCE_S, 0, None
        while time.monotonic() < end:
            got, told = self.ask("GET", path, token=token)
            if got == 200:
                return told
            time.sleep(0.2)
        raise Off(f"GET {path}: still {got} {told} after {_PATIENCE_S:.0f} s")

    def until(self, path: str, holds: Callable[[Any], bool], *, token: str) -> Any:
        """Read *path* until *holds*; Off when it never does."""
        end, told = time.monotonic() + _PATIENCE_S, None
        while time.monotonic() < end:
            told = self.must("GET", path, token=token)
            if holds(told):
                return told
            time.sleep(0.2)
        raise Off(f"GET {path}: still {told} after {_PATIENCE_S:.0f} s")


@dataclass(frozen=True)
class Confirmed:
    """An order that is paid for, and who has to do with it. Tokens are made when they are needed."""

    web: Web
    wave: str
    order: str
    cooperative: str
    people: dict[str, Somebody]

    def token(self, role: str) -> str:
        return self.people[role].token()


def run(deployment: Deployment, simulators: str, say: Callable[[str], None]) -> Confirmed:
    """Go the whole way to a confirmed order; Off where it ends early."""
    web, providers = Web(deployment.api), Web(simulators)
    providers.must("POST", "/clock", {"now": rfc3339(clock.now())})
    people = {role: Somebody(deployment, role) for role in ("operator", "cooperative", "pic", "member")}
    office = people["operator"].token()
    say("four people signed in with SRP")
    _only_whom_it_concerns(web, people["member"].token())
    say("no token and forged tokens: 401; a member at the office's desk: 403")

    institution = web.must("POST", "/v1/institutions", _institution(), token=office, status=201)["id"]
    cooperative = web.must("POST", "/v1/cooperatives", _cooperative(people), token=office, status=201)["id"]
    dropoff = web.must("POST", "/v1/dropoffs", _dropoff(people), token=office, status=201)["id"]
    product = _sync(web, providers, cooperative, office)
    say(f"synced from the feed: {product['name']}, {len(product['packs'])} packs")

    wave = web.must("POST", "/v1/waves", _wave(institution, dropoff, product), token=office, status=201)["id"]
    offers = web.must("POST", f"/v1/waves/{wave}/publication", token=office)["offers"]
    code = web.must("POST", f"/v1/institutions/{institution}/invitations", {}, token=office, status=201)["code"]
    web.must("POST", "/v1/me/institution", {"code": code}, token=people["member"].token())
    member = people["member"].token()  # the user pool asks who is staff before it makes one
    say("joined the institution by an invitation, and signed in again")
    lines = [{"offer_id": offers[0]["id"], "quantity": 2}]
    order = web.must(
        "POST", "/v1/orders",
        {"wave_id": wave, "dropoff_id": dropoff, "lines": lines, "fulfilment": {"method": "pickup"}},
        token=member, status=201,
    )  # fmt: skip
    say(f"ordered: {order['total']:,} rupiah, {order['status']}")

    payment = web.must(
        "POST", f"/v1/orders/{order['id']}/payments", {"method": "virtual_account", "bank": "bca"},
        token=member, status=201,
    )  # fmt: skip
    say(f"to be paid into virtual account {payment['instructions']['va_number']}")
    paid = {"order_id": payment["id"], "transaction_status": "settlement", "notify": 1}
    providers.must("POST", "/midtrans/simulate", paid)
    web.until(f"/v1/orders/{order['id']}", lambda o: o["status"] == "confirmed", token=member)
    balance = web.until("/v1/ledger/trial-balance", lambda b: b["debits"] == order["total"], token=office)  # projected
    if balance["difference"]:
        raise Off(f"the ledger says {balance}")
    say("notified by the provider, confirmed, and the ledger balances")
    return Confirmed(web, wave, order["id"], cooperative, people)


def _only_whom_it_concerns(web: Web, token: str) -> None:
    head, claims, signature = token.split(".")
    forged = ".".join((head, claims, signature[::-1]))
    for bearer, path, status in ((None, "/v1/orders", 401), (forged, "/v1/orders", 401), (token, "/v1/drafts", 403)):
        web.must("GET", path, token=bearer, status=status)


def _sync(web: Web, providers: Web, cooperative: str, office: str) -> Any:
    providers.must("PUT", "/catalog/lkpp_v5", [_produk(*row) for row in RICE])
    web.must("PUT", "/v1/catalog/sources/lkpp_v5", {"cooperative_id": cooperative}, token=office)
    run = web.must("POST", "/v1/catalog/syncs", {"source": "lkpp_v5"}, token=office, status=202)["id"]
    web.until(f"/v1/catalog/syncs/{run}", lambda r: r["status"] == "completed", token=office)
    [product] = web.until("/v1/catalog/products", lambda p: len(p["items"]) == 1, token=office)["items"]
    return product


def _produk(sku: str, name: str, price: int) -> dict[str, Any]:
    return {
        "informasi": {"nama_produk": name, "no_produk_penyedia": sku, "produk_aktif": 1, "apakah_produk_lokal": 1},
        "harga": {"harga_pemerintah": price},
    }


def _institution() -> dict[str, Any]:
    return {"code": "K48", "name": "Kementerian Koperasi", "kind": "ministry"}


def _cooperative(people: dict[str, Somebody]) -> dict[str, Any]:
    bank = {"bank": "bri", "account_number": "1234567890", "account_name": "Koperasi Tani Mulus"}
    ids = [people["cooperative"].id]
    return {"name": "Koperasi Tani Mulus", "regency": "Indramayu", "operator_ids": ids, "bank": bank}


def _dropoff(people: dict[str, Somebody]) -> dict[str, Any]:
    place = {"address": "Jalan HR Rasuna Said, Setiabudi", "lat": -6.2196, "lng": 106.83}
    return {"name": "Gedung Kementerian", **place, "pic_ids": [people["pic"].id], "cash_limit": 5_000_000}


def _wave(institution: str, dropoff: str, product: Any) -> dict[str, Any]:
    now = clock.now()
    return {
        "name": "Gelombang uji",
        "time_zone": "Asia/Jakarta",
        "opens_at": rfc3339(now - timedelta(minutes=1)),
        "closes_at": rfc3339(now + timedelta(hours=1)),
        "payment_due_at": rfc3339(now + timedelta(hours=2)),
        "delivery_date": (now + timedelta(days=3)).date().isoformat(),
        "eligible_institution_ids": [institution],
        "dropoff_ids": [dropoff],
        "allocation_policy": "first_come",
        "offers": [
            {"product_id": product["id"], "sku": pack["sku"], "quota": 100, "max_per_member": None}
            for pack in product["packs"]
        ],
    }
