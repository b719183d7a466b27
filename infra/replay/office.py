"""The programme office prepares: who takes part, what there is to buy, and the waves."""

from dataclasses import dataclass
from typing import Any

from infra.replay import facts
from infra.replay.client import Actor, Stack
from infra.replay.facts import WaveFacts


@dataclass(frozen=True, slots=True)
class Programme:
    """Everybody who is there before the first wave opens."""

    stack: Stack
    operator: Actor
    cooperative: Actor
    pics: tuple[Actor, ...]
    institution_ids: tuple[str, ...]
    dropoff_ids: tuple[str, ...]
    cooperative_id: str
    product: dict[str, Any]


def prepare(stack: Stack) -> Programme:
    """Register everybody, and let the cooperative's goods come in through its feed."""
    operator = Actor(stack, "op-kantor", "operator", name="Kantor Program")
    institutions = [
        operator.post("/v1/institutions", {"code": code, "name": name, "kind": "ministry"})
        for code, name in facts.INSTITUTIONS
    ]
    dropoffs = [operator.post("/v1/dropoffs", dropoff) for dropoff in facts.DROPOFFS]
    cooperative = operator.post("/v1/cooperatives", facts.COOPERATIVE)
    stack.put_catalog("lkpp_v5", facts.feed())
    operator.put("/v1/catalog/sources/lkpp_v5", {"cooperative_id": cooperative["id"]})
    sync = operator.post("/v1/catalog/syncs", {"source": "lkpp_v5"})
    stack.idle()
    done = operator.get(f"/v1/catalog/syncs/{sync['id']}")
    if done["status"] != "completed":
        raise RuntimeError(f"the sync ended {done['status']}: {done}")
    [product] = operator.everything("/v1/catalog/products", commodity="rice")
    return Programme(
        stack=stack,
        operator=operator,
        cooperative=Actor(stack, "coop-tani-mulus", "cooperative", name="Koperasi Tani Mulus"),
        pics=(
            Actor(stack, "pic-setiabudi", "pic", name="Ibu Rini", phone="+6281211110001"),
            Actor(stack, "pic-lenteng", "pic", name="Pak Tono", phone="+6281211110002"),
        ),
        institution_ids=tuple(thing["id"] for thing in institutions),
        dropoff_ids=tuple(thing["id"] for thing in dropoffs),
        cooperative_id=cooperative["id"],
        product=product,
    )


def open_wave(programme: Programme, wave: WaveFacts) -> dict[str, Any]:
    """Plan and publish *wave*; the clock opens it."""
    skus = {pack["weight_g"] // 1000: pack["sku"] for pack in programme.product["packs"]}
    draft = programme.operator.post("/v1/waves", {
        "name": wave.name,
        "time_zone": "Asia/Jakarta",
        "opens_at": wave.opens.isoformat(),
        "closes_at": wave.closes.isoformat(),
        "payment_due_at": wave.payment_due.isoformat(),
        "payment_window_s": 7200,
        "delivery_date": wave.delivery_date,
        "eligible_institution_ids": list(programme.institution_ids),
        "dropoff_ids": list(programme.dropoff_ids),
        "allocation_policy": "first_come",
        "offers": [
            {"product_id": programme.product["id"], "sku": skus[kg], "quota": quota, "max_per_member": 4}
            for kg, quota in wave.quotas.items()
        ],
    })  # fmt: skip
    published: dict[str, Any] = programme.operator.post(f"/v1/waves/{draft['id']}/publication")
    return published
