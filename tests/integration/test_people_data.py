"""Everything that is kept about somebody, told to them: nothing that names them or their orders is left out."""

from typing import Any

from dispatch import api as dispatch
from lumbung.runtime import deps
from ordering import api
from payments import api as payments
from tests.integration.conftest import call
from tests.integration.office import DURING, OPERATOR, PIC, Office, a_member, office
from tests.integration.test_ordering_edits import BY_COURIER

__all__ = ["office"]

SITI = a_member(1, email="siti@kemenkop.go.id")
NIP = "196608011988031001"
# What names a member or their order and is not told, with the reason.
NOT_TOLD = {
    "ONCE": "that a key was used, by its hash",
    "KEY": "the key itself",
    "TRANSFER": "the ledger: payments and refunds say the same",
}


def do(handler: Any, method: str, path: str, body: Any = None, *, by: Any = SITI) -> Any:
    reply = call(handler, method, path, body, caller=by, key=f"{method} {path}", at=DURING)
    assert reply.status < 300, reply.text
    return reply.json


def a_life(office: Office) -> str:
    """Siti is on a list, orders, names a proxy, pays in cash, takes her order back, and gets her money returned."""
    do(api.handler, "POST", f"/v1/institutions/{office.institution}/staff-imports", {"nips": [NIP]}, by=OPERATOR)
    do(api.handler, "POST", "/v1/me/institution", {"institution_id": office.institution, "nip": NIP})
    do(api.handler, "PUT", "/v1/me", {"name": "Siti", "nip": NIP, "addresses": [BY_COURIER["address"]]})
    made = office.order(office.wave(), member=SITI, fulfilment=BY_COURIER, note="Pagar hijau").json
    do(dispatch.handler, "PUT", f"/v1/orders/{made['id']}/proxy", {"proxy": {"name": "Budi", "phone": "081298765432"}})
    do(payments.handler, "POST", f"/v1/orders/{made['id']}/cash-receipts", {"amount": made["total"]}, by=PIC)
    account = {"bank": "bri", "account_number": "0012345678", "account_name": "Siti"}
    do(payments.handler, "PUT", "/v1/me/refund-account", account)
    do(api.handler, "POST", f"/v1/orders/{made['id']}/cancellation")
    do(api.handler, "POST", "/v1/me/erasure")
    return str(made["id"])


def test_whatever_names_somebody_or_their_order_is_told_to_them(office: Office) -> None:
    order_id = a_life(office)
    me = office.get(f"/v1/orders/{order_id}", SITI).json["member"]["id"]
    data = do(api.handler, "GET", "/v1/me/data")
    told = {(thing["id"], thing["what"]) for thing in data["items"]}

    left_out = []
    for name in ("orders", "payments", "deliveries", "catalog", "people", "keys"):
        table = deps.table(name)
        for raw in deps.db().scan(table):
            [item] = deps.personal().open([raw]) if name == "people" else [raw]
            names = any(id_ in repr(item) for id_ in (me, order_id, *data["ids"]))
            kind = item.get("kind", item["sk"])
            if names and (item["pk"].partition("#")[2], item["sk"]) not in told and kind not in NOT_TOLD:
                left_out.append((name, item["pk"], item["sk"]))
    assert left_out == []


def test_what_is_told_is_complete_and_readable(office: Office) -> None:
    a_life(office)
    data = do(api.handler, "GET", "/v1/me/data")
    everything = repr(data)

    for said in (NIP, "Siti", "Pagar hijau", BY_COURIER["address"]["line"], "Budi", "0012345678", SITI.email):
        assert str(said) in everything
    assert "wrapped" not in everything and "b'" not in everything
    assert next(t for t in data["items"] if t["what"] == "REFUND")["says"]["decided_at"] == "2020-04-07T03:00:00Z"


def test_nobody_is_told_of_others(office: Office) -> None:
    a_life(office)
    other = a_member(2)

    data = do(api.handler, "GET", "/v1/me/data", by=other)

    assert (data["items"], "Siti" in repr(data)) == ([], False)
