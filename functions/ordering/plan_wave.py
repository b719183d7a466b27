"""The programme office prepares a wave."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lumbung.domain.allocation import PRIORITY
from lumbung.domain.errors import Fault, Invalid
from lumbung.domain.ids import within
from lumbung.domain.product import Product
from lumbung.domain.registry import Dropoff, Institution
from lumbung.domain.uncollected import Uncollected
from lumbung.domain.wave import EXPECTED_PER_S, Offer, PriorityGroup, Wave, shards_for
from lumbung.domain.wave_times import contradictions

MOST_PACKS, MOST_PER_MEMBER, MOST_RUPIAH = 100_000_000, 1_000, 1_000_000_000  # beyond it is a slip of the pen


@dataclass(frozen=True, slots=True)
class OfferPlan:
    """What an operator asks to be offered; no price: the product's. `expected_per_s`: orders when most come."""

    product_id: str
    sku: str
    quota: int | None
    max_per_member: int | None
    price: int | None = None
    expected_per_s: int = EXPECTED_PER_S


@dataclass(frozen=True, slots=True)
class WavePlan:
    """What an operator asks for; every rule is checked here, and all faults are told at once."""

    name: str
    time_zone: str
    opens_at: datetime
    closes_at: datetime
    payment_due_at: datetime
    delivery_date: date
    dropoff_ids: tuple[str, ...]
    offers: tuple[OfferPlan, ...]
    allocation_policy: str
    payment_window_s: int | None = None
    minimum_weight_g: int | None = None
    orders_per_member: int | None = 1
    eligible_institution_ids: frozenset[str] | None = None
    price_zone: str | None = None
    priority_groups: tuple[PriorityGroup, ...] = ()
    uncollected: Uncollected | None = None


def draft_wave(
    wave_id: str,
    plan: WavePlan,
    *,
    products: Mapping[str, Product],
    dropoffs: Mapping[str, Dropoff],
    institutions: Mapping[str, Institution],
    version: int = 1,
) -> Wave:
    """Return the draft that *plan* describes; Invalid with every contradiction in it."""
    faults = [
        *_times(plan), *places(plan.dropoff_ids, dropoffs), *_people(plan, institutions), *_goods(plan, products),
        *_groups(plan),
    ]  # fmt: skip
    if faults:
        raise Invalid("Rencana gelombang bertentangan.", faults)
    return Wave(
        id=wave_id,
        name=plan.name,
        time_zone=plan.time_zone,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        payment_due_at=plan.payment_due_at,
        delivery_date=plan.delivery_date,
        dropoff_ids=plan.dropoff_ids,
        offers=tuple(_offer(wave_id, offer, products[offer.product_id]) for offer in plan.offers),
        allocation_policy=plan.allocation_policy,
        payment_window_s=plan.payment_window_s,
        minimum_weight_g=plan.minimum_weight_g,
        orders_per_member=plan.orders_per_member,
        eligible_institution_ids=plan.eligible_institution_ids,
        price_zone=plan.price_zone,
        priority_groups=plan.priority_groups,
        uncollected=plan.uncollected,
        version=version,
    )


def places(dropoff_ids: Sequence[str], dropoffs: Mapping[str, Dropoff]) -> Iterator[Fault]:
    """Yield what is wrong with where goods are to be handed out."""
    if not dropoff_ids:
        yield Fault("/dropoff_ids", "Minimal satu titik ambil.")
    seen = Counter(dropoff_ids)
    for n, dropoff_id in enumerate(dropoff_ids):
        if dropoff_id not in dropoffs:
            yield Fault(f"/dropoff_ids/{n}", "Titik ambil tidak dikenal.")
        elif not dropoffs[dropoff_id].pic_ids:
            yield Fault(f"/dropoff_ids/{n}", "Titik ambil ini belum mempunyai penanggung jawab.")
        if seen[dropoff_id] > 1:
            yield Fault(f"/dropoff_ids/{n}", "Titik ambil disebut dua kali.")


def _times(plan: WavePlan) -> Iterator[Fault]:
    yield from contradictions(
        time_zone=plan.time_zone, opens_at=plan.opens_at, closes_at=plan.closes_at,
        payment_due_at=plan.payment_due_at, delivery_date=plan.delivery_date,
    )  # fmt: skip


def _people(plan: WavePlan, institutions: Mapping[str, Institution]) -> Iterator[Fault]:
    if plan.eligible_institution_ids is not None and not plan.eligible_institution_ids:
        yield Fault("/eligible_institution_ids", "Tidak seorang pun dapat memesan; null berarti semua orang.")
    for institution_id in sorted(plan.eligible_institution_ids or ()):
        if institution_id not in institutions:
            yield Fault("/eligible_institution_ids", f"Instansi {institution_id} tidak dikenal.")


def _goods(plan: WavePlan, products: Mapping[str, Product]) -> Iterator[Fault]:
    if not plan.offers:
        yield Fault("/offers", "Minimal satu penawaran.")
    seen = Counter((offer.product_id, offer.sku) for offer in plan.offers)
    for n, offer in enumerate(plan.offers):
        if seen[offer.product_id, offer.sku] > 1:
            yield Fault(f"/offers/{n}", "Penawaran disebut dua kali.")
        yield from _numbers(f"/offers/{n}", offer)
        yield from _product(f"/offers/{n}", offer, products.get(offer.product_id))


def _numbers(at: str, offer: OfferPlan) -> Iterator[Fault]:
    for name, most in (("quota", MOST_PACKS), ("max_per_member", MOST_PER_MEMBER), ("price", MOST_RUPIAH)):
        value = getattr(offer, name)
        if value is not None and not 1 <= value <= most:
            yield Fault(f"{at}/{name}", f"Harus 1 sampai {most}.")
    if offer.quota is not None and offer.max_per_member is not None and offer.max_per_member > offer.quota:
        yield Fault(f"{at}/max_per_member", "Batas per anggota tidak boleh melebihi kuota.")


def _product(at: str, offer: OfferPlan, product: Product | None) -> Iterator[Fault]:
    if product is None or product.state != "active":
        yield Fault(f"{at}/product_id", "Produk tidak dikenal atau sudah ditarik.")
        return
    if product.cooperative_id is None:
        yield Fault(f"{at}/product_id", "Produk ini belum mempunyai koperasi.")
    pack = next((pack for pack in product.packs if pack.active and pack.sku == offer.sku), None)
    if pack is None:
        yield Fault(f"{at}/sku", "Kemasan tidak ada pada produk ini.")
    elif offer.price is None and pack.price < 1:
        yield Fault(f"{at}/price", "Kemasan ini belum mempunyai harga.")


def _groups(plan: WavePlan) -> Iterator[Fault]:
    if (plan.allocation_policy == PRIORITY) != bool(plan.priority_groups):
        yield Fault("/priority_groups", "Wajib untuk kebijakan priority, dan hanya untuk itu.")
    seen = Counter(id_ for group in plan.priority_groups for id_ in group.institution_ids)
    for n, group in enumerate(plan.priority_groups):
        if any(seen[id_] > 1 for id_ in group.institution_ids):
            yield Fault(f"/priority_groups/{n}", "Sebuah instansi hanya boleh berada dalam satu kelompok.")
        if plan.eligible_institution_ids is not None and not group.institution_ids <= plan.eligible_institution_ids:
            yield Fault(f"/priority_groups/{n}", "Sebuah instansi tidak termasuk dalam gelombang ini.")


def _offer(wave_id: str, plan: OfferPlan, product: Product) -> Offer:
    pack = next(pack for pack in product.packs if pack.sku == plan.sku)
    return Offer(
        id=within(wave_id, "off_", plan.product_id, plan.sku),
        product_id=product.id,
        sku=plan.sku,
        name=f"{product.name} {pack.weight_g / 1000:g} kg",
        cooperative_id=product.cooperative_id or "",
        weight_g=pack.weight_g,
        price=pack.price if plan.price is None else plan.price,
        quota=plan.quota,
        max_per_member=plan.max_per_member,
        shards=shards_for(plan.quota, rate=plan.expected_per_s),
        price_given=plan.price is not None,
        expected_per_s=plan.expected_per_s,
    )
