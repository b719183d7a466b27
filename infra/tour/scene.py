"""A programme in the middle of its week: what the storefront is looked at with. Other pages need only more of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from infra.replay.client import Actor, Stack
from infra.replay.office import Programme, prepare

QUOTAS = {5: 180, 10: 120, 20: 40}


@dataclass(frozen=True, slots=True)
class Scene:
    """One wave is open, one is to come; Siti has ordered and not paid, Budi has paid."""

    programme: Programme
    wave: dict[str, Any]
    unpaid: dict[str, Any]
    paid: dict[str, Any]


def set_up(stack: Stack) -> Scene:
    programme = prepare(stack)
    now = stack.now().replace(microsecond=0)
    wave = _wave(programme, "Gelombang III", now, now + timedelta(days=2, hours=4))
    _wave(programme, "Gelombang IV", now + timedelta(days=7), now + timedelta(days=9))
    siti = Actor(stack, "siti-aminah", "member", name="Siti Aminah", phone="+6281211112001")
    budi = Actor(stack, "budi-santoso", "member", name="Budi Santoso", phone="+6281211112002")
    unpaid = siti.post("/v1/orders", _asked(programme, wave, {5: 2, 10: 1}))
    siti.post(f"/v1/orders/{unpaid['id']}/payments", {"method": "qris"})
    paid = budi.post("/v1/orders", _asked(programme, wave, {10: 1}))
    payment = budi.post(f"/v1/orders/{paid['id']}/payments", {"method": "virtual_account", "bank": "bri"})
    stack.simulate("midtrans", order_id=payment["id"], transaction_status="settlement", notify=1)
    stack.idle()
    return Scene(programme, wave, unpaid, paid)


def _wave(programme: Programme, name: str, opens: datetime, closes: datetime) -> dict[str, Any]:
    skus = {pack["weight_g"] // 1000: pack["sku"] for pack in programme.product["packs"]}
    draft = programme.operator.post("/v1/waves", {
        "name": name, "time_zone": "Asia/Jakarta", "opens_at": opens.isoformat(), "closes_at": closes.isoformat(),
        "payment_due_at": (closes + timedelta(hours=2)).isoformat(), "payment_window_s": 7200,
        "delivery_date": (closes + timedelta(days=2)).date().isoformat(), "eligible_institution_ids": None,
        "dropoff_ids": list(programme.dropoff_ids), "allocation_policy": "first_come",
        "offers": [
            {"product_id": programme.product["id"], "sku": skus[kg], "quota": quota, "max_per_member": 4}
            for kg, quota in QUOTAS.items()
        ],
    })  # fmt: skip
    published: dict[str, Any] = programme.operator.post(f"/v1/waves/{draft['id']}/publication")
    return published


def _asked(programme: Programme, wave: dict[str, Any], packs: dict[int, int]) -> dict[str, Any]:
    by_kg = {offer["weight_g"] // 1000: offer["id"] for offer in wave["offers"]}
    return {
        "wave_id": wave["id"],
        "dropoff_id": programme.dropoff_ids[0],
        "lines": [{"offer_id": by_kg[kg], "quantity": quantity} for kg, quantity in packs.items()],
        "fulfilment": {"method": "pickup"},
    }
