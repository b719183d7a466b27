"""How far telling each notice is, beside its order: who tells it has claimed its record first."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from lumbung.domain.errors import LumbungError
from lumbung.domain.moments import from_ms, to_ms
from lumbung.domain.notice import Notice
from lumbung.domain.telling import SENDING, Claim, Record
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put

KEPT_S = 90 * 24 * 3600  # longer than any queue keeps a message


class Known(LumbungError):
    """Somebody has claimed it before."""

    def __init__(self, record: Record) -> None:
        super().__init__(record.state)
        self.record = record


class Notices:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def claim(self, notices: Iterable[Notice], *, now: datetime) -> dict[Notice, Claim]:
        """Claim all in one write; one by one where somebody has claimed one of them before."""
        claims = {notice: Claim(Record(notice, SENDING, now), new=True) for notice in notices}
        try:
            self._put(*claims.values())
        except Known:
            claims = {notice: self._claimed(claim) for notice, claim in claims.items()}
        return claims

    def save(self, changes: Sequence[tuple[Record, Record]]) -> None:
        """Write each record over the one that it was; Stale when somebody else has changed one meanwhile."""
        if changes:
            self._db.commit(*(self._over(before, after) for before, after in changes))

    def _claimed(self, claim: Claim) -> Claim:
        try:
            self._put(claim)
        except Known as known:
            return Claim(known.record, new=False)
        return claim

    def _put(self, *claims: Claim) -> None:
        items = [to_item(claim.record) for claim in claims]
        if items:
            new = "attribute_not_exists(pk)"
            self._db.commit(*(Put(self._table, item, when=new, otherwise=_known) for item in items))

    def _over(self, before: Record, after: Record) -> Put:
        was = {":state": before.state, ":since": to_ms(before.since)}
        return Put(self._table, to_item(after), when="state = :state AND since = :since", values=was)

    def of_order(self, order_id: str) -> list[Record]:
        """Return what was told about an order, in the order of what happened, strongly read."""
        where, values = "pk = :pk AND begins_with(sk, :notice)", {":pk": f"ORDER#{order_id}", ":notice": "NOTICE#"}
        return [from_item(item) for item in self._db.query(self._table, where, values)]


def _known(old: Item | None) -> LumbungError:
    if old is None:
        raise RuntimeError("the refusing record was not returned")
    return Known(from_item(old))


def to_item(record: Record) -> Item:
    notice = record.notice
    item = {
        **keys.notice(notice.order_id, notice.number, notice.kind),
        "kind": "NOTICE",
        "order": notice.order_id,
        "number": notice.number,
        "notice": notice.kind,
        "amount": notice.amount,
        "state": record.state,
        "since": to_ms(record.since),
        "doubts": record.doubts,
        "channel": record.channel,
        "reference": record.reference,
        "refused": list(record.refused) or None,
        "expires": int(record.since.timestamp()) + KEPT_S,
    }
    return {name: value for name, value in item.items() if value is not None}


def from_item(item: Item) -> Record:
    return Record(
        notice=Notice(item["order"], item["notice"], item["number"], item["amount"]),
        state=item["state"],
        since=from_ms(item["since"]),
        doubts=item["doubts"],
        channel=item.get("channel"),
        reference=item.get("reference"),
        refused=tuple(item.get("refused", ())),
    )
