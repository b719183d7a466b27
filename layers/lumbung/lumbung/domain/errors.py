"""Everything Lumbung refuses, in one tree.

LumbungError
├── Refusal                      the request was understood and is refused
│   ├── NotFound                 not there, or not the caller's: the same answer
│   ├── Forbidden                this role may not do this
│   │   └── NotEligible          the member's institution is not in the wave
│   ├── Conflict                 allowed in principle, not now
│   │   ├── WaveNotOpen  SoldOut  InvalidState  AmountMismatch
│   │   ├── LimitExceeded
│   │   │   └── TooFar  TooHeavy     for a courier
│   │   ├── CourierRefused       this courier will not carry it
│   │   ├── Undeliverable        this channel does not reach this person
│   │   └── Stale                somebody else changed it first: read again
│   ├── Invalid                  shape or value is wrong; `faults` says where
│   │   ├── KeyRequired          no Idempotency-Key
│   │   └── KeyReused            the key named another request before
│   └── TooMany                  come back after `retry_after_s`
├── AlreadyDone                  this key was answered before; carries what it named
├── Unauthenticated              the token is not one that says who is calling
├── Unauthentic                  a webhook does not prove its sender
│   └── Malformed                … or cannot be read at all
└── ProviderUnavailable          a provider does not answer; safe to try again
    └── InDoubt                  … or nobody knows whether it did what it was asked

`code` is the contract's stable word. What is not a LumbungError is a bug: let it rise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: a JSON pointer into the request, and a sentence for people."""

    pointer: str
    message: str


class LumbungError(Exception):
    code: ClassVar[str] = "internal"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class Refusal(LumbungError):
    def __init__(self, detail: str = "", faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.faults = tuple(faults)


class NotFound(Refusal):
    code = "not_found"


class Forbidden(Refusal):
    code = "forbidden"


class NotEligible(Forbidden):
    code = "not_eligible"


class Conflict(Refusal):
    code = "invalid_state"


class WaveNotOpen(Conflict):
    code = "wave_not_open"


class SoldOut(Conflict):
    code = "sold_out"


class LimitExceeded(Conflict):
    code = "limit_exceeded"


class TooFar(LimitExceeded):
    """No motorcycle goes that far."""


class TooHeavy(LimitExceeded):
    """No motorcycle carries such a pack, or it would take too many trips."""


class InvalidState(Conflict):
    code = "invalid_state"


class AmountMismatch(Conflict):
    code = "amount_mismatch"


class CourierRefused(Conflict):
    """There will be no such trip: asking again changes nothing."""


class Undeliverable(Conflict):
    """Trying again changes nothing; another channel may reach them."""


class Stale(Conflict):
    code = "invalid_state"


class Invalid(Refusal):
    code = "invalid_request"


class KeyRequired(Invalid):
    code = "idempotency_key_required"


class KeyReused(Invalid):
    code = "idempotency_key_reused"


class TooMany(Refusal):
    code = "too_many_requests"

    def __init__(self, detail: str, *, retry_after_s: int) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class AlreadyDone(LumbungError):
    """The Idempotency-Key was answered before: `thing` is the id of what it named."""

    def __init__(self, thing: str, *, request_hash: str, done_at: datetime | None = None) -> None:
        super().__init__(thing)
        self.thing = thing
        self.request_hash = request_hash
        self.done_at = done_at


class Unauthenticated(LumbungError):
    code = "unauthenticated"


class Unauthentic(LumbungError):
    code = "signature_invalid"


class Malformed(Unauthentic):
    code = "invalid_request"


class ProviderUnavailable(LumbungError):
    code = "provider_unavailable"


class InDoubt(ProviderUnavailable):
    """It was asked and may have done it: asking again may do it twice."""
