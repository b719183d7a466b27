"""Balances of accounts, projected from the stream of transfers: each transfer counts once, however often it comes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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

    def project(self, transfers: Sequence[Transfer]) -> int:
        """Count *transfers* into their accounts and return how many were new; at most forty at once.

        All of them are one transaction, so that a hot account is written once for many.
        """
        new = {transfer.id: transfer for transfer in transfers}
        while new:
            try:
                self._db.commit(*map(self._seen, new), *self._sums(new.values()))
                break
            except AlreadyDone:
                known = self._db.get_many(self._table, [keys.projected(id_) for id_ in new])
                for item in known:
                    del new[item["pk"].partition("#")[2]]
        return len(new)

    def get(self, name: str) -> Account:
        """Return the account, strongly read; empty when nothing was ever posted to it."""
        return _from_item(self._db.get(self._table, keys.account(name)) or keys.account(name))

    def all(self) -> Iterator[Account]:
        for item in self._db.query(self._table, "list_key = :k", {":k": "ACCOUNT"}, index="by_list"):
            yield _from_item(item)

    def _seen(self, transfer_id: str) -> Put:
        return Put(
            self._table,
            {**keys.projected(transfer_id), "kind": "PROJECTED"},
            when="attribute_not_exists(pk)",
            otherwise=AlreadyDone(transfer_id, request_hash=""),
        )

    def _sums(self, transfers: Iterable[Transfer]) -> Iterator[Update]:
        debits, credits_ = Counter[str](), Counter[str]()
        for transfer in transfers:
            debits[transfer.debit] += transfer.amount
            credits_[transfer.credit] += transfer.amount
        for name in sorted({*debits, *credits_}):
            yield Update(
                self._table,
                keys.account(name),
                change="SET kind = :kind, list_key = :kind, list_sort = :name ADD debits :debits, credits :credits",
                values={":kind": "ACCOUNT", ":name": name, ":debits": debits[name], ":credits": credits_[name]},
            )


def _from_item(item: Item) -> Account:
    return Account(item["pk"].partition("#")[2], item.get("debits", 0), item.get("credits", 0))
