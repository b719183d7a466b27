"""The ledger: immutable transfers between named accounts. Debits equal credits because each is both.

account                  kind        holds
gateway:<provider>       asset       money that a payment provider has collected and not yet paid out
pic:<drop-off>           asset       cash in the hands of a person in charge
bank                     asset       the programme's bank account
unearned:<wave>          liability   paid by members, goods not yet received
cooperative:<id>         liability   owed to a cooperative for goods received
courier:<courier>        liability   owed to a courier for trips
refund_payable           liability   decided to be given back, not yet given
member_credit:<member>   liability   paid twice or too much, not yet decided
suspense                 liability   money that could not be matched
delivery_difference      expense     what couriers really cost, less what members paid for it
provider_fees            expense     fees of payment providers
programme_fee            income      a fee of the programme, if a wave has one
write_off                expense     given up, with a reason
"""

from dataclasses import dataclass
from datetime import datetime

BANK = "bank"
REFUND_PAYABLE = "refund_payable"
SUSPENSE = "suspense"
WRITE_OFF = "write_off"
DELIVERY_DIFFERENCE = "delivery_difference"


def gateway(provider: str) -> str:
    """Return where a provider's money lies; all products of a company (`xendit`, `xendit.invoice`) have one."""
    return f"gateway:{provider.partition('.')[0]}"


def pic(dropoff_id: str) -> str:
    return f"pic:{dropoff_id}"


def unearned(wave_id: str) -> str:
    return f"unearned:{wave_id}"


def cooperative(cooperative_id: str) -> str:
    return f"cooperative:{cooperative_id}"


def courier(name: str) -> str:
    return f"courier:{name}"


def member_credit(member_id: str) -> str:
    return f"member_credit:{member_id}"


_KINDS = {
    "gateway:": "asset",
    "pic:": "asset",
    "bank": "asset",
    "unearned:": "liability",
    "cooperative:": "liability",
    "courier:": "liability",
    "refund_payable": "liability",
    "member_credit:": "liability",
    "suspense": "liability",
    "delivery_difference": "expense",
    "provider_fees": "expense",
    "programme_fee": "income",
    "write_off": "expense",
}


def kind(account: str) -> str | None:
    """Return what kind of account that is, None when there is no such account."""
    name, colon, rest = account.partition(":")
    return _KINDS.get(name + colon) if bool(colon) == bool(rest) else None


def balance(account: str, debits: int, credits: int) -> int:
    """Return the balance as people read it: what is held, spent or owed is positive."""
    return debits - credits if kind(account) in ("asset", "expense") else credits - debits


@dataclass(frozen=True, slots=True)
class Transfer:
    """*amount* rupiah (> 0) from the credited to the debited account; never changed, never deleted.

    The id follows from what caused it, so that the same cause can be booked only once.
    """

    id: str
    debit: str
    credit: str
    amount: int
    at: datetime
    reason: str
    wave_id: str | None = None
    order_id: str | None = None
