"""Balances of accounts follow the transfers: one for each side of each."""

from collections.abc import Sequence
from typing import Protocol

from lumbung.domain.ledger import Transfer

AT_ONCE = 30  # each is seen once and touches two accounts: well within a transaction's hundred writes


class Accounts(Protocol):
    def project(self, transfers: Sequence[Transfer]) -> int: ...


def project_balances(transfers: Sequence[Transfer], *, accounts: Accounts) -> int:
    """Count *transfers* into their accounts; return how many had not been counted before."""
    parts = (transfers[start : start + AT_ONCE] for start in range(0, len(transfers), AT_ONCE))
    return sum(accounts.project(part) for part in parts)
