"""What a wave has come to: ordered, paid, handed over, by whom and where."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lumbung.domain.desk import with_member
from lumbung.domain.order import Order
from lumbung.domain.order_parts import OrderLine


@dataclass(slots=True)
class Sums:
    """Orders, packs, grams and rupiah; `handed_over` is the part that members have in their hands."""

    orders: set[str] = field(default_factory=set)
    packs: int = 0
    weight_g: int = 0
    goods_value: int = 0
    courier_fees: int = 0
    refunded: int = 0
    handed: Counter[str] = field(default_factory=Counter)

    def add_line(self, order: Order, line: OrderLine, handed: int) -> None:
        packs, weight_g, price = line.granted, line.weight_g, line.price
        self.orders.add(order.id)
        self.packs += packs
        self.weight_g += packs * weight_g
        self.goods_value += packs * price
        if handed:
            self.handed.update(packs=handed, weight_g=handed * weight_g, goods_value=handed * price)

    def add_order(self, order: Order) -> None:
        self.courier_fees += order.courier_fee
        self.refunded += order.refunded

    def view(self) -> dict[str, object]:
        handed = {name: self.handed[name] for name in ("packs", "weight_g", "goods_value")}
        return {
            "orders": len(self.orders),
            "packs": self.packs,
            "weight_g": self.weight_g,
            "goods_value": self.goods_value,
            "courier_fees": self.courier_fees,
            "refunded": self.refunded,
            "handed_over": handed,
        }


@dataclass(slots=True)
class Report:
    totals: Sums = field(default_factory=Sums)
    by_institution: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    by_dropoff: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    by_cooperative: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    by_product: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    payments_by_method: Counter[str] = field(default_factory=Counter)


def report_wave(orders: Iterable[Order], product_of: Mapping[str, str]) -> Report:
    """Sum up *orders*, one at a time: paid and completed ones count, with what they were granted.

    Refunds and payments count for every order, also for those that were cancelled.
    """
    report = Report()
    for order in orders:
        report.payments_by_method.update(order.paid_by)
        groups = (report.totals, report.by_institution[order.institution_id or ""], report.by_dropoff[order.dropoff_id])
        if order.status not in ("confirmed", "completed"):
            for group in groups:
                group.refunded += order.refunded
            continue
        for group in groups:
            group.add_order(order)
        held = with_member(order)
        for line in order.lines:
            handed = min(line.granted, held[line.offer_id])
            held[line.offer_id] -= handed
            by_goods = (report.by_cooperative[line.cooperative_id], report.by_product[product_of[line.offer_id]])
            for group in (*groups, *by_goods):
                group.add_line(order, line, handed)
    return report
