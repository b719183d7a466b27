"""Statements of providers and banks: what they say was moved, line by line, and what of ours each line is about.

A line is explained once. What nothing explains goes to a worklist, until somebody says why it is so.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lumbung.domain import ids
from lumbung.domain.errors import InvalidState
from lumbung.domain.moments import rfc3339
from lumbung.domain.payment import Payment

PROVIDERS = ("midtrans", "xendit")
BANKS = ("bank_csv", "mt940")
NEAR = timedelta(days=3)  # a bank may book a transfer over a weekend
# Reasons that are differences; any other is work that is waiting.
DIFFERENCES = ("unknown_payment", "other_provider", "amount_differs", "not_in_statement")


@dataclass(frozen=True, slots=True)
class Line:
    """One line; rupiah. A bank's `amount` is negative when money left; a provider's `fee` is its own, never negative.

    `what`: payment, refund or bank. `reference`: a provider's is our payment's id.
    """

    number: int
    at: datetime
    amount: int
    reference: str
    text: str = ""
    fee: int = 0
    what: str = "bank"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be read; `number` counts from 1, 0 is the file as a whole."""

    number: int
    message: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A file as it was sent in. `known`: lines that an earlier file had explained already."""

    id: str
    source: str
    sent_by: str
    sent_at: datetime
    status: str = "received"  # → imported
    matched: int = 0
    unmatched: int = 0
    known: int = 0
    errors: tuple[BadLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line and its explanation. `about`: the id of what it is; `detail`: a sentence for whoever looks into it."""

    id: str
    statement_id: str
    source: str
    line: Line
    status: str  # matched, unmatched → resolved
    about: str | None = None
    reason: str | None = None
    detail: str = ""
    resolved_by: str | None = None
    resolved_at: datetime | None = None

    def resolve(self, reason: str, *, by: str, at: datetime) -> "Entry":
        if self.status != "unmatched":
            raise InvalidState(f"Baris ini berstatus {self.status}.")
        return replace(self, status="resolved", detail=reason, resolved_by=by, resolved_at=at)


@dataclass(frozen=True, slots=True)
class Expected:
    """Something of ours that a bank's line may be about: rupiah, negative when money left.

    `marks` are numbers that only it has (a virtual account, a bank reference); `names` is who the money went to.
    """

    id: str
    amount: int
    at: datetime
    marks: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    account: str | None = None  # where the money is until the bank has it; None when the bank is booked already


@dataclass(frozen=True, slots=True)
class Match:
    found: Expected | None = None
    reason: str | None = None
    detail: str = ""


def line_ids(source: str, lines: Iterable[Line]) -> Iterator[tuple[str, Line]]:
    """Yield each line with an id that it has in every file; equal lines of one file are told apart by their order."""
    seen: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        said = (source, rfc3339(line.at), str(line.amount), str(line.fee), line.what, line.reference, line.text)
        seen[said] += 1
        yield ids.derive("lin_", b"statement line", *said, str(seen[said])), line


def explain_payment(line: Line, source: str, payment: Payment | None) -> Match:
    """Hold a provider's line against the payment that it names.

    line               payment                     explanation
    payment 55,000     received 55,000             it
    payment 55,000     received 0 or 50,000        amount_differs
    refund 20,000      20,000 given back           it: one of its refunds, or all of them together
    anything           not known                   unknown_payment
    """
    if payment is None:
        return Match(reason="unknown_payment", detail=f"{line.reference} tidak dikenal di sini.")
    if payment.provider != source:
        return Match(reason="other_provider", detail=f"{payment.id} dibayar lewat {payment.provider}.")
    given_back = sum(payment.returned.values())
    booked = payment.received if line.what == "payment" else given_back
    one_of_several = line.what == "refund" and line.amount in payment.returned.values()
    if booked != line.amount and not one_of_several:
        return Match(reason="amount_differs", detail=f"{source} Rp {line.amount}, tercatat Rp {booked}.")
    return Match(Expected(payment.id, line.amount, line.at))


def match(line: Line, expected: Sequence[Expected]) -> Match:
    """Return what a bank's line is about: by its marks, else by amount and time, then by name.

    the line holds      amount   time          explanation
    one's mark          same     any           it
    one's mark          other    any           amount_differs
    -                   same     within 3 d    the only one; of several the one whose name it holds
    -                   same     within 3 d    several, no name: ambiguous
    -                   other    -             no_match
    """
    text = f"{line.reference} {line.text}".casefold()
    marked = [one for one in expected if any(mark.casefold() in text for mark in one.marks)]
    for one in sorted(marked, key=lambda one: one.amount != line.amount):
        if one.amount == line.amount:
            return Match(one)
        return Match(reason="amount_differs", detail=f"Bank Rp {line.amount}, {one.id} Rp {one.amount}.")
    near = [one for one in expected if one.amount == line.amount and abs(one.at - line.at) <= NEAR]
    named = [one for one in near if any(_names(name, text) for name in one.names)]
    chosen = named or near
    if len(chosen) == 1:
        return Match(chosen[0])
    if chosen:
        return Match(reason="ambiguous", detail=f"Mungkin {', '.join(sorted(one.id for one in chosen))}.")
    return Match(reason="no_match", detail=f"Rp {line.amount} tidak dikenal.")


def _names(name: str, text: str) -> bool:
    words = name.casefold().split()
    return bool(words) and all(word in text for word in words)
