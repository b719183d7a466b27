"""Who calls, and what is known about people."""

from dataclasses import dataclass
from datetime import datetime

MEMBER, PIC, COOPERATIVE, OPERATOR = "member", "pic", "cooperative", "operator"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a verified token says is calling. Which drop-offs and cooperatives are theirs is in the data."""

    id: str
    roles: frozenset[str]
    institution_id: str | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    person_id: str | None = None  # whom a verified phone stands for: persons in charge order for them under this id

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id under which orders are this human's."""
        return (self.id, self.person_id) if self.person_id else (self.id,)

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def owns(self, member_id: str) -> bool:
        """Tell whether what belongs to *member_id* is this human's own."""
        return member_id in self.ids


@dataclass(frozen=True, slots=True)
class Person:
    """A member as the `people` table knows them; the only place with names, phones, NIP and addresses."""

    id: str
    name: str | None = None
    phone: str | None = None
    nip: str | None = None
    institution_id: str | None = None
    email: str | None = None
    addresses: "tuple[Address, ...]" = ()  # to choose from, when something is to be brought
    forbidden: frozenset[str] = frozenset()  # uses of their data that they do not want: see `permission`


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where a member's money is sent back to by transfer; seen by operators only, with a refund."""

    bank: str
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where a courier brings an order; lat and lng in degrees, `approximate` if they are its village's alone."""

    line: str
    village_code: str
    postal_code: str
    lat: float
    lng: float
    recipient: str
    phone: str
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class OrderPrivate:
    """What an order says about people: kept beside the person, never in the order."""

    order_id: str
    address: Address | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Proxy:
    """Whom a member lets fetch an order, and since when; without a name the consent was taken back.

    `number`: the place in the order's history at which that was said, by which a hand-over refers to it.
    """

    order_id: str
    name: str | None
    phone: str | None
    at: datetime
    number: int = 0
