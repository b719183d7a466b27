"""Whose e-mail domain is whose: an item for each domain, and the list that each institution has given."""

from collections.abc import Sequence

from lumbung.domain.errors import Fault, Invalid
from lumbung.store import keys
from lumbung.store.table import Database, Put, Update, Write


class EmailDomains:
    def __init__(self, db: Database, table: str) -> None:
        self._db, self._table = db, table

    def institution_of(self, domain: str) -> str | None:
        item = self._db.get(self._table, keys.email_domain(domain))
        return item.get("institution") if item else None

    def of(self, institution_id: str) -> tuple[tuple[str, ...], int]:
        """Return (the institution's domains, the version of that list)."""
        item = self._db.get(self._table, keys.email_domains(institution_id)) or {}
        return tuple(item.get("domains", ())), item.get("version", 0)

    def replace(self, institution_id: str, domains: Sequence[str]) -> list[Write]:
        """Return the writes that make *domains* the institution's only ones.

        Invalid for one that is another's, Stale when somebody else has changed the list meanwhile.
        """
        before, version = self.of(institution_id)
        kept = {**keys.email_domains(institution_id), "domains": list(domains), "version": version + 1}
        when = "version = :was" if version else "attribute_not_exists(pk)"
        added = [self._take(d, institution_id, n) for n, d in enumerate(domains) if d not in before]
        dropped = [
            Update(self._table, keys.email_domain(domain), change="REMOVE institution")
            for domain in before
            if domain not in domains
        ]
        return [Put(self._table, kept, when=when, values={":was": version} if version else {}), *added, *dropped]

    def _take(self, domain: str, institution_id: str, number: int) -> Update:
        fault = Fault(f"/domains/{number}", "Domain ini milik instansi lain.")
        return Update(
            self._table,
            keys.email_domain(domain),
            change="SET institution = :me",
            when="attribute_not_exists(institution)",
            values={":me": institution_id},
            otherwise=Invalid(f"{domain} milik instansi lain.", [fault]),
        )
