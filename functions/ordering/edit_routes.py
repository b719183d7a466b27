"""HTTP: an order is changed until its wave closes."""

from lumbung.domain.order_edit import Edit
from lumbung.domain.order_parts import PICKUP
from lumbung.domain.people import MEMBER, PIC
from lumbung.runtime import deps
from lumbung.runtime.http import Api, Call
from ordering.edit_order import edit_order
from ordering.edit_schemas import EditRequest
from ordering.order_routes import address_of, get_order, home_of, view, visible
from ordering.order_schemas import OrderView, tolerances_of

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


@routes.patch("/v1/orders/{order_id}", roles=(MEMBER, PIC), body=EditRequest, returns=OrderView, replay=get_order)
def patch_order(call: Call, order_id: str) -> OrderView:
    dropoff_id = visible(order_id, call.caller).dropoff_id
    request = call.begin(EditRequest)
    wanted, address = request.fulfilment, address_of(request.fulfilment)
    edit = Edit(
        quantities=tuple((line.offer_id, line.quantity) for line in request.lines) if request.lines else None,
        tolerances=tolerances_of(request.lines or ()),
        home=home_of(wanted, address, dropoff_id) if wanted else None,
        pickup=wanted is not None and wanted.method == PICKUP,
    )
    order = edit_order(
        order_id, edit, request.said(address), by=call.caller.id, at=call.at, once=call.once, remember=deps.remember,
        tariff=deps.tariff(), waves=deps.waves(), orders=deps.orders(), refunds=deps.refunds(),
    )  # fmt: skip
    call.notes |= {"order_id": order.id, "packs": order.packs}
    return view(order)
