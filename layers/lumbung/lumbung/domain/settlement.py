"""What a cooperative is owed for a wave: the good packs that drop-offs received, at the offers' prices.

Less refunds for which it is liable, and the programme's fee if there is one. Where more was deducted than is still
owed, the rest is carried forward to another wave's settlement.
"""

from collections.abc import Iterable, Mapping
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
    at: datetime

    @property
    def value(self) -> int:
        return sum(line.packs * line.price for line in self.lines)


@dataclass(frozen=True, slots=True)
class Settlement:
    """One per wave and cooperative. Rupiah: `goods_value` less `deductions` is owed, `paid` has been paid out.

    `refunds` by transfer, `carried_in` and `carried_out` by the other settlement; `fee_bp` in hundredths of a per cent.
    """

    wave_id: str
    cooperative_id: str
    opened_at: datetime
    fee_bp: int = 0
    received: Mapping[str, ReceivedLine] = field(default_factory=dict)
    consignments: tuple[str, ...] = ()
    last_received_at: datetime | None = None
    refunds: Mapping[str, int] = field(default_factory=dict)
    carried_in: Mapping[str, int] = field(default_factory=dict)
    carried_out: Mapping[str, int] = field(default_factory=dict)
    paid: int = 0
    payouts: int = 0
    last_paid_at: datetime | None = None
    version: int = 0  # 0: not written yet

    @property
    def id(self) -> str:
        return settlement_id(self.wave_id, self.cooperative_id)

    @property
    def goods_value(self) -> int:
        return sum(line.packs * line.price for line in self.received.values())

    @property
    def refunded(self) -> int:
        return sum(self.refunds.values())

    @property
    def fee(self) -> int:
        return self.goods_value * self.fee_bp // 10_000

    @property
    def deductions(self) -> int:
        return self.refunded + self.fee + sum(self.carried_in.values())

    @property
    def amount(self) -> int:
        return self.goods_value - self.deductions

    @property
    def carried_forward(self) -> int:
        return sum(self.carried_out.values())

    @property
    def outstanding(self) -> int:
        return max(0, self.amount + self.carried_forward - self.paid)

    @property
    def overdrawn(self) -> int:
        """What was deducted or paid beyond what is owed, and not carried forward yet."""
        return max(0, self.paid - self.amount - self.carried_forward)

    @property
    def status(self) -> str:
        if self.outstanding:
            return "partially_paid" if self.paid else "owed"
        return "paid"

    @property
    def days_to_pay(self) -> float | None:
        """Days from the last receipt to the last payout, to a tenth; None until everything is paid."""
        if self.outstanding or self.last_paid_at is None or self.last_received_at is None:
            return None
        return round((self.last_paid_at - self.last_received_at).total_seconds() / 86_400, 1)

    def add(self, received: Received) -> "Settlement":
        """Count a consignment in; counted before, it changes nothing."""
        if received.consignment_id in self.consignments:
            return self
        lines = dict(self.received)
        for line in received.lines:
            before = lines.get(line.offer_id, replace(line, packs=0))
            lines[line.offer_id] = replace(before, packs=before.packs + line.packs)
        return replace(
            self,
            received=lines,
            consignments=(*self.consignments, received.consignment_id),
            last_received_at=max(received.at, self.last_received_at or received.at),
        )

    def deduct(self, transfer_id: str, amount: int) -> "Settlement":
        """Take a refund off for which it is liable; taken off before, it changes nothing."""
        if transfer_id in self.refunds:
            return self
        return replace(self, refunds={**self.refunds, transfer_id: amount})

    def pay_out(self, *, at: datetime) -> "Settlement":
        """Pay everything that is still owed; InvalidState when nothing is."""
        if not self.outstanding:
            raise InvalidState("Tidak ada yang masih harus dibayarkan.")
        return replace(self, paid=self.paid + self.outstanding, payouts=self.payouts + 1, last_paid_at=at)

    @property
    def payout_ids(self) -> list[str]:
        return [payout_id(self.id, number) for number in range(1, self.payouts + 1)]


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
        id_ = payout_id(settlement.id, settlement.payouts)
        return Payout(id_, settlement.id, settlement.wave_id, settlement.cooperative_id, amount, at, by, reference)


def settlement_id(wave_id: str, cooperative_id: str) -> str:
    return ids.within(wave_id, "set_", cooperative_id)


def payout_id(settlement_id_: str, number: int) -> str:
    return ids.within(settlement_id_, "pyo_", str(number))


def carry_forward(settlements: Iterable[Settlement]) -> list[Settlement]:
    """Take what a cooperative's settlements are overdrawn by off its others, oldest first; return those that change.

    overdrawn   outstanding   carried       left overdrawn
    20          0  55         0  20         0
    20          5  55         5  15         0
    20          5             5             15     waits for the next wave
    """
    after = sorted(settlements, key=lambda settlement: (settlement.opened_at, settlement.id))
    changed: set[int] = set()
    for giver, before in enumerate(after):
        if not before.overdrawn:
            continue
        for taker in range(len(after)):
            part = min(after[giver].overdrawn, after[taker].outstanding)
            if taker == giver or not part:
                continue
            after[giver], after[taker] = _carry(after[giver], after[taker], part)
            changed |= {giver, taker}
    return [after[number] for number in sorted(changed)]


def _carry(giver: Settlement, taker: Settlement, part: int) -> tuple[Settlement, Settlement]:
    out = {**giver.carried_out, taker.id: giver.carried_out.get(taker.id, 0) + part}
    in_ = {**taker.carried_in, giver.id: taker.carried_in.get(giver.id, 0) + part}
    return replace(giver, carried_out=out), replace(taker, carried_in=in_)
