"""A member lets their allowance (TPP) be drawn on, takes that back, and nothing is deducted without it."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from lumbung.domain.deduction import Consent, must_cover
from lumbung.domain.errors import Forbidden, NotFound, Stale
from lumbung.domain.once import Once
from lumbung.domain.order import Order
from lumbung.domain.people import Caller
from payments.ports import Decide, Memory, Payments, Provider, Settle, Write
from payments.stop_payment import stop_payment


class Consents(Protocol):
    def find(self, member_id: str) -> Consent | None: ...
    def change(self, consent: Consent) -> Sequence[Write]: ...


def give_consent(said: Consent, *, once: Once, remember: Memory, decide: Decide, consents: Consents) -> Consent:
    """Let *said* take the place of what was allowed before, and return it with what is still open under that."""

    def step() -> tuple[Consent, Sequence[Write]]:
        before = consents.find(said.member_id)
        given = replace(said, version=before.version + 1, taken=before.taken, open=before.open) if before else said
        return given, [remember(once, said.member_id), *consents.change(given)]

    return decide(step, once)


def withdraw_consent(
    member_id: str, *, at: datetime, once: Once, remember: Memory, decide: Decide, consents: Consents
) -> Consent:
    """NotFound when there is none, InvalidState when it is withdrawn already."""

    def step() -> tuple[Consent, Sequence[Write]]:
        before = consents.find(member_id)
        if before is None:
            raise NotFound("Belum ada persetujuan pemotongan TPP.")
        withdrawn = before.withdraw(at=at)
        return withdrawn, [remember(once, member_id), *consents.change(withdrawn)]

    return decide(step, once)


def stop_deductions(payment_ids: Iterable[str], *, payments: Payments, provider: Provider, settle: Settle) -> None:
    """Stop what was open under a consent that is another now; no treasurer is given any of it, stopped or not."""
    for payment_id in sorted(payment_ids):
        with suppress(Stale):  # the schedule tries again once the order's time is over
            stop_payment(payments.get(payment_id), payments=payments, provider=provider, settle=settle)


def may_deduct(caller: Caller, order: Order, *, at: datetime, consents: Consents, payments: Payments) -> None:
    """Refuse whoever pays for another, and what no consent covers: Forbidden, InvalidState, LimitExceeded.

    What the order has claimed already is either this very payment, or given back before the next is asked for.
    """
    if order.member_id != caller.id:
        raise Forbidden("Potongan TPP hanya dapat diminta oleh pemilik pesanan.")
    consent, live = consents.find(caller.id), payments.live_attempt(order.id)
    claimed = live.amount if consent and live and live.id in consent.open else 0
    must_cover(consent, order.balance - claimed, at=at)
