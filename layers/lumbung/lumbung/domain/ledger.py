"""The ledger: immutable transfers between named accounts. Debits equal credits because each is both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

# The chart of accounts: what each is, and what it holds. A name that ends in a colon is followed by whose it is.
CHART: Mapping[str, tuple[str, str]] = {
    "gateway:": ("asset", "money that a payment provider has collected and not yet paid out"),
    "pic:": ("asset", "cash in the hands of the persons in charge of a drop-off"),
    "tpp:": ("asset", "deducted from allowances of an institution's staff, not yet transferred by its treasurers"),
    "bank": ("asset", "the programme's bank account"),
    "claim:": ("asset", "to be got back from who is liable for a refund: a drop-off's persons in charge, a courier"),
    "unearned:": ("liability", "paid by members of a wave, goods not yet received"),
    "cooperative:": ("liability", "owed to a cooperative for goods received"),
    "courier:": ("liability", "owed to a courier for trips"),
    "refund_payable": ("liability", "decided to be given back, not yet given"),
    "member_credit:": ("liability", "paid by a member twice or too much, not yet decided"),
    "suspense": ("liability", "money that could not be matched"),
    "delivery_difference": ("expense", "what couriers really cost, less what members paid for it"),
    "provider_fees": ("expense", "fees of payment providers"),
    "programme_fee": ("income", "a fee of the programme, if it takes one"),
    "write_off": ("expense", "given up, with a reason"),
}

BANK = "bank"
REFUND_PAYABLE = "refund_payable"
SUSPENSE = "suspense"
WRITE_OFF = "write_off"
PROVIDER_FEES = "provider_fees"
PROGRAMME_FEE = "programme_fee"
DELIVERY_DIFFERENCE = "delivery_difference"


def gateway(provider: str) -> str:
    """Return where a provider's money lies; all products of a company (`xendit`, `xendit.invoice`) have one."""
    return f"gateway:{provider.partition('.')[0]}"


def pic(dropoff_id: str) -> str:
    return f"pic:{dropoff_id}"


def unearned(wave_id: str) -> str:
    return f"unearned:{wave_id}"


def tpp(institution_id: str) -> str:
    return f"tpp:{institution_id}"


def cooperative(cooperative_id: str) -> str:
    return f"cooperative:{cooperative_id}"


def courier(name: str) -> str:
    return f"courier:{name}"


def claim(who: str) -> str:
    return f"claim:{who}"


def member_credit(member_id: str) -> str:
    return f"member_credit:{member_id}"


def kind(account: str) -> str | None:
    """Return what kind of account that is, None when there is no such account."""
    name, colon, rest = account.partition(":")
    found = CHART.get(name + colon) if bool(colon) == bool(rest) else None
    return found[0] if found else None


def balance(account: str, debits: int, credits: int) -> int:
    """Return the balance as people read it: what is held, spent or owed is positive."""
    return debits - credits if kind(account) in ("asset", "expense") else credits - debits


@dataclass(frozen=True, slots=True)
class Transfer:
    """*amount* rupiah (> 0) from the credited to the debited account; never changed, never deleted.

    The id follows from what caused it, so that the same cause can be booked only once. `reference` is the bank's.
    """

    id: str
    debit: str
    credit: str
    amount: int
    at: datetime
    reason: str
    wave_id: str | None = None
    order_id: str | None = None
    reference: str | None = None
