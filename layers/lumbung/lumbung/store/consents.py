"""Consents to deduct from an allowance: in the people table, each as it is and as it was after every change."""

from datetime import date

from lumbung.domain.deduction import Consent, Deduction
from lumbung.domain.errors import LimitExceeded, LumbungError, Stale
from lumbung.domain.moments import from_ms, to_ms
from lumbung.store import keys
from lumbung.store.table import Database, Item, Put, Update, Write

TAKEN = "taken_"  # followed by the month


class Consents:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def find(self, member_id: str) -> Consent | None:
        """Return the member's consent, strongly read, whether or not it still holds."""
        item = self._db.get(self._table, keys.tpp_consent(member_id))
        return _from_item(item) if item else None

    def change(self, consent: Consent) -> list[Write]:
        """Return the writes of a consent that was given or withdrawn; Stale when another version came first.

        What was taken under it in a month, and is open, stays counted.
        """
        said = _said(consent)
        sets = ", ".join(f"{name} = :{name}" for name in said)
        change = f"SET {sets}" + ("" if consent.withdrawn_at else " REMOVE withdrawn_at")
        now = Update(
            self._table,
            keys.tpp_consent(consent.member_id),
            change=change,
            when="attribute_not_exists(pk)" if consent.version == 1 else "version = :was",
            values={f":{name}": value for name, value in said.items()}
            | ({} if consent.version == 1 else {":was": consent.version - 1}),
        )
        kept = {**keys.tpp_consent_as_it_was(consent.member_id, consent.version), **said}
        return [now, Put(self._table, kept)]

    def commit(self, *writes: Write) -> None:
        self._db.commit(*writes)

    # -- with a deduction

    def take(self, consent: Consent, deduction: Deduction) -> Update:
        """Return the write that claims the amount; LimitExceeded above the month's, Stale when it has changed."""
        taken = TAKEN + deduction.month.replace("-", "_")
        return Update(
            self._table,
            keys.tpp_consent(consent.member_id),
            change=f"ADD {taken} :n, open :id",
            when=f"version = :version AND (attribute_not_exists({taken}) OR {taken} <= :room)",
            values={
                ":n": deduction.amount,
                ":id": {deduction.payment_id},
                ":version": consent.version,
                ":room": consent.max_amount - deduction.amount,
            },
            otherwise=lambda old: _why_refused(consent, old),
        )

    def hand_over(self, deduction: Deduction) -> Update:
        """Return the write that lets a treasurer have it; Stale unless the consent is the one it was claimed under."""
        return Update(
            self._table,
            keys.tpp_consent(deduction.member_id),
            change="DELETE open :id",
            when="version = :version",
            values={":id": {deduction.payment_id}, ":version": deduction.consent},
        )

    def release(self, deduction: Deduction) -> Update:
        """Return the write that gives back what of the claim is not used."""
        return Update(
            self._table,
            keys.tpp_consent(deduction.member_id),
            change=f"ADD {TAKEN}{deduction.month.replace('-', '_')} :n DELETE open :id",
            values={":n": -deduction.unused, ":id": {deduction.payment_id}},
        )


def _why_refused(consent: Consent, old: Item | None) -> LumbungError:
    if old is None or old["version"] != consent.version:
        return Stale("the consent has changed")
    return LimitExceeded("Melebihi persetujuan pemotongan bulan ini.")


def _said(consent: Consent) -> Item:
    said: Item = {
        "institution": consent.institution_id,
        "unit": consent.unit,
        "max_amount": consent.max_amount,
        "valid_from": consent.valid_from.isoformat(),
        "valid_until": consent.valid_until.isoformat(),
        "text_version": consent.text_version,
        "given_at": to_ms(consent.given_at),
        "version": consent.version,
    }
    return said | ({"withdrawn_at": to_ms(consent.withdrawn_at)} if consent.withdrawn_at else {})


def _from_item(item: Item) -> Consent:
    months = {name: taken for name, taken in item.items() if name.startswith(TAKEN)}
    return Consent(
        member_id=item["pk"].partition("#")[2],
        institution_id=item["institution"],
        unit=item["unit"],
        max_amount=item["max_amount"],
        valid_from=date.fromisoformat(item["valid_from"]),
        valid_until=date.fromisoformat(item["valid_until"]),
        text_version=item["text_version"],
        given_at=from_ms(item["given_at"]),
        withdrawn_at=from_ms(item["withdrawn_at"]) if "withdrawn_at" in item else None,
        version=item["version"],
        taken={name.removeprefix(TAKEN).replace("_", "-"): taken for name, taken in months.items()},
        open=frozenset(item.get("open", ())),
    )
