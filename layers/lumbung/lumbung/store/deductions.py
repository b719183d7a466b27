"""Deductions from allowances and the batches in which treasurers get them; each change goes with its consent's."""

from collections.abc import Iterator, Sequence

from lumbung.domain.deduction import Batch, Consent, Deduction, same_unit
from lumbung.domain.errors import AlreadyDone, NotFound
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.consents import Consents
from lumbung.store.table import Database, Item, Put, Write

BATCHES = "TPP_BATCH"


class Deductions:
    def __init__(self, db: Database, table: str, consents: Consents) -> None:
        self._db, self._table, self._consents = db, table, consents

    # -- deductions

    def find(self, payment_id: str) -> Deduction | None:
        item = self._db.get(self._table, keys.deduction(payment_id))
        return _from_item(item) if item else None

    def claim(self, deduction: Deduction, consent: Consent) -> None:
        """Claim it under *consent*; AlreadyDone, LimitExceeded, Stale when the consent has changed."""
        known = AlreadyDone(deduction.payment_id, request_hash="")
        new = Put(self._table, _to_item(deduction), when="attribute_not_exists(pk)", otherwise=known)
        self._db.commit(new, self._consents.take(consent, deduction))

    def stop(self, deduction: Deduction) -> Deduction:
        """Stop it, and return it as it then is; Stale when it was handed over or answered meanwhile."""
        stopped = deduction.stop()
        if stopped.status == "ended" and deduction.status != "ended":
            self._db.commit(self._change(deduction, stopped), self._consents.release(stopped))
        elif stopped != deduction:
            self._db.commit(self._change(deduction, stopped))
        return stopped

    def apply(self, before: Deduction, after: Deduction) -> None:
        """Write the treasurer's answer down; Stale when it was stopped or answered meanwhile."""
        self._db.commit(self._change(before, after), self._consents.release(after))

    def hand_over(self, before: Deduction, after: Deduction) -> None:
        """Put it on its batch; Stale when it has left, or its consent has."""
        assert after.batch_id, "it is handed over with a batch"
        line = Put(self._table, dict(keys.batch_line(after.batch_id, after.payment_id)))
        self._db.commit(self._change(before, after), self._consents.hand_over(before), line)

    def waiting(self, institution_id: str, unit: str) -> Iterator[Deduction]:
        """Yield what the unit's treasurer is still to be asked for, oldest first; the list may lag."""
        values = {":k": keys.deductions_of(institution_id, same_unit(unit))}
        yield from map(_from_item, self._db.query(self._table, "list_key = :k", values, index="by_list"))

    def _change(self, before: Deduction, after: Deduction) -> Put:
        return Put(self._table, _to_item(after), when="status = :was", values={":was": before.status})

    # -- batches

    def open_batch(self, batch: Batch) -> Put:
        """Return the write of a batch; made again after a crash it is the same."""
        item = {
            **keys.batch(batch.id),
            "institution": batch.institution_id,
            "unit": batch.unit,
            "made_by": batch.made_by,
            "made_at": to_ms(batch.made_at),
            "list_key": BATCHES,
            "list_sort": f"{to_ms(batch.made_at)}#{batch.id}",
        }
        return Put(self._table, item)

    def batch(self, batch_id: str) -> Batch:
        """Return the batch, strongly read; NotFound."""
        item = self._db.get(self._table, keys.batch(batch_id))
        if item is None:
            raise NotFound(f"Daftar potongan {batch_id} tidak ditemukan.")
        return _batch(item)

    def of_batch(self, batch_id: str) -> Sequence[Deduction]:
        """Return the batch's deductions, strongly read, oldest first."""
        where, values = "pk = :batch AND begins_with(sk, :line)", {":batch": f"BATCH#{batch_id}", ":line": "LINE#"}
        payment_ids = [item["sk"].partition("#")[2] for item in self._db.query(self._table, where, values)]
        found = self._db.get_many(self._table, [keys.deduction(payment_id) for payment_id in payment_ids])
        return sorted(map(_from_item, found), key=lambda deduction: (deduction.claimed_at, deduction.payment_id))

    def page_of_batches(self, *, limit: int, start: Item | None) -> tuple[list[Batch], Item | None]:
        """Return batches, newest first."""
        items, more = self._db.query_page(
            self._table, "list_key = :k", {":k": BATCHES}, index="by_list", newest_first=True, limit=limit, start=start
        )
        return [_batch(item) for item in items], more

    def commit(self, *writes: Write) -> None:
        self._db.commit(*writes)


def _batch(item: Item) -> Batch:
    id_ = item["pk"].partition("#")[2]
    return Batch(id_, item["institution"], item["unit"], item["made_by"], from_ms(item["made_at"]))


def _to_item(deduction: Deduction) -> Item:
    item: Item = {
        **keys.deduction(deduction.payment_id),
        "order": deduction.order_id,
        "member": deduction.member_id,
        "institution": deduction.institution_id,
        "unit": deduction.unit,
        "amount": deduction.amount,
        "month": deduction.month,
        "consent": deduction.consent,
        "claimed_at": to_ms(deduction.claimed_at),
        "status": deduction.status,
        "batch": deduction.batch_id,
        "deducted": deduction.deducted,
        "applied_at": to_ms(deduction.applied_at) if deduction.applied_at else None,
    }
    if deduction.status == "claimed":
        item["list_key"] = keys.deductions_of(deduction.institution_id, same_unit(deduction.unit))
        item["list_sort"] = f"{to_ms(deduction.claimed_at)}#{deduction.payment_id}"
    return {name: value for name, value in item.items() if value is not None}


def _from_item(item: Item) -> Deduction:
    return Deduction(
        payment_id=item["pk"].partition("#")[2],
        order_id=item["order"],
        member_id=item["member"],
        institution_id=item["institution"],
        unit=item["unit"],
        amount=item["amount"],
        month=item["month"],
        consent=item["consent"],
        claimed_at=from_ms(item["claimed_at"]),
        status=item["status"],
        batch_id=item.get("batch"),
        deducted=item.get("deducted"),
        applied_at=from_ms(item["applied_at"]) if "applied_at" in item else None,
    )
