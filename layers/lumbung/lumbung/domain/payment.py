"""A payment: one attempt to pay for an order, and what its provider is known to have moved because of it.

    status   pending → settled → partially_refunded → refunded
             pending → expired, cancelled, failed → settled          late money is never dropped
             settled, partially_refunded → failed, cancelled, expired, charged_back     "settled" is not final

A notification is a hint. What counts is the state that the provider answers when asked; `learn` compares it
with what was booked so far and says which money has moved since, so that news may come late, twice or in any order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

VIRTUAL_ACCOUNT, QRIS, GOPAY, TPP, CASH = "virtual_account", "qris", "gopay", "tpp", "cash"
METHODS = (VIRTUAL_ACCOUNT, QRIS, GOPAY, TPP)  # that a provider serves
BANKS = ("bca", "bni", "bri", "permata", "cimb", "mandiri")
WITH_MONEY = ("settled", "partially_refunded", "refunded")

TOO_LATE_TO_ASK = timedelta(seconds=60)
OLD_ANSWER = timedelta(seconds=60)
EARLIER_THAN_ORDER = timedelta(seconds=30)  # a provider's expiry comes a little before the order's
QRIS_LIMIT = 10_000_000  # rupiah in one QRIS payment (protocols, D)


@dataclass(frozen=True, slots=True)
class ProviderState:
    """What a provider answers when asked about a payment. `returned`: rupiah given back, by refund key.

    `account`: where its money lies, if not on the account of its provider.
    """

    status: str
    amount: int
    reference: str
    returned: Mapping[str, int] = field(default_factory=dict)
    settled_at: datetime | None = None
    instructions: Mapping[str, str] = field(default_factory=dict)
    account: str | None = None

    @property
    def has_money(self) -> bool:
        return self.status in WITH_MONEY


@dataclass(frozen=True, slots=True)
class Move:
    """Money that has moved at the provider: received, reversed, returned (a refund) or taken_back (one undone).

    `number` counts the moves of a payment, so that each can be booked only once.
    """

    kind: str
    amount: int
    number: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """Whole rupiah. `received` less `returned` is what the provider still holds because of this payment."""

    id: str
    order_id: str
    wave_id: str
    dropoff_id: str
    provider: str
    method: str
    amount: int
    created_at: datetime
    bank: str | None = None
    status: str = "pending"
    expires_at: datetime | None = None
    instructions: Mapping[str, str] = field(default_factory=dict)
    provider_ref: str | None = None
    received: int = 0
    returned: Mapping[str, int] = field(default_factory=dict)
    suspended: bool = False  # its money is in suspense, not in the order
    moves: int = 0
    settled_at: datetime | None = None
    learnt_at: datetime | None = None  # when money of it was last seen to move
    receipt_number: str | None = None
    taken_by: str | None = None
    version: int = 1

    @property
    def held(self) -> int:
        return self.received - sum(self.returned.values())

    @property
    def confirmed(self) -> bool:
        """Whether it is known to exist at its provider; only then is it shown to anybody."""
        return self.provider == CASH or self.provider_ref is not None or self.status != "pending"

    def at_provider(self, reference: str | None) -> "Payment":
        """Return it with the provider's own id as far as that is only known from a notification."""
        return self if self.provider_ref else replace(self, provider_ref=reference)

    def tell(self, state: ProviderState) -> "Payment":
        """Note how to pay, as the provider answered."""
        return replace(self, provider_ref=state.reference, instructions=dict(state.instructions))

    def never_reached(self) -> "Payment":
        """The provider does not know it: nobody can pay it."""
        return replace(self, status="failed")

    def doubts(self, state: ProviderState, *, now: datetime) -> bool:
        """Whether the provider says `pending` of money that it had a moment ago: an old answer, unless it stays so."""
        recently = self.learnt_at is not None and now - self.learnt_at < OLD_ANSWER
        return state.status == "pending" and self.held > 0 and recently

    def learn(self, state: ProviderState, *, at: datetime) -> tuple["Payment", tuple[Move, ...]]:
        """Return the payment as the provider has it now, and what has moved since it was last learnt.

        booked before       the provider says            moves
        nothing             settled 100                  received 100
        100                 settled 100                  -
        100                 failed, charged back …       reversed 100
        100                 part refunded, k: 40         returned 40
        100, 40 returned    failed                       reversed 60
        100, 40 returned    settled 100, no refund       taken back 40
        nothing             refunded 100, k: 100         received 100, returned 100
        100                 settled 90                   reversed 100, received 90 (into suspense)
        100, 100 returned   settled 90, no refund        taken back 100, reversed 100, received 90 (into suspense)
        expired             pending                      -
        100 of an allowance expired                      -   (a treasurer's answer is final: this was read before it)
        """
        if not state.has_money:
            return self._without_money(state, at)
        now, moves = self, []
        for key, amount in sorted(now.returned.items()):
            if state.returned.get(key) != amount:
                now, move = now._take_back(key, amount)
                moves.append(move)
        if now.held and now.received != state.amount:
            now, move = now._lose(now.held)
            moves.append(move)
        if now.received < state.amount:
            now, move = now._gain(state, at)
            moves.append(move)
        for key, amount in sorted(state.returned.items()):
            if key not in now.returned:
                now, move = now._give_back(key, amount)
                moves.append(move)
        if moves:
            now = replace(now, learnt_at=at)
        return replace(now, status=state.status, provider_ref=state.reference), tuple(moves)

    def _without_money(self, state: ProviderState, at: datetime) -> tuple["Payment", tuple[Move, ...]]:
        if self.held and self.method == TPP:
            return self, ()
        if self.held:
            now, move = self._lose(self.held)
            return replace(now, status=state.status, learnt_at=at), (move,)
        if state.status == "pending" or self.status in ("refunded", "charged_back"):
            return self, ()
        return replace(self, status=state.status), ()

    def _gain(self, state: ProviderState, at: datetime) -> tuple["Payment", Move]:
        amount, number = state.amount - self.received, self.moves + 1
        now = replace(
            self,
            received=state.amount,
            suspended=not self._expects(state.amount),
            settled_at=state.settled_at or at,
            moves=number,
        )
        return now, Move("received", amount, number)

    def _expects(self, amount: int) -> bool:
        """Whether that can be booked to the order: of an allowance also a part, since the rest is paid another way."""
        return amount == self.amount or (self.method == TPP and amount < self.amount)

    def _lose(self, amount: int) -> tuple["Payment", Move]:
        number = self.moves + 1
        return replace(self, received=self.received - amount, moves=number), Move("reversed", amount, number)

    def _give_back(self, key: str, amount: int) -> tuple["Payment", Move]:
        number = self.moves + 1
        now = replace(self, returned={**self.returned, key: amount}, moves=number)
        return now, Move("returned", amount, number, key)

    def _take_back(self, key: str, amount: int) -> tuple["Payment", Move]:
        number = self.moves + 1
        left = {other: given for other, given in self.returned.items() if other != key}
        return replace(self, returned=left, moves=number), Move("taken_back", amount, number, key)


def expiry(longest: timedelta, *, due: datetime, now: datetime) -> datetime:
    """Return until when a payment asked for *now* can be paid: a little before its order is due.

    *longest*: what its provider gives at most.
    """
    return min(due - EARLIER_THAN_ORDER, now + longest)
