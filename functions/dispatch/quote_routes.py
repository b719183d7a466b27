"""HTTP: what it would cost to have something brought home, asked before it is ordered."""

from dispatch.quote_delivery import Inquiry, QuoteDelivery
from dispatch.quote_schemas import QuoteRequest, QuoteView
from lumbung.domain import ids
from lumbung.domain.courier_quote import place_of
from lumbung.domain.errors import Fault, Invalid, LimitExceeded, TooFar, TooHeavy
from lumbung.domain.people import MEMBER, PIC
from lumbung.runtime import deps, deps_dispatch
from lumbung.runtime.http import Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


@routes.post("/v1/courier-quotes", roles=(MEMBER, PIC), body=QuoteRequest, returns=list[QuoteView], keyed=False)
def post_courier_quotes(call: Call) -> list[QuoteView]:
    request = call.parse(QuoteRequest)
    dropoff = deps.dropoffs().find(request.dropoff_id)
    if dropoff is None:
        raise Invalid("Titik ambil tidak dikenal.", [Fault("/dropoff_id", "Titik ambil tidak dikenal.")])
    to, secret = request.address, deps.id_secret()
    inquiry = Inquiry(dropoff, to.lat, to.lng, place_of(secret, to.lat, to.lng), request.weight_g, call.at)
    about = (call.caller.id, call.at.isoformat(), dropoff.id, inquiry.place, str(inquiry.weight_g))
    quote = QuoteDelivery(
        tariff=deps.tariff(),
        couriers={courier.name: courier for courier in deps_dispatch.couriers().at(dropoff)},
        quotes=deps.quotes(),
        new_id=lambda courier, service: ids.derive("quo_", secret, *about, courier, service),
    )
    try:
        found = quote(inquiry)
    except TooFar as far:
        raise LimitExceeded(far.detail, [Fault("/address", far.detail)]) from None
    except TooHeavy as heavy:
        raise LimitExceeded(heavy.detail, [Fault("/weight_g", heavy.detail)]) from None
    call.notes |= {"dropoff_id": dropoff.id, "quotes": len(found)}
    return [QuoteView.of(each) for each in found]
