"""What an order says about people, as it goes along with the order: its address and its note.

While a difference is awaited, the address that was paid for is kept beside the new one.
"""

from collections.abc import Mapping

from lumbung.domain.order import Order
from lumbung.domain.order_parts import COURIER
from lumbung.domain.people import Address
from lumbung.store.table import Item

Said = Mapping[str, Address | str | None]  # `address` or `note`, as an edit wants them; None: there is to be none
Sealed = Mapping[str, bytes | None]  # the same, as it is kept
_NONE = "if_not_exists({}, :none)"  # what was erased in the meantime stays erased


def changes(before: Order, after: Order, said: Sealed | None) -> tuple[str, Item]:
    """Return the update expression (empty: nothing to change) and its values; *said* None: it was no edit.

    an edit                              what it says
    … after which money is awaited       the address until then is kept as `paid_for`
    the difference was paid, or is moot  `paid_for` is forgotten
    it was not paid in time              the address is `paid_for` again, or none
    """
    sets, removes, values = [], [], Item()
    for name, value in (said or {}).items():
        if value is None:
            removes += [name] if before.private else []
        else:
            sets.append(f"{name} = :{name}")
            values[f":{name}"] = value
    if after.paid_for and not before.paid_for and before.fulfilment.method == COURIER:
        sets.append(f"paid_for = {_NONE.format('address')}")
    if before.paid_for and not after.paid_for:
        kept = before.paid_for.fulfilment.method == COURIER
        removes += ["paid_for"] if kept else []
        if said is None and _fell_back(before, after):
            if kept:
                sets.append(f"address = {_NONE.format('paid_for')}")
            elif before.fulfilment.method == COURIER:
                removes.append("address")
    if any(":none" in change for change in sets):
        values[":none"] = None
    parts = [f"{verb} {', '.join(changed)}" for verb, changed in (("SET", sets), ("REMOVE", removes)) if changed]
    return " ".join(parts), values


def address_item(address: Address) -> Item:
    return {name: getattr(address, name) for name in Address.__slots__}


def _fell_back(before: Order, after: Order) -> bool:
    """Whether *after* costs what was paid for, no longer what was wanted."""
    return after.status == "confirmed" and after.total < before.total
