"""Balances of accounts, projected from the stream of transfers: each transfer counts once, however often it comes."""

from collections.abc import Iterator
from dataclasses import dataclass

from lumbung.domain.errors import AlreadyDone
from lumbung.domain.ledger import Transfer
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put, Update


@dataclass(frozen=True, slots=True)
class Account:
    """Sums of an account's transfers, in rupiah."""

    name: str
    debits: int = 0
    credits: int = 0

    @property
    def balance(self) -> int:
        return self.debits - self.credits


class Accounts:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def project(self, transfer: Transfer) -> bool:
        """Count *transfer* into both its accounts; False when it was counted before."""
        seen = Put(
            self._table,
            {**keys.projected(transfer.id), "kind": "PROJECTED"},
            when="attribute_not_exists(pk)",
            otherwise=AlreadyDone(transfer.id, request_hash=""),
        )
        debit = self._add(transfer.debit, "debits", transfer.amount)
        credit = self._add(transfer.credit, "credits", transfer.amount)
        try:
            self._db.commit(seen, debit, credit)
        except AlreadyDone:
            return False
        return True

    def get(self, name: str) -> Account:
        """Return the account, strongly read; empty when nothing was ever posted to it."""
        return _from_item(self._db.get(self._table, keys.account(name)) or keys.account(name))

    def all(self) -> Iterator[Account]:
        for item in self._db.query(self._table, "list_key = :k", {":k": "ACCOUNT"}, index="by_list"):
            yield _from_item(item)

    def _add(self, name: str, side: str, amount: int) -> Update:
        return Update(
            self._table,
            keys.account(name),
            change=f"SET kind = :kind, list_key = :kind, list_sort = :name ADD {side} :n",
            values={":kind": "ACCOUNT", ":name": name, ":n": amount},
        )


def _from_item(item: Item) -> Account:
    return Account(item["pk"].partition("#")[2], item.get("debits", 0), item.get("credits", 0))
