"""Bills of banks that ask us, what those banks told, and which of their calls was which."""

from dataclasses import replace
from datetime import datetime, timedelta

from lumbung.domain.bill import Bill, Flag
from lumbung.domain.errors import AlreadyDone, Conflict
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.provider_event import ProviderEvent
from lumbung.store import events, keys
from lumbung.store.table import Database, Item, Put

TOLD_KEPT = timedelta(days=90)  # as long as the message itself
CALLS_KEPT = timedelta(days=3)  # a call's number is unique for a day


class Reused(Conflict):
    """The number of a call, or the id of a payment, stood for something else before."""


class Bills:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def open(self, bill: Bill) -> Bill:
        """Keep *bill* unless its number is taken, and return what is kept under that number."""
        new = Put(
            self._table,
            _to_item(bill),
            when="attribute_not_exists(pk)",
            otherwise=AlreadyDone(bill.number, request_hash=""),
        )
        try:
            self._db.commit(new)
        except AlreadyDone:
            return self.find(bill.number) or bill
        return bill

    def find(self, number: str) -> Bill | None:
        item = self._db.get(self._table, keys.bill(number))
        return _from_item(item) if item else None

    def close(self, bill: Bill) -> Bill:
        """Close *bill* if it is still open; Stale when it was paid meanwhile."""
        self._db.commit(self._change(bill.close()))
        return bill.close()

    def pay(self, bill: Bill, flag: Flag, event: ProviderEvent) -> None:
        """Write down that *bill* is paid, and what is to be made of it; Stale, AlreadyDone when *flag* was told."""
        self._db.commit(self._tell(flag, event.received_at), self._change(bill), events.put(self._table, event))

    def refuse(self, flag: Flag, *, at: datetime) -> None:
        """Write down that the payment was refused; AlreadyDone."""
        self._db.commit(self._tell(flag, at))

    def told(self, flag_id: str) -> Flag | None:
        item = self._db.get(self._table, keys.flag(flag_id))
        return Flag(flag_id, item["what"], item["verdict"]) if item else None

    def recognise(self, call_id: str, what: str, *, at: datetime) -> None:
        """Remember what a call of a bank was; Reused when it was another one before."""
        item = {**keys.bank_call(call_id), "what": what, "expires": int((at + CALLS_KEPT).timestamp())}
        same = {":what": what}
        self._db.commit(
            Put(
                self._table,
                item,
                when="attribute_not_exists(pk) OR what = :what",
                values=same,
                otherwise=Reused(call_id),
            )
        )

    def _tell(self, flag: Flag, at: datetime) -> Put:
        item = {
            **keys.flag(flag.id),
            "what": flag.what,
            "verdict": flag.verdict,
            "expires": int((at + TOLD_KEPT).timestamp()),
        }
        told_before = AlreadyDone(flag.id, request_hash="")
        return Put(self._table, item, when="attribute_not_exists(pk)", otherwise=told_before)

    def _change(self, bill: Bill) -> Put:
        return Put(self._table, _to_item(bill), when="status = :open", values={":open": "open"})


def _to_item(bill: Bill) -> Item:
    item: Item = {
        **keys.bill(bill.number),
        "partner": bill.partner,
        "customer": bill.customer,
        "payment": bill.payment_id,
        "amount": bill.amount,
        "expires_at": to_ms(bill.expires_at),
        "status": bill.status,
    }
    return item | ({"paid": to_ms(bill.paid_at)} if bill.paid_at else {})


def _from_item(item: Item) -> Bill:
    bill = Bill(
        partner=item["partner"],
        customer=item["customer"],
        payment_id=item["payment"],
        amount=item["amount"],
        expires_at=from_ms(item["expires_at"]),
        status=item["status"],
    )
    return replace(bill, paid_at=from_ms(item["paid"])) if "paid" in item else bill
