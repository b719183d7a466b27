"""A wave opens at 2,000 orders a second: the model in `opening`, small every day and whole in `make bench`."""

import os
import random

import pytest

from lumbung.domain.wave import shards_for
from tests.bench.national import in_two_days
from tests.bench.opening import Rush, open_wave, share

whole = pytest.mark.skipif(not os.environ.get("BENCH"), reason="takes minutes: `make bench`")


def test_a_small_wave_sells_every_pack_in_a_rush() -> None:
    random.seed(1)

    result = open_wave(Rush(quota=500, rate=500, shards=shards_for(500, rate=500), arrivals=560))

    assert (result.sold, result.sold_out + result.busy) == (500, 60)
    assert share(result.tries, 90) <= 3


@whole
def test_eighteen_thousand_packs_are_sold_at_two_thousand_orders_a_second() -> None:
    random.seed(3)
    rush = Rush(quota=18_000, rate=2_000, shards=shards_for(18_000, rate=2_000), arrivals=19_000)

    result = open_wave(rush)

    print("\n" + result.line())
    assert result.sold == rush.quota
    assert share(result.tries, 99) <= 3
    assert result.throttles == 0
    assert result.hottest_write[1] <= 700


@whole
def test_too_few_shards_sell_slowly_and_never_too_much() -> None:
    """What the expected rate is for: a tenth of the shards, and the same rush. All are asked to come again."""
    random.seed(3)
    rush = Rush(quota=1_800, rate=2_000, shards=shards_for(1_800, rate=200), arrivals=2_000)

    result = open_wave(rush)

    print("\n" + result.line())
    assert result.sold <= rush.quota
    assert result.busy > 0


@whole
def test_what_a_national_wave_needs() -> None:
    print("\n" + in_two_days(5_588_245).table())
