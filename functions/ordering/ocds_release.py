"""A wave's purchases as OCDS 1.1 releases: one process a wave, a contract a cooperative; totals, and no people.

What was released stays as it was: each correction makes another release (protocol notes, F.5; the required fields of
a package and a release in the standard's release schema 1.1.5).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lumbung.domain.purchase_order import PurchaseOrder
from lumbung.domain.wave import Wave

VERSION = "1.1"
BUYER = {"id": "lumbung", "name": "Lumbung"}
FIRST, LATER = ("tender", "award", "contract"), ("awardUpdate", "contractUpdate")
ENDED = ("awardCancellation", "contractTermination")


def package(releases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the package of *releases*, oldest first; it is published when its newest was."""
    return {
        "uri": f"urn:lumbung:ocds:{releases[-1]['id']}",
        "version": VERSION,
        "publishedDate": releases[-1]["date"],
        "publisher": {"name": BUYER["name"]},
        "releases": list(releases),
    }


def called_off(last: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """Return the release that follows *last* where the wave was called off: its contracts are cancelled."""
    ended = {part: [one | {"status": "cancelled"} for one in last[part]] for part in ("awards", "contracts")}
    return last | ended | {"id": f"{last['ocid']}/cancelled", "date": at.isoformat(), "tag": list(ENDED)}


def release(wave: Wave, orders: Sequence[PurchaseOrder], *, prefix: str, revision: int, at: datetime) -> dict[str, Any]:
    """Return what was bought after *revision* corrections. *prefix* is the publisher's registered one."""
    ocid, bought = f"{prefix}-{wave.id}", [order for order in orders if order.packs]
    return {
        "ocid": ocid,
        "id": f"{ocid}/{revision}",
        "date": at.isoformat(),
        "tag": list(LATER if revision else FIRST),
        "initiationType": "tender",
        "language": "id",
        "parties": [
            BUYER | {"roles": ["buyer", "procuringEntity"]},
            *(
                _supplier(order) | {"address": {"region": order.regency, "countryName": "Indonesia"},
                                    "roles": ["supplier"]}
                for order in bought
            ),
        ],
        "buyer": BUYER,
        "tender": {
            "id": wave.id,
            "title": wave.name,
            "status": "complete" if bought else "unsuccessful",
            "procurementMethod": "direct",
            "mainProcurementCategory": "goods",
            "tenderPeriod": {"startDate": wave.opens_at.isoformat(), "endDate": wave.closes_at.isoformat()},
            "value": _rupiah(sum(order.value for order in bought)),
        },
        "awards": [_award(order) for order in bought],
        "contracts": [_contract(order) for order in bought],
    }  # fmt: skip


def _award(order: PurchaseOrder) -> dict[str, Any]:
    return {
        "id": f"{order.number}-A",
        "title": f"Pembelian dari {order.cooperative}",
        "status": "active",
        "date": order.at.isoformat(),
        "value": _rupiah(order.value),
        "suppliers": [_supplier(order)],
    }


def _contract(order: PurchaseOrder) -> dict[str, Any]:
    return {
        "id": order.number,
        "awardID": f"{order.number}-A",
        "title": f"Pembelian dari {order.cooperative}",
        "status": "active",
        "dateSigned": order.at.isoformat(),
        "value": _rupiah(order.value),
        "items": [
            {
                "id": offer.id,
                "description": offer.name,
                "quantity": packs,
                "unit": {"name": f"kemasan {offer.weight_g / 1000:g} kg", "value": _rupiah(offer.price)},
            }
            for offer, packs in order.by_offer
        ],
    }


def _supplier(order: PurchaseOrder) -> dict[str, str]:
    return {"id": order.cooperative_id, "name": order.cooperative}


def _rupiah(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "IDR"}
