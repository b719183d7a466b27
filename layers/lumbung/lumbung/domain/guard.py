"""What a source may not do by itself: what looks wrong waits for a person (design.md, guard rails)."""

from collections.abc import Mapping

from lumbung.domain.feed import Row
from lumbung.domain.product import Product

JUMP_PCT = 30
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


def doubt(known: Product, row: Row) -> str | None:
    """Say what a person has to look at before *row* changes a pack that is known; None where nothing is wrong.

    known pack           row              doubt
    50,000               65,000           None      exactly 30 %
    50,000               65,001           harga berubah lebih dari 30 %
    50,000, set here     99,000           None      what was set here stays anyway
    rice                 coffee           jenis barang berubah
    """
    pack = known.pack(row.sku)
    if pack is None:
        return None
    if row.commodity != known.commodity and "commodity" not in known.local:
        return "jenis barang berubah"
    if not pack.local and is_price_jump(pack.price, row.price):
        return f"harga berubah lebih dari {JUMP_PCT} %"
    return None


def implausible(known: Product | None, row: Row) -> str | None:
    """Say why a pack that is new is not believed: its price per kilogram is not one at which such food is sold.

    5 kg of rice for 55,000     None      11,000 a kilogram
    5 kg of rice for 2          harga per kilogram tidak wajar
    5 g of rice for 55,000      harga per kilogram tidak wajar
    """
    low, high = PLAUSIBLE[row.commodity]
    if known and known.pack(row.sku):
        return None
    if low * row.weight_g <= row.price * 1000 <= high * row.weight_g:
        return None
    return f"harga per kilogram tidak wajar: {row.price * 1000 // row.weight_g}"


def is_price_jump(before: int, after: int) -> bool:
    """Tell whether a price moved by more than 30 %, up or down.

    before   after    jump
    50,000   65,000   no     exactly 30 %
    50,000   65,001   yes
    50,000   34,999   yes
    """
    return abs(after - before) * 100 > before * JUMP_PCT
