"""What the texts of notices need to know: read for a whole batch at once, but for what few of them need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lumbung.domain.errors import NotFound
from lumbung.domain.notice import Notice
from lumbung.domain.payment import CASH, Payment
from lumbung.domain.wording import About
from notices.ports import Dropoffs, Orders, Payments, People, Waves


@dataclass(frozen=True, slots=True)
class LookUp:
    orders: Orders
    waves: Waves
    dropoffs: Dropoffs
    people: People
    payments: Payments

    def orders_of(self, order_ids: Iterable[str]) -> Mapping[str, About]:
        """Return, by order id, what every text may name."""
        orders = self.orders.get_many(order_ids)
        dropoffs = self.dropoffs.get_many(sorted({order.dropoff_id for order in orders}))
        people = self.people.of_orders(orders)
        return {
            order.id: About(
                order, self.waves.recent(order.wave_id), dropoffs[order.dropoff_id], people[order.member_id]
            )
            for order in orders
        }

    def completed(self, notice: Notice, about: About) -> About:
        """Return *about* with whom the notice names: who ordered for somebody, or who took the cash."""
        match notice.kind:
            case "placed_for":
                return self._with_pic(about, about.order.placed_by)
            case "paid_cash":
                receipt = self._receipt(notice, about)
                return self._with_pic(replace(about, receipt=receipt.receipt_number or receipt.id), receipt.taken_by)
        return about

    def _with_pic(self, about: About, pic_id: str | None) -> About:
        return replace(about, pic=self.people.names([pic_id]).get(pic_id)) if pic_id else about

    def _receipt(self, notice: Notice, about: About) -> Payment:
        """Return the receipt that the notice is about: of this amount, taken when the order was paid."""
        paid_at = about.order.history[notice.number].at
        taken = [payment for payment in self.payments.of_order(notice.order_id) if payment.method == CASH]
        for receipt in taken:
            if (receipt.settled_at, receipt.amount) == (paid_at, notice.amount):
                return receipt
        raise NotFound(f"the receipt of {notice.order_id} is not listed yet")
