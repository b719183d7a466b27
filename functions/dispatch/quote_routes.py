"""HTTP: what it would cost to have something brought home, asked before it is ordered."""

from dispatch.quote_delivery import Inquiry, QuoteDelivery
from dispatch.quote_schemas import QuotedAddress, QuoteRequest, QuoteView
from lumbung.domain import ids
from lumbung.domain.courier_quote import place_of
from lumbung.domain.errors import Fault, Invalid, LimitExceeded, TooFar, TooHeavy
from lumbung.domain.people import MEMBER, PIC
from lumbung.domain.village import IN_THE_MIDDLE, village_unknown
from lumbung.runtime import deps, deps_dispatch
from lumbung.runtime.http import Api, Call

routes = Api(secret=deps.id_secret, earlier=deps.earlier)


@routes.post(
    "/v1/courier-quotes", roles=(MEMBER, PIC), body=QuoteRequest, returns=list[QuoteView], keyed=False, refuses=(409,)
)
def post_courier_quotes(call: Call) -> list[QuoteView]:
    request = call.parse(QuoteRequest)
    dropoff = deps.dropoffs().find(request.dropoff_id)
    if dropoff is None:
        raise Invalid("Titik ambil tidak dikenal.", [Fault("/dropoff_id", "Titik ambil tidak dikenal.")])
    secret, (lat, lng) = deps.id_secret(), _where(request.address)
    place = place_of(secret, lat, lng)
    inquiry = Inquiry(dropoff, lat, lng, place, request.weight_g, call.at, request.packs_g)
    about = (call.caller.id, call.at.isoformat(), dropoff.id, place, str(inquiry.weight_g))
    quote = QuoteDelivery(
        tariff=deps.tariff(),
        couriers={courier.name: courier for courier in deps_dispatch.couriers().at(dropoff)},
        capacity_of=deps_dispatch.capacity_of,
        quotes=deps.quotes(),
        new_id=lambda courier, service: ids.derive("quo_", secret, *about, courier, service),
    )
    try:
        found = quote(inquiry)
    except TooFar as far:
        raise LimitExceeded(far.detail, [Fault("/address", far.detail)]) from None
    except TooHeavy as heavy:
        pointer = "/packs" if request.packs else "/weight_g"
        raise LimitExceeded(heavy.detail, [Fault(pointer, heavy.detail)]) from None
    call.notes |= {"dropoff_id": dropoff.id, "quotes": len(found)}
    warning = IN_THE_MIDDLE if request.address.lat is None else None
    return [QuoteView.of(each, warning) for each in found]


def _where(address: QuotedAddress) -> tuple[float, float]:
    """Return the coordinates, of the village's middle if need be; Invalid when that is not known."""
    if address.lat is not None and address.lng is not None:
        return address.lat, address.lng
    if village := deps.villages().find(address.village_code or ""):
        return village.lat, village.lng
    detail = village_unknown(address.village_code or "")
    raise Invalid(detail, [Fault("/address/village_code", "tidak dikenal, dan alamat ini tanpa koordinat")])
