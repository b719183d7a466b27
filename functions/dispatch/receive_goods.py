"""The person in charge counts what came."""

from collections.abc import Sequence

from dispatch.depart import delivering
from dispatch.ports import Consignments, Decide, Messages, Remember, Waves, Write
from lumbung.domain.consignment import RECEIVED, Consignment, Receipt
from lumbung.domain.once import Once

MOVE_ON, END_WAITING = "move_on", "end_waiting"


def receive_goods(
    consignment_id: str, receipt: Receipt, *, once: Once, remember: Remember, decide: Decide,
    consignments: Consignments, waves: Waves, worker: Messages,
) -> Consignment:  # fmt: skip
    """Add a receipt; after the final one the drop-off's orders move on. Invalid, InvalidState, AlreadyDone."""

    def step() -> tuple[Consignment, Sequence[Write]]:
        after = consignments.get(consignment_id).receive(receipt)
        writes = [remember(once, consignment_id), consignments.save(after)]
        return after, writes + delivering(after.wave_id, waves)

    received = decide(step, once)
    move_orders_on(received, worker)
    return received


def move_orders_on(consignment: Consignment, worker: Messages) -> None:
    """Have the worker move the drop-off's orders on, if everything was counted and they do not know yet."""
    if consignment.state == RECEIVED and not consignment.moved_on:
        worker.send(do=MOVE_ON, wave_id=consignment.wave_id, dropoff_id=consignment.dropoff_id)


def look_after(consignment: Consignment, worker: Messages) -> None:
    """Have the worker do what is due about a consignment: move its drop-off's orders on, or wait no longer for them."""
    if consignment.moved_on:
        worker.send(do=END_WAITING, consignment_id=consignment.id)
    else:
        move_orders_on(consignment, worker)
