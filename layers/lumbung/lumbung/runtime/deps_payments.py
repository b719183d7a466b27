"""What only payments uses."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from lumbung.domain.ledger import Transfer
from lumbung.domain.payment_provider import PaymentProvider, Providers, serving
from lumbung.providers import workbook
from lumbung.providers.midtrans import Midtrans
from lumbung.providers.snap import Snap
from lumbung.providers.tpp import Tpp
from lumbung.providers.xendit import Xendit
from lumbung.providers.xendit_invoice import XenditInvoices
from lumbung.runtime import clock, deps
from lumbung.store import keys
from lumbung.store import ledger as ledger_store
from lumbung.store.accounts import Accounts
from lumbung.store.bills import Bills
from lumbung.store.bookings import Bookings
from lumbung.store.consents import Consents
from lumbung.store.decisions import Decisions
from lumbung.store.deductions import Deductions
from lumbung.store.due import Due
from lumbung.store.events import Events
from lumbung.store.incidents import Incidents
from lumbung.store.ledger import Ledger
from lumbung.store.payments import Payments
from lumbung.store.reconciliations import Reconciliations
from lumbung.store.remittances import Remittances
from lumbung.store.settlements import Settlements
from lumbung.store.statements import Statements
from lumbung.store.table import Put
from lumbung.store.tills import Tills


def midtrans_keys() -> tuple[str, ...]:
    """Return the server keys that may sign: the present one and, while it is exchanged, the one before."""
    return _valid("MIDTRANS_SECRET", "server_key")


def xendit_tokens() -> tuple[str, ...]:
    """Return the tokens that Xendit's webhooks may carry, as above."""
    return _valid("XENDIT_SECRET", "callback_token")


@dataclass(frozen=True, slots=True)
class SnapKeys:
    """How a bank that asks us proves itself: who it is, and with what; of each kind two may be valid at once."""

    client: str
    public_keys: tuple[str, ...]
    client_secrets: tuple[str, ...]
    token_secrets: tuple[str, ...]
    encoding: str


def snap_keys() -> SnapKeys:
    return SnapKeys(
        client=deps.secret("SNAP_SECRET")["client_key"],
        public_keys=_valid("SNAP_SECRET", "public_key"),
        client_secrets=_valid("SNAP_SECRET", "client_secret"),
        token_secrets=_valid("SNAP_SECRET", "token_secret"),
        encoding=os.environ["SNAP_ENCODING"],
    )


def _valid(secret: str, name: str) -> tuple[str, ...]:
    values = deps.secret(secret)
    return tuple(values[key] for key in (name, f"previous_{name}") if key in values)


@cache
def midtrans() -> Midtrans:
    return Midtrans(os.environ["MIDTRANS_BASE_URL"], midtrans_keys()[0])


@cache
def xendit() -> Xendit:
    return Xendit(os.environ["XENDIT_BASE_URL"], deps.secret("XENDIT_SECRET")["api_key"])


@cache
def xendit_invoices() -> XenditInvoices:
    return XenditInvoices(os.environ["XENDIT_BASE_URL"], deps.secret("XENDIT_SECRET")["api_key"])


@cache
def snap() -> Snap:
    return Snap(bills(), bank=os.environ["SNAP_BANK"], partner=os.environ["SNAP_PARTNER"])


@cache
def tpp() -> Tpp:
    return Tpp(deductions(), consents(), owner=lambda order_id: deps.orders().get(order_id).member_id)


@cache
def consents() -> Consents:
    return Consents(deps.db(), deps.table("people"))


@cache
def deductions() -> Deductions:
    return Deductions(deps.db(), deps.table("payments"), consents())


@cache
def bills() -> Bills:
    return Bills(deps.db(), deps.table("payments"))


@cache
def providers() -> Providers:
    """Return all payment providers, and who serves what by configuration."""
    return Providers(_provider, serving(os.environ["PAYMENT_PROVIDERS"]))


def _provider(name: str) -> PaymentProvider:
    match name:
        case "midtrans":
            return midtrans()
        case "xendit":
            return xendit()
        case "xendit.invoice":
            return xendit_invoices()
        case "snap":
            return snap()
        case "tpp":
            return tpp()
    raise RuntimeError(f"there is no payment provider {name}")


def qris_merchant() -> str:
    """Return the national merchant id (NMID) that every QRIS code of ours pays."""
    return os.environ["QRIS_MERCHANT"]


@cache
def payments() -> Payments:
    return Payments(deps.db(), deps.table("payments"))


@cache
def bookings() -> Bookings:
    return Bookings(deps.db(), deps.table("payments"), deps.orders(), deps.shards(), deps.earlier)


@cache
def events() -> Events:
    return Events(deps.db(), deps.table("payments"))


@cache
def tills() -> Tills:
    return Tills(deps.db(), deps.table("payments"))


@cache
def remittances() -> Remittances:
    return Remittances(deps.db(), deps.table("payments"))


@cache
def settlements() -> Settlements:
    return Settlements(deps.db(), deps.table("payments"))


@cache
def accounts() -> Accounts:
    return Accounts(deps.db(), deps.table("payments"))


@cache
def ledger() -> Ledger:
    return Ledger(deps.db(), deps.table("payments"))


@cache
def incidents() -> Incidents:
    return Incidents(deps.db(), deps.table("payments"))


@cache
def statements() -> Statements:
    return Statements(deps.db(), deps.table("payments"))


@cache
def decisions() -> Decisions:
    return Decisions(deps.db(), deps.earlier)


@cache
def reconciliations() -> Reconciliations:
    return Reconciliations(deps.db(), deps.table("payments"))


def programme_fee_bp() -> int:
    """Return the programme's fee on goods, in hundredths of a per cent."""
    return int(os.environ["PROGRAMME_FEE_BP"])


def as_workbook(title: str, rows: Iterable[Sequence[str | int]]) -> bytes:
    return workbook.write(title, rows)


def post(transfer: Transfer) -> Put:
    return ledger_store.post(deps.table("payments"), transfer)


def transfer(image: dict[str, Any]) -> Transfer:
    """Return the transfer that a stream's image shows."""
    return ledger_store.from_item(image)


def books() -> dict[str, Any]:
    """Return what reconciliation holds against each other, by name."""
    return {
        "orders": deps.orders(),
        "payments": payments(),
        "refunds": bookings(),
        "ledger": ledger(),
        "settlements": settlements(),
        "tills": tills(),
        "remittances": remittances(),
        "events": events(),
        "incidents": incidents(),
    }


def money() -> dict[str, Any]:
    """Return the collaborators that booking money takes, by name."""
    return {
        "payments": payments(),
        "bookings": bookings(),
        "orders": deps.orders(),
        "waves": deps.waves(),
        "now": clock.now(),
    }


@cache
def due() -> Due:
    return Due(deps.db(), deps.table("payments"), keys.PAYMENTS_DUE)
