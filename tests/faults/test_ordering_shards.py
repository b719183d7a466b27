"""How packs leave the shards: evenly, at the pace that was expected, and with a plain answer to who comes last."""

from collections import Counter

import pytest

from lumbung.domain.errors import ProviderUnavailable
from lumbung.domain.order_parts import Hold
from lumbung.domain.wave import Offer
from lumbung.runtime import clock, deps
from lumbung.store.shards import Shards, ShardShort
from tests.faults.ordering_world import Failed, World
from tests.integration.office import DURING

OFFER = Offer("off_1", "prd_1", "B5", "Beras 5 kg", "cop_1", 5_000, 55_000, quota=400, shards=20)


def test_a_container_takes_from_each_shard_in_its_turn() -> None:
    shards = Shards(deps.db, "orders", clock.now)

    taken = Counter(shards.choose(OFFER, 1, at_most=1)[0].shard for _ in range(3 * OFFER.shards))

    assert set(taken.values()) == {3}


def test_once_a_shard_was_short_the_next_is_looked_at_before_it_is_written_to(world: World) -> None:
    """Writes in vain heat the last shards: two units each for nothing, where a look at sixteen costs one."""
    world.publish(quotas={5: 30})
    offer = deps.waves().get(world.wave["id"]).offers[0]
    for number in (0, 1):
        deps.db().commit(deps.shards().take(Hold(offer.id, number, 10), limited=True, at=DURING))

    for _ in range(5):
        shards = Shards(deps.db(), deps.table("orders"), clock.now)
        shards.remember(ShardShort(offer.id, 0, 0))
        assert shards.choose(offer, 1, at_most=1) == [Hold(offer.id, 2, 1)]


def test_an_offer_has_as_many_shards_as_the_orders_it_expects(world: World) -> None:
    offer = {"product_id": world.office.product, "max_per_member": None, "quota": 1_000}

    world.publish(offers=[offer | {"sku": "B5", "expected_per_s": 500}, offer | {"sku": "B10"}])

    assert [offer.shards for offer in deps.waves().get(world.wave["id"]).offers] == [50, 20]
    assert sum(deps.shards().look(deps.waves().get(world.wave["id"]).offers[0]).values()) == 1_000


@pytest.mark.parametrize("left", [0, 1])
def test_who_is_beaten_at_every_shard_is_told_whether_any_pack_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    world.publish(quotas={5: 4})
    world.place(1, 4 - left)
    database = deps.db()

    def busy(*_: object, **__: object) -> None:
        raise ProviderUnavailable("somebody else was faster")

    monkeypatch.setattr(database, "commit", busy)

    if left:
        with pytest.raises(Failed):  # 503: come again
            world.place(2, 1)
    else:
        assert world.place(2, 1).json["code"] == "sold_out"
