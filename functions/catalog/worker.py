"""Queue entry point: moves sync runs on, as many steps a message as there is time for."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import Any

from catalog.attentive_feed import AttentiveFeed
from catalog.look_at_listings import begin_look, look_at_listings
from catalog.match_suppliers import match_suppliers
from catalog.take_step import take_steps
from lumbung.domain import moments
from lumbung.domain.feed import FeedPage
from lumbung.domain.listing_look import Look
from lumbung.domain.registry import Cooperative
from lumbung.domain.supplier import Proposal
from lumbung.domain.sync import Run
from lumbung.runtime import batch, clock, deps, deps_catalog
from lumbung.runtime.log import logger

LONGEST_STEP_MS = 180_000  # fifty calls to a slow source, with their retries


def move_on(message: dict[str, Any], *, left_ms: Callable[[], int]) -> None:
    run = take_steps(
        message["run"],
        attempt=message.get("attempt", 0),
        feed=_feeds(),  # one adapter for all steps of a message: a file is fetched once
        products=deps_catalog.products(),
        syncs=deps_catalog.syncs(),
        queue=deps.queue("SYNC_QUEUE"),
        product_ids=deps_catalog.product_ids,
        now=clock.now,
        has_time=lambda: left_ms() > LONGEST_STEP_MS,
    )
    logger.info("sync moved on", sync_id=run.id, status=run.status, phase=run.phase, counts=run.counts.as_dict())


def _feeds() -> Callable[[Run], AttentiveFeed]:
    """Return what gives a run's feed; market and cooperatives are read once a message, where they are needed."""
    feed_of = deps_catalog.one_feed()
    cooperatives = cache(lambda: tuple(deps_catalog.all_cooperatives()))
    market = cache(lambda: deps_catalog.market_on(clock.now()))

    def keep(source: str, page: FeedPage) -> None:
        deps_catalog.market().keep(page.observed, at=clock.now())
        match_suppliers(
            source, page.suppliers.values(), suppliers=deps_catalog.suppliers(), cooperatives=cooperatives,
            similar=_similar,
        )  # fmt: skip

    return lambda run: AttentiveFeed(feed_of(run), look=partial(keep, run.source), market=market)


def _similar(name: str, cooperatives: Sequence[Cooperative]) -> Iterable[Proposal]:
    from catalog.name_matcher import closest  # a heavy package, only where somebody is undecided

    return closest(name, cooperatives)


def look(message: dict[str, Any]) -> None:
    if "cooperative" in message:  # the schedule asks; an operator's look was noted with the request
        at = moments.parse(message["time"])
        begin_look(Look(message["look"], message["cooperative"], at, "schedule"), listings=deps_catalog.listings())
    looked = look_at_listings(
        message["look"], products=deps_catalog.shown_of, listings=deps_catalog.listings(), now=clock.now
    )
    logger.info("listings looked at", look_id=looked.id, status=looked.status, findings=len(looked.findings))


def handler(event: dict[str, Any], context: Any) -> batch.Failures:
    def handle(message: dict[str, Any]) -> None:
        if "look" in message:
            look(message)
        else:
            move_on(message, left_ms=context.get_remaining_time_in_millis)

    return batch.messages(event, handle)
