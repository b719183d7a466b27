"""What a source may not do by itself: what looks wrong waits for a person (design.md, guard rails)."""

from collections.abc import Mapping

from lumbung.domain import price_ceiling
from lumbung.domain.feed import Row
from lumbung.domain.market import Market
from lumbung.domain.normalise import is_special_rice
from lumbung.domain.product import Product

JUMP_PCT = 30
FAR_ABOVE_PCT, FAR_BELOW_PCT = 150, 50  # of what such food is bought for; of the ceiling: below its half
# Rupiah per kilogram between which food of a kind has been sold in Indonesia, widely taken: what lies outside is a
# unit or a currency mixed up, a price per piece or a carton's price on a pack.
PLAUSIBLE: Mapping[str, tuple[int, int]] = {
    "rice": (4_000, 150_000),
    "eggs": (10_000, 200_000),
    "vegetables": (1_000, 300_000),
    "fruit": (2_000, 500_000),
    "coffee": (15_000, 3_000_000),
    "sugar": (5_000, 150_000),
    "cooking_oil": (5_000, 250_000),
    "flour": (3_000, 200_000),
    "meat": (15_000, 2_500_000),
    "seafood": (8_000, 2_500_000),
    "processed_food": (3_000, 3_000_000),
    "other": (500, 20_000_000),
}


def doubt(known: Product, row: Row, market: Market) -> str | None:
    """Say what a person has to look at before *row* changes a product that is known; None where nothing is wrong.

    known pack           row                 doubt
    50,000               65,000              None      exactly 30 %
    50,000               65,001              harga berubah lebih dari 30 %
    5 kg for 50,000      5 g for 50,000      harga per kilogram berubah lebih dari 30 %
    50,000, set here     99,000              None      what was set here stays anyway
    rice                 coffee              jenis barang berubah, also where the pack is new
    12,000 a kilogram    14,000 a kilogram   as `out_of_line`, unless it was out of line before
    """
    if row.commodity != known.commodity and "commodity" not in known.local:
        return "jenis barang berubah"
    pack = known.pack(row.sku)
    if pack is None or pack.local:
        return None
    if is_price_jump(pack.price, row.price):
        return f"harga berubah lebih dari {JUMP_PCT} %"
    if is_price_jump(pack.price * row.weight_g, row.price * pack.weight_g):
        return f"harga per kilogram berubah lebih dari {JUMP_PCT} %"
    return (
        None
        if out_of_line(row, pack.price, pack.weight_g, market)
        else out_of_line(row, row.price, row.weight_g, market)
    )


def implausible(known: Product | None, row: Row, market: Market) -> str | None:
    """Say why a pack that is new is not believed: its price per kilogram is not one at which such food is sold.

    5 kg of rice for 55,000     None      11,000 a kilogram
    5 kg of rice for 2          harga per kilogram tidak wajar
    5 g of rice for 55,000      harga per kilogram tidak wajar
    5 kg of rice for 95,000     as `out_of_line`
    """
    low, high = PLAUSIBLE[row.commodity]
    if known and known.pack(row.sku):
        return None
    if low * row.weight_g <= row.price * 1000 <= high * row.weight_g:
        return out_of_line(row, row.price, row.weight_g, market)
    return f"harga per kilogram tidak wajar: {row.price * 1000 // row.weight_g}"


def out_of_line(row: Row, price: int, weight_g: int, market: Market) -> str | None:
    """Say how *price* for a pack of such goods lies outside what is regulated and usual; None where it does not.

    A source does not say in which zone its goods are sold: above the ceiling of every zone, or below half of every
    zone's, is out of line in each.

    premium rice, a kilogram, April 2020 (ceilings 12,800 to 13,600)   coffee, median 100,000
    13,600   None                                                      150,000   None
    13,601   di atas harga eceran tertinggi                            150,001   jauh di atas harga pasar
     6,400   None                                                       50,000   None
     6,399   jauh di bawah harga eceran tertinggi                       49,999   jauh di bawah harga pasar
    """
    told = f"{price * 1000 // weight_g} per kilogram"
    if ceilings := _ceilings(row, market):
        if price * 1000 > max(ceilings) * weight_g:
            return f"di atas harga eceran tertinggi: {told}, tertinggi {max(ceilings)}"
        if price * 1000 * 100 < min(ceilings) * FAR_BELOW_PCT * weight_g:
            return f"jauh di bawah harga eceran tertinggi: {told}, tertinggi {min(ceilings)}"
    if median := market.medians.get((row.commodity, row.grade)):
        if price * 1000 * 100 > median * FAR_ABOVE_PCT * weight_g:
            return f"jauh di atas harga pasar: {told}, pasar {median}"
        if price * 1000 * 100 < median * FAR_BELOW_PCT * weight_g:
            return f"jauh di bawah harga pasar: {told}, pasar {median}"
    return None


def _ceilings(row: Row, market: Market) -> list[int]:
    if row.commodity != "rice" or market.on is None or is_special_rice(row.name):
        return []
    found = [price_ceiling.ceiling(zone, row.grade, market.on) for zone in price_ceiling.ZONES]
    return [one.per_kg for one in found if one]


def is_price_jump(before: int, after: int) -> bool:
    """Tell whether a price moved by more than 30 %, up or down.

    before   after    jump
    50,000   65,000   no     exactly 30 %
    50,000   65,001   yes
    50,000   34,999   yes
    """
    return abs(after - before) * 100 > before * JUMP_PCT
