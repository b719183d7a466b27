"""Orders as the contract writes them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from lumbung.domain.desk import to_fetch
from lumbung.domain.errors import Fault, Invalid
from lumbung.domain.hours import SHORTEST_WINDOW_MIN, Window, clock_time, minute_of
from lumbung.domain.order import Order
from lumbung.domain.order_parts import OrderLine, PaidFor, Tolerance
from lumbung.domain.people import Address, Person
from lumbung.domain.village import IN_THE_MIDDLE, Village, village_unknown
from lumbung.runtime.schema import (
    ClockTime,
    Id,
    Latitude,
    Longitude,
    Note,
    Phone,
    PhoneNumber,
    PostalCode,
    Request,
    Text,
    Utc,
    View,
    VillageCode,
)

Quantity = Annotated[int, Field(ge=1, le=1000)]


class InsteadRequest(Request):
    offer_id: Id
    packs: Quantity


class ToleranceRequest(Request):
    """What else the member would accept: see `lumbung.domain.order.Tolerance`."""

    instead: Annotated[list[InsteadRequest], Field(default_factory=list, max_length=5)]
    more: Annotated[int, Field(ge=0, le=1000)] = 0

    def to_domain(self) -> Tolerance:
        return Tolerance(tuple((one.offer_id, one.packs) for one in self.instead), self.more)


class LineRequest(Request):
    offer_id: Id
    quantity: Quantity
    tolerance: ToleranceRequest | None = None


class AddressRequest(Request):
    """Without coordinates it is taken to be in the middle of its village."""

    line: Text
    village_code: VillageCode
    postal_code: PostalCode
    lat: Latitude | None = None
    lng: Longitude | None = None
    recipient: Text
    phone: Phone

    @model_validator(mode="after")
    def _is_a_place(self) -> "AddressRequest":
        if (self.lat is None) is not (self.lng is None):
            raise ValueError("lat and lng come together")
        return self

    def to_domain(self, find: Callable[[str], Village | None]) -> Address:
        """Return the address with coordinates; Invalid when it has none and its village is not known to *find*."""
        if self.lat is not None:
            return Address(**self.model_dump())
        if village := find(self.village_code):
            return Address(**self.model_dump() | {"lat": village.lat, "lng": village.lng, "approximate": True})
        raise Invalid(
            village_unknown(self.village_code), [Fault("/village_code", "tidak dikenal, dan tanpa koordinat")]
        )


class PickupRequest(Request):
    method: Literal["pickup"]


class WindowRequest(Request):
    """When somebody is at home, by the wave's own clock."""

    begin: ClockTime
    end: ClockTime

    @model_validator(mode="after")
    def _is_long_enough(self) -> "WindowRequest":
        if self.to_domain().minutes < SHORTEST_WINDOW_MIN:
            raise ValueError(f"at least {SHORTEST_WINDOW_MIN} minutes")
        return self

    def to_domain(self) -> Window:
        return Window(minute_of(self.begin), minute_of(self.end))


class CourierRequest(Request):
    method: Literal["courier"]
    address: AddressRequest
    quote_id: Id | None = None
    window: WindowRequest | None = None


Lines = Annotated[list[LineRequest], Field(min_length=1, max_length=20)]


def tolerances_of(lines: Sequence[LineRequest]) -> dict[int, Tolerance]:
    """What is said about lines, by their number; saying nothing in many words is saying nothing."""
    said = {n: line.tolerance.to_domain() for n, line in enumerate(lines) if line.tolerance}
    return {n: tolerance for n, tolerance in said.items() if tolerance != Tolerance()}


FulfilmentRequest = Annotated[PickupRequest | CourierRequest, Field(discriminator="method")]


class PersonRequest(Request):
    name: Text
    phone: PhoneNumber
    nip: Annotated[str, Field(pattern=r"^\d{18}$")] | None = None
    institution_id: Id


class OrderRequest(Request):
    wave_id: Id
    dropoff_id: Id
    lines: Lines
    fulfilment: FulfilmentRequest
    note: Note | None = None
    on_behalf_of: PersonRequest | None = None


class MemberView(View):
    id: str
    name: str | None
    phone: str | None


class InsteadView(View):
    offer_id: str
    packs: int


class ToleranceView(View):
    instead: list[InsteadView]
    more: int

    @classmethod
    def of(cls, tolerance: Tolerance | None) -> "ToleranceView | None":
        if tolerance is None:
            return None
        instead = [InsteadView(offer_id=offer_id, packs=packs) for offer_id, packs in tolerance.instead]
        return cls(instead=instead, more=tolerance.more)


class LineView(View):
    """A line with `quantity` 0 was granted by tolerance."""

    offer_id: str
    name: str
    weight_g: int
    quantity: int
    price: int
    subtotal: int
    allocated: int | None
    tolerance: ToleranceView | None


class AddressView(View):
    """As it was said: one without coordinates is in the middle of its village, as far as anybody knows."""

    line: str
    village_code: str
    postal_code: str
    lat: float | None
    lng: float | None
    recipient: str
    phone: str

    @classmethod
    def of(cls, address: Address) -> "AddressView":
        said = {name: getattr(address, name) for name in cls.model_fields}
        return cls(**said | ({"lat": None, "lng": None} if address.approximate else {}))


class WindowView(View):
    begin: str
    end: str


class FulfilmentView(View):
    method: str
    address: AddressView | None = None
    quote_id: str | None = None
    trips: int | None = None
    window: WindowView | None = None
    warning: str | None = None


class PaidForView(View):
    """What the order is again unless the rest is paid in time."""

    lines: list[LineView]
    method: str
    courier_fee: int
    total: int


class ToFetchView(View):
    offer_id: str
    packs: int


class HappeningView(View):
    at: Utc
    event: str
    by: str


class OrderView(View):
    """`left`: what lies at the desk to be fetched, by offer. `collect_by`: until when it is kept for its member."""

    id: str
    wave_id: str
    dropoff_id: str
    institution_id: str | None
    member: MemberView
    lines: list[LineView]
    fulfilment: FulfilmentView
    note: str | None
    goods_total: int
    courier_fee: int
    total: int
    paid: int
    refunded: int
    balance: int
    status: str
    payment_status: str
    fulfilment_status: str
    payment_due_at: Utc
    placed_at: Utc
    paid_for: PaidForView | None
    left: list[ToFetchView]
    collect_by: Utc | None
    history: list[HappeningView]

    @classmethod
    def of(
        cls, order: Order, person: Person, *, address: Address | None, note: str | None,
        collect_by: datetime | None = None,
    ) -> "OrderView":  # fmt: skip
        """Return what its owner, its PIC and operators see."""
        return cls(
            id=order.id,
            wave_id=order.wave_id,
            dropoff_id=order.dropoff_id,
            institution_id=order.institution_id,
            member=MemberView(id=order.member_id, name=person.name, phone=person.phone),
            lines=[_line(line) for line in order.lines],
            fulfilment=_fulfilment(order, address),
            note=note,
            goods_total=order.goods_total,
            courier_fee=order.courier_fee,
            total=order.total,
            paid=order.paid,
            refunded=order.refunded,
            balance=order.balance,
            status=order.status,
            payment_status=order.payment_status,
            fulfilment_status=order.fulfilment_status,
            payment_due_at=order.payment_due_at,
            placed_at=order.placed_at,
            paid_for=_paid_for(order.paid_for) if order.paid_for else None,
            left=[ToFetchView(offer_id=offer_id, packs=packs) for offer_id, packs in to_fetch(order).items()],
            collect_by=collect_by,
            history=[HappeningView(at=h.at, event=h.event, by=h.by) for h in order.history],
        )


class OrderList(View):
    items: list[OrderView]
    next_cursor: str | None


def _line(line: OrderLine) -> LineView:
    return LineView(
        offer_id=line.offer_id,
        name=line.name,
        weight_g=line.weight_g,
        quantity=line.quantity,
        price=line.price,
        subtotal=line.subtotal,
        allocated=line.allocated,
        tolerance=ToleranceView.of(line.tolerance),
    )


def _paid_for(was: PaidFor) -> PaidForView:
    return PaidForView(
        lines=[_line(line) for line in was.lines],
        method=was.fulfilment.method,
        courier_fee=was.courier_fee,
        total=was.courier_fee + sum(line.subtotal for line in was.lines),
    )


def _fulfilment(order: Order, address: Address | None) -> FulfilmentView:
    f = order.fulfilment
    if f.method == "pickup":
        return FulfilmentView(method=f.method)
    return FulfilmentView(
        method=f.method,
        address=AddressView.of(address) if address else None,
        quote_id=f.quote_id,
        trips=f.trips,
        window=WindowView(begin=clock_time(f.window.begin), end=clock_time(f.window.end)) if f.window else None,
        warning=IN_THE_MIDDLE if address and address.approximate else None,
    )
