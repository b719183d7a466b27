"""Holding what was written against what it should add up to. A finding is a difference that nothing explains.

Each check is told everything it compares, and reads nothing itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lumbung.domain import ledger
from lumbung.domain.cash import Remittance, Till
from lumbung.domain.ledger import Transfer
from lumbung.domain.order import Order
from lumbung.domain.payment import CASH, Payment
from lumbung.domain.refund import Refund
from lumbung.domain.settlement import Settlement
from lumbung.domain.statement import DIFFERENCES, Entry

Balances = Mapping[str, tuple[int, int]]  # debits and credits by account
LEAVES_UNEARNED_FOR = ("cooperative:", "courier:", ledger.DELIVERY_DIFFERENCE, "programme_fee")


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, and what is under way and explains itself."""

    findings: tuple[Finding, ...] = ()
    open_items: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.findings


def is_money(account: str) -> bool:
    """Whether an account holds real money: at a provider, in somebody's hands, with a treasurer, in the bank."""
    return account == ledger.BANK or account.startswith(("gateway:", "pic:", "tpp:"))


def paid(transfers: Iterable[Transfer]) -> int:
    """Return what was paid for an order, gross: money that came in, less what was reversed, not refunded."""
    return sum(
        transfer.amount * (is_money(transfer.debit) - is_money(transfer.credit))
        for transfer in transfers
        if ledger.REFUND_PAYABLE not in (transfer.debit, transfer.credit)
    )


def promised(transfers: Iterable[Transfer]) -> int:
    """Return what of an order was promised back and not withdrawn, whether it has reached the member or not."""
    total = 0
    for transfer in transfers:
        if transfer.credit == ledger.REFUND_PAYABLE and not is_money(transfer.debit):
            total += transfer.amount
        if transfer.debit == ledger.REFUND_PAYABLE and not is_money(transfer.credit):
            total -= transfer.amount
    return total


def check_order(order: Order, transfers: Sequence[Transfer], refunds: Sequence[Refund]) -> list[Finding]:
    """Hold an order's amounts against its transfers and refunds."""
    found = []
    if (by_ledger := paid(transfers)) != order.paid:
        found.append(_differ("order_paid", order.id, "pesanan", order.paid, "buku besar", by_ledger))
    if (by_ledger := promised(transfers)) != order.refund_decided:
        found.append(_differ("order_refunds", order.id, "dijanjikan", order.refund_decided, "buku besar", by_ledger))
    if not order.live and order.kept > 0:
        found.append(Finding("order_kept", order.id, f"Rp {order.kept} disimpan, pesanan berstatus {order.status}."))
    done = sum(refund.amount for refund in refunds if refund.status == "done")
    if done != order.refunded:
        found.append(_differ("order_refunded", order.id, "dikembalikan", order.refunded, "catatan", done))
    return found


def check_payments(order: Order, payments: Sequence[Payment], refunds: Sequence[Refund]) -> list[Finding]:
    """Hold what an order kept against what its payments still hold; refunds by hand left another way."""
    keys = {key for payment in payments for key in payment.returned}
    by_hand = sum(r.amount for r in refunds if r.status == "done" and not {r.id, r.reference} & keys)
    held = sum(payment.held for payment in payments if not payment.suspended)
    if held - by_hand != order.paid - order.refunded:
        return [_differ("payments", order.id, "pesanan", order.paid - order.refunded, "pembayaran", held - by_hand)]
    return []


def check_unearned(
    wave_id: str, orders: Sequence[Order], transfers: Sequence[Transfer], *, completed: bool
) -> list[Finding]:
    """Hold a wave's unearned money against what its orders keep; nothing may be left when it is completed."""
    account = ledger.unearned(wave_id)
    known = {order.id for order in orders}
    found = []
    balance = 0
    for transfer in transfers:
        balance += transfer.amount * ((transfer.credit == account) - (transfer.debit == account))
        other = transfer.debit if transfer.credit == account else transfer.credit
        if transfer.order_id not in known and not other.startswith(LEAVES_UNEARNED_FOR):
            found.append(Finding("unearned", transfer.id, f"Rp {transfer.amount} tanpa pesanan dalam gelombang ini."))
    if completed and balance:
        found.append(Finding("unearned", wave_id, f"Rp {balance} tersisa setelah gelombang selesai."))
    return found


def check_settlement(
    wave_id: str, cooperative_id: str, settlement: Settlement | None, transfers: Iterable[Transfer]
) -> list[Finding]:
    """Hold what a settlement says against the *transfers* of its cooperative's account."""
    account, unearned = ledger.cooperative(cooperative_id), ledger.unearned(wave_id)
    booked: dict[tuple[str, str], int] = defaultdict(int)
    for transfer in transfers:
        if transfer.wave_id == wave_id:
            booked[transfer.debit, transfer.credit] += transfer.amount
    known = settlement
    return [
        _differ(check, cooperative_id, "penyelesaian", said, "buku besar", booked[way])
        for check, said, way in (
            ("settlement", known.goods_value if known else 0, (unearned, account)),
            ("settlement_refunds", known.refunded if known else 0, (account, unearned)),
            ("settlement_fee", known.fee if known else 0, (account, ledger.PROGRAMME_FEE)),
            ("settlement_paid", known.paid if known else 0, (account, ledger.BANK)),
        )
        if said != booked[way]
    ]


def check_till(till: Till, transfers: Iterable[Transfer], remittances: Sequence[Remittance]) -> list[Finding]:
    """Hold a till against its receipts in the ledger, and against the hand-overs."""
    account = ledger.pic(till.dropoff_id)
    sums: dict[str, int] = defaultdict(int)
    for transfer in transfers:
        sums["in" if transfer.debit == account else "out"] += transfer.amount
    found = []
    if sums["in"] != till.collected:
        found.append(_differ("cash_collected", till.dropoff_id, "kas", till.collected, "buku besar", sums["in"]))
    if sums["out"] != till.remitted:
        found.append(_differ("cash_remitted", till.dropoff_id, "kas", till.remitted, "buku besar", sums["out"]))
    counted = sum(remittance.counted or 0 for remittance in remittances)
    if counted != till.remitted:
        found.append(_differ("cash_counted", till.dropoff_id, "kas", till.remitted, "setoran", counted))
    waiting = sum(remittance.amount for remittance in remittances if remittance.status == "pending")
    if waiting != till.announced:
        found.append(_differ("cash_announced", till.dropoff_id, "kas", till.announced, "setoran", waiting))
    return found


def check_receipts(dropoff_id: str, payments: Iterable[Payment], transfers: Iterable[Transfer]) -> list[Finding]:
    """Hold a wave's cash receipts at a drop-off against the money that they put into its till."""
    account = ledger.pic(dropoff_id)
    receipts: dict[str, int] = defaultdict(int)
    for payment in payments:
        if payment.method == CASH and payment.dropoff_id == dropoff_id:
            receipts[payment.order_id] += payment.received
    booked: dict[str, int] = defaultdict(int)
    for transfer in transfers:
        if transfer.debit == account and transfer.order_id:
            booked[transfer.order_id] += transfer.amount
    return [
        _differ("receipts", order_id, "kuitansi", amount, "buku besar", booked[order_id])
        for order_id, amount in receipts.items()
        if booked[order_id] != amount
    ]


def check_statements(worklist: Iterable[Entry]) -> Result:
    """Return what providers and banks say that differs from ours, and beside it what nobody has looked into yet."""
    told = [(e, Finding(f"statement_{e.reason}", e.about or e.line.reference or e.id, e.detail)) for e in worklist]
    return Result(
        tuple(finding for entry, finding in told if entry.reason in DIFFERENCES),
        tuple(finding for entry, finding in told if entry.reason not in DIFFERENCES),
    )


def recount(transfers: Iterable[Transfer]) -> Balances:
    """Return debits and credits of every account, summed anew."""
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for transfer in transfers:
        debits, credits_ = sums[transfer.debit]
        sums[transfer.debit] = (debits + transfer.amount, credits_)
        debits, credits_ = sums[transfer.credit]
        sums[transfer.credit] = (debits, credits_ + transfer.amount)
    return sums


def check_accounts(projected: Balances, counted: Balances) -> list[Finding]:
    """Hold projected balances against recounted ones."""
    return [
        Finding("account", name, f"proyeksi {projected.get(name, (0, 0))}, hitungan {counted.get(name, (0, 0))}")
        for name in sorted({*projected, *counted})
        if projected.get(name, (0, 0)) != counted.get(name, (0, 0))
    ]


def with_treasurers(counted: Balances) -> list[Finding]:
    """Return what was deducted from allowances, and has not arrived at the bank."""
    return [
        Finding("tpp", name, f"Rp {debits - credits_} belum disetor bendahara.")
        for name, (debits, credits_) in sorted(counted.items())
        if name.startswith("tpp:") and debits != credits_
    ]


def _differ(check: str, subject: str, one: str, amount: int, other: str, counted: int) -> Finding:
    return Finding(check, subject, f"{one} Rp {amount}, {other} Rp {counted}")
