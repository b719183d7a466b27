"""The report on a wave's goods as the contract writes it."""

from collections import Counter
from collections.abc import Iterator, Mapping

from dispatch.report_goods import DropoffReport
from lumbung.domain.goods_account import COUNTED, PLACES, unexplained
from lumbung.domain.wave import Offer
from lumbung.runtime.schema import View

ORDERS = ("all", "on_time", "late", "waiting", "not_collected")


class OrdersView(View):
    """`on_time_share`: of those that were on time or late; null while there are none."""

    all: int
    on_time: int
    late: int
    waiting: int
    not_collected: int
    on_time_share: float | None


class GoodsView(View):
    """Packs of one offer; `unexplained` is none unless something is wrong."""

    offer_id: str
    name: str
    expected: int
    received: int
    damaged: int
    missing: int
    to_come: int
    collected: int
    delivered: int
    on_shelf: int
    under_way: int
    sold: int
    given: int
    written_off: int
    unexplained: int


class CourierView(View):
    """Rupiah and grams; `failures` by how trips ended; `cost_per_kg` of what was brought, null while nothing was."""

    courier: str
    trips: int
    delivered: int
    on_time: int
    on_time_share: float | None
    failures: dict[str, int]
    cost: int
    weight_g: int
    cost_per_kg: int | None


class FiguresView(View):
    orders: OrdersView
    goods: list[GoodsView]
    couriers: list[CourierView]
    unexplained_packs: int

    @classmethod
    def parts_of(cls, report: DropoffReport, offers: Mapping[str, Offer]) -> dict[str, object]:
        packs = report.goods.packs
        couriers = [_courier(name, report.couriers[name], report.failures[name]) for name in sorted(report.couriers)]
        return {
            "orders": _orders(report.orders),
            "goods": [_goods(offers[offer_id], packs[offer_id]) for offer_id in sorted(packs)],
            "couriers": couriers,
            "unexplained_packs": sum(abs(packs) for packs in report.goods.unexplained().values()),
        }


class DropoffFiguresView(FiguresView):
    dropoff_id: str

    @classmethod
    def of(cls, dropoff_id: str, report: DropoffReport, offers: Mapping[str, Offer]) -> "DropoffFiguresView":
        return cls.model_validate({"dropoff_id": dropoff_id, **cls.parts_of(report, offers)})


class DispatchReportView(View):
    """`totals` are those of the drop-offs in `items`: of the whole wave, where there is no further page."""

    wave_id: str
    items: list[DropoffFiguresView]
    totals: FiguresView
    next_cursor: str | None


def rows(view: DispatchReportView) -> Iterator[tuple[str, str, str, str, object]]:
    """Yield a row per figure: drop-off (none: all), group, of what, which figure, and its value."""
    for dropoff_id, figures in [*((item.dropoff_id, item) for item in view.items), ("", view.totals)]:
        for name, value in figures.orders:
            yield dropoff_id, "orders", "", name, "" if value is None else value
        for goods in figures.goods:
            for name in (*COUNTED, *PLACES, "unexplained"):
                yield dropoff_id, "goods", goods.offer_id, name, getattr(goods, name)
        for courier in figures.couriers:
            for name in ("trips", "delivered", "on_time", "cost", "weight_g", "cost_per_kg"):
                yield dropoff_id, "couriers", courier.courier, name, getattr(courier, name) or 0
            for cause, count in sorted(courier.failures.items()):
                yield dropoff_id, "couriers", courier.courier, f"failed_{cause}", count


def _orders(counted: Counter[str]) -> OrdersView:
    over = counted["on_time"] + counted["late"]
    return OrdersView(**{name: counted[name] for name in ORDERS}, on_time_share=_share(counted["on_time"], over))


def _goods(offer: Offer, packs: Counter[str]) -> GoodsView:
    counts = {name: packs[name] for name in (*COUNTED, *PLACES)}
    return GoodsView(offer_id=offer.id, name=offer.name, **counts, unexplained=unexplained(packs))


def _courier(name: str, counted: Counter[str], failures: Counter[str]) -> CourierView:
    weight_g = counted["weight_g"]
    return CourierView(
        courier=name, trips=counted["trips"], delivered=counted["delivered"], on_time=counted["on_time"],
        on_time_share=_share(counted["on_time"], counted["delivered"]), failures=dict(failures), cost=counted["cost"],
        weight_g=weight_g, cost_per_kg=counted["cost"] * 1000 // weight_g if weight_g else None,
    )  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
