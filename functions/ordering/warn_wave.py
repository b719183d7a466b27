"""What the programme office is warned of before, and while, a wave is open."""

from collections.abc import Iterator, Mapping

from lumbung.domain import capacity, delivery_day
from lumbung.domain.caution import Caution
from lumbung.domain.delivery_day import Holiday
from lumbung.domain.price_ceiling import ceiling
from lumbung.domain.price_zone import zones_of
from lumbung.domain.product import Product
from lumbung.domain.registry import Dropoff
from lumbung.domain.wave import Offer, Wave
from lumbung.domain.wave_times import local_date

RICE = "rice"


def cautions(
    wave: Wave, *, products: Mapping[str, Product], dropoffs: Mapping[str, Dropoff], holiday: Holiday
) -> list[Caution]:
    """Return what speaks against the wave as it is planned; nothing of it forbids anything."""
    places = [dropoffs[id_] for id_ in wave.dropoff_ids if id_ in dropoffs]
    return [
        *delivery_day.cautions(wave.delivery_date, holiday),
        *_prices(wave, products, zones_of(wave.price_zone, [(place.lat, place.lng) for place in places])),
        *capacity.of_offers(wave.offers, places),
    ]


def _prices(wave: Wave, products: Mapping[str, Product], zones: set[str]) -> Iterator[Caution]:
    """Yield the rice offers above the regulated ceiling on the day the wave opens, by the strictest of its zones."""
    rice = {n: p for n, o in enumerate(wave.offers) if (p := products.get(o.product_id)) and p.commodity == RICE}
    if rice and not zones:
        message = "Zona harga beras tidak dapat ditentukan dari letak titik ambil; pilih I, II, atau III."
        yield Caution("price_zone_unknown", "/price_zone", message)
    on = local_date(wave.opens_at, wave.time_zone)
    for n, product in rice.items():
        limits = [limit for zone in sorted(zones) if (limit := ceiling(zone, product.grade, on))]
        limit = min(limits, key=lambda limit: limit.per_kg, default=None)
        offer = wave.offers[n]
        if limit and limit.is_exceeded(offer.price, offer.weight_g):
            message = (
                f"{offer.name}: {_per_kg(offer)} di atas harga eceran tertinggi beras {limit.grade} zona {limit.zone}, "
                f"{_rupiah(limit.per_kg)}/kg ({limit.source})."
            )
            yield Caution("price_above_ceiling", f"/offers/{n}/price", message)


def _per_kg(offer: Offer) -> str:
    return f"{_rupiah(-(-offer.price * 1000 // offer.weight_g))}/kg"  # rounded up: never shown as the ceiling itself


def _rupiah(amount: int) -> str:
    return f"Rp{amount:,}".replace(",", ".")
