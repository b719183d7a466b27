"""What a cooperative is owed for a wave: the good packs that drop-offs received, at the offers' prices."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from lumbung.domain import ids
from lumbung.domain.errors import InvalidState


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """Good packs of one offer; grams and rupiah per pack. Damaged packs were refused, and are not in it."""

    offer_id: str
    name: str
    weight_g: int
    price: int
    packs: int


@dataclass(frozen=True, slots=True)
class Received:
    """A consignment that a drop-off has received for good."""

    consignment_id: str
    wave_id: str
    cooperative_id: str
    lines: tuple[ReceivedLine, ...]

    @property
    def value(self) -> int:
        return sum(line.packs * line.price for line in self.lines)


@dataclass(frozen=True, slots=True)
class Settlement:
    """One per wave and cooperative. Rupiah: `goods_value` less `deductions` is owed, `paid` has been paid out."""

    wave_id: str
    cooperative_id: str
    received: Mapping[str, ReceivedLine] = field(default_factory=dict)
    consignments: tuple[str, ...] = ()
    deductions: int = 0
    paid: int = 0
    payouts: int = 0
    version: int = 0  # 0: not written yet

    @property
    def id(self) -> str:
        return settlement_id(self.wave_id, self.cooperative_id)

    @property
    def goods_value(self) -> int:
        return sum(line.packs * line.price for line in self.received.values())

    @property
    def amount(self) -> int:
        return self.goods_value - self.deductions

    @property
    def outstanding(self) -> int:
        return max(0, self.amount - self.paid)

    @property
    def status(self) -> str:
        if self.outstanding:
            return "partially_paid" if self.paid else "owed"
        return "paid"

    def add(self, received: Received) -> "Settlement":
        """Count a consignment in; counted before, it changes nothing."""
        if received.consignment_id in self.consignments:
            return self
        lines = dict(self.received)
        for line in received.lines:
            before = lines.get(line.offer_id, replace(line, packs=0))
            lines[line.offer_id] = replace(before, packs=before.packs + line.packs)
        return replace(self, received=lines, consignments=(*self.consignments, received.consignment_id))

    def pay_out(self) -> "Settlement":
        """Pay everything that is still owed; InvalidState when nothing is."""
        if not self.outstanding:
            raise InvalidState("Tidak ada yang masih harus dibayarkan.")
        return replace(self, paid=self.paid + self.outstanding, payouts=self.payouts + 1)


@dataclass(frozen=True, slots=True)
class Payout:
    """Rupiah paid to a cooperative on one settlement; `reference` is the bank's."""

    id: str
    settlement_id: str
    wave_id: str
    cooperative_id: str
    amount: int
    paid_at: datetime
    paid_by: str
    reference: str | None = None

    @staticmethod
    def of(settlement: Settlement, amount: int, *, at: datetime, by: str, reference: str | None) -> "Payout":
        id_ = ids.within(settlement.id, "pyo_", str(settlement.payouts))
        return Payout(id_, settlement.id, settlement.wave_id, settlement.cooperative_id, amount, at, by, reference)


def settlement_id(wave_id: str, cooperative_id: str) -> str:
    return ids.within(wave_id, "set_", cooperative_id)
