"""`python -m infra.cost`: rupiah per order, per wave and per month in which nobody orders."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from infra.cost import prices
from infra.cost.idle import idle_month
from infra.cost.measured import KEPT_BYTES, LIFE, NOTICES
from infra.cost.model import Use, rupiah, total
from infra.local.template import expanded

ROOT = Path(__file__).parents[2]
WAVES = {"the programme's first two waves, 4.4 t": 414, "a national wave": 5_588_245}
ORDER_OF = 55_000  # rupiah: five kilograms of rice at the programme's price


def sheet() -> Iterator[str]:
    yield "Assumed prices: AWS price list, to be checked; noted 2026-11-24. See infra/cost/prices.py and measured.py."
    yield "\nAn order's life at AWS, in rupiah"
    yield from _table({name: total(use) for name, use in LIFE.items()})
    yield "\nThe same by what is charged"
    whole = sum(LIFE.values(), Use())
    yield from _table(rupiah(whole))
    yield f"\nWhat providers take of an order of Rp{ORDER_OF:,}"
    for name, amount in _providers().items():
        yield f"  {name:<34}{amount:>20,.2f}"
    for name, orders in WAVES.items():
        yield f"\n{name}: {orders:,} orders"
        yield from _table(_wave(orders, whole))
    yield "\nA month in which nobody orders"
    template, edge = (
        expanded(ROOT / path, {"Stage": "prod"})["Resources"] for path in ("template.yaml", "infra/edge.yaml")
    )
    yield from _table(idle_month(template, edge))


def _providers() -> dict[str, float]:
    return {
        f"{NOTICES} notices by WhatsApp": NOTICES * prices.WHATSAPP_NOTICE,
        "paid by QRIS": ORDER_OF * prices.QRIS_SHARE,
        "or by virtual account": prices.VIRTUAL_ACCOUNT,
    }


def _wave(orders: int, order: Use) -> dict[str, float]:
    kept = orders * KEPT_BYTES / 1e9 * (prices.GIGABYTE_KEPT + prices.GIGABYTE_RESTORABLE) * prices.RUPIAH_PER_DOLLAR
    return {
        "AWS": orders * total(order),
        "kept for a month, restorable": kept,
        "notices": orders * NOTICES * prices.WHATSAPP_NOTICE,
    }


def _table(amounts: Mapping[str, float]) -> Iterator[str]:
    for name, amount in amounts.items():
        yield f"  {name:<34}{amount:>20,.2f}"
    yield f"  {'together':<34}{sum(amounts.values()):>20,.2f}"


if __name__ == "__main__":
    print("\n".join(sheet()))
