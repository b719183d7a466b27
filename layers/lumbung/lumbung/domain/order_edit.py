"""What somebody wants changed of an order, and the order that comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lumbung.domain.courier_quote import Home, fee_of, packs_g
from lumbung.domain.order import Order
from lumbung.domain.order_parts import COURIER, Fulfilment, OrderLine, Tolerance
from lumbung.domain.tariff import Tariff
from lumbung.domain.wave import Wave


@dataclass(frozen=True, slots=True)
class Edit:
    """What is not named stays as it is. `home`: by courier from now on; `pickup`: no longer."""

    quantities: tuple[tuple[str, int], ...] | None = None
    tolerances: Mapping[int, Tolerance] = field(default_factory=dict)  # by the number of the line
    home: Home | None = None
    pickup: bool = False

    def of(self, order: Order, wave: Wave, *, tariff: Tariff, at: datetime, by: str) -> Order:
        """Return *order* as it is to be, or refuse as `Wave.take_order` would. The store refuses finally."""
        lines = order.lines
        if self.quantities is not None:
            lines = wave.tolerating(wave.lines_for(self.quantities), self.tolerances)
        fulfilment, fee = self._way_home(order, lines, wave.instead_g(lines), tariff, at)
        wave.must_be_open(at)
        wave.must_be_within_limits(lines)
        due = wave.due_for_order_placed(at)
        return order.edit(lines=lines, fulfilment=fulfilment, courier_fee=fee, due=due, at=at, by=by)

    def _way_home(
        self, order: Order, lines: Sequence[OrderLine], instead_g: Sequence[int], tariff: Tariff, at: datetime
    ) -> tuple[Fulfilment, int]:
        """Return how the goods go home now, and the member's fee.

        the request names    the order was    fee
        pick-up                               none
        a courier                             its quote's, or the tariff's
        neither              fetched          none
        neither              brought          as it was while it is neither heavier nor takes more trips;
                                              then the tariff's
        """
        if self.pickup:
            return Fulfilment(), 0
        if self.home:
            return self.home.bring(lines, order.dropoff_id, instead_g=instead_g, tariff=tariff, at=at)
        was = order.fulfilment
        if was.method != COURIER:
            return was, 0
        fee, trips = fee_of(lines, was.distance_m, tariff, instead_g)
        if was.quote_id and trips <= was.trips and sum(packs_g(lines)) <= order.weight_g:
            return was, order.courier_fee
        return Fulfilment(COURIER, trips, was.distance_m), fee
