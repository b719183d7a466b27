"""Biteship's own record of each order: its truth, whatever it notified."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra.simulators.clock import WIB

# status: what the tracking history says of it
NOTES = {
    "confirmed": "Order has been confirmed. Locating nearest driver to pick up.",
    "scheduled": "Order has been scheduled. Locating driver at the time of pick up.",
    "allocated": "Courier has been allocated. Waiting to pick up.",
    "picking_up": "Courier is on the way to pick up item.",
    "picked": "Item has been picked and ready to be shipped.",
    "in_transit": "Item is on the way to customer.",
    "dropping_off": "Item is on the way to customer.",
    "delivered": "Item has been delivered.",
    "on_hold": "Shipment is on hold at the moment. It goes on after it is resolved.",
    "return_in_transit": "Order is on the way back to the origin.",
    "returned": "Order successfully returned.",
    "rejected": "Shipment has been rejected.",
    "disposed": "Order successfully disposed.",
    "courier_not_found": "Shipment is canceled because there is no courier available at the moment.",
    "cancelled": "Order is cancelled.",
}
STATUSES = tuple(NOTES)
CANCELLABLE = ("confirmed", "scheduled", "allocated")
WITHOUT_DRIVER = ("confirmed", "scheduled", "courier_not_found")
DRIVERS = ("Budi", "Agus", "Dewi", "Joko", "Rina", "Slamet", "Tuti", "Wahyu")


@dataclass(frozen=True, slots=True)
class Driver:
    name: str
    phone: str
    plate: str

    @classmethod
    def number(cls, n: int) -> "Driver":
        return cls(DRIVERS[n % len(DRIVERS)], f"08{8_880_000_000 + n}", f"B {1000 + n % 9000} ABC")

    @property
    def photo(self) -> str:
        return f"https://example.test/{self.phone}.jpg"


@dataclass(slots=True)
class Order:
    request: dict[str, Any]
    number: int
    km: float
    price: int
    status: str
    placed: datetime
    updated: datetime
    driver: Driver | None = None
    waybill_id: str | None = None
    history: list[dict[str, str]] = field(default_factory=list)
    allocations: int = 0

    @property
    def id(self) -> str:
        return object_id(f"order/{self.number}")

    @property
    def tracking_id(self) -> str:
        return object_id(f"tracking/{self.number}")

    @property
    def reference_id(self) -> str | None:
        return self.request.get("reference_id")

    def move_to(self, status: str, at: datetime) -> None:
        """Be *status*; a driver comes with allocation, leaves with a new search, and keeps the parcel after."""
        if status in WITHOUT_DRIVER:
            self.driver = None
        elif status not in ("cancelled", "rejected") and self.driver is None:
            self.allocations += 1
            self.driver = Driver.number(self.number * 7 + self.allocations)
            self.waybill_id = self.waybill_id or f"GK-11-{170_000 + self.number}"
        self.status, self.updated = status, at
        self.history.append(
            {
                "note": NOTES[status],
                "service_type": self.request["courier_type"],
                "updated_at": jakarta(at),
                "status": status,
            }
        )

    @property
    def link(self) -> str | None:
        return f"https://example.test/track/{self.tracking_id}" if self.driver else None


def object_id(name: str) -> str:
    return hashlib.sha256(f"biteship/{name}".encode()).hexdigest()[:24]


def jakarta(at: datetime) -> str:
    return at.astimezone(WIB).isoformat(timespec="seconds")
