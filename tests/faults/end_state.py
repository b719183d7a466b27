"""What a wave has come to, without what may differ between two runs that did the same."""

from collections import Counter
from typing import Any

from tests.faults.invariants import Books


def end_state(books: Books) -> dict[str, Any]:
    """Which shard a pack lies in, when a shut gate would close, versions and moments of retries do not count."""
    left: Counter[str] = Counter()
    for (offer_id, _), shard in books.shards.items():
        left[offer_id] += shard.get("available", 0)
    return {
        "wave": (books.wave.status, books.wave.closes_at, [offer.quota for offer in books.wave.offers]),
        "left": dict(left),
        "gates": sorted({(s["opens"], s["closes"]) for s in books.shards.values() if s["open"]}),
        "orders": {
            order.id: (
                order.status,
                order.fulfilment_status,
                [(line.offer_id, line.quantity, line.allocated) for line in order.lines],
                (order.paid, order.refund_decided, order.refunded),
                [happened.event for happened in order.history],
            )
            for order in books.orders.values()
        },
        "refunds": sorted((r.id, r.amount, r.reason) for found in books.refunds.values() for r in found),
        "transfers": sorted(transfer.id for found in books.transfers.values() for transfer in found),
        "run": (books.run["step"], sorted(books.run.get("pending", ())), books.run["rules"]) if books.run else None,
        "supplies": dict(books.supplies),
        "opened": {dropoff: (item["orders"], item["packs"]) for dropoff, item in books.opened.items()},
        "once": books.once,
        "registered": sorted(str(sorted(item.items())) for item in books.registered),
    }
