"""Balances of accounts follow the transfers: one for each side of each."""

from typing import Protocol

from lumbung.domain.ledger import Transfer


class Accounts(Protocol):
    def project(self, transfer: Transfer) -> bool: ...


def project_balances(transfer: Transfer, *, accounts: Accounts) -> bool:
    """Count *transfer* into its two accounts; False when it was counted before."""
    return accounts.project(transfer)
