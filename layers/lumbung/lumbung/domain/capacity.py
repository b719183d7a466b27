"""Whether what is offered, or was ordered, fits into the drop-offs. It warns, it does not refuse."""

from collections.abc import Mapping, Sequence

from lumbung.domain.caution import Caution
from lumbung.domain.registry import Dropoff
from lumbung.domain.wave import Offer


def of_offers(offers: Sequence[Offer], dropoffs: Sequence[Dropoff]) -> list[Caution]:
    """Warn when all quotas together cannot fit into all drop-offs. An offer without a quota adds nothing certain.

    quotas (kg)    capacities (kg)   warned
    100 × 5        300 200           no    exactly full
    101 × 5        300 200           yes
    101 × 5        300 none          no    one of them takes any weight
    none           300               no    nobody knows yet
    """
    capacities = [dropoff.capacity_g for dropoff in dropoffs if dropoff.capacity_g is not None]
    weight = sum((offer.quota or 0) * offer.weight_g for offer in offers)
    if len(capacities) < len(dropoffs) or weight <= sum(capacities):
        return []
    message = f"Kuota seluruhnya {_kg(weight)}, sedangkan semua titik ambil bersama menampung {_kg(sum(capacities))}."
    return [Caution("quota_over_capacity", "/dropoff_ids", message)]


def of_orders(weights: Mapping[str, int], dropoffs: Mapping[str, Dropoff]) -> list[Caution]:
    """Warn of each drop-off at which more grams were ordered (*weights*, by drop-off) than it can take."""
    return [
        Caution(
            "dropoff_over_capacity",
            f"/by_dropoff/{id_}",
            f"{dropoff.name}: dipesan {_kg(weights[id_])}, daya tampung {_kg(dropoff.capacity_g)}.",
        )
        for id_, dropoff in sorted(dropoffs.items())
        if dropoff.capacity_g is not None and weights.get(id_, 0) > dropoff.capacity_g
    ]


def _kg(grams: int) -> str:
    return f"{grams / 1000:g} kg"
