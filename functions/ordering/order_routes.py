"""HTTP: members order, persons in charge order for them, and both take orders back while the wave is open."""

from collections.abc import Sequence
from typing import Any

from lumbung.domain.courier_quote import Home, place_of
from lumbung.domain.errors import Fault, Forbidden, Invalid, NotFound
from lumbung.domain.geo import straight_line_m
from lumbung.domain.order import STATUSES, Order
from lumbung.domain.people import MEMBER, OPERATOR, PIC, Address, Caller, OrderPrivate, Person
from lumbung.domain.phone import person_id
from lumbung.domain.wave import Draft
from lumbung.runtime import clock, deps
from lumbung.runtime.answer import Answer
from lumbung.runtime.http import PAGED, Api, Call
from ordering.cancel_order import cancel_order
from ordering.order_schemas import (
    CourierRequest,
    FulfilmentRequest,
    OrderList,
    OrderRequest,
    OrderView,
    PersonRequest,
    tolerances_of,
)
from ordering.place_order import place_order
from ordering.visible import in_charge

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


@routes.post("/v1/orders", roles=(MEMBER, PIC), body=OrderRequest, returns=OrderView, status=201, refuses=(404,))
def post_order(call: Call) -> Answer:
    order_id = call.order_id()  # the key comes before the body
    request = call.parse(OrderRequest)
    person = _person_ordered_for(call, request.on_behalf_of, request.dropoff_id)
    address = address_of(request.fulfilment)
    private = OrderPrivate(order_id, address, request.note)
    says_something = bool(private.address or private.note)
    order, replayed = place_order(
        Draft(
            order_id=order_id,
            wave_id=request.wave_id,
            dropoff_id=request.dropoff_id,
            institution_id=person.institution_id if person else call.caller.institution_id,
            member_id=person.id if person else call.caller.id,
            placed_by=call.caller.id,
            quantities=tuple((line.offer_id, line.quantity) for line in request.lines),
            request_hash=call.body_hash,
            private=says_something,
            person_id=None if person else call.caller.person_id,
            served_institution_ids=deps.dropoffs().get(request.dropoff_id).institution_ids if person else frozenset(),
            tolerances=tolerances_of(request.lines),
        ),
        at=call.at,
        tariff=deps.tariff(),
        waves=deps.waves(),
        orders=deps.orders(),
        home=home_of(request.fulfilment, address, request.dropoff_id),
        private=private if says_something else None,
        person=person,
        name=None if person else call.caller.name,
        phone=None if person else call.caller.phone,
        email=None if person else call.caller.email,
    )
    call.notes |= {"order_id": order.id, "packs": order.packs}
    if replayed:
        return Answer(view(order), replayed=True, status=201)
    known = person or Person(call.caller.id, call.caller.name, call.caller.phone)
    return Answer(OrderView.of(order, known, address=private.address, note=private.note))


@routes.get("/v1/orders", roles=(MEMBER, PIC), returns=OrderList, query=PAGED)
def get_orders(call: Call) -> dict[str, Any]:
    limit, start = call.page()
    orders, more = deps.orders().of_member(call.caller.ids, limit=limit, start=start)
    return call.listing(views(orders), more)


@routes.get("/v1/orders/{order_id}", roles=(MEMBER, PIC, OPERATOR), returns=OrderView)
def get_order(call: Call, order_id: str) -> OrderView:
    return view(visible(order_id, call.caller))


@routes.post("/v1/orders/{order_id}/cancellation", roles=(MEMBER, PIC, OPERATOR), returns=OrderView, replay=get_order)
def post_cancellation(call: Call, order_id: str) -> OrderView:
    visible(order_id, call.caller)
    call.begin_empty()
    order = cancel_order(
        order_id, by=call.caller.id, at=call.at, once=call.once, remember=deps.remember,
        waves=deps.waves(), orders=deps.orders(), refunds=deps.refunds(),
    )  # fmt: skip
    call.notes["order_id"] = order.id
    return view(order)


@routes.get(
    "/v1/dropoffs/{dropoff_id}/orders", roles=(PIC, OPERATOR), returns=OrderList, query=("wave_id!", "status", *PAGED)
)
def get_dropoff_orders(call: Call, dropoff_id: str) -> dict[str, Any]:
    if not in_charge(call.caller, dropoff_id):
        raise NotFound(f"Titik ambil {dropoff_id} tidak ditemukan.")
    limit, start = call.page()
    wave_id, status = call.required_query("wave_id"), call.query.get("status")
    if status not in (None, *STATUSES):
        raise Invalid(f"status: {', '.join(STATUSES)}", [Fault("/query/status", "tidak dikenal")])
    orders, more = deps.orders().page_of_dropoff(wave_id, dropoff_id, status=status, limit=limit, start=start)
    shown = [each for each in views(orders) if status in (None, each.status)]  # not what has just expired
    return call.listing(shown, more)


def view(order: Order) -> OrderView:
    return views([order])[0]


def views(orders: Sequence[Order]) -> list[OrderView]:
    """Return *orders* as they read now, with what the people table says about them."""
    people = deps.people().of_orders(orders)
    private = deps.people().private_of([order.id for order in orders if order.private])
    nothing = OrderPrivate("")
    now = clock.now()
    at_desk = {order.wave_id for order in orders if order.fulfilment_status == "at_dropoff"}
    rules = {wave_id: deps.waves().recent(wave_id).uncollected for wave_id in at_desk}
    return [
        OrderView.of(
            order.as_of(now),
            people[order.member_id],
            address=private.get(order.id, nothing).address,
            note=private.get(order.id, nothing).note,
            collect_by=rule.waits_until(order) if (rule := rules.get(order.wave_id)) else None,
        )
        for order in orders
    ]


def visible(order_id: str, caller: Caller) -> Order:
    """Return an order of the caller's own, or of a drop-off that they are in charge of; NotFound."""
    order = deps.orders().get(order_id)
    if caller.owns(order.member_id) or in_charge(caller, order.dropoff_id):
        return order
    raise NotFound(f"Pesanan {order_id} tidak ditemukan.")


def _person_ordered_for(call: Call, request: PersonRequest | None, dropoff_id: str) -> Person | None:
    """Return whom a PIC orders for, known by phone: the same phone is the same person, whoever orders."""
    if request is None:
        return None
    if not call.caller.has(PIC):
        raise Forbidden("Hanya penanggung jawab yang dapat memesan untuk orang lain.")
    if not in_charge(call.caller, dropoff_id):
        raise NotFound(f"Titik ambil {dropoff_id} tidak ditemukan.")
    member_id = person_id(deps.id_secret(), request.phone)
    return Person(member_id, request.name, request.phone, request.nip, request.institution_id)


def address_of(wanted: FulfilmentRequest | None) -> Address | None:
    """Return where a courier is to bring an order, found by its village if need be; None: it is fetched. Invalid."""
    if not isinstance(wanted, CourierRequest):
        return None
    try:
        return wanted.address.to_domain(deps.villages().find)
    except Invalid as unknown:
        faults = [Fault(f"/fulfilment/address{fault.pointer}", fault.message) for fault in unknown.faults]
        raise Invalid(unknown.detail, faults) from None


def home_of(wanted: FulfilmentRequest, to: Address | None, dropoff_id: str) -> Home | None:
    """Return what *to* means for a courier's price, with the quote that is named; None: it is fetched."""
    if not isinstance(wanted, CourierRequest) or to is None:
        return None
    dropoff = deps.dropoffs().find(dropoff_id)
    straight_m = straight_line_m(dropoff.lat, dropoff.lng, to.lat, to.lng) if dropoff else 0
    quote = deps.quotes().find(wanted.quote_id) if wanted.quote_id else None
    window = wanted.window.to_domain() if wanted.window else None
    return Home(place_of(deps.id_secret(), to.lat, to.lng), straight_m, wanted.quote_id, quote, window)
