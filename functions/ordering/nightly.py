"""Schedule entry point, every night: who wanted to be forgotten, and could not be until now, is."""

from typing import Any

from lumbung.domain.moments import parse
from lumbung.runtime import batch, deps_people
from lumbung.runtime.log import logger
from ordering.wired import erasing


def handler(event: dict[str, Any], context: Any) -> None:
    at = parse(event["time"])
    waiting = {erasure.member_id: erasure for erasure in deps_people.erasures().unfinished()}
    failed: list[str] = []
    done = batch.each(waiting, lambda member_id: erasing().go_on(waiting[member_id], at=at).swept, failed)
    logger.info("night of people", erased=done, waiting=len(waiting) - done, failed=len(failed))
    if failed:
        raise batch.NotAll(failed)
