"""What must hold over what is stored of a day of hand-out. Each returns what breaks it; nothing means that it holds.

4, 5   money is applied once, none is dropped     `money`
8      goods are explained                        `goods`, `hand_overs`
9      suppliers are paid for what was received   `suppliers`
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lumbung.domain.delivery import Delivery
from lumbung.domain.desk import DELIVERED, LEFTOVER_WAYS, REFUSED, ended, left
from lumbung.domain.goods_account import GoodsAccount
from lumbung.domain.ledger import Transfer, unearned
from lumbung.domain.order import Order
from lumbung.domain.reconciliation import check_order
from lumbung.domain.refund import Refund
from lumbung.domain.wave import Wave
from lumbung.runtime import deps
from lumbung.store import consignments, ledger, order_items, refunds, trips, waves
from lumbung.store.table import Database, Item
from tests.people import unsealed


@dataclass(frozen=True)
class Books:
    """Everything that is stored about a wave's day of hand-out, read from the tables themselves."""

    wave: Wave
    orders: Mapping[str, Order]
    consignments: list[Item]
    losses: Mapping[str, Mapping[str, Any]]  # by consignment
    deliveries: Mapping[str, Delivery]
    handovers: list[Item]
    told: list[Item]
    transfers: list[Transfer]
    refunds: list[Refund]
    incidents: list[str]
    open_orders: int
    proxies: list[tuple[str, str | None]]
    once: frozenset[str]


def read(db: Database) -> Books:
    orders, money, goods, people = (
        list(db.scan(deps.table(name))) for name in ("orders", "payments", "deliveries", "people")
    )
    people = unsealed(db, people)
    shares: dict[str, dict[str, Any]] = defaultdict(dict)
    for item in goods:
        if item["sk"].startswith("SHARE#"):
            shares[_id(item)] |= item["losses"]
    return Books(
        wave=waves.from_item(next(item for item in orders if item["sk"] == "WAVE")),
        orders={_id(item): order_items.from_item(item) for item in orders if item.get("kind") == "ORDER"},
        consignments=[item for item in goods if item.get("kind") == "CONSIGNMENT"],
        losses=shares,
        deliveries={_id(item): trips._delivery(item) for item in goods if item.get("kind") == "DELIVERY"},
        handovers=[item for item in goods if item.get("kind") == "HANDOVER"],
        told=[item for item in goods if item.get("kind") == "DEVICE"],
        transfers=[ledger.from_item(item) for item in money if item.get("kind") == "TRANSFER"],
        refunds=[refunds.from_item(item) for item in money if item.get("kind") == "REFUND"],
        incidents=sorted(_id(item) for item in money if item.get("kind") == "INCIDENT"),
        open_orders=next(item["orders"] for item in orders if item.get("kind") == "OPEN"),
        proxies=sorted((_id(item), item.get("name")) for item in people if item["sk"] == "PROXY"),
        once=frozenset(_id(item) for item in goods if item["pk"].startswith("ONCE#")),
    )


def broken(books: Books) -> list[str]:
    return [*goods(books), *hand_overs(books), *money(books), *suppliers(books)]


def goods(books: Books) -> Iterator[str]:
    """8: every pack is somewhere, and an order is over when nothing of it is at the drop-off or under way."""
    account = GoodsAccount()
    for item in books.consignments:
        consignment = consignments.from_item(item)
        account.add_consignment(consignment, books.losses[consignment.id] if consignment.shares is not None else {})
        for line in consignment.lines:
            if line.received + line.damaged > line.expected:
                yield f"8: {consignment.id} received more than the {line.expected} of {line.offer_id}"
            told = [count for r in consignment.receipts for count in r.counts if count.offer_id == line.offer_id]
            if (sum(c.received for c in told), sum(c.damaged for c in told)) != (line.received, line.damaged):
                yield f"8: the receipts of {consignment.id} do not add up to what was received of {line.offer_id}"
    for order in books.orders.values():
        account.add_order(order, books.deliveries.get(order.id, Delivery(order.id)))
    for offer_id, packs in account.unexplained().items():
        yield f"8: {packs} of {offer_id} are unexplained: {dict(account.packs[offer_id])}"
    for offer_id, counted in account.packs.items():
        if any(count < 0 for count in counted.values()):
            yield f"8: fewer than none of {offer_id} are somewhere: {dict(counted)}"
    not_over = sum(not ended(order) for order in books.orders.values())
    if not_over != books.open_orders:
        yield f"8: {not_over} orders are not over, counted are {books.open_orders}"


def hand_overs(books: Books) -> Iterator[str]:
    """8: what records say went over the desk is what orders say is there no more; no device's number counts twice."""
    recorded: dict[str, Counter[str]] = defaultdict(Counter)
    for item in books.handovers:
        recorded[_id(item)].update(item["packs"])
    for order in books.orders.values():
        gone = Counter(order.granted_by_offer) - left(order) if order.goods_received else Counter[str]()
        gone -= gone if order.fulfilment_status == DELIVERED else Counter(order.gone.get(DELIVERED, {}))
        if +recorded[order.id] != gone:
            yield f"8: {dict(gone)} of {order.id} are gone, recorded are {dict(recorded[order.id])}"
    told = Counter((i["pk"].split("#")[2], i["order"]) for i in books.told if i["outcome"] != "conflict")
    by_device = Counter((item["device"], _id(item)) for item in books.handovers if "device" in item)
    if told != by_device:
        yield f"8: devices told of {told}, recorded are {by_device}"


def money(books: Books) -> Iterator[str]:
    """4, 5: what an order says of its money is what ledger and refunds say; nobody keeps more than is owed."""
    for order in books.orders.values():
        transfers = [transfer for transfer in books.transfers if transfer.order_id == order.id]
        of_order = [refund for refund in books.refunds if refund.order_id == order.id]
        yield from (f"4: {finding}" for finding in check_order(order, transfers, of_order))
        if order.goods_received and order.kept != order.owed:
            yield f"5: {order.id} keeps {order.kept} and owes {order.owed}"
        refused = sum(order.gone.get(REFUSED, {}).values())
        promised = sum(refund.reason != "Barang kurang atau rusak saat diterima" for refund in of_order)
        if refused and not promised:
            yield f"5: {refused} packs of {order.id} were refused, and nothing is promised back"
    sold = sum(h["way"] == LEFTOVER_WAYS[0] for h in books.handovers)
    claimed = sum(t.debit.startswith("claim:") for t in books.transfers)
    if sold > claimed:
        yield f"5: {sold} sales, {claimed} claims"


def suppliers(books: Books) -> Iterator[str]:
    """9: cooperatives are owed what was received for good; what is left of the wave's money is what orders keep."""
    account, balance, owed = unearned("wav_1"), 0, 0
    for transfer in books.transfers:
        balance += transfer.amount * ((transfer.credit == account) - (transfer.debit == account))
    for item in books.consignments:
        if item["state"] == "received":
            owed += sum(line.received * line.price for line in consignments.from_item(item).lines)
    booked = sum(t.amount for t in books.transfers if t.debit == account and t.credit.startswith("cooperative:"))
    if booked != owed:
        yield f"9: {owed} is owed to cooperatives, booked is {booked}"
    kept = sum(order.kept + order.borne for order in books.orders.values()) - owed
    if balance != kept:
        yield f"9: {balance} is unearned, orders keep {kept} beyond what is owed for goods"


def end_state(books: Books) -> dict[str, Any]:
    """What it has come to; versions, moments of looks, and tries of codes do not count."""
    return {
        "wave": books.wave.status,
        "orders": {
            order.id: (
                order.status, order.fulfilment_status, [line.granted for line in order.lines],
                {way: dict(packs) for way, packs in order.gone.items()},
                (order.paid, order.refund_decided, order.borne, order.courier_fee),
                [(happened.at, happened.event) for happened in order.history],
            )
            for order in books.orders.values()
        },
        "consignments": sorted(
            (item["pk"], item["state"], str(item["lines"]), item.get("moved_on"), len(item.get("receipts", ())),
             item.get("departed_at"), item.get("arrived_at"), item.get("lot"))
            for item in books.consignments
        ),
        "handovers": sorted((item["pk"], item["way"], str(item["packs"]), item["at"]) for item in books.handovers),
        "told": sorted((item["pk"], item["sk"], item["outcome"], item["order"]) for item in books.told),
        "refunds": sorted((r.order_id, r.amount, r.reason, r.liable) for r in books.refunds),
        "transfers": sorted((t.order_id or "", t.debit, t.credit, t.amount) for t in books.transfers),
        "incidents": books.incidents,
        "open": books.open_orders,
        "proxies": books.proxies,
        "once": books.once,
    }  # fmt: skip


def _id(item: Item) -> str:
    return str(item["pk"].partition("#")[2])
